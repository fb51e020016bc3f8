"""Referrals: every Monday each region tells last week's, with what was expected."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from random import Random

from deploy.scenarios.course import Figure
from deploy.scenarios.hospitals import HOSPITALS
from deploy.scenarios.scenario import Statement, local, mondays
from deploy.scenarios.waits import SPECIALISMS
from streams.reports import ReferralRow, ReferralsReport
from streams.topics import REFERRALS

SOURCE = "sim-referrals"

WeekShares = Mapping[tuple[str, date], float]
"""Referrals per expected one, by region and Monday of the week; elsewhere as expected."""


def referrals(chance: Random, shares: WeekShares, begin: date, end: date) -> Iterator[Statement]:
    """Yield the referral reports that are received on the Mondays between two days."""
    for region, hospitals in HOSPITALS.items():
        for received in mondays(begin, end):
            share = shares.get((region, received - timedelta(days=7)), 0.99)
            rows = []
            for specialism in SPECIALISMS:
                awaited = hospitals.ic_beds * 4 + chance.randint(-20, 20)
                private = awaited // 8
                rows += [
                    _row(chance, specialism, "hospital", awaited, share),
                    _row(chance, specialism, "zbc", private, share),
                ]
            yield _report(chance, region, received, rows)


def referrals_of(
    chance: Random,
    numbers: Mapping[str, Mapping[tuple[str, str], tuple[Figure, int]]],
    begin: date,
    end: date,
) -> Iterator[Statement]:
    """Yield the reports of the regions in a table of specialism and target: told in a week, and expected."""
    for region, rows in numbers.items():
        for received in mondays(begin, end):
            monday = received - timedelta(days=7)
            yield _report(
                chance,
                region,
                received,
                [
                    ReferralRow(
                        specialism=specialism,
                        target=target,  # type: ignore[arg-type]
                        count=round(told.at(local(monday))),
                        expected=awaited,
                    )
                    for (specialism, target), (told, awaited) in rows.items()
                ],
            )


def _report(chance: Random, region: str, received: date, rows: list[ReferralRow]) -> Statement:
    monday = received - timedelta(days=7)
    return (
        REFERRALS,
        ReferralsReport(
            id=f"{SOURCE}:{region}:{monday:%Y%m%d}:0",
            source=SOURCE,
            region=region,
            location=f"Huisartsen {region}",
            observed_at=local(monday + timedelta(days=6), 23),
            received_at=local(received, 7) + timedelta(seconds=chance.randint(0, 7200)),
            week_start=monday,
            rows=rows,
        ),
    )


def _row(chance: Random, specialism: str, target: str, awaited: int, share: float) -> ReferralRow:
    told = round(awaited * share * chance.uniform(0.98, 1.02))
    return ReferralRow(specialism=specialism, target=target, count=told, expected=awaited)  # type: ignore[arg-type]
