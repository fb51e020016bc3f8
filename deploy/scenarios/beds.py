"""Beds: every location tells what is occupied and staffed, so that the region follows its course."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from deploy.scenarios.course import Course, Figure, apportion
from deploy.scenarios.hospitals import HOSPITALS, Hospitals, location_name
from deploy.scenarios.scenario import Statement, days, local
from streams.reports import BedReading, OccupancyReport
from streams.reports.occupancy import Unit
from streams.topics import OCCUPANCY

SOURCE = "sim-beds"

_CADENCE = ((0, 6, 12, 18), (0, 6, 12, 18), (6, 18))
_DAILY = (18,)
_DAY_REPORT = 18
"""The report of this hour closes the day: it carries the admissions."""


@dataclass(frozen=True)
class BedsPlan:
    """How beds run.

    Attributes:
        ic: occupied per staffed IC bed, by region.
        ward: the same for the ward.
        ic_scaling: staffed IC beds, as a multiple of ordinary times, everywhere.
        ic_covid: IC beds with COVID, by region; the others that are occupied are without.
        ward_covid: the same for the ward.
        notified_at_once: days on which a region notifies that many times its admissions.
    """

    ic: Mapping[str, Course]
    ward: Mapping[str, Course]
    ic_scaling: Course
    ic_covid: Mapping[str, Figure]
    ward_covid: Mapping[str, Figure]
    notified_at_once: Mapping[tuple[str, date], int]


def beds(chance: Random, plan: BedsPlan, begin: date, end: date) -> Iterator[Statement]:
    """Yield the occupancy reports of every location."""
    for region, hospitals in HOSPITALS.items():
        for on in days(begin, end):
            for index, town in enumerate(hospitals.towns):
                for hour in _CADENCE[index] if index < len(_CADENCE) else _DAILY:
                    yield OCCUPANCY, _report(chance, plan, (region, hospitals, index), town, local(on, hour))


def _report(
    chance: Random, plan: BedsPlan, place: tuple[str, Hospitals, int], town: str, observed: datetime
) -> OccupancyReport:
    region, hospitals, index = place
    ic_staffed = round(hospitals.ic_beds * plan.ic_scaling.at(observed))
    ic = round(ic_staffed * plan.ic[region].at(observed))
    ward = round(hospitals.ward_beds * plan.ward[region].at(observed))
    own = {
        "ic_staffed": apportion(ic_staffed, hospitals.shares)[index],
        "ic": apportion(ic, hospitals.shares)[index],
        "ward_staffed": apportion(hospitals.ward_beds, hospitals.shares)[index],
        "ward": apportion(ward, hospitals.shares)[index],
    }
    # Nothing here is chance: sums and their splits follow the tables, so the truth holds for every seed.
    ic_covid = min(own["ic"], apportion(round(plan.ic_covid[region].at(observed)), hospitals.shares)[index])
    ward_covid = min(
        own["ward"], apportion(round(plan.ward_covid[region].at(observed)), hospitals.shares)[index]
    )
    # No label stands still for longer than it ever did: on one day of five one patient is told as one without COVID.
    moved = int((observed.toordinal() + index) % 5 == 0)
    ic_covid, ward_covid = max(0, ic_covid - moved), max(0, ward_covid - moved)
    admitted = notified = None
    if observed.hour == _DAY_REPORT:
        admitted = round(ward_covid / 9)
        notified = admitted * plan.notified_at_once.get((region, observed.date()), 1)
    return OccupancyReport(
        id=f"{SOURCE}:{region}:{index}:{observed:%Y%m%dT%H}:0",
        source=SOURCE,
        region=region,
        location=location_name(town),
        observed_at=observed,
        received_at=observed + timedelta(seconds=chance.randint(60, 1500)),
        readings=[
            BedReading(unit="ic", label="covid", occupied=ic_covid),
            BedReading(unit="ic", label="noncovid", occupied=own["ic"] - ic_covid),
            BedReading(unit="ic", label="total", staffed=own["ic_staffed"]),
            BedReading(
                unit="ward", label="covid", occupied=ward_covid, admissions=admitted, notified=notified
            ),
            BedReading(unit="ward", label="noncovid", occupied=own["ward"] - ward_covid),
            BedReading(unit="ward", label="total", staffed=own["ward_staffed"]),
        ],
    )


@dataclass(frozen=True)
class Census:
    """The beds of one unit of a region: occupied with COVID, occupied else, staffed."""

    covid: Figure
    noncovid: Figure
    staffed: Figure


def census(
    chance: Random,
    regions: Mapping[str, Mapping[Unit, Census]],
    begin: date,
    end: date,
    every: int = 1,
    *,
    moves: int = 5,
) -> Iterator[Statement]:
    """Yield the beds of regions as the table says, at 18:00 of every so many days.

    One report a region, as a region's coordination centre (RCPS) gives it; chance only delays it. All beds together are exactly
    the table's. In one of so many reports (`moves`) one patient without COVID is told as one with, so that no label stands
    still for longer than it ever did.
    """
    for region, units in regions.items():
        for number, on in enumerate(days(begin, end)[::every], 1):
            observed = local(on, _DAY_REPORT)
            yield (
                OCCUPANCY,
                OccupancyReport(
                    id=f"{SOURCE}:{region}:rcps:{observed:%Y%m%dT%H}:0",
                    source=SOURCE,
                    region=region,
                    location=f"RCPS {region} (simulatie)",
                    observed_at=observed,
                    received_at=observed + timedelta(seconds=chance.randint(60, 1500)),
                    readings=[
                        reading
                        for unit, beds_ in units.items()
                        for reading in _readings(unit, beds_, observed, more=number % moves == 0)
                    ],
                ),
            )


def _readings(unit: Unit, own: Census, at: datetime, *, more: bool) -> Iterator[BedReading]:
    covid, noncovid = round(own.covid.at(at)), round(own.noncovid.at(at))
    moved = min(noncovid, int(more))
    yield BedReading(unit=unit, label="covid", occupied=covid + moved)
    yield BedReading(unit=unit, label="noncovid", occupied=noncovid - moved)
    yield BedReading(unit=unit, label="total", staffed=round(own.staffed.at(at)))
