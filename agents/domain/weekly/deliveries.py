"""What one location's weeks of production say: its full weeks, added up by class, provider and specialism.

Figures are regular and catch-up care together: no source can tell them apart (NZa fact sheet, summer 2021).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import fsum
from typing import NamedTuple

from agents.domain.statements.standing import Standing
from agents.domain.statements.weekly import is_full
from agents.domain.weekly.tally import Tally


class Row(NamedTuple):
    """What was done of one class; urgency is empty and reference and OR hours are -1 where they are unknown."""

    provider: str
    specialism: str
    treatment: str
    urgency: str
    ic_dependent: bool
    done: int
    reference: int
    or_hours: float


class Week(NamedTuple):
    """All that one location did of one kind in one week."""

    observed: int
    revision: int
    received: int
    rows: tuple[Row, ...]
    completeness: float
    source: str = ""


Kinds = Mapping[str, Mapping[int, Week]]
"""Weeks of one location (by the day number of their Monday) by kind."""

OPERATIONS = "operatie"
UNKNOWN = "unknown"
"""Label of operations of which the urgency class is not known."""


@dataclass(frozen=True, slots=True)
class WeekSums:
    """One kind in one week at one location.

    Attributes:
        observed: second of the statement.
        completeness: of that statement.
        done: count by provider, urgency (or `unknown`) and whether intensive care is needed.
        based: of the rows with a reference, by provider: count and reference.
        hours: OR hours by specialism, of the rows that tell them.
        all_hours: OR hours of all specialisms; None if no row tells them.
    """

    observed: int
    completeness: float
    done: dict[tuple[str, str, bool], int]
    based: dict[str, tuple[int, int]]
    hours: dict[str, float]
    all_hours: float | None


@dataclass(frozen=True, slots=True)
class LocationDeliveries:
    """What one location says.

    Attributes:
        full: its full weeks by kind.
        heard: Monday of its newest week of each kind, full or not.
        last: Monday of its last full week of each kind.
        providers: who provides each kind there, in the weeks that stand.
        missed: the operations missed.
    """

    full: Kinds
    heard: dict[str, int]
    last: dict[str, int]
    providers: dict[str, set[str]]
    missed: Tally
    _sums: dict[tuple[str, int], WeekSums] = field(default_factory=dict)

    def week(self, kind: str, monday: int) -> WeekSums | None:
        """Return a full week of a kind, added up when it is first asked for; None if it is not known."""
        sums = self._sums.get((kind, monday))
        if sums is None and (week := self.full.get(kind, {}).get(monday)) is not None:
            sums = self._sums[kind, monday] = _added_up(week)
        return sums

    def up_to(self, newest: Mapping[str, int]) -> "LocationDeliveries":
        """Return the kinds of which its last week is the newest one, and what was missed."""
        kinds = [kind for kind, monday in self.last.items() if monday == newest.get(kind)]
        return LocationDeliveries(
            {kind: self.full[kind] for kind in kinds},
            {kind: self.heard[kind] for kind in kinds},
            {kind: self.last[kind] for kind in kinds},
            {kind: self.providers[kind] for kind in kinds},
            self.missed,
            self._sums,
        )


def part_of(kinds: Kinds, missed: Tally, standing: Standing) -> LocationDeliveries:
    """Return what a location says."""
    full = {
        kind: {
            monday: week for monday, week in weeks.items() if is_full(monday, week.observed, standing.today)
        }
        for kind, weeks in kinds.items()
    }
    for kind, whole in full.items():
        missed = missed_in(kind, whole, missed)
    providers = {
        kind: {
            row.provider
            for monday, week in weeks.items()
            if standing.view_of(monday) != "expired"
            for row in week.rows
        }
        for kind, weeks in kinds.items()
    }
    heard = {kind: max(weeks) for kind, weeks in kinds.items()}
    last = {kind: max(weeks) for kind, weeks in full.items() if weeks}
    return LocationDeliveries(full, heard, last, providers, missed)


def missed_in(kind: str, weeks: Mapping[int, Week], tally: Tally) -> Tally:
    """Return a tally with the operations of more weeks that were done in 2019 and not now; they may be negative."""
    if kind == OPERATIONS:
        for monday, week in weeks.items():
            known = [row.reference - row.done for row in week.rows if row.reference >= 0]
            if known:
                tally = tally.plus(monday, sum(known), week.observed)
    return tally


def _added_up(week: Week) -> WeekSums:
    done: Counter[tuple[str, str, bool]] = Counter()
    based: dict[str, tuple[int, int]] = {}
    hours: dict[str, list[float]] = {}
    for row in week.rows:
        done[row.provider, row.urgency or UNKNOWN, row.ic_dependent] += row.done
        if row.reference >= 0:
            now, then = based.get(row.provider, (0, 0))
            based[row.provider] = (now + row.done, then + row.reference)
        if row.or_hours >= 0:
            hours.setdefault(row.specialism, []).append(row.or_hours)
    return WeekSums(
        week.observed,
        week.completeness,
        dict(done),
        based,
        {specialism: fsum(each) for specialism, each in hours.items() if specialism},
        fsum(hour for each in hours.values() for hour in each) if hours else None,
    )
