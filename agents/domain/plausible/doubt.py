"""What a series reported, why that is suspect, and what confirms it."""

from math import sqrt
from typing import Literal, NamedTuple

import msgspec

from agents.domain.plausible.limits import Limits

Reason = Literal["rise", "far", "fall", "zero", "frozen", "cumulative"]
"""Why a figure is suspect: it rose or fell further than ever, or rose far above anything; it is zero and never was, the same
for longer than ever, or counts up without an end."""


class Told(NamedTuple):
    """What a series reported of one day, last.

    Attributes:
        day: local day.
        value: patients.
        observed: second that it is about.
        source: who said it; empty where that is not known.
        admissions: what was admitted on that day; None where that is not known.
        staffed: beds with staff for all patients of the unit; None where they are not known.
        confirmed: whether somebody confirmed it.
        capacity: whether it is about beds with staff, which change by decision: who says the same again confirms it.
        asked: whether it is asked if it can be, where nothing is suspect yet.
    """

    day: int
    value: int
    observed: int
    source: str = ""
    admissions: int | None = None
    staffed: int | None = None
    confirmed: bool = False
    capacity: bool = False
    asked: bool = True


class Doubt(msgspec.Struct, frozen=True, array_like=True):
    """The newest figure of a series, which is suspect.

    Attributes:
        day, value, observed, source: as reported.
        reason: why it is not believed.
        since: second that the first of those is about that were suspect and about the same, or all fell, one after another.
        first: day of that.
    """

    day: int
    value: int
    observed: int
    source: str
    reason: Reason
    since: int
    first: int


def alike(one: int, other: int, limits: Limits) -> bool:
    """Return whether two figures are about the same."""
    return abs(one - other) <= limits.least or min(one, other) >= limits.alike * max(one, other)


def stands_alone(before: int, value: int, after: int, limits: Limits) -> bool:
    """Return whether a figure went far from the one before, by chance no more, and the next one came all the way back."""
    away = min(abs(value - before), abs(value - after))
    chance = max(limits.least, limits.chance * sqrt(min(before, after)))
    return (
        away > chance
        and abs(after - before) <= (1 - limits.alike) * away
        and (value < before) is (value < after)
    )


def confirms(told: Told, doubt: Doubt, trusted: int, limits: Limits, *, is_heard: bool = True) -> bool:
    """Return whether a later figure confirms one that is suspect; `is_heard`: its source told what was trusted before."""
    by_another = bool(told.source and doubt.source) and told.source != doubt.source and is_heard
    by_itself = doubt.reason == "rise" or (told.capacity and doubt.reason != "far")
    if not by_another and not by_itself:
        return False
    if doubt.value > trusted:
        return told.value >= limits.alike * doubt.value
    # About as low: nearer to it than to the last trusted one, by as much.
    return told.value - doubt.value <= (1 - limits.alike) * max(trusted - doubt.value, doubt.value)
