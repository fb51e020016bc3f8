"""Absence: every Monday each region tells which part of its staff was ill in the week before, by sector."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from random import Random
from typing import get_args

from deploy.scenarios.course import Figure
from deploy.scenarios.scenario import Statement, local, mondays
from streams.reports import AbsenceReport, AbsenceRow
from streams.reports.absence import AbsenceSector
from streams.topics import ABSENCE

SOURCE = "sim-verzuim"

ORDINARY: Mapping[AbsenceSector, float] = {
    "ziekenhuis": 5.1,
    "vvt": 6.7,
    "ggz": 6.1,
    "gehandicaptenzorg": 6.1,
    "huisartsenzorg": 5.1,
}
"""Percent that is ill in ordinary times (May 2019, from 5.1 to 6.7 by sector)."""

_LONG_SHARE = 0.6

Absences = Mapping[tuple[str, AbsenceSector], Figure]
"""Percentage points above ordinary times, by region and sector; elsewhere none."""


def absence(
    chance: Random, above: Absences, regions: tuple[str, ...], begin: date, end: date
) -> Iterator[Statement]:
    """Yield the reports that are received on the Mondays between two days, about the week before each."""
    for region in regions:
        for received in mondays(begin, end):
            monday = received - timedelta(days=7)
            yield (
                ABSENCE,
                AbsenceReport(
                    id=f"{SOURCE}:{region}:{monday:%Y%m%d}:0",
                    source=SOURCE,
                    region=region,
                    location=f"Werkgevers {region}",
                    observed_at=local(monday + timedelta(days=6), 23),
                    received_at=local(received, 7) + timedelta(seconds=chance.randint(0, 7200)),
                    week_start=monday,
                    rows=[_row(chance, above, region, sector, monday) for sector in get_args(AbsenceSector)],
                ),
            )


def _row(chance: Random, above: Absences, region: str, sector: AbsenceSector, monday: date) -> AbsenceRow:
    figure = above.get((region, sector))
    more = 0.0 if figure is None else figure.at(local(monday))
    # One report a region, so the rate is the region's; how many people it is about is chance.
    rate = round(ORDINARY[sector] + more, 2)
    return AbsenceRow(
        sector=sector,
        rate=rate,
        employees=chance.randint(4_000, 9_000),
        long_rate=round(rate * _LONG_SHARE, 2),
    )
