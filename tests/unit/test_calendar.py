"""Dutch days: the clock changes, holidays and the seconds on which no daily feed is expected."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.scenarios.working_days import working_days
from streams.calendar import (
    AMSTERDAM,
    date_of,
    day_number,
    day_start,
    holidays,
    idle_seconds,
    idle_weeks_seconds,
    is_working_day,
    iso,
    local_day,
    seconds,
)

moments = st.integers(946_684_800, 4_102_444_799)  # 2000...2100


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM).timestamp())


@given(moments)
def test_the_local_day_is_the_date_on_a_dutch_calendar(second: int):
    assert date_of(local_day(second)) == datetime.fromtimestamp(second, AMSTERDAM).date()


@given(moments)
def test_a_day_begins_at_its_first_second(second: int):
    begin = day_start(local_day(second))
    assert begin <= second
    assert local_day(begin) == local_day(second)
    assert local_day(begin - 1) == local_day(second) - 1


def test_the_days_of_a_clock_change_have_23_and_25_hours():
    spring, autumn = day_number(date(2021, 3, 28)), day_number(date(2021, 10, 31))
    assert day_start(spring + 1) - day_start(spring) == 23 * 3600
    assert day_start(autumn + 1) - day_start(autumn) == 25 * 3600


@pytest.mark.parametrize(
    ("year", "easter"),
    [(2000, (4, 23)), (2008, (3, 23)), (2011, (4, 24)), (2021, (4, 4)), (2022, (4, 17)), (2038, (4, 25))],
)
def test_easter_and_what_moves_with_it(year: int, easter: tuple[int, int]):
    sunday = date(year, *easter)
    moving = {sunday.toordinal() + offset for offset in (0, 1, 39, 49, 50)}
    assert moving <= {day.toordinal() for day in holidays(year)}


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2021, 4, 2), True),  # Good Friday
        (date(2021, 4, 5), False),  # Easter Monday
        (date(2021, 4, 27), False),  # King's Day
        (date(2025, 4, 27), False),  # a Sunday, so King's Day is on the 26th, a Saturday
        (date(2020, 5, 5), False),  # Liberation Day, once in five years
        (date(2021, 5, 5), True),
        (date(2021, 5, 13), False),  # Ascension
        (date(2021, 12, 24), True),
        (date(2021, 12, 27), True),  # a Monday
        (date(2021, 11, 13), False),  # a Saturday
    ],
)
def test_working_days(day: date, working: bool):
    assert is_working_day(day_number(day)) == working


def test_kings_day_moves_off_a_sunday():
    assert date(2025, 4, 26) in holidays(2025)
    assert date(2025, 4, 27) not in holidays(2025)


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [
        ("2021-11-12T12:00", "2021-11-15T12:00", 48),  # a weekend
        ("2021-11-15T12:00", "2021-11-18T12:00", 0),
        ("2021-11-13T12:00", "2021-11-13T18:00", 6),  # inside a Saturday
        ("2021-10-29T12:00", "2021-11-01T12:00", 49),  # the clock goes back
        ("2021-03-26T12:00", "2021-03-29T12:00", 47),  # and forward
        ("2021-04-01T12:00", "2021-04-06T12:00", 72),  # Easter
        ("2021-12-24T12:00", "2021-12-27T00:00", 48),  # Christmas in a weekend
        ("2021-11-15T12:00", "2021-11-12T12:00", 0),  # nothing before it began
    ],
)
def test_idle_seconds(since: str, until: str, hours: int):
    assert idle_seconds(at(since), at(until)) == hours * 3600


@given(moments, st.integers(0, 86_400 * 40), st.integers(0, 86_400 * 40))
def test_idle_seconds_add_up(since: int, first: int, second: int):
    middle, until = since + first, since + first + second
    assert idle_seconds(since, until) == idle_seconds(since, middle) + idle_seconds(middle, until)
    assert 0 <= idle_seconds(since, until) <= until - since


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        ("2026-12-22T18:00", "2027-01-12T18:00", 7),  # week 52, then 53, 1 and 2
        ("2026-12-22T18:00", "2027-01-05T00:00", 0),
        ("2026-12-22T18:00", "2027-01-06T12:00", 1.5),
        ("2025-12-23T18:00", "2026-01-13T18:00", 0),  # week 52, then 1 and 2: a supply was due on 6-1
        ("2021-11-16T18:00", "2021-12-28T18:00", 0),
        ("2027-01-06T00:00", "2026-12-22T18:00", 0),  # nothing before it began
    ],
)
def test_the_third_week_between_two_peildata_is_idle(since: str, until: str, days: float):
    assert idle_weeks_seconds(at(since), at(until)) == days * 86_400


@given(moments)
def test_iso_is_read_back(second: int):
    assert seconds(datetime.fromisoformat(iso(second))) == second


def test_seconds_are_rounded_down():
    assert seconds(datetime(2021, 1, 1, 0, 0, 0, 999_999, tzinfo=UTC)) == 1_609_459_200


def test_the_working_days_are_those_of_the_list_that_was_written_down():
    days = [
        date.fromordinal(one) for one in range(date(2020, 1, 1).toordinal(), date(2026, 1, 1).toordinal())
    ]
    assert [on for on in days if is_working_day(day_number(on))] == working_days(days)
