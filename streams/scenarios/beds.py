"""Beds: every location tells what is occupied and staffed, so that the region follows its course."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from streams.reports import BedReading, OccupancyReport
from streams.scenarios.course import Course, apportion
from streams.scenarios.hospitals import HOSPITALS, Hospitals, location_name
from streams.scenarios.scenario import Statement, days, local
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
        ic_covid: share of the occupied IC beds with COVID.
        ward_covid: share of the occupied ward beds with COVID.
        notified_at_once: days on which a region notifies that many times its admissions.
    """

    ic: Mapping[str, Course]
    ward: Mapping[str, Course]
    ic_scaling: Course
    ic_covid: Course
    ward_covid: Course
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
    # The split by label varies; the sum follows the course, so that the truth holds for every seed.
    ic_covid = _about(chance, own["ic"] * plan.ic_covid.at(observed), own["ic"])
    ward_covid = _about(chance, own["ward"] * plan.ward_covid.at(observed), own["ward"])
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


def _about(chance: Random, value: float, most: int) -> int:
    return max(0, min(most, round(value * chance.uniform(0.95, 1.05))))
