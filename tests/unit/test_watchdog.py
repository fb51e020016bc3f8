"""When a worker stands still: every case of the decision, the thread around it, and the pages that tell."""

import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import replace
from types import SimpleNamespace

import pytest
from faust.types import TP

from agents.engine.patience import Health, Patience
from agents.engine.progress import Position
from agents.engine.vitals import Pulse, Vitals
from agents.engine.watchdog import STALLED_STATUS, Watchdog
from agents.exporter import MetricsServer
from alerts.metrics import READY

STALL = 60.0
PLACE = ("fold-occupancy", TP("care.occupancy", 2))
OTHER = ("judge", TP("care.region-status", 0))
SETTLED = Vitals(1, None, 1, 0, 0.0, 1, {PLACE: Position(10, 10)})
DIVIDING = replace(SETTLED, unsettled="the group is being divided", positions=None)


class Watched:
    """A worker in time: each second it beats as it is told, and somebody looks."""

    def __init__(self, stall=STALL):
        self.patience = Patience(stall)
        self.vitals = SETTLED
        self.health = self.patience.look(0.5, SETTLED)
        self.seconds = 0

    def beats(self, seconds, **change):
        """Let it beat for so long, at first changed; stops when the worker must end. Changes may be functions of the second."""
        for _ in range(seconds):
            self.seconds += 1
            now = {name: value(self.seconds) if callable(value) else value for name, value in change.items()}
            looks = self.vitals.looks + (now.get("positions", self.vitals.positions) is not None)
            self.vitals = replace(self.vitals, **{"beat": self.vitals.beat + 1, "looks": looks} | now)
            self.health = self.patience.look(1.0, self.vitals)
            if self.health.stalled:
                break
        return self.health

    def blocks(self, seconds):
        for _ in range(seconds):
            self.health = self.patience.look(1.0, self.vitals)
        return self.health


def stuck(end=500):
    return {PLACE: Position(10, end)}


def test_a_worker_without_lag_is_ready_for_ever():
    health = Watched().beats(10_000)

    assert health == Health(alive=True, ready=True)


def test_lag_without_progress_fails_readiness_at_half_of_the_time_and_ends_the_worker_at_the_whole():
    worker = Watched()
    worker.beats(1, positions=stuck())
    assert worker.beats(29).ready

    health = worker.beats(1)
    assert (health.alive, health.ready, health.stalled) == (True, False, ())
    assert health.reasons == ("fold-occupancy stands still in care.occupancy/2 at 10 of 500 for 30 s",)

    assert not worker.beats(29).stalled
    (stall,) = worker.beats(1).stalled
    assert stall.seconds == STALL
    assert stall.facts == {
        "stage": "fold-occupancy", "topic": "care.occupancy", "partition": 2, "next_offset": 10, "end": 500,
    }  # fmt: skip


