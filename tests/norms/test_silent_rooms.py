"""A location that falls silent on its operating rooms neither ends nor begins a breach of their reduction."""

from datetime import UTC, datetime, timedelta

import pytest

from agents.pipeline import Pipeline
from streams.calendar import seconds
from streams.reports import OperatingRoomsReport
from tests.norms.case import NORMS
from tests.norms.played import played
from tests.support.reports import record, rooms

NORM = "or-reduction-high"
"""From 15 % on; over at 12 %."""

MONDAY = datetime(2022, 2, 7, 11, tzinfo=UTC)
OPENED = [(0, "active", "")]


def on(day: int) -> datetime:
    return MONDAY + timedelta(days=day)


def told_of(reports: list[OperatingRoomsReport], days: int) -> list[tuple[int, str, str]]:
    """What became of the norm: day, state and reason."""
    return [(day, one.state, one.reason) for day, one in played(NORM, reports, days, MONDAY)]


def daily(location: str, in_use: int, normal: int | None = 20, first: int = 0, last: int = 25) -> list:
    return [rooms(in_use, normal, on(day), location=location) for day in range(first, last)]


OTHERS = daily("B", 19)
CLOSED = daily("A", 14, last=2)
"""Together 33 of 40 rooms: 17.5 % less; without A 5 %."""


def test_a_location_with_closed_rooms_that_falls_silent_ends_nothing_until_it_is_given_up():
    assert told_of([*OTHERS, *CLOSED], 16) == OPENED
    assert told_of([*OTHERS, *CLOSED], 18) == [*OPENED, (16, "resolved", "supply-ended")]


def test_all_locations_that_fall_silent_end_nothing_until_they_are_given_up():
    assert told_of(CLOSED, 16) == OPENED
    assert told_of(CLOSED, 30) == [*OPENED, (16, "resolved", "supply-ended")]


@pytest.mark.parametrize("day", [3, 9, 15])
def test_a_location_that_opens_its_rooms_ends_the_breach(day: int):
    assert told_of([*OTHERS, *CLOSED, *daily("A", 18, first=day)], 17) == [
        *OPENED,
        (day, "resolved", "cleared"),
    ]


def test_a_location_with_open_rooms_that_falls_silent_begins_nothing_until_it_is_given_up():
    fewer, all_open = daily("B", 16), daily("A", 20, last=2)
    assert told_of([*fewer, *all_open], 16) == []
    assert told_of([*fewer, *all_open], 17) == [(16, "active", "")]


def test_fewer_rooms_with_and_without_the_silent_one_is_a_breach():
    fewer = [*daily("B", 19, last=8), *daily("B", 15, first=8)]
    assert told_of([*fewer, *daily("A", 18, last=5)], 12) == [(8, "active", "")]


def test_a_location_is_missed_as_on_its_last_working_day():
    # On Sunday its two rooms are all there are; that says nothing of a week in which six of twenty were closed.
    week = [*daily("A", 14, last=5), *daily("A", 2, 2, first=6, last=7)]
    assert told_of([*OTHERS, *week], 13)[-1] != (9, "resolved", "cleared")
    assert [one for one in told_of([*OTHERS, *week], 20) if one[0] > 9] == []


def test_usual_rooms_that_are_told_no_more_stand_and_end_nothing():
    only_in_use = [*OTHERS, *CLOSED, *daily("A", 14, None, first=2)]
    assert told_of(only_in_use, 24) == OPENED
    # The rooms in use are held against them: with 17 of the 20 it is 10 % less.
    opened = [*OTHERS, *CLOSED, *daily("A", 14, None, first=2, last=21), *daily("A", 17, None, first=21)]
    assert told_of(opened, 24) == [*OPENED, (21, "resolved", "cleared")]


def test_who_never_told_usual_rooms_neither_begins_nor_ends_anything():
    never = daily("C", 1, None)
    assert told_of([*daily("B", 18), *never], 24) == []
    assert told_of([*OTHERS, *CLOSED, *daily("A", 18, first=9), *never], 17) == [
        *OPENED,
        (9, "resolved", "cleared"),
    ]


def test_usual_rooms_of_longer_than_a_year_ago_are_given_up():
    days = [*range(3), *range(355, 370)]
    told = [rooms(14, 20 if day == 0 else None, on(day)) for day in days]
    others = [rooms(19, 20, on(day), location="B") for day in days]
    assert told_of([*told, *others], 370)[-1] == (366, "resolved", "supply-ended")


def test_who_tells_on_working_days_only_is_not_silent_on_the_tuesday_after_easter():
    easter = datetime(2022, 4, 15, 11, tzinfo=UTC)  # Good Friday, on which the rooms are told
    pipeline = Pipeline(NORMS)
    pipeline.receive(record(rooms(14, 20, easter)))
    pipeline.tick(seconds(easter + timedelta(hours=1)))
    changes = pipeline.tick(seconds(easter + timedelta(days=4)))
    pipeline.receive(record(rooms(20, 20, easter + timedelta(days=4, hours=3))))
    told = pipeline.tick(seconds(easter + timedelta(days=4, hours=4)))
    assert [one for one in changes if one.norm == NORM and one.state != "step"] == []
    assert [one.reason for one in told if one.norm == NORM] == ["cleared"]


def test_a_weekend_in_which_the_few_rooms_are_all_used_ends_nothing() -> None:
    cut = [rooms(14, 20, on(day)) for day in range(12) if day % 7 < 5]
    weekends = [rooms(3, 3, on(day)) for day in range(12) if day % 7 >= 5]

    assert told_of(cut + weekends, 12) == OPENED
