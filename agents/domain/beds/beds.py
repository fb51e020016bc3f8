"""Beds of one location: what is occupied now and on average, against what is staffed; admissions of a week.

What is told in total and what by label is put together in `bed_kinds`. A missing reading is unknown, never 0.

Beds are told as they stand, and with what was told last of a column that fell silent: a hospital may go on telling of
its wards and no more of its intensive care. Who goes on telling of its patients and no more of its staff has not
closed: its beds with staff are missed for as long as its patients are told or missed. Admissions and notifications say
how well is reported (`flood-notified`), not whether there is room: of those nobody is missed.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from agents.domain.beds.bed_kinds import TOTAL, Pair, Parts, for_covid, same_kinds, together
from agents.domain.beds.columns import UNKNOWN, Columns, Part
from agents.domain.beds.counted import Counted
from agents.domain.statements.ring import HELD_DAYS, given_up_at
from agents.domain.statements.silent import Last, last_of
from streams.status import View


class Beds(NamedTuple):
    """Beds of one unit of one location.

    Attributes:
        labels: occupied beds now and on average, by label (no `total`).
        whole: both for all labels together; None if it never told of occupied beds.
        staffed: beds with staff; None if it never told of them.
        both: patients and the beds with staff that they lie in; None where one of them is not known.
        for_covid: the beds with staff, and the patients without COVID in them; None where one of them is not known.
    """

    labels: Mapping[str, tuple[Part, Part]]
    whole: tuple[Part, Part] | None
    staffed: Part | None
    both: Pair | None
    for_covid: Pair | None


class UnitBeds(NamedTuple):
    """What one location says about one unit on a day.

    Attributes:
        told: its beds as told.
        missed: with what it told last while it is missed; `told` itself where nothing of it is.
        given_up: with that also once it is given up; `told` itself where it is not silent.
        given_up_at: second at which the last of its columns was given up, 0 where none was.
        silent: in which view counts what it is silent on, and when it told last of that; None where it is not silent.
        admitted: admissions by label.
        notified: notified admissions by label.
    """

    told: Beds
    missed: Beds
    given_up: Beds
    given_up_at: int
    silent: tuple[View, int] | None
    admitted: Mapping[str, Counted]
    notified: Mapping[str, Counted]


UnitColumns = Mapping[str, Mapping[str, int]]
"""Column of each label, by field."""

LocationBeds = Mapping[str, UnitBeds]
"""What one location says, by unit."""

_Parts = dict[str, Part]


class _Series(NamedTuple):
    """What one location told of one unit, by label."""

    now: _Parts
    mean: _Parts
    staffed: _Parts


def beds_of(told: Columns, unit: UnitColumns, today: int, missed: float) -> UnitBeds:
    """Return what a location says of one unit on a day.

    Args:
        told: the location.
        unit: column of each field and label of the unit.
        today: local day.
        missed: days for which a column is missed after its newest day.
    """
    occupied, staffed = (
        {label: column for label, column in unit[field].items() if told.held[column]}
        for field in ("occupied", "staffed")
    )
    now = {label: part for label, column in occupied.items() if (part := told.standing(column)) is not None}
    series = _Series(
        now,
        {label: told.mean(occupied[label]) for label in now},
        {label: part for label, column in staffed.items() if (part := told.standing(column)) is not None},
    )
    beds = _beds(*series)
    views, ended, silent = (beds, beds), 0, None
    if told.aged or UNKNOWN in series.now.values() or UNKNOWN in series.staffed.values():
        views, ended, silent = _with_silent(told, unit, series, beds, today, missed)
    return UnitBeds(
        beds,
        *views,
        ended,
        silent,
        _counted(told, unit["admissions"]),
        _counted(told, unit["notified"]),
    )


def _counted(told: Columns, columns: Mapping[str, int]) -> Mapping[str, Counted]:
    return {label: Counted(told, column) for label, column in columns.items() if told.held[column]}


def _beds(now: Parts, mean: Parts, staffed: Parts) -> Beds:
    taken, beds = together(now), together(staffed)
    return Beds(
        {label: (part, mean[label]) for label, part in now.items() if label != TOTAL},
        (taken.whole, together(mean).whole) if now else None,
        beds.whole if staffed else None,
        same_kinds(taken, beds),
        for_covid(taken, beds),
    )


def _with_silent(
    location: Columns, unit: UnitColumns, told: _Series, beds: Beds, today: int, missed: float
) -> tuple[tuple[Beds, Beds], int, tuple[View, int] | None]:
    """Return the beds with what was told last, while that is missed and once it is given up.

    With when that last was given up, and in which view counts what is silent and when it was told.
    """
    taken = _last(location, unit["occupied"], told.now, today)
    staffed = _last(location, unit["staffed"], told.staffed, today)
    # Who goes on telling of its patients has not closed: its beds are missed as long as these are.
    open_still = any(part[1] for part in told.now.values()) or any(
        day >= today - missed for day, _ in taken.values()
    )
    views: list[Beds] = []
    silent: tuple[View, int] | None = None
    for days_taken, days_staffed in ((missed, HELD_DAYS if open_still else missed), (HELD_DAYS, HELD_DAYS)):
        seen_taken = {label: part for label, (day, part) in taken.items() if day >= today - days_taken}
        seen_staffed = {label: part for label, (day, part) in staffed.items() if day >= today - days_staffed}
        seen = _seen(told, seen_taken, seen_staffed) if seen_taken or seen_staffed else beds
        views.append(next((view for view in (*views, beds) if view == seen), seen))
        if silent is None and views[-1] is not beds:
            moment = max(part[1] for part in (*seen_taken.values(), *seen_staffed.values()))
            silent = ("given_up" if len(views) > 1 else "missed", moment)
    ended = [given_up_at(part[1], missed) for day, part in taken.values() if day < today - missed]
    if not open_still and any(day < today - missed for day, _ in staffed.values()):
        told_last = (*taken.values(), *staffed.values())
        ended.append(max(given_up_at(part[1], missed) for day, part in told_last if day < today - missed))
    return (views[0], views[1]), max(ended, default=0), silent


def _last(
    location: Columns, columns: Mapping[str, int], told: _Parts, today: int
) -> dict[str, tuple[int, Part]]:
    """Return day and part of the newest statement of each label that is held and does not stand any more."""
    return {
        label: found
        for label, column in columns.items()
        if not told.get(label, UNKNOWN)[1] and (found := location.until(column, today)) is not None
    }


def _seen(told: _Series, taken: _Parts, staffed: _Parts) -> Beds:
    """Return the beds with what was told last of labels that are silent."""
    now = told.now | taken
    # Who told nothing for a week has no mean; what was told last stands in for it.
    mean = told.mean | {label: part for label, part in taken.items() if not told.mean.get(label, UNKNOWN)[1]}
    return _beds(now, mean, told.staffed | staffed)


def last_beds(beds: LocationBeds) -> Last | None:
    """Return when a location told last of the beds that it is silent on; None where it is not silent."""
    silent = [one.silent for one in beds.values() if one.silent is not None]
    return last_of([*silent, *_still_told(beds)]) if silent else None


def _still_told(beds: LocationBeds) -> Iterator[tuple[View, int]]:
    for one in beds.values():
        occupied = [now for now, _ in one.told.labels.values()]
        whole = [one.told.whole[0]] if one.told.whole is not None else []
        staffed = [one.told.staffed] if one.told.staffed is not None else []
        yield from (("told", part[1]) for part in (*occupied, *whole, *staffed) if part[1])
