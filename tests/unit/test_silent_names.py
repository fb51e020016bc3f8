"""Who is silent is told by name, for as long as they are, the longest silent first."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from agents.domain.country.nation import NationState, nation
from agents.domain.partition import tick
from streams.indicators import GIVEN_UP, SILENT, indicator_key
from streams.reports import BedReading, Report, WebsiteChecked
from streams.silent import SILENT_NAMED, Silent
from streams.status import Indicator
from streams.topics import (
    ABSENCE,
    COORDINATION,
    FOLLOW_UP,
    FORECAST,
    OCCUPANCY,
    OPERATING_ROOMS,
    PRODUCTION,
    REFERRALS,
    WAITING_TIMES,
    WORKSTOCK,
)
from tests.support.one_region import NORMS, OneRegion
from tests.support.put_away import Shelf
from tests.support.reports import (
    MONDAY,
    absence,
    beds,
    event,
    follow_up,
    forecast,
    production,
    referrals,
    rooms,
    stock_row,
    waits,
    workstock,
)


def website(at: datetime, location: str) -> Report:
    return event(
        WebsiteChecked(publisher="zorgaanbieder", updated_on=at.date(), split=True), at=at, location=location
    )


TELLS: dict[str, tuple[Callable[[datetime, str], Report], int, int]] = {
    OCCUPANCY: (lambda at, who: beds(at, location=who), 4, 15),
    FOLLOW_UP: (lambda at, who: follow_up(1, 1, at=at, location=who), 4, 15),
    OPERATING_ROOMS: (lambda at, who: rooms(10, at=at, location=who), 4, 15),
    WAITING_TIMES: (lambda at, who: waits([10], at=at, location=who), 46, 91),
    REFERRALS: (lambda at, who: referrals(10, 10, at=at, location=who), 7, 30),
    PRODUCTION: (lambda at, who: production(at=at, location=who), 7, 30),
    WORKSTOCK: (lambda at, who: workstock(stock_row(), at=at, location=who), 21, 91),
    ABSENCE: (lambda at, who: absence(5, at=at, location=who), 28, 91),
    COORDINATION: (website, 46, 91),
}
"""Of each topic a report by a location, and after how many days it is certainly missed, and given up."""


def at(day: int) -> datetime:
    return MONDAY + timedelta(days=day)


def told_by(topic: str, day: int, *who: str) -> list[Report]:
    return [TELLS[topic][0](at(day), one) for one in who]


def named(region: OneRegion, topic: str, kind: str = SILENT) -> list[str]:
    found = region.said.get(indicator_key(kind, {"topic": topic}))
    if found is None or found.value is None:
        return []
    assert found.value == len(found.silent)
    return [one.location for one in found.silent]


@pytest.mark.parametrize("topic", TELLS)
def test_who_falls_silent_is_named_until_it_tells_again(topic):
    _, missed, _ = TELLS[topic]
    region = OneRegion(topic).tell(*told_by(topic, 0, "A", "B"))
    region.tick(at(0))
    assert named(region, topic) == []

    region.tell(*told_by(topic, missed, "B")).tick(at(missed))
    assert named(region, topic) == ["A"]
    assert named(region, topic, GIVEN_UP) == []

    region.tell(*told_by(topic, missed, "A")).tick(at(missed) + timedelta(hours=1))
    assert named(region, topic) == []


@pytest.mark.parametrize("topic", TELLS)
def test_who_is_silent_too_long_is_named_apart(topic):
    _, _, given_up = TELLS[topic]
    region = OneRegion(topic).tell(*told_by(topic, 0, "A", "B"))
    region.tick(at(0))

    region.tell(*told_by(topic, given_up + 7, "B")).tick(at(given_up + 7))

    assert named(region, topic) == []
    assert named(region, topic, GIVEN_UP) == ["A"]


@pytest.mark.parametrize("topic", TELLS)
def test_where_everybody_tells_in_time_there_is_no_figure_of_silence(topic):
    region = OneRegion(topic).tell(*told_by(topic, 0, "A", "B"))
    assert not any(key.startswith((SILENT, GIVEN_UP)) for key in region.tick(at(0)))
    assert not any(key.startswith((SILENT, GIVEN_UP)) for key in region.tick(at(1)))


def test_a_region_that_does_not_tell_its_locations_apart_names_nobody():
    region = OneRegion(FORECAST).tell(forecast([1] * 7))
    region.tick(at(0))
    region.tick(at(20))
    assert named(region, FORECAST) == []


def test_three_days_of_silence_about_beds_name_nobody_and_a_fourth_does():
    region = OneRegion(OCCUPANCY).tell(*told_by(OCCUPANCY, 0, "A"))
    region.tick(at(3))
    assert named(region, OCCUPANCY) == []
    region.tick(at(4))
    assert region.said[indicator_key(SILENT, {"topic": OCCUPANCY})] == Indicator(
        SILENT,
        {"topic": OCCUPANCY},
        1,
        int(MONDAY.timestamp()),
        silent=(Silent("A", int(MONDAY.timestamp())),),
    )


@pytest.mark.parametrize(
    "kept",
    [
        [BedReading(unit="ward", label="total", occupied=50, staffed=100)],
        [BedReading(unit="ic", label="total", occupied=50)],
        [BedReading(unit="ic", label="covid", occupied=10, staffed=10)],
    ],
    ids=["its ward", "its patients", "the staff of one label"],
)
def test_who_goes_on_telling_of_a_part_is_silent_in_part(kept):
    every = [
        BedReading(unit="ic", label="covid", occupied=10, staffed=10),
        BedReading(unit="ic", label="noncovid", occupied=10, staffed=10),
        BedReading(unit="ward", label="total", occupied=50, staffed=100),
    ]
    if kept[0].label == "total" and kept[0].unit == "ic":
        every[:2] = [BedReading(unit="ic", label="total", occupied=50, staffed=100)]
    region = OneRegion(OCCUPANCY).tell(beds(at(0), readings=every), beds(at(5), readings=kept))
    region.tick(at(5))
    (one,) = region.said[indicator_key(SILENT, {"topic": OCCUPANCY})].silent
    assert one == Silent("A", int(MONDAY.timestamp()), partly=True)


def test_the_longest_silent_stand_first_and_of_those_alike_by_name_and_no_more_than_twenty():
    region = OneRegion(OCCUPANCY)
    region.tell(*told_by(OCCUPANCY, 1, *(f"L{number:02}" for number in range(SILENT_NAMED, -1, -1))))
    region.tell(*told_by(OCCUPANCY, 0, "Z"))
    region.tick(at(6))
    found = region.said[indicator_key(SILENT, {"topic": OCCUPANCY})]
    assert found.value == SILENT_NAMED + 2
    assert [one.location for one in found.silent] == [
        "Z",
        *(f"L{number:02}" for number in range(SILENT_NAMED - 1)),
    ]


def test_a_worker_that_takes_over_names_the_same():
    region = OneRegion(OCCUPANCY).tell(*told_by(OCCUPANCY, 0, "A"), *told_by(OCCUPANCY, 4, "B"))
    region.tick(at(5))
    shelf = Shelf()
    shelf.put(region.partition)
    region.partition = shelf.take()

    assert [
        one.name
        for entry in tick(region.partition, int(at(5).timestamp()) + 60, NORMS)
        for one in entry.indicators
    ] == []
    region.tell(*told_by(OCCUPANCY, 5, "B")).tick(at(5) + timedelta(hours=1))
    assert named(region, OCCUPANCY) == ["A"]


def counted(count: int, *silent: Silent) -> Indicator:
    return Indicator(SILENT, {"topic": OCCUPANCY}, count, 9, silent=silent)


def test_the_country_counts_who_is_silent_in_every_region_and_names_the_longest_silent():
    state = NationState()
    one = counted(1, Silent("A", 5))
    many = counted(30, *(Silent(f"B{number:02}", 1) for number in range(SILENT_NAMED)))
    (found,) = nation(
        state, OCCUPANCY, 10, [("R01", [one]), ("R02", [many]), ("NL-unplaced", [counted(1, Silent("C", 0))])]
    ).indicators
    assert (found.value, found.completeness) == (32, 1.0)
    assert [own.location for own in found.silent][:2] == ["C", "B00"]
    assert len(found.silent) == SILENT_NAMED

    gone = [Indicator(SILENT, {"topic": OCCUPANCY}, None, 9)]
    (found,) = nation(state, OCCUPANCY, 20, [("R02", gone), ("NL-unplaced", gone)]).indicators
    assert (found.value, found.silent) == (1, (Silent("A", 5),))
    (found,) = nation(state, OCCUPANCY, 30, [("R01", gone)]).indicators
    assert (found.value, found.silent) == (None, ())


def test_a_website_that_one_publisher_is_not_looked_at_for_is_silent_in_part():
    region = OneRegion(COORDINATION)
    for publisher, day in (("zorgaanbieder", 0), ("zorgverzekeraar", 50)):
        checked = WebsiteChecked(publisher=publisher, updated_on=date(2021, 11, 1), split=True)
        region.tell(event(checked, at=at(day), location="A"))
    region.tick(at(50))
    (one,) = region.said[indicator_key(SILENT, {"topic": COORDINATION})].silent
    assert one.partly


def test_who_tells_of_usual_rooms_on_one_kind_of_day_and_of_those_in_use_on_another_is_silent_in_part():
    # Of rooms in use on a Saturday and usual rooms of a Monday nothing follows: the pair of Friday is missed.
    friday = MONDAY - timedelta(days=10)
    region = OneRegion(OPERATING_ROOMS)
    region.tell(
        rooms(10, 20, at=friday), rooms(5, None, at=MONDAY - timedelta(days=2)), rooms(None, 20, at=MONDAY)
    )
    region.tick(MONDAY)
    assert region.value("or_reduction_ratio") == 0.5
    assert region.said["or_reduction_ratio"].evidence.carried == 1
    (one,) = region.said[indicator_key(SILENT, {"topic": OPERATING_ROOMS})].silent
    assert one == Silent("A", int(friday.timestamp()), partly=True)
