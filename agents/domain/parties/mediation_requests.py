"""Zorgbemiddeling by insurers in the newest full week: asked for, found, and how long an answer took.

Kader MSZ art. 3.5; the frameworks give no deadline for an answer.
"""

from collections.abc import Iterator
from math import fsum

from agents.domain.statements.weeks import is_final
from streams.reports import Mediation
from streams.status import Indicator

KEPT_DAYS = 35
"""Weeks that began up to this many days ago are held; older ones are late."""

Week = tuple[int, int, int, int, int, float, float]
"""Observed second, revision, received second, requested, matched, days to an answer (-1: unknown), completeness."""

Weeks = dict[tuple[str, int], Week]
"""By location (an insurer, or all of them) and the day number of the Monday."""


def week_of(event: Mediation, observed: int, revision: int, received: int, completeness: float) -> Week:
    """Return what a report says of a week."""
    days = -1.0 if event.answer_days is None else event.answer_days
    return observed, revision, received, event.requested, event.matched, days, completeness


def forget(weeks: Weeks, today: int) -> None:
    """Forget weeks that are too old."""
    for key in [key for key in weeks if key[1] < today - KEPT_DAYS]:
        del weeks[key]


def mediation_figures(weeks: Weeks, today: int) -> Iterator[Indicator]:
    """Yield the newest full week; ratio and days rest on as many requests as their `observations`."""
    full = {key: week for key, week in weeks.items() if key[1] + 7 <= today and is_final(key[1], week[0])}
    if not full:
        return
    newest = max(monday for _, monday in full)
    told = [week for (_, monday), week in full.items() if monday == newest]
    requested, matched = sum(week[3] for week in told), sum(week[4] for week in told)
    observed = max(week[0] for week in told)
    share = round(fsum(week[6] for week in told) / len({location for location, _ in weeks}), 4)
    yield Indicator("mediation_requested_week", {}, requested, observed, share, len(told))
    yield Indicator("mediation_matched_week", {}, matched, observed, share, len(told))
    ratio = round(matched / requested, 6) if requested else None
    yield Indicator("mediation_ratio", {}, ratio, observed, share, requested)
    answered = [(week[5], week[3]) for week in told if week[5] >= 0]
    weight = sum(asked for _, asked in answered)
    if weight:
        days = round(fsum(days * asked for days, asked in answered) / weight, 4)
        yield Indicator("mediation_answer_days", {}, days, observed, share, weight)
