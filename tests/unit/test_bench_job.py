"""The job of the measurement: one log for all, and a single pass that ours agrees with."""

from random import Random

from agents.domain.partition import empty_partition
from deploy.bench.job import DAY_SECONDS, Newest, WeekSums, decode, digest, figures, single_pass
from deploy.bench.load import keyed_by_series
from deploy.bench.log import Shape, log_of
from deploy.bench.systems import backtest
from deploy.bench.systems.ketenwacht import region_rows
from deploy.bench.work import Work
from streams.calendar import seconds
from streams.recording import Record, RecordingHeader, write_recording
from streams.regions import REGIONS
from streams.topics import OCCUPANCY
from tests.support.entrance import receive

MIXTURE = Shape("mixture", 400, locations=2, tick_every=100)
SINGLE = Shape("single", 400, locations=2)


def reports(shape):
    return [decode(item.key, item.value) for item in log_of(shape) if isinstance(item, Record)]


def test_equal_shapes_give_equal_logs_and_another_seed_another():
    assert list(log_of(MIXTURE)) == list(log_of(MIXTURE))
    assert list(log_of(MIXTURE)) != list(log_of(Shape("mixture", 400, locations=2, tick_every=100, seed=2)))


def test_the_mixture_has_about_25_figures_a_report_and_the_single_log_one():
    counts = [len(list(figures(report))) for report in reports(MIXTURE)]
    assert 22 < sum(counts) / len(counts) < 27
    assert {len(list(figures(report))) for report in reports(SINGLE)} == {1}


def test_the_mixture_has_corrections_repeats_and_late_reports():
    found = reports(MIXTURE)
    assert any(report.revision for report in found)
    assert len({report.id for report in found}) < len(found)
    assert any((report.received_at - report.observed_at).total_seconds() > 3 * 3600 for report in found)


def test_a_log_is_in_order_of_time_and_ends_with_a_tick():
    log = list(log_of(MIXTURE))
    times = [item * 1000 if isinstance(item, int) else item.timestamp for item in log]
    assert times == sorted(times)
    assert isinstance(log[-1], int)
    assert sum(isinstance(item, int) for item in log) == 4
    assert sum(isinstance(item, Record) for item in log) == MIXTURE.records


def test_the_order_of_reports_does_not_change_the_result():
    found = list(log_of(MIXTURE))
    shuffled = Random(7).sample(found, len(found))
    for kind in ("fold", "window"):
        assert single_pass(shuffled, kind) == single_pass(found, kind)


def test_the_newest_statement_of_a_day_wins():
    found = reports(MIXTURE)
    held = Newest()
    for report in found:
        held.fold(report, seconds(report.observed_at), seconds(report.received_at))
    naive = {}
    for report in found:
        for unit, label, field, value in figures(report):
            slot = (
                seconds(report.observed_at),
                report.revision,
                seconds(report.received_at),
                value,
                report.completeness,
            )
            naive.setdefault((report.region, report.location, unit, label, field), []).append(slot)
    for (region, location, *series), slots in naive.items():
        assert max(slots) in held.places[region, location][tuple(series)].values()
    assert held.series == len(naive)
    assert held.figures == sum(len(slots) for slots in naive.values())


def test_a_figure_stands_in_the_seven_windows_that_hold_its_moment():
    held = WeekSums()
    report = reports(SINGLE)[0]
    observed = seconds(report.observed_at)
    held.fold(report, observed, seconds(report.received_at))
    begins = sorted(day * DAY_SECONDS for _, day in held.sums)
    assert len(begins) == 7
    assert all(begin <= observed < begin + 7 * DAY_SECONDS for begin in begins)
    assert set(held.sums.values()) == {value for *_, value in figures(report)}


def test_a_digest_knows_every_line_and_no_order():
    assert digest(["a|1", "b|2"]) == digest(["b|2", "a|1"])
    assert digest(["a|1", "b|2"]) != digest(["a|1", "b|3"])
    assert digest(["a|1", "b|2"]) != digest(["a|1"])


def test_our_fold_gives_what_the_single_pass_gives():
    for shape in (MIXTURE, SINGLE):
        log = list(log_of(shape))
        partition = empty_partition(OCCUPANCY, 0, tuple(REGIONS))
        for item in log:
            if isinstance(item, Record):
                receive(partition, item.key, item.value, item.timestamp)
        assert digest(region_rows(partition.regions)) == single_pass(log, "fold")[0]


def test_our_backtest_gives_what_the_single_pass_gives(tmp_path):
    log = list(log_of(MIXTURE))
    path = tmp_path / "log.jsonl"
    write_recording(
        path, RecordingHeader(name="x", tick_seconds=86_400), [r for r in log if isinstance(r, Record)]
    )
    truth, count = single_pass(log, "fold")
    told = backtest.run(Work("-", "-", 1, 400, count, "mixture", "-", 2.0, "-", recording=str(path)))
    assert (told.records, told.figures, told.digest) == (400, count, truth)
    assert told.seconds > 0


def test_a_log_by_series_differs_in_its_keys_only():
    log = [item for item in log_of(SINGLE) if isinstance(item, Record)]
    keyed = list(keyed_by_series([*log, 5], (b"k%d" % number for number in range(len(log)))))
    assert [item.key for item in keyed] == [b"k%d" % number for number in range(len(log))]
    assert [item.value for item in keyed] == [item.value for item in log]
