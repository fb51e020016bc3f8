"""Silence neither ends nor begins unequal access between regions, until the silent ones are given up; what is told does."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from streams.reports import WaitingTimesReport
from tests.norms.played import played
from tests.support.reports import waits

FIRST = datetime(2021, 11, 2, 9, tzinfo=UTC)
"""A Tuesday of an even ISO week: a peildatum."""


def told_of(supplies: list[WaitingTimesReport], days: int) -> list[tuple[int, str, str]]:
    """What became of the norm on one treatment: day, state and reason."""
    return [(day, one.state, one.reason) for day, one in played("unequal-access", supplies, days, FIRST)]


def supply(region: str, day: int, days: float, location: str = "A", **own) -> WaitingTimesReport:
    at = FIRST + timedelta(days=day)
    return waits([days], at, "klinisch", at.date(), region=region, location=location, **own)


def supplies(region: str, days: float, begin: int = 0, until: int = 110, **own) -> list[WaitingTimesReport]:
    return [supply(region, day, days, **own) for day in range(begin, until, 14)]


def left_empty(report: WaitingTimesReport, status: str = "unknown") -> WaitingTimesReport:
    rows = [msgspec.structs.replace(row, days=None, status=status) for row in report.rows]
    return msgspec.structs.replace(report, rows=rows)


OPENED = [(0, "pending", ""), (1, "active", "")]
OTHERS = [*supplies("R08", 30), *supplies("R06", 40)]
FAR = supply("R07", 0, 61)
"""More than twice the thirty of R08; without it forty is the longest."""


def test_a_region_that_falls_silent_ends_no_unequal_access_until_it_is_given_up():
    assert told_of([*OTHERS, FAR], 91) == OPENED
    assert told_of([*OTHERS, FAR], 92) == [*OPENED, (91, "resolved", "supply-ended")]


def test_a_region_with_the_shortest_waits_that_falls_silent_ends_no_unequal_access():
    far = [*supplies("R07", 61), *supplies("R06", 40), supply("R08", 0, 30)]
    assert told_of(far, 92) == [*OPENED, (91, "resolved", "supply-ended")]


def test_rows_left_empty_end_no_unequal_access():
    emptied = [left_empty(one) for one in supplies("R07", 61, begin=14, until=90)]
    assert told_of([*OTHERS, FAR, *emptied], 91) == OPENED


@pytest.mark.parametrize("day", [14, 70, 89])
def test_a_region_that_tells_waits_near_the_others_ends_unequal_access(day: int):
    told = [*OTHERS, FAR, supply("R07", day, 50)]
    assert told_of(told, day + 2) == [*OPENED, (day, "resolved", "cleared")]


def test_others_that_come_near_what_the_silent_region_told_last_end_unequal_access():
    def nearer(days: float) -> list[WaitingTimesReport]:
        return [*supplies("R08", 30, until=60), *supplies("R08", days, begin=70), *supplies("R06", 40), FAR]

    assert told_of(nearer(34), 75) == [*OPENED, (70, "resolved", "cleared")]  # 1.79 times
    assert told_of(nearer(33), 91) == OPENED  # 1.85: neither over two nor clear


@pytest.mark.parametrize(("silent", "stays"), [(20, 70), (60, 20)])
def test_a_location_that_falls_silent_begins_no_unequal_access_until_it_is_given_up(silent: int, stays: int):
    # The median of its region was 45 or 40 days, and is that of the other location now: 70, or 20 beside 45.
    others = supplies("R08", 30 if stays == 70 else 45)
    own = [*supplies("R07", stays, location="B"), supply("R07", 0, silent)]
    assert told_of([*others, *own], 91) == []
    assert told_of([*others, *own], 93) == [(91, "pending", ""), (92, "active", "")]


def test_a_location_that_falls_silent_ends_no_unequal_access_by_the_median_of_the_others_there():
    own = [*supplies("R07", 50, location="B"), supply("R07", 0, 74)]  # 62 together
    told = [*supplies("R08", 30), *own]
    assert told_of(told, 92) == [*OPENED, (91, "resolved", "supply-ended")]


def test_waits_that_are_unequal_whatever_the_silent_ones_would_say_begin_it():
    told = [*supplies("R08", 30), supply("R06", 0, 40), *supplies("R07", 40, until=60), supply("R07", 70, 61)]
    assert told_of(told, 75) == [(70, "pending", ""), (71, "active", "")]


def test_exactly_twice_what_a_silent_region_told_last_begins_nothing():
    told = [supply("R08", 0, 30), *supplies("R06", 40), *supplies("R07", 60)]
    assert told_of(told, 110) == []


def test_one_given_up_before_it_began_or_that_made_no_difference_is_not_why_it_ended():
    near = [supply("R07", 98, 61), supply("R07", 112, 40)]
    ended = [(98, "pending", ""), (99, "active", ""), (112, "resolved", "cleared")]
    before = supply("R06", 0, 61)  # given up on day 91: until then it was unequal itself
    opened = [*OPENED, (91, "resolved", "supply-ended")]
    assert (
        told_of([*supplies("R08", 30, until=120), *supplies("R05", 40), before, *near], 115) == opened + ended
    )
    between = supply("R06", 14, 35)  # given up on day 105, between the longest and the shortest
    told = [*supplies("R08", 30, until=120), *supplies("R05", 40), before, between, *near]
    assert told_of(told, 115)[-3:] == ended


def test_with_one_region_left_there_is_nothing_to_compare_and_nothing_ends_until_the_other_is_given_up():
    assert told_of([*supplies("R08", 30), FAR], 91) == OPENED
    assert told_of([*supplies("R08", 30), FAR], 110) == [*OPENED, (91, "resolved", "supply-ended")]


@pytest.mark.parametrize("status", ["closed", "insufficient"])
def test_a_region_whose_intake_closes_ends_no_unequal_access_until_it_is_given_up(status: str):
    closed = [left_empty(one, status) for one in supplies("R07", 61, begin=14)]
    assert told_of([*OTHERS, FAR, *closed], 91) == OPENED
    assert told_of([*OTHERS, FAR, *closed], 92) == [*OPENED, (91, "resolved", "supply-ended")]


def test_one_given_up_in_between_is_why_it_ended_though_a_farther_one_was_given_up_before_it_began():
    others = [*supplies("R08", 30, until=130), *supplies("R05", 40, until=130)]
    before = [supply("R06", 0, 90), supply("R06", 14, 40), left_empty(supply("R06", 28, 40))]
    told = [*others, supply("R09", 0, 90), supply("R07", 28, 61), *before]
    assert told_of(told, 125)[-1] == (119, "resolved", "supply-ended")
