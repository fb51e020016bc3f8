"""Operating rooms in use are held against what is usual on such a day."""

from datetime import UTC, datetime, timedelta

import pytest

from streams.topics import OPERATING_ROOMS
from tests.support.one_region import OneRegion
from tests.support.reports import MONDAY, rooms

DAY = timedelta(days=1)
SATURDAY = MONDAY + 5 * DAY


@pytest.fixture
def region():
    return OneRegion(OPERATING_ROOMS)


def test_the_reduction_is_what_is_missing_of_the_usual_rooms(region):
    region.tell(rooms(17, 20), rooms(4, 4, location="B"))
    region.tick(MONDAY)
    assert (region.value("or_rooms_in_use"), region.value("or_rooms_normal")) == (21, 24)
    assert region.value("or_reduction_ratio") == 0.125
    reduction = region.said["or_reduction_ratio"]
    assert (reduction.observations, reduction.weight) == (2, 24)


def test_more_rooms_than_usual_is_a_reduction_below_nothing(region):
    region.tell(rooms(22, 20))
    region.tick(MONDAY)
    assert region.value("or_reduction_ratio") == -0.1


def test_a_weekend_is_not_held_against_a_working_day(region):
    region.tell(rooms(18, 20, MONDAY + 4 * DAY), rooms(3, None, SATURDAY))
    region.tick(SATURDAY)
    assert region.value("or_rooms_in_use") == 3
    assert region.value("or_reduction_ratio") == 0.1, "of Friday"


def test_a_few_rooms_of_a_weekend_that_are_all_in_use_are_no_recovery(region):
    region.tell(rooms(12, 20, MONDAY + 4 * DAY), rooms(3, 3, SATURDAY))
    region.tick(SATURDAY)
    assert region.value("or_rooms_normal") == 3
    assert region.value("or_reduction_ratio") == 0.4, "of Friday"
    region.tick(MONDAY + 7 * DAY)
    assert region.value("or_reduction_ratio") == 0.4, "until Monday is told"
    region.tell(rooms(20, 20, MONDAY + 7 * DAY))
    region.tick(MONDAY + 7 * DAY + timedelta(hours=1))
    assert region.value("or_reduction_ratio") == 0


def test_who_tells_of_weekends_only_is_held_against_weekends(region):
    region.tell(rooms(2, 4, SATURDAY))
    region.tick(SATURDAY)
    assert region.value("or_reduction_ratio") == 0.5


def test_what_is_usual_on_a_working_day_is_so_on_the_next(region):
    region.tell(rooms(18, 20), rooms(15, None, MONDAY + DAY))
    region.tick(MONDAY + DAY)
    assert region.value("or_reduction_ratio") == 0.25


def test_rooms_of_one_location_alone_are_told_as_half_complete(region):
    region.tell(rooms(10, 20), rooms(None, 20, location="B"))
    region.tick(MONDAY)
    assert region.value("or_reduction_ratio") == 0.5
    assert region.said["or_reduction_ratio"].completeness == 0.5


def test_after_a_long_weekend_without_word_what_was_told_last_is_carried_forward(region):
    region.tell(rooms(10, 20), rooms(14, 20, location="B"))
    region.tell(*(rooms(14, 20, MONDAY + day * DAY, location="B") for day in range(1, 20)))
    region.tick(MONDAY + DAY)
    assert (region.value("or_reduction_ratio"), region.said["or_reduction_ratio"].range) == (0.4, None)
    region.tick(MONDAY + 4 * DAY)
    found = region.said["or_reduction_ratio"]
    assert (found.value, found.completeness, found.evidence.carried) == (0.4, 0.5, 1)
    assert (found.range.low, found.range.high) == (0.15, 0.65), (
        "it told nothing before: from none to all of its rooms"
    )
    region.tick(MONDAY + 15 * DAY)
    assert (region.value("or_reduction_ratio"), region.said["or_reduction_ratio"].range) == (0.3, None)


