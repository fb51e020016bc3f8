UP = 'up{job="ketenwacht-worker",instance="%s"}'


def test_the_heartbeat_always_fires(timeline):
    timeline.only("ic-occupancy-high")
    timeline.firing(15, "Watchdog", 1)

    timeline.check()


def test_no_worker_at_all_is_noticed_and_one_of_two_is_told_apart(timeline):
    timeline.only("ic-occupancy-high")
    timeline.series(UP % "a", "1x60 0x60")
    timeline.series(UP % "b", "1x30 0x90")

    timeline.firing(20, "WorkerDown", 0)
    timeline.firing(58, "WorkerDown", 1)
    timeline.firing(58, "WorkersDown", 0)
    timeline.firing(80, "WorkersDown", 1)

    timeline.check()


def test_workers_that_vanish_from_discovery_are_noticed(timeline):
    timeline.only("ic-occupancy-high")
    timeline.series(UP % "a", "1x20 stale")

    timeline.firing(19, "WorkersDown", 0)
    timeline.firing(45, "WorkersDown", 1)

    timeline.check()


def test_workers_without_their_state_are_noticed(timeline):
    timeline.only("ic-occupancy-high")
    timeline.series(UP % "a", "1x100")
    timeline.series('ketenwacht_ready{instance="a"}', "1x30 0x70")

    timeline.firing(29, "WorkersNotReady", 0)
    timeline.firing(75, "WorkersNotReady", 1)
    timeline.firing(75, "WorkersDown", 0)

    timeline.check()


def test_one_worker_that_is_not_ready_is_told_apart(timeline):
    timeline.only("ic-occupancy-high")
    timeline.series(UP % "a", "1x100")
    timeline.series('ketenwacht_ready{instance="a"}', "1x30 0x70")
    timeline.series('ketenwacht_ready{instance="b"}', "1x100")

    timeline.firing(45, "WorkerNotReady", 0)
    timeline.firing(60, "WorkerNotReady", 1, instance="a")
    timeline.firing(75, "WorkersNotReady", 0)

    timeline.check()


def test_lag_that_only_grows_is_noticed_and_a_backlog_that_is_caught_up_is_not(timeline):
    timeline.only("ic-occupancy-high")
    lag = 'ketenwacht_lag_records{stage="%s",topic="t",partition="0",instance="a"}'
    timeline.series(lag % "stands-still", "0x100 0+1x1400")
    timeline.series(lag % "behind", "0+0x100 5000-5x1000 0x400")
    timeline.series(lag % "busy", "0+3x50 0+3x50 0+3x50 " * 10)

    timeline.firing(400, "LagGrows", 0)
    timeline.firing(1100, "LagGrows", 1, stage="stands-still")
    timeline.firing(1100, "LagGrows", 0, stage="behind")
    timeline.firing(1100, "LagGrows", 0, stage="busy")

    timeline.check()


def test_stopped_ticks_are_noticed_within_a_minute(timeline):
    timeline.only("ic-occupancy-high")
    ticks = 'ketenwacht_ticks_total{stage="%s",topic="t"}'
    timeline.series(ticks % "fold", "0+1x60 60x100")
    timeline.series(ticks % "judge", "0+1x160")

    timeline.firing(60, "TicksStopped", 0)
    timeline.firing(119, "TicksStopped", 1, stage="fold")
    timeline.firing(119, "TicksStopped", 0, stage="judge")

    timeline.check()


def test_a_time_that_runs_ahead_is_one_alert(timeline):
    timeline.only("ic-occupancy-high")
    for topic in ("a", "b"):
        timeline.series(f'ketenwacht_time_ahead{{topic="{topic}",instance="w"}}', "0x30 1x30 0x60")

    timeline.firing(29, "TimeAhead", 0)
    timeline.firing(45, "TimeAhead", 1)
    timeline.firing(100, "TimeAhead", 0)

    timeline.check()


def test_ticks_that_do_not_count_are_one_alert_and_no_dead_letters_beside_it(timeline):
    timeline.only("ic-occupancy-high")
    for topic, records in (("a", "7x20 7+1x60"), ("b", "7x20 7+1x60"), ("c", "7x20 7+2x60")):
        timeline.series(f'ketenwacht_ticks_refused_total{{topic="{topic}",fault="ahead"}}', "0x20 0+1x60")
        timeline.series(f'ketenwacht_ticks_refused_total{{topic="{topic}",fault="unsigned"}}', "0x80")
        timeline.series(f'ketenwacht_reports_total{{topic="{topic}",outcome="dead_lettered"}}', records)

    timeline.firing(19, "TicksRefused", 0)
    timeline.firing(35, "TicksRefused", 1)
    timeline.firing(75, "DeadLettersRising", 0, topic="a")
    timeline.firing(75, "DeadLettersRising", 1, topic="c")

    timeline.check()


