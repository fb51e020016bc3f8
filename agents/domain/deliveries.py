"""What the weeks of production say: the newest full week against the same week of the reference year 2019.

Figures are regular and catch-up care together: no source can tell them apart (NZa fact sheet, summer 2021).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import fsum
from typing import get_args

from agents.domain.tally import Tally, add, counts, is_final
from streams.indicators import ALL
from streams.reports.workstock import Urgency
from streams.status import Indicator

Row = tuple[str, str, str, str, bool, int, int, float]
"""Provider, specialism, treatment, urgency or empty, IC-dependent, count, reference and OR hours (-1 is unknown)."""

Week = tuple[int, int, int, tuple[Row, ...], float]
"""Observed second, revision, received second, rows of one kind, completeness."""

Kinds = dict[str, dict[int, Week]]
"""Weeks of one location (by the day number of their Monday) by kind."""

OPERATIONS = "operatie"
UNKNOWN = "unknown"
"""Label of operations of which the urgency class is not known."""

_ICS = (ALL, "no", "yes")
_URGENCIES = (ALL, *get_args(Urgency), UNKNOWN)


@dataclass(frozen=True, slots=True)
class LocationDeliveries:
    """What one location says: its full weeks by kind, who provides each kind there, and the operations missed."""

    full: Kinds
    providers: dict[str, set[str]]
    missed: Tally


def part_of(kinds: Kinds, missed: Tally, today: int) -> LocationDeliveries:
    """Return what a location says on local day `today`."""
    full = {
        kind: {
            monday: week
            for monday, week in weeks.items()
            if monday + 7 <= today and is_final(monday, week[0])
        }
        for kind, weeks in kinds.items()
    }
    for kind, weeks in full.items():
        missed = missed_in(kind, weeks, missed)
    providers = {
        kind: {row[0] for week in weeks.values() for row in week[3]} for kind, weeks in kinds.items()
    }
    return LocationDeliveries(full, providers, missed)


def missed_in(kind: str, weeks: dict[int, Week], tally: Tally) -> Tally:
    """Return a tally with the operations of more weeks that were done in 2019 and not now; they may be negative."""
    if kind == OPERATIONS:
        for monday, (observed, _, _, rows, _) in weeks.items():
            known = [(row[5], row[6]) for row in rows if row[6] >= 0]
            if known and counts(monday, observed):
                tally = add(tally, sum(then - now for now, then in known), observed)
    return tally


def delivery_figures(parts: Sequence[LocationDeliveries]) -> Iterator[Indicator]:
    """Yield every production indicator of a region, of its newest full week.

    Counts have the number of locations as `observations`; a ratio has what was done in the reference week.
    """
    tallies = [part.missed for part in parts if part.missed[1]]
    if tallies:
        missed, weeks = (sum(tally[index] for tally in tallies) for index in (0, 1))
        yield Indicator("operations_missed", {}, missed, max(t[2] for t in tallies), 1.0, weeks)
    for kind in sorted({kind for part in parts for kind in part.providers}):
        own = [part for part in parts if kind in part.providers]
        # Of each kind: some are told weeks later than others.
        newest = max((monday for part in own for monday in part.full[kind]), default=None)
        if newest is None:
            continue
        for provider in sorted({ALL}.union(*(part.providers[kind] for part in own))):
            told = [
                part.full[kind].get(newest)
                for part in own
                if provider == ALL or provider in part.providers[kind]
            ]
            yield from _delivered(kind, provider, told)
            if kind == OPERATIONS:
                yield from _operations(provider, told)
        if kind == OPERATIONS:
            yield from _rises(
                [(part.full[kind].get(newest), part.full[kind].get(newest - 7)) for part in own]
            )
            yield from _operated_hours([part.full[kind].get(newest) for part in own])


def _delivered(kind: str, provider: str, told: Sequence[Week | None]) -> Iterator[Indicator]:
    labels = {"kind": kind, "provider": provider}
    groups = [(week, _rows(week, lambda row: provider in (ALL, row[0]))) for week in told if week is not None]
    yield _count("production_week", labels, groups, len(told))
    based = [(week, [row for row in rows if row[6] >= 0]) for week, rows in groups]
    # Nothing done and nothing named is nothing; what is named without a reference is not known to have one.
    based = [
        (week, rows) for (week, rows), (_, named) in zip(based, groups, strict=True) if rows or not named
    ]
    reference = sum(row[6] for _, rows in based for row in rows)
    now = sum(row[5] for _, rows in based for row in rows)
    observed, share = _newest(based), _share(based, len(told))
    value = reference if based else None
    yield Indicator("production_reference_week", labels, value, observed, share, len(based))
    ratio = round(now / reference, 6) if reference else None
    yield Indicator("production_ratio", labels, ratio, observed, share, reference)


def _operations(provider: str, told: Sequence[Week | None]) -> Iterator[Indicator]:
    known = [week for week in told if week is not None]
    for ic in _ICS:
        for urgency in _URGENCIES:
            labels = {"ic": ic, "provider": provider, "urgency": urgency}
            groups = [
                (
                    week,
                    _rows(
                        week,
                        lambda row, ic=ic, urgency=urgency: (  # type: ignore[misc]
                            provider in (ALL, row[0])
                            and urgency in (ALL, row[3] or UNKNOWN)
                            and (ic == ALL or (ic == "yes") is row[4])
                        ),
                    ),
                )
                for week in known
            ]
            yield _count("operations_week", labels, groups, len(told))


def _rises(told: Sequence[tuple[Week | None, Week | None]]) -> Iterator[Indicator]:
    """Yield by how much operations rose against the week before, where a location told of both."""
    both = [(now, before) for now, before in told if now is not None and before is not None]
    for urgency in _URGENCIES if both else ():
        rise = sum(_of_class(now, urgency) - _of_class(before, urgency) for now, before in both)
        groups = [(now, ()) for now, _ in both]
        labels = {"urgency": urgency}
        yield Indicator(
            "operations_rise", labels, rise, _newest(groups), _share(groups, len(told)), len(both)
        )


def _of_class(week: Week, urgency: str) -> int:
    return sum(row[5] for row in week[3] if urgency in (ALL, row[3] or UNKNOWN))


def _operated_hours(told: Sequence[Week | None]) -> Iterator[Indicator]:
    known = [week for week in told if week is not None]
    specialisms = {row[1] for week in known for row in week[3] if row[1]}
    for specialism in sorted({ALL} | specialisms):
        groups = [
            (week, hours)
            for week in known
            if (hours := [r[7] for r in week[3] if specialism in (ALL, r[1]) and r[7] >= 0])
        ]
        value = round(fsum(hour for _, hours in groups for hour in hours), 4) if groups else None
        labels = {"specialism": specialism}
        observed, share = _newest(groups), _share(groups, len(told))
        yield Indicator("operated_or_hours_week", labels, value, observed, share, len(groups))


def _rows(week: Week, wanted: Callable[[Row], bool]) -> list[Row]:
    return [row for row in week[3] if wanted(row)]


def _count(
    name: str, labels: dict[str, str], groups: Sequence[tuple[Week, list[Row]]], places: int
) -> Indicator:
    value = sum(row[5] for _, rows in groups for row in rows) if groups else None
    return Indicator(name, labels, value, _newest(groups), _share(groups, places), len(groups))


def _newest(groups: Iterable[tuple[Week, object]]) -> int:
    return max((week[0] for week, _ in groups), default=0)


def _share(groups: Iterable[tuple[Week, object]], places: int) -> float:
    return round(fsum(week[4] for week, _ in groups) / places, 4)
