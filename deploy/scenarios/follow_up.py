"""Vervolgzorg: on every working day each region tells who waits in hospital and which places are free."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from random import Random
from typing import get_args

from deploy.scenarios.course import Figure
from deploy.scenarios.hospitals import HOSPITALS
from deploy.scenarios.scenario import Statement, days, local
from deploy.scenarios.working_days import working_days
from streams.reports import FollowUpReport, FollowUpRow
from streams.reports.follow_up import Sector
from streams.topics import FOLLOW_UP

SOURCE = "sim-vvt"

StrainPeriods = Mapping[tuple[str, Sector], tuple[date, date | None]]
"""First day of strain and first day without (or None), by region and sector."""


def follow_up(chance: Random, strained: StrainPeriods, begin: date, end: date) -> Iterator[Statement]:
    """Yield the vervolgzorg reports of every region."""
    for region in HOSPITALS:
        for on in working_days(days(begin, end)):
            rows = [_row(chance, region, sector, on, strained) for sector in get_args(Sector)]
            yield _report(chance, region, on, rows)


Numbers = Mapping[str, Mapping[Sector, tuple[Figure, Figure]]]
"""Who waits in hospital and which places are free, by region and sector."""


def follow_up_of(chance: Random, numbers: Numbers, begin: date, end: date) -> Iterator[Statement]:
    """Yield the vervolgzorg reports of the regions in the table, exactly as it says."""
    for region, sectors in numbers.items():
        for on in working_days(days(begin, end)):
            rows = [
                FollowUpRow(
                    sector=sector,
                    waiting_in_hospital=round(waiting.at(local(on, 9))),
                    free_places=round(free.at(local(on, 9))),
                )
                for sector, (waiting, free) in sectors.items()
            ]
            yield _report(chance, region, on, rows)


def _report(chance: Random, region: str, on: date, rows: list[FollowUpRow]) -> Statement:
    return (
        FOLLOW_UP,
        FollowUpReport(
            id=f"{SOURCE}:{region}:{on:%Y%m%d}:0",
            source=SOURCE,
            region=region,
            location=f"Vervolgzorg {region}",
            observed_at=local(on, 9),
            received_at=local(on, 9) + timedelta(seconds=chance.randint(300, 2400)),
            rows=rows,
        ),
    )


def _row(chance: Random, region: str, sector: Sector, on: date, strained: StrainPeriods) -> FollowUpRow:
    since, until = strained.get((region, sector), (None, None))
    if since and since <= on and (until is None or on < until):
        waiting, free = chance.randint(44, 52), chance.randint(9, 14)
    else:
        waiting, free = chance.randint(18, 26), chance.randint(36, 46)
    return FollowUpRow(sector=sector, waiting_in_hospital=waiting, free_places=free)
