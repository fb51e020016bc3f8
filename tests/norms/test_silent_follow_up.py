"""A location of vervolgzorg that falls silent neither ends nor begins strain while it is missed; given up, it is not told as solved."""

from datetime import datetime, timedelta

import pytest

from agents.pipeline import Pipeline
from streams.calendar import seconds
from streams.reports import FollowUpReport
from tests.norms.case import NORMS, USUAL
from tests.norms.played import played
from tests.support.reports import follow_up, record

NORM = "followup-strain-grz"


def on(day: int) -> datetime:
    return USUAL + timedelta(days=day)


def told_of(reports: list[FollowUpReport], days: int) -> list[tuple[int, str]]:
    """What became of the norm: day and state."""
    return [(day, one.state) for day, one in played(NORM, reports, days)]


def daily(location: str, waiting: int, free: int, first: int = 0, last: int = 16) -> list[FollowUpReport]:
    return [follow_up(waiting, free, on(day), location=location) for day in range(first, last)]


OPENED = [(0, "pending"), (1, "active")]
OTHERS = daily("B", 10, 30)
FULL = daily("A", 90, 5, last=2)
"""With the others 100 wait and 35 places are free: 0.74."""


def test_a_full_location_that_falls_silent_does_not_end_the_strain():
    assert told_of([*OTHERS, *FULL], 15) == OPENED


def test_all_locations_that_fall_silent_do_not_end_the_strain_until_they_are_given_up():
    assert told_of(FULL, 16) == OPENED
    assert told_of(FULL, 30) == [*OPENED, (17, "resolved")]


def test_a_full_location_that_is_given_up_is_not_told_as_solved():
    others = daily("B", 10, 30, last=20)
    pipeline = Pipeline(NORMS)
    told = []
    for day in range(19):
        pipeline.receive(*(record(one) for one in [*others, *FULL] if one.received_at == on(day)))
        changes = pipeline.tick(seconds(on(day) + timedelta(hours=1)))
        told += [(day, one.reason) for one in changes if (one.norm, one.state) == (NORM, "resolved")]
    assert told == [(17, "supply-ended")], "missed for 14 days after day 1, and clear for a day"


def test_a_location_with_free_places_that_is_given_up_lets_the_strain_begin():
    told = told_of([*daily("B", 90, 5, last=20), *daily("A", 10, 80, last=1)], 18)
    assert told == [(15, "pending"), (16, "active")]


def test_free_places_that_are_told_no_more_end_and_begin_nothing():
    waits_only = [follow_up(90, None, on(day), location="A") for day in range(2, 16)]
    assert told_of([*OTHERS, *FULL, *waits_only], 15) == OPENED


@pytest.mark.parametrize("day", [2, 10, 14])
def test_a_location_that_tells_of_free_places_ends_the_strain(day: int):
    better = daily("A", 10, 30, first=day, last=18)
    assert told_of([*daily("B", 10, 30, last=18), *FULL, *better], 17) == [*OPENED, (day + 1, "resolved")]


def test_free_places_elsewhere_end_no_strain_while_anybody_may_wait_where_nothing_is_told():
    others = daily("B", 15, 650, first=8, last=20)
    assert told_of([*FULL, *others], 15) == OPENED
    assert told_of([*FULL, *others], 19) == [*OPENED, (17, "resolved")]


def test_a_location_with_free_places_that_falls_silent_begins_no_strain():
    assert told_of([*daily("B", 90, 5), *daily("A", 10, 80, last=1)], 14) == []


def test_strain_with_and_without_the_silent_one_begins_while_it_is_silent():
    room = [*daily("B", 10, 30, last=6), *daily("B", 90, 30, first=6), *daily("A", 10, 9, last=5)]
    assert told_of(room, 10) == [(6, "pending"), (7, "active")]
