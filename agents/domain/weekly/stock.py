"""What the weeks of a werkvoorraad say: who waits, who waits too long, and how that moves.

Overdue is past the limit of the urgency class (U1 24 hours, U2 7 days, U3 42 days: kader MSZ art. 1.4a), counted from
the indication and, for postponed care, from the postponement; both are told, and the larger one counts.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import fsum
from typing import get_args

from streams.indicators import ALL
from streams.reports.workstock import Urgency

Row = tuple[str, str, bool, int, float, int, int, int, int, int]
"""Specialism, urgency, IC-dependent, patients, OR hours, overdue, overdue postponed, reviewed, over Treeknorm, informed.

A figure of -1 is unknown.
"""

Rows = tuple[Row, ...]

Week = tuple[int, int, int, Rows, float]
"""Observed second, revision, received second, rows, completeness."""

Weeks = dict[int, Week]
"""Weeks of one location by the day number of their Monday."""

CRITICAL = "U3"
"""Kritiek planbare zorg."""

BEHIND_DAYS = 28
"""The newest week is held against weeks that began up to this many days before it."""

Group = tuple[str, str]
_URGENCIES = get_args(Urgency)
GROUPS: tuple[Group, ...] = tuple((ic, of) for ic in (ALL, "no", "yes") for of in (ALL, *_URGENCIES))

Sum = tuple[float, float] | None
"""A sum over the rows that tell it and the share of rows that do; None if none of them does."""

Pair = tuple[float, float] | None
"""Two sums over the rows that tell both; None if none of them does."""

_Pick = Callable[[Row], float]


def _patients(row: Row) -> float:
    return row[3]


def _or_hours(row: Row) -> float:
    return row[4]


def _from_indication(row: Row) -> float:
    return row[5]


def _from_postponement(row: Row) -> float:
    return row[6]


def _overdue(row: Row) -> float:
    return max(row[5], row[6])


def _reviewed(row: Row) -> float:
    return row[7]


def _over_treeknorm(row: Row) -> float:
    return row[8]


def _informed(row: Row) -> float:
    return row[9]


@dataclass(frozen=True, slots=True)
class _ClassStock:
    """One class at one location."""

    sums: dict[str, Sum]
    ratio: Pair
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
    hours: dict[str, Sum]
    all_hours: Sum
    four_weeks: dict[str, Pair]
    over_treeknorm: Sum
    informed: Pair
    reviewed: Pair
    on_time: bool | None


SUMS: dict[str, _Pick] = {
    "workstock_patients": _patients,
    "workstock_overdue": _overdue,
    "workstock_overdue_indication": _from_indication,
    "workstock_overdue_postponed": _from_postponement,
}


def stock_of(weeks: Weeks) -> LocationStock:
    """Return what a location says in its newest week."""
    newest = max(weeks)
    observed, _, _, rows, completeness = weeks[newest]
    # Some supply weekly, some every two weeks.
    before = weeks.get(newest - 7) or weeks.get(newest - 14)
    then = weeks.get(newest - BEHIND_DAYS)
    specialisms = sorted({row[0] for row in rows})
    return LocationStock(
        newest,
        observed,
        completeness,
        {group: _class_stock(group, rows, None if before is None else before[3]) for group in GROUPS},
        {name: _sum([row for row in rows if row[0] == name], _or_hours) for name in specialisms},
        _sum(rows, _or_hours),
        {of: _moved(of, rows, None if then is None else then[3]) for of in (ALL, *_URGENCIES)},
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
        if now and then and now[1] == then[1] == 1:
            rise = now[0] - then[0]
    return _ClassStock(
        {name: _sum(own, pick) for name, pick in SUMS.items()}, _pair(own, _overdue, _patients), rise
    )


def _moved(urgency: str, rows: Rows, before: Rows | None) -> Pair:
    if before is None:
        return None
    now, then = (_sum(_in_group((ALL, urgency), each), _patients) for each in (rows, before))
    return (now[0], then[0]) if now and then and now[1] == then[1] == 1 else None


def _on_time(weeks: Weeks, newest: int) -> bool | None:
    """Every hospital counts that has such patients, or had them in the four weeks before."""
    rows = _in_group((ALL, CRITICAL), weeks[newest][3])
    overdue = _sum(rows, _overdue)
    told_before = any(
        row[1] == CRITICAL
        for monday, week in weeks.items()
        if newest - BEHIND_DAYS <= monday < newest
        for row in week[3]
    )
    if not (rows or told_before) or overdue is None:
        return None
    if overdue[0]:
        return False
    return True if overdue[1] == 1 else None


def _in_group(group: Group, rows: Iterable[Row]) -> list[Row]:
    ic, urgency = group
    return [row for row in rows if urgency in (ALL, row[1]) and (ic == ALL or (ic == "yes") is row[2])]


def _sum(rows: Iterable[Row], pick: _Pick) -> Sum:
    told = [pick(row) for row in rows]
    known = [figure for figure in told if figure >= 0]
    if told and not known:
        return None
    return fsum(known), (len(known) / len(told) if told else 1.0)


def _pair(rows: Iterable[Row], upper: _Pick, lower: _Pick) -> Pair:
    rows = list(rows)
    both = [(up, down) for row in rows if (up := upper(row)) >= 0 and (down := lower(row)) >= 0]
    if rows and not both:
        return None
    return fsum(up for up, _ in both), fsum(down for _, down in both)
