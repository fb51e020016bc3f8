"""A row that the source left empty (`unknown`) is silence: what it was told before is missed, worked out by hand."""

from datetime import date, datetime, timedelta
from itertools import permutations

import msgspec
import pytest

from streams.calendar import AMSTERDAM
from streams.reports import WaitingTimesReport, WaitRow
from streams.reports.waiting_times import WaitStatus
from tests.support.one_region import OneRegion
from tests.support.put_away import Shelf
from tests.support.reports import waits

FIRST, SECOND, THIRD = date(2021, 11, 2), date(2021, 11, 16), date(2021, 11, 30)
"""Tuesdays of even ISO weeks."""


def at(day: date, hour: int = 13) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=AMSTERDAM)


def supplied(day: date, days: float, location: str = "A", revision: int = 0) -> WaitingTimesReport:
    return waits([days], at(day, 12), "polikliniek", day, location=location, revision=revision)


def left_empty(day: date, revision: int = 0, status: WaitStatus = "unknown") -> WaitingTimesReport:
    row = WaitRow(access="polikliniek", specialism="orthopedie", treatment="t0", status=status)
    return msgspec.structs.replace(supplied(day, 0, revision=revision), rows=[row])


EMPTIED = [supplied(FIRST, 60), supplied(SECOND, 60), left_empty(THIRD)]
"""Two waits over the norm, and then nothing."""

FIGURES = "wait_days_max", "waits_prolonged"


@pytest.fixture
def region() -> OneRegion:
    return OneRegion("care.waiting-times")


def told(region: OneRegion, *figures: str) -> list:
    return [region.value(name, access="polikliniek", specialism="all") for name in figures]


def test_a_row_left_empty_after_one_over_the_norm_is_missed_as_long_as_one_that_never_came(region):
    region.tell(*EMPTIED)
    for days in range(14, 105, 14):
        region.tell(supplied(SECOND + timedelta(days=days), 20, "B"))
    seen = {}
    for days in (14, 59, 60, 90, 91):
        region.tick(at(SECOND + timedelta(days=days)))
        seen[days] = told(region, "wait_days_max", "waits_prolonged", "waits_over_treeknorm", "waits")
    over_and_missed = [None, None, None, 1]
    assert seen == dict.fromkeys((14, 59, 60, 90), over_and_missed) | {91: [20, 0, 0, 1]}


def test_a_row_left_empty_is_one_row_short_while_it_stands_and_when_it_does_no_longer(region):
    region.tell(*EMPTIED)
    for day in (THIRD, THIRD + timedelta(days=46)):
        region.tell(supplied(day, 20, "B"))
        changed = region.tick(at(day))
        name = "waits{access=polikliniek,specialism=all}"
        assert name in changed
        assert region.said[name].completeness == 0.5
    treatment = {"access": "polikliniek", "specialism": "orthopedie", "treatment": "t0"}
    assert region.value("treatment_waits", **treatment) == 1
    assert region.value("treatment_waits_over_treeknorm", **treatment) is None


@pytest.mark.parametrize("status", ["unknown", "closed", "insufficient"])
@pytest.mark.parametrize("late", [supplied(SECOND, 20, revision=1), supplied(SECOND + timedelta(days=7), 28)])
def test_whatever_the_order_the_last_wait_before_a_row_without_one_is_the_missed_one(status, late):
    other = supplied(THIRD, 20, "B")
    without = left_empty(THIRD, status=status), left_empty(FIRST + timedelta(days=7), status=status)
    for order in permutations([*EMPTIED[:2], *without, late, other]):
        region = OneRegion("care.waiting-times").tell(*order)
        region.tick(at(THIRD))
        seen = [region.said[f"{name}{{access=polikliniek,specialism=all}}"] for name in FIGURES]
        assert [one.value for one in seen] == [20, 0], order
        assert [one.seen("carried").value for one in seen] == [max(20, late.rows[0].days), 0], order


@pytest.mark.parametrize("last", [supplied(THIRD, 20, revision=1), supplied(THIRD + timedelta(days=1), 20)])
def test_whatever_the_order_what_follows_an_empty_row_ends_it(last):
    for order in permutations([*EMPTIED, last]):
        region = OneRegion("care.waiting-times").tell(*order)
        region.tick(at(THIRD + timedelta(days=1)))
        assert told(region, "wait_days_max", "waits_prolonged") == [20, 0], order


@pytest.mark.parametrize(
    ("late", "longest"),
    [
        (supplied(SECOND, 20, revision=1), 20),  # the missed one was wrong
        (supplied(SECOND + timedelta(days=7), 28), 20),  # another came after it
        (supplied(SECOND - timedelta(days=1), 20), None),  # of before it
        (left_empty(SECOND, revision=1), None),  # no answer
    ],
)
def test_whatever_the_order_what_comes_late_of_before_an_empty_row_is_missed_in_its_place(late, longest):
    for order in permutations([*EMPTIED, late]):
        region = OneRegion("care.waiting-times").tell(*order, supplied(THIRD, 20, "B"))
        region.tick(at(THIRD))
        assert told(region, "wait_days_max", "waits") == [longest, 1], order


def test_a_correction_that_leaves_a_row_empty_is_silence(region):
    region.tell(supplied(FIRST, 60), supplied(FIRST, 20, "B"))
    region.tick(at(FIRST))
    region.tell(left_empty(FIRST, revision=1))
    region.tick(at(FIRST, 14))
    assert told(region, "wait_days_max", "waits") == [None, 1]
    region.tell(supplied(FIRST, 20, revision=2))
    region.tick(at(FIRST, 15))
    assert told(region, "wait_days_max", "waits") == [20, 2]


def test_an_empty_row_between_two_supplies_is_as_a_supply_that_did_not_come(region):
    region.tell(supplied(FIRST, 60), left_empty(SECOND), supplied(THIRD, 60))
    region.tick(at(THIRD))
    assert told(region, "waits_prolonged") == [1]


def test_a_row_left_empty_after_one_of_exactly_the_norm_hides_nothing(region):
    region.tell(supplied(FIRST, 28), left_empty(SECOND), supplied(SECOND, 20, "B"))
    region.tick(at(SECOND))
    assert told(region, "wait_days_max", "waits_over_treeknorm") == [20, 0]


def test_what_an_empty_row_left_to_be_missed_is_put_away_and_taken_up(region):
    region.tell(*EMPTIED, supplied(THIRD, 20, "B"))
    shelf = Shelf()
    shelf.put(region.partition)
    region.partition = shelf.take()
    region.tick(at(THIRD))
    assert told(region, "wait_days_max", "waits_prolonged", "waits") == [None, None, 1]
    region.tell(EMPTIED[1])
    assert region.outcomes == ["applied"] * 4 + ["duplicate"]
