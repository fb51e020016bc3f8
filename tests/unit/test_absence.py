"""Sickness absence is weighed by employees, and stands for two weeks after its own."""

from datetime import timedelta

import pytest

from streams.topics import ABSENCE
from tests.support.one_region import OneRegion
from tests.support.reports import MONDAY, absence

WEEK = timedelta(weeks=1)


@pytest.fixture
def region():
    return OneRegion(ABSENCE)


def test_a_large_location_weighs_more_than_a_small_one(region):
    region.tell(absence(8.0, 900, long_rate=3.0), absence(4.0, 100, location="B"))
    region.tick(MONDAY)
    assert region.value("absence_rate", sector="ziekenhuis") == 7.6
    assert region.value("absence_long_rate", sector="ziekenhuis") == 3.0
    assert region.value("absence_employees", sector="ziekenhuis") == 1000
    assert region.said["absence_long_rate{sector=ziekenhuis}"].completeness == 0.5


def test_sectors_are_apart_and_together(region):
    region.tell(absence(8.0, 100), absence(6.0, 300, sector="vvt"))
    region.tick(MONDAY)
    assert region.value("absence_rate", sector="vvt") == 6.0
    assert region.value("absence_rate", sector="all") == 6.5


def test_a_rate_stands_until_the_third_week_begins(region):
    region.tell(absence(8.0))
    region.tick(MONDAY + 3 * WEEK - timedelta(days=1))
    assert region.value("absence_rate", sector="ziekenhuis") == 8.0
    region.tick(MONDAY + 3 * WEEK)
    assert region.value("absence_rate", sector="ziekenhuis") is None


def test_the_newest_week_counts_and_a_correction_replaces_it(region):
    region.tell(absence(8.0), absence(9.0, at=MONDAY - WEEK), absence(7.0, revision=1))
    region.tick(MONDAY)
    assert region.value("absence_rate", sector="ziekenhuis") == 7.0