def test_rooms_in_use_lie_between_none_and_the_usual_ones_whatever_is_told_by_now(region):
    for day, in_use in enumerate((12, 13, 11, 12)):
        region.tell(rooms(in_use, 20, MONDAY - 7 * DAY + day * DAY))
        region.tick(MONDAY - 7 * DAY + day * DAY)
    region.tick(MONDAY - DAY)
    assert region.said["or_reduction_ratio"].range is None, "one working day without a report"
    region.tick(MONDAY)
    own = region.said["or_reduction_ratio"].range
    assert (own.low, own.high, own.least, own.most) == (0.35, 0.45, 0.0, 1.0)


def test_a_closed_location_is_no_division_by_nothing(region):
    region.tell(rooms(0, 0))
    region.tick(MONDAY)
    assert region.value("or_rooms_normal") == 0
    assert region.value("or_reduction_ratio") is None


def test_what_was_told_stands_until_a_working_day_has_passed(region):
    thursday = datetime(2022, 4, 14, 12, tzinfo=UTC)
    region.tell(rooms(10, 20, thursday), rooms(14, 20, thursday + DAY, location="B"))
    region.tick(thursday + 5 * DAY)
    assert region.value("or_reduction_ratio") == 0.4, "of Thursday and Good Friday, on Tuesday after Easter"
    assert region.said["or_reduction_ratio"].evidence.carried == 1, (
        "of the one that told nothing on Good Friday"
    )
    region.tick(thursday + 6 * DAY)
    assert region.said["or_reduction_ratio"].evidence.carried == 2


def test_usual_rooms_that_were_told_once_stand_for_a_year_while_the_rooms_in_use_are_told(region):
    region.tell(rooms(10, 20))
    for day in range(1, 372):
        region.tell(rooms(12 if day % 7 < 5 else 2, None, MONDAY + day * DAY))
        region.tick(MONDAY + day * DAY)
        found = region.said["or_reduction_ratio"]
        assert (found.value, found.silence) == (0.4, None) or day > 365
    assert found.value is None
    assert (found.seen("carried").value, found.seen("expired").value) == (None, 0.4)
    assert found.completeness == 0


def test_usual_rooms_stand_until_others_are_told(region):
    region.tell(rooms(10, 20))
    for day in range(1, 40):
        region.tell(rooms(10, 25 if day == 30 else None, MONDAY + day * DAY))
        region.tick(MONDAY + day * DAY)
        assert region.value("or_reduction_ratio") == (0.5 if day < 30 else 0.6)
        assert region.value("or_rooms_normal") == (20 if day < 30 else 25)


def test_usual_rooms_told_after_the_rooms_in_use_are_held_against_them_at_once(region):
    region.tell(rooms(10, None), rooms(None, 20, MONDAY + DAY))
    region.tick(MONDAY + DAY)
    assert region.value("or_reduction_ratio") == 0.5


def test_usual_rooms_of_who_tells_of_no_rooms_in_use_any_more_do_not_stand(region):
    region.tell(rooms(10, 20), rooms(18, 20, location="B"))
    for day in range(1, 20):
        region.tell(rooms(18, None, MONDAY + day * DAY, location="B"))
        region.tick(MONDAY + day * DAY)
        normal = region.said["or_rooms_normal"]
        views = [normal.seen(view).value for view in ("reported", "carried", "expired")]
        assert views == ([40] * 3 if day < 15 else [20, 20, 40])


def test_who_never_told_usual_rooms_is_not_missed_in_the_reduction(region):
    for day in range(20):
        region.tell(rooms(18, 20, MONDAY + day * DAY), rooms(2, None, MONDAY + day * DAY, location="B"))
        region.tick(MONDAY + day * DAY)
        found = region.said["or_reduction_ratio"]
        assert (found.value, found.completeness, found.silence) == (0.1, 0.5, None)


def test_a_reduction_is_as_complete_as_its_less_complete_half(region):
    region.tell(rooms(None, 20, MONDAY - DAY * 3, completeness=0.5), rooms(10, None))
    region.tick(MONDAY)
    assert region.said["or_reduction_ratio"].completeness == 0.5
