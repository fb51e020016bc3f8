"""A hospital that falls silent makes no region full, wrong or unfair, until it is given up; what is told does."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from deploy.scenarios.inhabitants import INHABITANTS
from streams.regions import ROAZ_IDS
from streams.reports import OccupancyReport, Report
from streams.reports.occupancy import BedReading
from tests.norms.case import USUAL, in_force
from tests.norms.played import played
from tests.support.reports import beds, forecast

Told = list[tuple[int, str, str]]


def told_of(norm: str, by_day: dict[int, list[Report]], days: int, region: str = "R07") -> Told:
    """What became of the norm: day, state and reason."""
    reports = [*in_force("2D", USUAL - timedelta(days=1)), *(one for own in by_day.values() for one in own)]
    return [
        (day, one.state, one.reason)
        for day, one in played(norm, reports, days)
        if one.region == region and one.scope in {"", "unit=ic"}
    ]


def told(
    day: int, covid: int, other: int, staffed: int | None, location: str = "A", region: str = "R07"
) -> OccupancyReport:
    readings = [
        BedReading(unit="ic", label="covid", occupied=covid),
        BedReading(unit="ic", label="noncovid", occupied=other),
        BedReading(unit="ic", label="total", occupied=None, staffed=staffed),
    ]
    return beds(USUAL + timedelta(days=day), readings=readings, location=location, region=region)


def expected(day: int, patients: int) -> Report:
    return forecast([patients] * 7, USUAL + timedelta(days=day))


FORECASTS = ("forecast-over-capacity", "forecast-overflow-soon")
SILENT_FROM = 2
LONG = 10
"""Days in which a hospital that is silent from day 2 stands no more, and is missed still."""


def with_a_room_of_thirty(patients: int, *, silent: bool, days: int = LONG) -> dict[int, list[Report]]:
    """Two hospitals of thirty beds, each with fifteen other patients; the forecast comes every day."""
    by_day: dict[int, list[Report]] = {}
    for day in range(days):
        by_day[day] = [told(day, 5, 15, 30), expected(day, patients)]
        if not silent or day < SILENT_FROM:
            by_day[day].append(told(day, 5, 15, 30, "B"))
    return by_day


@pytest.mark.parametrize("norm", FORECASTS)
def test_a_hospital_that_falls_silent_makes_no_region_full(norm: str):
    assert told_of(norm, with_a_room_of_thirty(20, silent=True), LONG) == []


@pytest.mark.parametrize("norm", FORECASTS)
def test_what_does_not_fit_with_the_silent_hospital_either_begins_a_breach(norm: str):
    by_day = with_a_room_of_thirty(20, silent=True)
    for day in range(SILENT_FROM, 5):
        by_day[day].append(told(day, 5, 15, 30, "B"))
    by_day[7][1] = expected(7, 31)
    assert told_of(norm, by_day, LONG) == [(7, "active", "")]


@pytest.mark.parametrize("norm", FORECASTS)
def test_a_full_hospital_that_falls_silent_ends_no_breach_until_it_tells_again(norm: str):
    full = {day: [told(day, 5, 5, 30), expected(day, 22)] for day in range(LONG)}
    for day in range(SILENT_FROM):
        full[day].append(told(day, 5, 35, 30, "B"))  # five more patients than beds
    assert told_of(norm, full, LONG) == [(0, "active", "")]
    full[8].append(told(8, 5, 25, 30, "B"))
    assert told_of(norm, full, LONG) == [(0, "active", ""), (8, "resolved", "cleared")]


def shared(day: int, location: str, many: float = 1.0) -> list[Report]:
    """In each region as many COVID patients as its inhabitants, but for R07."""
    return [
        told(
            day,
            round(INHABITANTS[name] / 12_000 * (many if name == "R07" else 1)),
            5,
            600,
            location,
            name,
        )
        for name in ROAZ_IDS
    ]


@pytest.mark.parametrize("norm", ["fair-share-below-ic", "fair-share-above-ic"])
def test_a_hospital_that_falls_silent_changes_nobodys_share(norm: str):
    by_day = {
        day: [
            one
            for location in "AB"
            for one in shared(day, location)
            if day < SILENT_FROM or (one.region, one.location) != ("R07", "B")
        ]
        for day in range(LONG)
    }
    assert {region: told_of(norm, by_day, LONG, region) for region in ("R07", "R05")} == {
        "R07": [],
        "R05": [],
    }


def test_a_region_that_falls_silent_ends_no_share_that_is_unfair():
    unfair = {day: shared(day, "A", 3.0) for day in range(LONG)}
    for day in range(4, LONG):
        unfair[day] = [one for one in unfair[day] if one.region != "R07"]
    began = [(0, "pending", ""), (2, "active", "")]
    assert told_of("fair-share-below-ic", unfair, LONG, "R05") == began
    assert told_of("fair-share-above-ic", unfair, LONG) == began
    unfair |= {day: shared(day, "A") for day in range(9, LONG + 2)}
    ended = [*began, (11, "resolved", "cleared")]
    assert told_of("fair-share-below-ic", unfair, LONG + 2, "R05") == ended
    assert told_of("fair-share-above-ic", unfair, LONG + 2) == ended


def shares_of_r07(day: int, expected_beds: float, more: float) -> list[Report]:
    """R07 has so much more than the beds that its even share expects."""
    people = {name: INHABITANTS[name] for name in ROAZ_IDS}
    part = people["R07"] / sum(people.values())
    own = round(expected_beds * (1 + more))
    others = {name: count for name, count in people.items() if name != "R07"}
    left = round(expected_beds / part) - own
    beds = {name: left * count // sum(others.values()) for name, count in others.items()}
    beds["R01"] += left - sum(beds.values())
    return [told(day, count, 5, 300, region=name) for name, count in (beds | {"R07": own}).items()]


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [((10.4, 0.8), (9.6, 0.8), "too-few"), ((500, 0.12), (500, 0.08), "cleared")],
    ids=["ten patients", "a tenth more"],
)
def test_a_share_that_goes_to_and_fro_is_one_breach(one, other, reason: str):
    by_day = {
        day: shares_of_r07(day, *(one if day < 4 or (day % 2 and day < 16) else other)) for day in range(20)
    }
    assert told_of("fair-share-above-ic", by_day, 20) == [
        (0, "pending", ""), (2, "active", ""), (18, "resolved", reason),
    ]  # fmt: skip


def test_a_hospital_that_falls_silent_makes_no_forecast_wrong():
    by_day: dict[int, list[Report]] = {}
    for day in range(LONG):
        by_day[day] = [told(day, 20, 5, 60), expected(day, 40)]
        if day < SILENT_FROM:
            by_day[day].append(told(day, 20, 5, 60, "B"))
    assert told_of("forecast-off-below", by_day, LONG) == []


@pytest.mark.parametrize("norm", FORECASTS)
def test_a_hospital_that_tells_of_its_patients_and_no_more_of_its_beds_makes_no_region_full(norm: str):
    by_day = with_a_room_of_thirty(10, silent=False, days=22)
    for day in range(SILENT_FROM, 22):
        by_day[day][2] = told(day, 5, 15, None, "B")
    assert told_of(norm, by_day, 22) == []
    by_day[19][1] = expected(19, 31)  # more than the beds that it told of last leave
    assert told_of(norm, by_day, 20) == [(19, "active", "")]


def without(field: str, day: int, covid: int, other: int, staffed: int) -> OccupancyReport:
    """What hospital B tells, but for one half of it that it never told."""
    whole = told(day, covid, other, staffed, "B")
    readings = [replace(one, **{field: None}) for one in whole.readings]
    return replace(whole, readings=[one for one in readings if (one.occupied, one.staffed) != (None, None)])


@pytest.mark.parametrize("norm", FORECASTS)
@pytest.mark.parametrize("field", ["staffed", "occupied"])
def test_half_of_what_a_hospital_has_neither_fills_a_region_nor_makes_room(norm: str, field: str):
    # A has a room of fifteen; B never told of its beds, or of its patients.
    by_day = {
        day: [told(day, 5, 15, 30), without(field, day, 5, 25, 60), expected(day, 16)] for day in range(LONG)
    }
    assert told_of(norm, by_day, LONG) == [], "B may have room, or may have none"
    by_day[6][1] = told(6, 5, 60, 60, "B")
    assert told_of(norm, by_day, LONG)[:1] == [(6, "active", "")]
    by_day[6][1] = told(6, 5, 59, 60, "B")
    assert told_of(norm, by_day, LONG) == []


@pytest.mark.parametrize("norm", FORECASTS)
def test_what_fits_into_the_room_of_those_who_tell_both_halves_ends_a_breach(norm: str):
    by_day = {day: [told(day, 5, 15, 30), expected(day, 16)] for day in range(LONG)}
    for day in range(4, LONG):
        by_day[day] = [told(day, 5, 15, 30), without("staffed", day, 5, 25, 60), expected(day, 16)]
    began = [(0, "active", "")]
    assert told_of(norm, by_day, LONG) == began
    by_day[8][-1] = expected(8, 15)
    assert told_of(norm, by_day, LONG)[:2] == [*began, (8, "resolved", "cleared")]


def test_patients_in_beds_that_nobody_told_of_do_not_threaten_phase_3():
    def ten_percent_free(day: int) -> list[Report]:
        return [told(day, 45, 45, 100, region=name) for name in ROAZ_IDS] + [
            forecast([45] * 7, USUAL + timedelta(days=day), region=name) for name in ROAZ_IDS
        ]

    by_day = {
        day: [*ten_percent_free(day), *(without("staffed", day, 0, 300, 1) for _ in ROAZ_IDS[:1])]
        for day in range(3)
    }
    assert told_of("phase-3-risk-forecast", by_day, 3, "NL") == []