def test_what_no_stage_writes_on_the_status_log_is_one_alert(timeline):
    timeline.only("ic-occupancy-high")
    for stage in ("nation", "judge"):
        timeline.series(f'ketenwacht_status_entries_refused_total{{stage="{stage}"}}', "0x20 0+1x60")

    timeline.firing(19, "EntriesRefused", 0)
    timeline.firing(35, "EntriesRefused", 1)

    timeline.check()


def test_what_was_lost_of_the_status_log_is_told_by_stage_until_it_is_old(timeline):
    timeline.only("ic-occupancy-high")
    for stage in ("nation", "judge"):
        place = f'stage="{stage}",begin="7",end="12",after="2026-11-30T12:00:00Z"'
        timeline.series(f"ketenwacht_lost_status_offsets{{{place}}}", "_x20 5x40 stale")

    timeline.firing(19, "EntriesLost", 0)
    timeline.firing(21, "EntriesLost", 1, stage="judge", begin=7, end=12)
    timeline.firing(21, "EntriesLost", 1, stage="nation", begin=7, end=12)
    timeline.firing(70, "EntriesLost", 0)

    timeline.check()


def test_missing_state_is_noticed_after_two_minutes(timeline):
    timeline.only("ic-occupancy-high")
    timeline.breach("0x10 stale")

    timeline.firing(100, "StateMissing", 0)
    timeline.firing(145, "StateMissing", 1)

    timeline.check()


def test_a_norm_without_an_alert_of_its_own_reaches_operations(timeline):
    timeline.only("ic-occupancy-high")
    timeline.breach("0x5 1x20", norm="brand-new")

    timeline.firing(4, "NormUnknown", 0)
    timeline.firing(20, "NormUnknown", 1, norm="brand-new", audience="operations")

    timeline.check()


def test_rising_dead_letters_failing_rules_and_failing_delivery_are_noticed(timeline):
    timeline.only("ic-occupancy-high")
    rising = "0x20 3x60"
    timeline.series('ketenwacht_reports_total{topic="care.occupancy",outcome="dead_lettered"}', rising)
    timeline.series('ketenwacht_reports_total{topic="care.referrals",outcome="applied"}', rising)
    timeline.series('prometheus_rule_evaluation_failures_total{instance="p",rule_group="g"}', rising)
    timeline.series('prometheus_notifications_errors_total{instance="p",alertmanager="a"}', rising)
    timeline.series('alertmanager_notifications_failed_total{instance="a",integration="email"}', rising)

    for name in ("DeadLettersRising", "RulesFailing", "AlertsNotSent", "NotificationsFailing"):
        timeline.firing(20, name, 0)
        timeline.firing(35, name, 1)

    timeline.check()


def test_what_was_lost_is_told_with_its_place_until_it_is_old(timeline):
    timeline.only("ic-occupancy-high")
    place = 'topic="care.occupancy",partition="0",begin="7",end="12",after="2026-11-30T12:00:00Z"'
    timeline.series(f"ketenwacht_lost_offsets{{{place}}}", "_x20 5x40 stale")

    timeline.firing(19, "RecordsLost", 0)
    timeline.firing(21, "RecordsLost", 1, topic="care.occupancy", partition=0, begin=7, end=12)
    timeline.firing(70, "RecordsLost", 0)

    timeline.check()


def test_suspect_figures_are_one_alert_a_topic_until_there_are_none(timeline):
    timeline.only("ic-occupancy-high")
    for region, found in (("R07", "_x20 2x20 stale"), ("NL", "_x20 3x20 stale")):
        timeline.series(f'ketenwacht_suspect_figures{{region="{region}",topic="care.occupancy"}}', found)

    timeline.firing(19, "FiguresSuspect", 0)
    timeline.firing(22, "FiguresSuspect", 1, topic="care.occupancy", audience="operations")
    timeline.firing(50, "FiguresSuspect", 0)

    timeline.check()


def test_one_of_a_pair_that_is_down_is_noticed(timeline):
    timeline.only("ic-occupancy-high")
    for job, name in (("prometheus", "PrometheusDown"), ("alertmanager", "AlertmanagerDown")):
        timeline.series(f'up{{job="{job}",instance="1"}}', "1x80")
        timeline.series(f'up{{job="{job}",instance="2"}}', "1x20 0x60")
        timeline.firing(19, name, 0)
        timeline.firing(50, name, 1, instance=2)

    timeline.check()
