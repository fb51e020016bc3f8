"""Production, worked out by hand: the newest full week, its classes, and the operations missed since March 2020."""

from datetime import UTC, date, datetime, timedelta

import pytest

from streams.calendar import day_number, day_start
from streams.topics import PRODUCTION
from tests.support.one_region import OneRegion
from tests.support.put_away import Shelf
from tests.support.reports import MONDAY, operations, production

WEEK = timedelta(weeks=1)


@pytest.fixture
def region():
    return OneRegion(PRODUCTION)


def classes(region, **labels):
    return region.value("operations_week", **{"ic": "all", "provider": "all", "urgency": "all"} | labels)


def test_a_full_week_is_held_against_2019(region):
    region.tell(production(operations(40, "U4", 50), operations(10, "U3", 10)))
    region.tick(MONDAY)
    labels = {"kind": "operatie", "provider": "all"}
    assert region.value("production_week", **labels) == 50
    assert region.value("production_reference_week", **labels) == 60
    assert region.value("production_ratio", **labels) == round(50 / 60, 6)


def test_what_has_no_reference_is_no_part_of_the_ratio(region):
    region.tell(production(operations(40, "U4", 50), operations(10, "U3", None)))
    region.tick(MONDAY)
    labels = {"kind": "operatie", "provider": "all"}
    assert region.value("production_week", **labels) == 50
    assert region.value("production_ratio", **labels) == 0.8


def test_a_week_so_far_says_nothing_about_the_week(region):
    saturday = MONDAY - timedelta(days=2)
    region.tell(production(at=saturday, week=date(2021, 11, 8)))
    region.tick(MONDAY)
    assert region.value("production_week", kind="operatie", provider="all") is None


def test_the_monday_of_the_newest_full_week_of_operations_is_told(region):
    other = operations(kind="polikliniek", urgency=None)
    region.tell(production(at=MONDAY - WEEK), production(other))
    region.tick(MONDAY)
    assert region.value("operations_monday_at") == day_start(day_number(MONDAY.date()) - 14)


def test_operations_are_told_by_class_provider_and_intensive_care(region):
    region.tell(
        production(operations(7, "U3", ic_dependent=True), operations(5, "U4"), operations(2, None)),
        production(operations(3, "U5", provider="zbc"), location="clinic"),
    )
    region.tick(MONDAY)
    assert classes(region) == 17
    assert classes(region, ic="yes") == 7
    assert classes(region, urgency="U4", provider="hospital") == 5
    assert classes(region, urgency="U5", provider="zbc") == 3
    assert classes(region, urgency="U4", provider="zbc") == 0
    assert classes(region, urgency="unknown") == 2


def test_a_class_that_is_no_longer_named_was_not_done(region):
    region.tell(production(operations(5, "U4"), at=MONDAY - WEEK), production(operations(9, "U3"), at=MONDAY))
    region.tick(MONDAY)
    assert classes(region, urgency="U4") == 0
    assert region.value("operations_rise", urgency="U4") == -5
    assert region.value("operations_rise", urgency="all") == 4


def test_one_kind_does_not_wait_for_another(region):
    visits = operations(300, None, 400, kind="polikliniek")
    region.tell(production(visits, at=MONDAY - WEEK), production(at=MONDAY))
    region.tick(MONDAY)
    assert region.value("production_ratio", kind="polikliniek", provider="all") == 0.75
    assert region.value("production_ratio", kind="operatie", provider="all") == 0.8


def test_operated_hours_are_told_by_specialism(region):
    region.tell(
        production(operations(specialism="orthopedie", or_hours=12.5), operations(urgency="U3", or_hours=2.0))
    )
    region.tick(MONDAY)
    assert region.value("operated_or_hours_week", specialism="orthopedie") == 12.5
    assert region.value("operated_or_hours_week", specialism="all") == 14.5


def test_missed_operations_go_on_when_their_week_is_no_longer_held(region):
    for number in range(12):
        at = MONDAY + number * WEEK
        region.tell(production(operations(40, "U4", 50), at=at))
        region.tick(at)
        shelf = Shelf()
        shelf.put(region.partition)
        region.partition = shelf.take()
    assert region.value("operations_missed") == 120
    assert region.said["operations_missed"].observations == 12
    assert len(region.partition.regions["R07"].body.places["A"].kinds["operatie"]) < 8


def test_missed_operations_fall_by_weeks_that_make_up_and_by_corrections(region):
    region.tell(production(operations(40, "U4", 50)))
    region.tick(MONDAY)
    assert region.value("operations_missed") == 10
    region.tell(production(operations(45, "U4", 50), revision=1))
    region.tick(MONDAY + timedelta(hours=1))
    assert region.value("operations_missed") == 5
    region.tell(production(operations(65, "U4", 50), at=MONDAY + WEEK))
    region.tick(MONDAY + WEEK)
    assert region.value("operations_missed") == -10


def test_nothing_is_missed_before_march_2020(region):
    region.tell(production(at=datetime(2020, 3, 2, 12, tzinfo=UTC)))
    region.tick(datetime(2020, 3, 3, tzinfo=UTC))
    assert region.value("operations_missed") is None
    region.tell(production(at=datetime(2020, 3, 9, 12, tzinfo=UTC)))
    region.tick(datetime(2020, 3, 10, tzinfo=UTC))
    assert region.value("operations_missed") == 10
