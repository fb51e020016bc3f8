"""The production of a region: the newest full week of each kind against the same week of the reference year 2019."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import fsum
from typing import get_args

from agents.domain.deliveries import OPERATIONS, UNKNOWN, LocationDeliveries, WeekSums
from streams.calendar import day_start
from streams.indicators import ALL, NEEDS_IC
from streams.reports.workstock import Urgency
from streams.status import Indicator

_URGENCIES = (ALL, *get_args(Urgency), UNKNOWN)

_Told = Sequence[WeekSums | None]
"""The week at each location that provides the care; None where it is not known."""


def delivery_figures(parts: Sequence[LocationDeliveries]) -> Iterator[Indicator]:
    """Yield every production indicator of a region, of its newest full week.

    Counts have the number of locations as `observations`; a ratio has what was done in the reference week.
    """
    yield from _missed(parts)
    for kind in sorted({kind for part in parts for kind in part.providers}):
        own = [part for part in parts if kind in part.providers]
        # Of each kind: some are told weeks later than others.
        newest = max((monday for part in own for monday in part.full[kind]), default=None)
        if newest is None:
            continue
        for provider in sorted({ALL}.union(*(part.providers[kind] for part in own))):
            told = [
                part.week(kind, newest) for part in own if provider in part.providers[kind] or provider == ALL
            ]
            yield from _delivered(kind, provider, told)
            if kind == OPERATIONS:
                yield from _operations(provider, told)
        if kind == OPERATIONS:
            weeks = [week for part in own if (week := part.week(kind, newest)) is not None]
            yield Indicator("operations_monday_at", {}, day_start(newest), _newest(weeks), 1.0, len(weeks))
            yield from _rises([(part.week(kind, newest), part.week(kind, newest - 7)) for part in own])
            yield from _operated_hours([part.week(kind, newest) for part in own])


def _missed(parts: Iterable[LocationDeliveries]) -> Iterator[Indicator]:
    tallies = [part.missed for part in parts if part.missed[1]]
    if tallies:
        missed, weeks = (sum(tally[index] for tally in tallies) for index in (0, 1))
        yield Indicator("operations_missed", {}, missed, max(tally[2] for tally in tallies), 1.0, weeks)


def _delivered(kind: str, provider: str, told: _Told) -> Iterator[Indicator]:
    labels = {"kind": kind, "provider": provider}
    yield _count("production_week", labels, told, lambda week: _done(week, provider))
    based = [(week, _based(week, provider)) for week in told if week is not None]
    known = [(week, pair) for week, pair in based if pair is not None]
    now, reference = (sum(pair[side] for _, pair in known) for side in (0, 1))
    weeks = [week for week, _ in known]
    observed, share = _newest(weeks), _share(weeks, len(told))
    value = reference if known else None
    yield Indicator("production_reference_week", labels, value, observed, share, len(known))
    ratio = round(now / reference, 6) if reference else None
    yield Indicator("production_ratio", labels, ratio, observed, share, reference)


def _based(week: WeekSums, provider: str) -> tuple[int, int] | None:
    """Return what was done and what in 2019; None if something is named and nothing of it has a reference."""
    pairs = [pair for who, pair in week.based.items() if provider in (ALL, who)]
    named = any(provider in (ALL, who) for who, _, _ in week.done)
    if named and not pairs:
        return None
    return sum(now for now, _ in pairs), sum(then for _, then in pairs)


def _operations(provider: str, told: _Told) -> Iterator[Indicator]:
    for ic in NEEDS_IC:
        for urgency in _URGENCIES:
            labels = {"ic": ic, "provider": provider, "urgency": urgency}
            yield _count(
                "operations_week",
                labels,
                told,
                lambda week, ic=ic, urgency=urgency: _done(week, provider, urgency, ic),  # type: ignore[misc]
            )


def _rises(told: Sequence[tuple[WeekSums | None, WeekSums | None]]) -> Iterator[Indicator]:
    """Yield by how much operations rose against the week before, where a location told of both."""
    both = [(now, before) for now, before in told if now is not None and before is not None]
    weeks = [now for now, _ in both]
    for urgency in _URGENCIES if both else ():
        rise = sum(_done(now, ALL, urgency) - _done(before, ALL, urgency) for now, before in both)
        labels = {"urgency": urgency}
        yield Indicator("operations_rise", labels, rise, _newest(weeks), _share(weeks, len(told)), len(both))


def _operated_hours(told: _Told) -> Iterator[Indicator]:
    known = [week for week in told if week is not None]
    by_specialism = {name: [(week, week.hours[name]) for week in known if name in week.hours] for each in known for name in each.hours}  # fmt: skip
    by_specialism[ALL] = [(week, week.all_hours) for week in known if week.all_hours is not None]
    for specialism, hours in sorted(by_specialism.items()):
        value = round(fsum(hour for _, hour in hours), 4) if hours else None
        weeks = [week for week, _ in hours]
        labels = {"specialism": specialism}
        observed, share = _newest(weeks), _share(weeks, len(told))
        yield Indicator("operated_or_hours_week", labels, value, observed, share, len(weeks))


def _done(week: WeekSums, provider: str, urgency: str = ALL, ic: str = ALL) -> int:
    return sum(
        count
        for (who, of, needs_ic), count in week.done.items()
        if provider in (ALL, who) and urgency in (ALL, of) and (ic == ALL or (ic == "yes") is needs_ic)
    )


def _count(name: str, labels: dict[str, str], told: _Told, count: Callable[[WeekSums], int]) -> Indicator:
    known = [week for week in told if week is not None]
    value = sum(count(week) for week in known) if known else None
    return Indicator(name, labels, value, _newest(known), _share(known, len(told)), len(known))


def _newest(weeks: Iterable[WeekSums]) -> int:
    return max((week.observed for week in weeks), default=0)


def _share(weeks: Iterable[WeekSums], places: int) -> float:
    return round(fsum(week.completeness for week in weeks) / places, 4)
