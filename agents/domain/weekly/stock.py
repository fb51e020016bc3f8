"""What the weeks of a werkvoorraad say: who waits, who waits too long, and how that moves.

Overdue is past the limit of the urgency class (U1 24 hours, U2 7 days, U3 42 days: kader MSZ art. 1.4a), counted from
the indication and, for postponed care, from the postponement; both are told, and the larger one counts.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import fsum
from operator import attrgetter
from typing import NamedTuple, get_args

from streams.indicators import ALL
from streams.reports.workstock import Urgency


class Row(NamedTuple):
    """One class of one specialism at one location; a figure of -1 is unknown."""

    specialism: str
    urgency: str
    ic_dependent: bool
    patients: int
    or_hours: float
    overdue_indication: int
    overdue_postponed: int
    reviewed: int
    over_treeknorm: int
    informed: int

    @property
    def overdue(self) -> int:
        """Return how many are overdue: counted from the indication or the postponement, whichever says more."""
        return max(self.overdue_indication, self.overdue_postponed)


Rows = tuple[Row, ...]


class Week(NamedTuple):
    """The werkvoorraad of one location in one week."""

    observed: int
    revision: int
    received: int
    rows: Rows
    completeness: float
    source: str = ""


CRITICAL = "U3"
"""Kritiek planbare zorg."""

BEHIND_DAYS = 28
"""The newest week is held against weeks that began up to this many days before it."""

Group = tuple[str, str]
_URGENCIES = get_args(Urgency)
GROUPS: tuple[Group, ...] = tuple((ic, of) for ic in (ALL, "no", "yes") for of in (ALL, *_URGENCIES))


class Sum(NamedTuple):
    """A sum over the rows that state it, and the share of rows that do."""

    value: float
    share: float


class Pair(NamedTuple):
    """Two sums over the rows that state both: of a ratio, or of patients now and four weeks before."""

    upper: float
    lower: float


_Pick = Callable[[Row], float]
_patients, _or_hours, _overdue, _reviewed, _over_treeknorm, _informed = map(
    attrgetter, ("patients", "or_hours", "overdue", "reviewed", "over_treeknorm", "informed")
)


@dataclass(frozen=True, slots=True)
class _ClassStock:
    """One class at one location."""

    sums: dict[str, Sum | None]
    ratio: Pair | None
    rise: float | None


@dataclass(frozen=True, slots=True)
class LocationStock:
    """What one location says in its newest week.

    Attributes:
        monday: day number of the Monday of its newest week.
        observed: second of the statement that stands.
        completeness: of that statement.
        classes: by IC-dependent (or all) and urgency (or all).
        hours: OR hours by specialism; one that is not here holds nobody.
        all_hours: OR hours of all specialisms.
        four_weeks: patients now and four weeks before, by urgency (or all).
        over_treeknorm: patients that are expected to wait longer than the Treeknorm.
        informed: of them, those who were told; and how many it is told of.
        reviewed: overdue patients whose risk was reviewed; and how many it is told of.
        on_time: whether nobody of the critical plannable care is overdue; None if that is not told or there is none.
    """

    monday: int
    observed: int
    completeness: float
    classes: dict[Group, _ClassStock]
    hours: dict[str, Sum | None]
    all_hours: Sum | None
    four_weeks: dict[str, Pair | None]
    over_treeknorm: Sum | None
    informed: Pair | None
    reviewed: Pair | None
    on_time: bool | None


SUMS: dict[str, _Pick] = {
    "workstock_patients": _patients,
    "workstock_overdue": _overdue,
    "workstock_overdue_indication": attrgetter("overdue_indication"),
    "workstock_overdue_postponed": attrgetter("overdue_postponed"),
}


def stock_of(weeks: Mapping[int, Week]) -> LocationStock:
    """Return what a location says in its newest week."""
    newest = max(weeks)
    week = weeks[newest]
    rows = week.rows
    # Some supply weekly, some every two weeks.
    before = weeks.get(newest - 7) or weeks.get(newest - 14)
    then = weeks.get(newest - BEHIND_DAYS)
    specialisms = sorted({row.specialism for row in rows})
    return LocationStock(
        newest,
        week.observed,
        week.completeness,
        {group: _class_stock(group, rows, None if before is None else before.rows) for group in GROUPS},
        {name: _sum([row for row in rows if row.specialism == name], _or_hours) for name in specialisms},
        _sum(rows, _or_hours),
        {of: _moved(of, rows, None if then is None else then.rows) for of in (ALL, *_URGENCIES)},
        _sum(rows, _over_treeknorm),
        _pair(rows, _informed, _over_treeknorm),
        _pair(rows, _reviewed, _overdue),
        _on_time(weeks, newest),
    )


def _class_stock(group: Group, rows: Rows, before: Rows | None) -> _ClassStock:
    own = _in_group(group, rows)
    rise = None
    if before is not None:
        now, then = _sum(own, _overdue), _sum(_in_group(group, before), _overdue)
        if now and then and now.share == then.share == 1:
            rise = now.value - then.value
    return _ClassStock(
        {name: _sum(own, pick) for name, pick in SUMS.items()}, _pair(own, _overdue, _patients), rise
    )


def _moved(urgency: str, rows: Rows, before: Rows | None) -> Pair | None:
    if before is None:
        return None
    now, then = (_sum(_in_group((ALL, urgency), each), _patients) for each in (rows, before))
    return Pair(now.value, then.value) if now and then and now.share == then.share == 1 else None


def _on_time(weeks: Mapping[int, Week], newest: int) -> bool | None:
    """Every hospital counts that has such patients, or had them in the four weeks before."""
    rows = _in_group((ALL, CRITICAL), weeks[newest].rows)
    overdue = _sum(rows, _overdue)
    told_before = any(
        row.urgency == CRITICAL
        for monday, week in weeks.items()
        if newest - BEHIND_DAYS <= monday < newest
        for row in week.rows
    )
    if not (rows or told_before) or overdue is None:
        return None
    if overdue.value:
        return False
    return True if overdue.share == 1 else None


def _in_group(group: Group, rows: Iterable[Row]) -> list[Row]:
    ic, urgency = group
    return [
        row
        for row in rows
        if urgency in (ALL, row.urgency) and (ic == ALL or (ic == "yes") is row.ic_dependent)
    ]


def _sum(rows: Iterable[Row], pick: _Pick) -> Sum | None:
    told = [pick(row) for row in rows]
    known = [figure for figure in told if figure >= 0]
    if told and not known:
        return None
    return Sum(fsum(known), len(known) / len(told) if told else 1.0)


def _pair(rows: Iterable[Row], upper: _Pick, lower: _Pick) -> Pair | None:
    rows = list(rows)
    both = [(up, down) for row in rows if (up := upper(row)) >= 0 and (down := lower(row)) >= 0]
    if rows and not both:
        return None
    return Pair(fsum(up for up, _ in both), fsum(down for _, down in both))
