"""Counts that nobody in the Netherlands can have: refused, so that one slip of the keyboard alerts nobody.

Two levels, because sources name locations as they like: what one location or a whole network can have (region R01...R11),
and what the country can have (region NL). The limits stand far above what was ever seen, so that the worst day passes; a figure
within them that is wrong all the same is for its source to correct. [assumption, owner ketenwacht-redactie, 2026-11-22]
"""

from collections.abc import Iterator, Mapping
from typing import Any

from streams.regions import NL
from streams.reports import (
    FollowUpReport,
    ForecastReport,
    OccupancyReport,
    OperatingRoomsReport,
    Report,
    WorkstockReport,
)

Limits = Mapping[str, tuple[int, int]]
"""By field: the most that a location or network can have, and the most that the country can have."""

IC_BEDS = (600, 4_000)
"""2,100 were staffed in the country in April 2020 (docs/backtest.md), 315 by the largest network's share of people: twice that."""

WARD_BEDS = (6_000, 60_000)
"""About 40,000 beds stand in all Dutch hospitals, and the largest network serves 15 % of the people."""

FREE_PLACES = (20_000, 200_000)
"""Nursing homes, the largest sector, have some 125,000 places in all, free or not."""

ROOMS = (300, 3_000)
"""Some 700 operating rooms in the country; the largest hospitals have a few dozen."""

STOCK = (100_000, 1_000_000)
"""Patients or operating hours in one class of one specialism; the whole catch-up of 2021 was 210,000 operations."""

BEDS: Mapping[str, Limits] = {
    unit: dict.fromkeys(("occupied", "staffed", "admissions", "notified"), most)
    for unit, most in (("ic", IC_BEDS), ("ward", WARD_BEDS))
}
"""Limits of `care.occupancy` by unit: nobody admits more patients in a day than there are beds."""

FORECAST: Mapping[str, Limits] = {
    unit: dict.fromkeys(("covid_beds", "planned_beds"), most)
    for unit, most in (("ic", IC_BEDS), ("ward", WARD_BEDS))
}
"""Limits of `care.forecast` by unit."""

COUNTS: Mapping[type[Report], Limits] = {
    FollowUpReport: {"waiting_in_hospital": WARD_BEDS, "free_places": FREE_PLACES},
    OperatingRoomsReport: {"rooms_in_use": ROOMS, "rooms_normal": ROOMS},
    WorkstockReport: dict.fromkeys(
        (
            "patients",
            "or_hours",
            "overdue",
            "overdue_postponed",
            "reviewed",
            "over_treeknorm",
            "informed",
        ),
        STOCK,
    ),
}
"""Limits of the other topics, of each row.

Referrals and production keep the million of every count: what was missed since March 2020 may come in one report.
"""


def impossible_count(report: Report) -> str | None:
    """Return where a report has a count that cannot be, with its limit and what to do; None where all can be."""
    country = report.region == NL
    for path, row, limits in _rows(report):
        for field, most in limits.items():
            value = getattr(row, field)
            if value is not None and value > most[country]:
                whose = "the whole country" if country else "a location or network"
                return f"`{path}{field}` is {value}, above {most[country]}, more than {whose} can have; correct the field"
    return None


def _rows(report: Report) -> Iterator[tuple[str, Any, Limits]]:
    """Yield the path, row and limits of everything that is counted."""
    if isinstance(report, OccupancyReport):
        for index, reading in enumerate(report.readings):
            yield f"readings[{index}].", reading, BEDS[reading.unit]
    elif isinstance(report, ForecastReport):
        for index, expected in enumerate(report.rows):
            yield f"rows[{index}].", expected, FORECAST[expected.unit]
    elif isinstance(report, OperatingRoomsReport):
        yield "", report, COUNTS[OperatingRoomsReport]
    elif type(report) in COUNTS:
        rows: list[Any] = report.rows  # type: ignore[attr-defined]
        for index, row in enumerate(rows):
            yield f"rows[{index}].", row, COUNTS[type(report)]
