"""Zorgbemiddeling by insurers in the newest full week: asked for, found, and how long an answer took.

Kader MSZ art. 3.5; the frameworks give no deadline for an answer.
"""

from collections.abc import Iterator
from typing import NamedTuple

from agents.domain.figures.sums import Addend, Fraction, quotient, ratio, share, total
from agents.domain.parties.said import Said
from agents.domain.statements.weekly import is_full
from streams.calendar import day_number
from streams.reports import Mediation
from streams.status import Indicator


class Key(NamedTuple):
    """An insurer, or all of them, and the day number of a Monday."""

    location: str
    monday: int


class Week(NamedTuple):
    """Requests of one week; days to an answer of -1 are unknown."""

    observed: int
    revision: int
    received: int
    requested: int
    matched: int
    answer_days: float
    completeness: float


Weeks = dict[Key, Week]


def statement_of(event: Mediation, said: Said) -> tuple[Key, Week]:
    """Return which week a report is about, and what it says."""
    week = Week(
        said.observed,
        said.revision,
        said.received,
        event.requested,
        event.matched,
        -1.0 if event.answer_days is None else event.answer_days,
        said.completeness,
    )
    return Key(said.location, day_number(event.week_start)), week


def forget(weeks: Weeks, first: int) -> None:
    """Forget weeks that began before local day `first`."""
    for key in [key for key in weeks if key.monday < first]:
        del weeks[key]


def mediation_figures(weeks: Weeks, today: int) -> Iterator[Indicator]:
    """Yield the newest full week; the weight of ratio and days is the requests that they are about."""
    full = {key: week for key, week in weeks.items() if is_full(key.monday, week.observed, today)}
    if not full:
        return
    newest = max(key.monday for key in full)
    own = [week for key, week in full.items() if key.monday == newest]
    places = len({key.location for key in weeks})
    observed = max(week.observed for week in own)
    requested = [Addend(week.requested, week.observed, week.completeness) for week in own]
    matched = [Addend(week.matched, week.observed, week.completeness) for week in own]
    found = [Fraction(week.matched, week.requested, week.observed, week.completeness) for week in own]
    yield total("mediation_requested_week", {}, requested, places)
    yield total("mediation_matched_week", {}, matched, places)
    yield ratio("mediation_ratio", {}, found, places)
    answered = [
        Fraction(week.answer_days * week.requested, week.requested, week.observed, week.completeness)
        for week in own
        if week.answer_days >= 0
    ]
    weight = int(sum(one.lower for one in answered))
    if weight:
        complete = share([week.completeness for week in own], places)
        days = quotient(answered, digits=4)
        yield Indicator("mediation_answer_days", {}, days, observed, complete, len(answered), weight=weight)
