"""Forecasts: the newest one counts, whole, and its days are dates."""

from datetime import timedelta

import pytest

from streams.topics import FORECAST
from tests.support.one_region import OneRegion
from tests.support.reports import MONDAY, forecast

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def region():
    return OneRegion(FORECAST)


def test_day_three_is_day_two_tomorrow_and_what_was_expected_today_is_kept(region):
    region.tell(forecast([10, 20, 30, 40, 50, 60, 70]))
    region.tick(MONDAY)
    assert region.value("forecast_beds", day="3", unit="ic") == 30
    assert region.value("forecast_expected_today", unit="ic") is None
    region.tick(MONDAY + DAY)
    assert region.value("forecast_beds", day="2", unit="ic") == 30
    assert region.value("forecast_beds", day="7", unit="ic") is None
    assert region.value("forecast_expected_today", unit="ic") == 10
    region.tell(forecast([21, 31, 41, 51, 61, 71, 81], at=MONDAY + DAY + HOUR))
    region.tick(MONDAY + DAY + HOUR)
    assert region.value("forecast_beds", day="2", unit="ic") == 31
    assert region.value("forecast_expected_today", unit="ic") == 10, "of the day before"


def test_a_newer_forecast_replaces_the_one_before_whole(region):
    region.tell(forecast([10] * 7, planned=12), forecast([20, 20], at=MONDAY + HOUR))
    region.tick(MONDAY + HOUR)
    assert region.value("forecast_beds", day="2", unit="ic") == 20
    assert region.value("forecast_beds", day="3", unit="ic") is None
    assert region.value("forecast_planned_beds", day="1", unit="ic") is None
    assert region.value("forecast_days_ahead", unit="ic") == 2
    assert region.value("forecast_days_ahead", unit="ward") == 0


def test_an_older_forecast_that_comes_later_changes_nothing(region):
    region.tell(forecast([20], at=MONDAY + HOUR), forecast([10]))
    assert region.outcomes == ["applied", "duplicate"]


def test_its_age_moves_with_the_ticks_by_whole_hours_and_goes_on_when_it_says_nothing_any_more(region):
    region.tell(forecast([10] * 7))
    region.tick(MONDAY + timedelta(minutes=59, seconds=59))
    assert region.value("forecast_age_hours") == 0
    assert region.tick(MONDAY + HOUR) == {"forecast_age_hours": 1}
    assert region.tick(MONDAY + timedelta(minutes=90)) == {}
    region.tick(MONDAY + 20 * DAY)
    assert region.value("forecast_age_hours") == 480
    assert region.value("forecast_beds", day="1", unit="ic") is None


def test_a_forecast_that_covers_no_day_any_more_is_late(region):
    region.tick(MONDAY)
    region.tell(forecast([10] * 7, at=MONDAY - 8 * DAY), forecast([10] * 7, at=MONDAY - 7 * DAY))
    assert region.outcomes == ["late", "applied"]