def test_a_backlog_that_shrinks_or_grows_never_trips_while_it_moves():
    worker = Watched()

    health = worker.beats(10_000, positions=lambda now: {PLACE: Position(now // 29, 10 * now)})

    assert health.ready


def test_one_partition_that_stands_still_is_not_hidden_by_others_that_move():
    worker = Watched()

    worker.beats(61, positions=lambda now: {PLACE: Position(10, 500), OTHER: Position(now, 500)})

    (stall,) = worker.health.stalled
    assert stall.facts["stage"] == "fold-occupancy"


def test_a_late_record_after_a_long_quiet_does_not_count_the_quiet():
    worker = Watched()
    worker.beats(1000)

    assert worker.beats(30, positions=stuck(11)).ready


def test_a_loop_that_does_not_beat_ends_the_worker_whatever_its_broker_does():
    worker = Watched()
    worker.beats(5, broker_silent_s=1000.0)

    assert worker.blocks(29).alive
    health = worker.blocks(1)
    assert (health.alive, health.ready) == (False, False)
    assert health.reasons == ("the event loop has not beaten for 30 s",)
    (stall,) = worker.blocks(30).stalled
    assert stall.what == "the event loop has not beaten"


def test_a_loop_that_never_began_to_beat_is_not_ready_and_ends():
    patience = Patience(STALL)
    assert patience.look(1.0, None) == Health(alive=True, ready=False, reasons=("the worker starts",))

    for _ in range(59):
        health = patience.look(1.0, None)

    assert health.stalled


def test_a_loop_that_is_busy_for_a_while_starts_anew():
    worker = Watched()
    for _ in range(20):
        worker.blocks(29)
        assert worker.beats(1).ready


def test_a_silent_broker_makes_a_worker_not_ready_and_never_ends_it():
    worker = Watched()

    health = worker.beats(10_000, broker_silent_s=float)

    assert (health.alive, health.ready, health.stalled) == (True, False, ())
    assert health.reasons == ("the brokers have not answered for 10000 s",)


@pytest.mark.parametrize("before", [stuck(), None])
def test_when_the_broker_is_back_the_whole_time_is_given_again(before):
    worker = Watched()
    worker.beats(59, positions=before, looks=1)
    assert not worker.health.ready
    worker.beats(15, broker_silent_s=float)
    worker.beats(5, broker_silent_s=lambda now: now - 59)
    worker.beats(600, broker_silent_s=100.0)

    assert worker.beats(29, broker_silent_s=0.0).ready == (before is not None)
    assert not worker.health.stalled
    assert worker.beats(60).stalled


def test_a_broker_that_hesitates_hides_no_stall():
    worker = Watched()
    worker.beats(1, positions=stuck())

    assert worker.beats(60, broker_silent_s=lambda now: now % 14).stalled


def test_a_group_that_never_settles_ends_the_worker():
    worker = Watched()
    worker.beats(1, unsettled=DIVIDING.unsettled, positions=None)
    assert worker.health.reasons == ("the group is being divided",)
    assert not worker.beats(58).stalled

    (stall,) = worker.beats(1).stalled

    assert stall.what == "no progress while the group is being divided"


def test_a_recovery_that_restores_records_may_take_as_long_as_it_takes():
    worker = Watched()

    health = worker.beats(10_000, unsettled="restoring", positions=None, restored=lambda now: now // 50)

    assert (health.alive, health.ready, health.stalled) == (True, False, ())


def test_a_recovery_that_stands_still_ends_the_worker():
    worker = Watched()
    worker.beats(1000, unsettled="restoring", positions=None, restored=lambda now: now)
    assert not worker.health.stalled

    assert worker.beats(60, restored=1000).stalled


def test_others_that_come_and_go_do_not_end_a_worker_soon_but_a_division_without_end_does():
    worker = Watched()

    worker.beats(299, unsettled="dividing", positions=None, generation=lambda now: now // 10)
    assert not worker.health.stalled

    worker.beats(2)
    assert [stall.what for stall in worker.health.stalled] == ["the group is divided over and over"]


def test_a_rebalance_does_not_set_back_the_clock_of_a_partition_that_stands_still():
    worker = Watched()
    worker.beats(1, positions=stuck())
    for _ in range(3):
        worker.beats(15, positions=stuck())
        assert worker.health.stalled == ()
        worker.beats(10, unsettled="dividing", positions=None)
        worker.beats(1, unsettled=None, positions=stuck())

    assert worker.beats(15).stalled


def test_a_partition_that_went_to_another_worker_is_forgotten():
    worker = Watched()
    worker.beats(50, positions=stuck())

    assert worker.beats(5, positions={OTHER: Position(5, 5)}).ready
    assert worker.beats(50, positions=stuck()).stalled == ()


def test_positions_that_nobody_looks_at_any_more_end_the_worker_while_the_broker_answers():
    worker = Watched()
    assert worker.beats(29, looks=1).ready
    assert worker.beats(1, looks=1).reasons == ("nobody has looked how far the partitions are for 30 s",)

    assert worker.beats(30, looks=1).stalled


def test_a_worker_that_does_not_know_the_ends_of_its_logs_is_not_ready():
    health = Watched().beats(1, positions=None)

    assert health.reasons == ("it is not known yet how far the logs go",)


def test_time_in_which_the_whole_process_was_stopped_proves_nothing():
    worker = Watched()
    worker.beats(20, positions=stuck())

    worker.health = worker.patience.look(3600.0, worker.vitals)

    assert worker.health.ready
    assert worker.beats(5).ready


def test_what_a_loop_says_of_itself_is_of_the_division_that_it_is_in():
    recovery = SimpleNamespace(active_offsets={1: 9, 2: None, 3: -1}, active_remaining_total=lambda: 7)
    app = SimpleNamespace(
        should_stop=False, rebalancing=False, in_recovery=False, consumer_generation_id=4,
        tables=SimpleNamespace(recovery=recovery, actives_ready=True),
    )  # fmt: skip
    progress = SimpleNamespace(generation=4, unanswered_since=None, looks=3, positions=stuck())
    pulse = Pulse(app, progress, SimpleNamespace(unanswered_since=None))

    assert beat_of(pulse) == Vitals(1, None, 4, 10, 0.0, 3, stuck())
    app.consumer_generation_id = 5
    assert beat_of(pulse).positions is None
    app.in_recovery = True
    assert beat_of(pulse).unsettled == "state is being restored, 7 records of the changelogs to go"
    app.in_recovery, app.rebalancing = False, True
    assert beat_of(pulse).unsettled == "the group is being divided"
    app.rebalancing, app.tables.actives_ready = False, False
    assert beat_of(pulse).unsettled == "the worker joins its group"
    app.should_stop = True
    assert beat_of(pulse).unsettled == "the worker stops"


def test_the_broker_is_as_silent_as_the_question_that_waits_longest():
    recovery = SimpleNamespace(active_offsets={}, active_remaining_total=lambda: 0)
    app = SimpleNamespace(
        should_stop=False, rebalancing=False, in_recovery=False, consumer_generation_id=1,
        tables=SimpleNamespace(recovery=recovery, actives_ready=True),
    )  # fmt: skip
    progress = SimpleNamespace(generation=1, unanswered_since=-10.0, looks=1, positions={})
    reach = SimpleNamespace(unanswered_since=None)
    pulse = Pulse(app, progress, reach)

    assert beat_of(pulse).broker_silent_s > 10
    reach.unanswered_since, app.rebalancing = None, True
    assert beat_of(pulse).broker_silent_s == 0, "log ends are not asked now"


def beat_of(pulse):
    import asyncio

    async def one():
        task = asyncio.create_task(pulse.beat())
        await asyncio.sleep(0)
        task.cancel()
        return pulse.latest

    latest = asyncio.run(one())
    pulse._beats = 0
    return latest


@pytest.fixture
def server():
    pages = SimpleNamespace(health=Health(alive=True, ready=True))
    server = MetricsServer("127.0.0.1", 0, lambda: pages.health)
    server.start()

    def ask(path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read().decode()

    pages.ask, pages.publish = ask, server.publish
    yield pages
    server.stop()


def test_the_health_pages_say_why_not(server):
    server.publish({READY.name: (((), 1.0),)})
    assert server.ask("/healthz") == server.ask("/readyz") == (200, "ok\n")

    server.health = Health(alive=True, ready=False, reasons=("a", "b"))
    assert server.ask("/healthz") == (200, "ok\n")
    assert server.ask("/readyz") == (503, "not ok\na\nb\n")

    server.health = Health(alive=False, ready=False, reasons=("the loop",))
    assert server.ask("/healthz") == server.ask("/readyz") == (503, "not ok\nthe loop\n")


def test_a_page_without_a_photograph_is_not_ready(server):
    assert server.ask("/readyz") == (503, "not ok\nnothing is shown yet\n")


def test_the_metric_says_the_same_as_the_page_although_the_loop_takes_no_photographs(server):
    server.publish({READY.name: (((), 1.0),)})
    assert "ketenwacht_ready 1.0" in server.ask("/metrics")[1]

    server.health = Health(alive=False, ready=False, reasons=("the loop",))
    assert "ketenwacht_ready 0.0" in server.ask("/metrics")[1]


def test_a_watchdog_that_does_not_look_is_no_good_news():
    watchdog = Watchdog(10.0, lambda: SETTLED)
    watchdog._health = Health(alive=True, ready=True)
    assert watchdog.health().ready

    watchdog._looked_at -= 5.1

    health = watchdog.health()
    assert (health.alive, health.ready) == (False, False)
    assert health.reasons == ("nobody has watched the worker for 5 s",)


def child(body):
    head = "import sys\nfrom agents.engine.watchdog import Watchdog\nwatchdog = Watchdog(1.0, lambda: None)\nwatchdog.start()\n"
    return subprocess.run(
        [sys.executable, "-c", head + body], capture_output=True, text=True, timeout=60, check=False
    )


def test_a_process_ends_although_its_log_is_locked_and_its_main_thread_waits_for_ever():
    done = child(
        "import agents.engine.watchdog as module, threading, time\n"
        "module._LAST_WORDS_SECONDS = 0.3\n"
        "module.log = type('Locked', (), {'error': lambda *_, **__: time.sleep(3600)})()\n"
        "threading.Event().wait()\n"
    )

    assert done.returncode == STALLED_STATUS


def test_code_that_holds_the_interpreter_is_ended_by_a_timer_that_needs_none():
    done = child("import ctypes\nctypes.PyDLL(None).sleep(3600)\n")

    assert done.returncode == 1
    assert "Timeout (0:00:02)!" in done.stderr
    assert "<string>" in done.stderr


def test_a_watchdog_that_was_stopped_lets_the_process_live():
    done = child("watchdog.stop()\nimport time\ntime.sleep(2.5)\nsys.exit(3)\n")

    assert done.returncode == 3, done.stderr
