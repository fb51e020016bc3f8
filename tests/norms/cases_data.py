"""The data themselves: a source that is silent, and floods of late and old reports."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from streams.calendar import AMSTERDAM
from streams.reports import BedReading, Report
from tests.norms.case import Case, Given, breach, silent
from tests.support.reports import beds, waits


def once(at: datetime) -> list[Report]:
    """One report of a source that ordinarily is silent for a day and a half."""
    return [beds(at)]


def old(reports: int) -> Given:
    """Reports that come four days after what they are about."""
    return lambda at: [beds(at - timedelta(days=4), at, location=f"L{n}") for n in range(reports)]


def notified(count: int, admissions: int) -> Given:
    """Notifications on one day, at so many admissions on each of seven days."""

    def given(at: datetime) -> list[Report]:
        return [
            beds(
                at - timedelta(days=back),
                readings=[
                    BedReading(
                        unit="ward",
                        label="covid",
                        admissions=admissions,
                        notified=count if back == 0 else admissions,
                    )
                ],
            )
            for back in reversed(range(7))
        ]

    return given


def supplied(day: date) -> Given:
    """Waiting times of the NZa on the evening of a peildatum."""
    at = datetime.combine(day, time(18), AMSTERDAM)
    return lambda _at: [waits([20], at, source="nza-msz")]


def waits_silent(told: Callable[..., Case], day: date, days: int, what: str) -> Case:
    """Nothing more of the NZa for so many days after a peildatum."""
    return told(
        "feed-silent",
        what,
        supplied(day),
        on=datetime.combine(day, time(18), AMSTERDAM),
        days=days,
        step=24,
        scope="source=nza-msz,topic=care.waiting-times",
    )


_BEDS = {"scope": "source=sim-beds,topic=care.occupancy"}

CASES: list[Case] = [
    breach("feed-silent", "37 hours after the last report", once, days=37 / 24, step=1, **_BEDS),
    silent("feed-silent", "36 hours after the last report", once, days=36 / 24, step=1, **_BEDS),
    waits_silent(
        silent, date(2026, 12, 22), 21, "no waiting times from week 52 to week 2, where a year has 53 weeks"
    ),
    waits_silent(breach, date(2026, 12, 22), 23, "no waiting times in week 2, after a year of 53 weeks"),
    waits_silent(silent, date(2021, 11, 16), 15, "no waiting times for fifteen days"),
    waits_silent(breach, date(2021, 11, 16), 17, "no waiting times in the next even week"),
    breach("flood-backdated", "51 reports that were four days old", old(51), **_BEDS),
    silent("flood-backdated", "50 reports that were four days old", old(50), **_BEDS),
    breach("flood-notified", "36 notified where 6 are admitted a day", notified(36, 6)),
    silent("flood-notified", "30 notified where 6 are admitted a day", notified(30, 6)),
]
