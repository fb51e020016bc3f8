"""How full a region is, and what room it has, follows from the hospitals that tell of patients and of beds."""

from datetime import timedelta

import pytest

from streams.reports import BedReading
from streams.topics import OCCUPANCY
from tests.support.one_region import OneRegion
from tests.support.reports import MONDAY, beds

DAY = timedelta(days=1)
FREE, ROOM = "beds_free{unit=ic}", "beds_for_covid{unit=ic}"
RATIO, STAFFED, ALL = "occupancy_ratio{unit=ic}", "beds_staffed{unit=ic}", "beds_occupied{label=all,unit=ic}"


@pytest.fixture
def region():
    return OneRegion(OCCUPANCY)


def say(label: str, occupied: int | None = None, staffed: int | None = None) -> BedReading:
    return BedReading(unit="ic", label=label, occupied=occupied, staffed=staffed)


def told(*readings: BedReading, location: str = "A", at=MONDAY, **own):
    return beds(at, readings=list(readings), location=location, **own)


BOTH = told(say("covid", 5), say("noncovid", 15), say("total", None, 30))
"""Thirty beds, twenty taken, five of them with COVID."""


def figures(region: OneRegion, *keys: str) -> list[float | None]:
    return [region.said[key].value if key in region.said else None for key in keys]


def test_room_is_what_is_left_of_the_beds_with_staff(region):
    region.tell(BOTH)
    region.tick(MONDAY)
    assert figures(region, FREE, ROOM, RATIO) == [10, 15, round(20 / 30, 6)]
    assert (region.said[ROOM].completeness, region.said[ROOM].weight) == (1.0, 30)


def test_patients_of_a_hospital_that_never_told_of_beds_take_no_room_of_others(region):
    region.tell(BOTH, told(say("covid", 10), say("noncovid", 40), location="B"))
    region.tick(MONDAY)
    assert figures(region, FREE, ROOM, ALL) == [10, 15, 70]
    assert region.said[ROOM].completeness == region.said[FREE].completeness == 0.5


def test_beds_of_a_hospital_that_never_told_of_patients_are_no_room(region):
    region.tell(BOTH, told(say("total", None, 50), location="B"))
    region.tick(MONDAY)
    assert figures(region, FREE, ROOM, STAFFED) == [10, 15, 80]
    assert region.said[ROOM].completeness == 0.5


def test_a_hospital_that_tells_its_two_halves_in_two_reports_is_in_the_room(region):
    region.tell(told(say("total", 20)), told(say("total", None, 30), at=MONDAY - DAY), told(say("covid", 5)))
    region.tick(MONDAY)
    assert figures(region, FREE, ROOM) == [10, 15]


def test_covid_patients_alone_are_not_all_patients(region):
    region.tell(told(say("covid", 5), say("total", None, 30)))
    region.tick(MONDAY)
    assert figures(region, FREE, ROOM, RATIO, ALL) == [None, None, None, 5]


def test_beds_for_covid_alone_are_held_against_covid_patients_alone(region):
    region.tell(told(say("covid", 8, 10), say("noncovid", 60)))
    region.tick(MONDAY)
    assert figures(region, FREE, ROOM, RATIO, STAFFED) == [2, 10, 0.8, 10]
    assert region.said[RATIO].completeness == region.said[STAFFED].completeness == 0.5
    region.tell(told(say("total", 68), say("covid", None, 10), at=MONDAY + DAY, location="B"))
    region.tick(MONDAY + DAY)
    assert region.value(RATIO) == 0.8, "all patients of B are not held against its beds for COVID"


def test_beds_told_by_label_for_everybody_are_all_beds(region):
    region.tell(told(say("covid", 8, 10), say("noncovid", 60, 70)))
    region.tick(MONDAY)
    assert figures(region, FREE, ROOM, RATIO, STAFFED) == [12, 20, 0.85, 80]


def test_a_room_is_as_complete_as_its_less_complete_half(region):
    region.tell(told(say("total", 20), say("covid", 5), completeness=1.0))
    region.tell(told(say("total", None, 30), completeness=0.5, at=MONDAY - DAY))
    region.tick(MONDAY)
    assert [region.said[key].completeness for key in (FREE, ROOM, RATIO)] == [0.5, 0.5, 0.5]


def test_who_falls_silent_is_in_the_room_as_told_last_and_makes_it_no_less_complete(region):
    region.tell(told(say("covid", 5), say("noncovid", 35), say("total", None, 30), location="B"))
    for day in range(20):
        region.tell(told(*BOTH.readings, at=MONDAY + day * DAY))
        region.tick(MONDAY + day * DAY)
        found = region.said[ROOM]
        views = [found.seen(view).value for view in ("reported", "carried", "expired")]
        assert views == ([10] * 3 if day < 15 else [15, 15, 10])
        assert found.completeness == 1.0
    assert region.said[RATIO].completeness == 1.0
    assert region.said[ROOM].silence.given_up_at > 0


@pytest.mark.parametrize("field", ["occupied", "staffed"])
@pytest.mark.parametrize("order", [("total", "labels"), ("labels", "total")])
def test_a_change_of_what_is_told_moves_a_figure_when_it_is_told_and_not_by_time_alone(region, field, order):
    by_kind = {"total": [("total", 30)], "labels": [("covid", 8), ("noncovid", 16)]}
    other = {"occupied": "staffed", "staffed": "occupied"}[field]
    key = {"occupied": ALL, "staffed": STAFFED}[field]
    for day in range(24):
        kind = order[day >= 2]
        readings = [BedReading(unit="ic", label=label, **{field: count}) for label, count in by_kind[kind]]
        steady = BedReading(unit="ward", label="total", **{other: 90})
        region.tell(told(*readings, steady, at=MONDAY + day * DAY))
        region.tick(MONDAY + day * DAY)
        assert region.value(key) == {"total": 30, "labels": 24}[kind], day


def test_beds_for_covid_that_are_told_on_are_not_all_beds_once_these_are_silent(region):
    region.tell(told(say("total", 50, 100), say("covid", 10, 10)))
    for day in range(1, 30):
        region.tell(told(say("total", 50), say("covid", 10, 10), at=MONDAY + day * DAY))
        region.tick(MONDAY + day * DAY)
        ratio = region.said[RATIO]
        assert ratio.seen("carried").value == 0.5, day
        assert region.said[STAFFED].seen("carried").value == 100
        assert region.said[FREE].seen("carried").value == 50
