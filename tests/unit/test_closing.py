"""Closings: what was known when a day ended, whoever reads it again and whenever."""

from datetime import UTC, datetime

import pytest

from alerts.closing import WEEKS_KEPT, Closer
from alerts.judge import judge
from alerts.judged import JudgeState
from alerts.norms import load_norms
from streams.calendar import iso
from streams.regions import NL
from streams.status import Indicator, StatusEntry
from streams.topics import OCCUPANCY

NORMS = load_norms()
HOUR = 3600
MIDNIGHT = int(datetime(2021, 11, 23, 23, tzinfo=UTC).timestamp())  # of Wednesday 24 November, Dutch time


def beds(value, at):
    return Indicator("beds_occupied", {"unit": "ic", "label": "all"}, value, at)


def entry(at, *indicators, region="R07", also=(), stage="fold"):
    return StatusEntry(stage, OCCUPANCY, 0, region, at, list(indicators), list(also))


def played(*entries):
    """The closings that entries cause, each taken by the judge after them."""
    state, closer, found = JudgeState(), Closer(), []
    for each in entries:
        found += closer.closings(state, each)
        judge(state, each, NORMS)
    return found


def test_a_day_that_ends_is_written_down_as_it_was_known_at_its_last_tick():
    told = played(
        entry(MIDNIGHT - 2 * HOUR, beds(80, MIDNIGHT - 3 * HOUR)),
        entry(MIDNIGHT - HOUR),
        entry(MIDNIGHT, beds(90, MIDNIGHT)),
        entry(MIDNIGHT + HOUR),
    )
    assert [key for key, _ in told] == ["R07/care.occupancy/2021-W47"]
    closing = told[0][1]
    assert (iso(closing.at), closing.period) == (iso(MIDNIGHT - HOUR), "2021-W47")
    assert [each.value for each in closing.indicators] == [80]


def test_each_day_of_a_week_replaces_the_one_before_and_old_weeks_go():
    days = range(0, 40 * 24 * HOUR, 24 * HOUR)
    kept = {}
    for key, closing in played(*(entry(MIDNIGHT + day, beds(day, MIDNIGHT + day)) for day in days)):
        if closing is None:
            kept.pop(key, None)
        else:
            kept[key] = closing
    weeks = [key for key in kept if "-W" in key]
    assert len(weeks) == 6
    assert WEEKS_KEPT >= 13, "a report looks back twelve weeks"
    sunday = kept["R07/care.occupancy/2021-W47"]
    assert sunday.at == MIDNIGHT + 4 * 24 * HOUR


def test_a_day_without_a_change_is_left_out_but_the_end_of_a_week_is_not():
    days = [MIDNIGHT + day * 24 * HOUR for day in range(10)]  # Wednesday 24 November up to Friday 3 December
    told = played(entry(days[0], beds(80, days[0])), *(entry(day) for day in days[1:]))
    kept = [
        (key.rpartition("/")[2], (closing.at - MIDNIGHT) // (24 * HOUR)) for key, closing in told if closing
    ]
    assert kept == [("2021-W47", 0), ("2021-W47", 4), ("2021-11", 6)]


def test_a_new_worker_that_does_not_know_what_changed_writes_again():
    state = JudgeState()
    judge(state, entry(MIDNIGHT, beds(80, MIDNIGHT)), NORMS)
    for day in (1, 2):
        told = list(Closer().closings(state, entry(MIDNIGHT + day * 24 * HOUR)))
        assert [key for key, closing in told if closing] == ["R07/care.occupancy/2021-W47"]
        judge(state, entry(MIDNIGHT + day * 24 * HOUR), NORMS)


def test_the_last_day_of_a_month_stays_for_that_month():
    last = int(datetime(2021, 11, 30, 22, 59, 59, tzinfo=UTC).timestamp())
    told = played(entry(last, beds(80, last)), entry(last + 1))
    assert [key for key, closing in told if closing] == [
        "R07/care.occupancy/2021-11",
        "R07/care.occupancy/2021-W48",
    ]


@pytest.mark.parametrize("skipped", [1, 3])
def test_a_region_that_is_only_named_closes_its_day_too_also_when_ticks_were_missed(skipped):
    told = played(
        entry(MIDNIGHT - HOUR, beds(80, MIDNIGHT - HOUR), region="R05"),
        entry(MIDNIGHT + skipped * 24 * HOUR, region="R07", also=["R05"]),
    )
    assert [(key, closing.at) for key, closing in told if closing] == [
        ("R05/care.occupancy/2021-W47", MIDNIGHT - HOUR)
    ]


def test_a_tick_that_is_read_again_closes_nothing_twice_and_the_country_closes_with_its_totals():
    told = played(
        entry(MIDNIGHT - HOUR, beds(900, MIDNIGHT - HOUR), region=NL, stage="nation"),
        entry(MIDNIGHT, region=NL, stage="fold"),
        entry(MIDNIGHT, beds(950, MIDNIGHT), region=NL, stage="nation"),
        entry(MIDNIGHT, beds(950, MIDNIGHT), region=NL, stage="nation"),
    )
    assert [[each.value for each in closing.indicators] for _, closing in told if closing] == [[900]]


def test_a_topic_that_told_nothing_leaves_no_record():
    assert played(entry(MIDNIGHT - HOUR), entry(MIDNIGHT)) == []
