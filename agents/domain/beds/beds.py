"""Beds of one location: what is occupied now and on average, against what is staffed; admissions of a week.

What is reported in total and what by label is put together in `bed_kinds`. A missing reading is unknown, never 0.

A hospital may go on reporting its wards and no more its intensive care, and so become stale on a part. Who goes on reporting
its patients and no more its staff has not closed: its beds with staff are carried forward for as long as its patients are
reported or carried forward. Admissions and notifications say how well is reported (`flood-notified`), not whether there is
room: of those nobody is stale.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from agents.domain.beds.bed_kinds import TOTAL, Parts, for_covid, same_kinds, together
from agents.domain.beds.columns import UNKNOWN, Columns
from agents.domain.beds.counted import Counted
from agents.domain.figures.sums import Addend, Fraction
from agents.domain.statements.ring import Days
from agents.domain.statements.stale import Last, last_of
from agents.domain.statements.standing import Standing, Views
from streams.status import View


class Beds(NamedTuple):
    """Beds of one unit of one location.

    Attributes:
        labels: occupied beds now and on average, by label (no `total`).
        whole: both for all labels together; None if it never reported occupied beds.
        staffed: beds with staff; None if it never reported them.
        both: patients per bed with staff that they lie in; None where one of them is not known.
        for_covid: patients without COVID per bed with staff; None where one of them is not known.
    """

    labels: Mapping[str, tuple[Addend, Addend]]
    whole: tuple[Addend, Addend] | None
    staffed: Addend | None
    both: Fraction | None
    for_covid: Fraction | None


_Parts = dict[str, Addend]


class _Series(NamedTuple):
    """What one location reported of one unit, by label."""

    now: _Parts
    mean: _Parts
    staffed: _Parts


class UnitBeds(NamedTuple):
    """What one location says about one unit on a day.

    Attributes:
        beds: its beds in each view; where it is not stale, all views are the same object.
        stale: in which view counts what it is stale on, and when it last reported that; None where it is not stale.
        admitted: admissions by label.
        notified: notified admissions by label.
        series: what its beds follow from.
    """

    beds: Views[Beds]
    stale: tuple[View, int] | None
    admitted: dict[str, Counted]
    notified: dict[str, Counted]
    series: _Series


UnitColumns = Mapping[str, Mapping[str, int]]
"""Column of each label, by field."""


class LocationBeds:
    """What one location says, by unit.

    Attributes:
        units: the units of which anything is held.
    """

    __slots__ = ("_columns", "units")

    def __init__(self, days: Days, units: Mapping[str, UnitColumns], standing: Standing, held: float) -> None:
        """Look at a location; what it reported last is held for so many days."""
        told = self._columns = Columns(days, standing)
        self.units: dict[str, UnitBeds] = {}
        for name, columns in units.items():
            own = {
                field: [(label, column) for label, column in by_label.items() if told.held[column]]
                for field, by_label in columns.items()
            }
            if any(own.values()):
                self.units[name] = _unit(told, columns, own, _nothing_yet(), standing, held)

    def look_again(
        self,
        days: Days,
        units: Mapping[str, UnitColumns],
        touched: Collection[int],
        standing: Standing,
        held: float,
    ) -> bool:
        """Look at touched columns again; False where the location must be looked at anew."""
        if not self._columns.look_again(days, touched):
            return False
        for name, columns in units.items():
            own = {
                field: [(label, column) for label, column in by_label.items() if column in touched]
                for field, by_label in columns.items()
            }
            if any(own.values()):
                before = self.units.get(name) or _nothing_yet()
                self.units[name] = _unit(self._columns, columns, own, before, standing, held)
        return True


def _nothing_yet() -> UnitBeds:
    return UnitBeds(Views(), None, {}, {}, _Series({}, {}, {}))


def _unit(
    told: Columns,
    unit: UnitColumns,
    own: Mapping[str, Collection[tuple[str, int]]],
    before: UnitBeds,
    standing: Standing,
    held: float,
) -> UnitBeds:
    """Return what a location says of one unit on a day.

    Args:
        told: the location.
        unit: column of each field and label of the unit.
        own: label and column of those to be looked at, by field; something is held of each.
        before: what it said before of the others, which is taken over.
        standing: how long beds count.
        held: days for which what was reported last is held.
    """
    admitted, notified, (now, mean, staffed) = before.admitted, before.notified, before.series
    for label, column in own["admissions"]:
        admitted[label] = Counted(told, column)
    for label, column in own["notified"]:
        notified[label] = Counted(told, column)
    if before.beds.reported is not None and not (own["occupied"] or own["staffed"]):
        return before
    for label, column in own["occupied"]:
        part = told.standing(column)
        if part is not None:
            now[label], mean[label] = part, told.mean(column)
        elif now.pop(label, None) is not None:
            del mean[label]
    for label, column in own["staffed"]:
        part = told.standing(column)
        if part is not None:
            staffed[label] = part
        else:
            staffed.pop(label, None)
    beds = _beds(now, mean, staffed)
    views, stale = Views(beds, beds, beds), None
    if told.aged or UNKNOWN in now.values() or UNKNOWN in staffed.values():
        views, stale = _in_views(told, unit, before.series, beds, standing, held)
    return UnitBeds(views, stale, admitted, notified, before.series)


def _beds(now: Parts, mean: Parts, staffed: Parts) -> Beds:
    taken, beds = together(now), together(staffed)
    return Beds(
        {label: (part, mean[label]) for label, part in now.items() if label != TOTAL},
        (taken.whole, together(mean).whole) if now else None,
        beds.whole if staffed else None,
        same_kinds(taken, beds),
        for_covid(taken, beds),
    )


def _in_views(
    location: Columns, unit: UnitColumns, reported: _Series, beds: Beds, standing: Standing, held: float
) -> tuple[Views[Beds], tuple[View, int] | None]:
    """Return the beds in each view, and in which view counts what is stale with when it was reported."""
    today, carried = standing.today, standing.carried
    taken = _last(location, unit["occupied"], reported.now, today)
    staffed = _last(location, unit["staffed"], reported.staffed, today)
    # Who goes on reporting its patients has not closed: its beds are carried forward as long as these are.
    open_still = any(part.observed for part in reported.now.values()) or any(
        day >= today - carried for day, _ in taken.values()
    )
    views: list[Beds] = []
    stale: tuple[View, int] | None = None
    for days_taken, days_staffed in ((carried, held if open_still else carried), (held, held)):
        seen_taken = {label: part for label, (day, part) in taken.items() if day >= today - days_taken}
        seen_staffed = {label: part for label, (day, part) in staffed.items() if day >= today - days_staffed}
        seen = _seen(reported, seen_taken, seen_staffed) if seen_taken or seen_staffed else beds
        views.append(next((view for view in (*views, beds) if view == seen), seen))
        if stale is None and views[-1] is not beds:
            moment = max(part.observed for part in (*seen_taken.values(), *seen_staffed.values()))
            stale = ("expired" if len(views) > 1 else "carried", moment)
    expired = [day for day, _ in taken.values() if day < today - carried]
    if not open_still and any(day < today - carried for day, _ in staffed.values()):
        expired += [day for day, _ in staffed.values() if day < today - carried]
    expired_at = max((standing.expires_at(day) for day in expired), default=0)
    return Views(beds, views[0], views[1], expired_at), stale


def _last(
    location: Columns, columns: Mapping[str, int], reported: _Parts, today: int
) -> dict[str, tuple[int, Addend]]:
    """Return day and part of the newest statement of each label that is held and does not stand any more."""
    return {
        label: found
        for label, column in columns.items()
        if not reported.get(label, UNKNOWN).observed and (found := location.until(column, today)) is not None
    }


def _seen(reported: _Series, taken: _Parts, staffed: _Parts) -> Beds:
    """Return the beds with what was reported last of labels that are stale."""
    now = reported.now | taken
    # Who reported nothing for a week has no mean; what was reported last stands in for it.
    mean = reported.mean | {
        label: part for label, part in taken.items() if not reported.mean.get(label, UNKNOWN).observed
    }
    return _beds(now, mean, reported.staffed | staffed)


def last_beds(location: LocationBeds) -> Last | None:
    """Return when a location last reported the beds that it is stale on; None where it is not stale."""
    units = location.units.values()
    stale = [one.stale for one in units if one.stale is not None]
    return last_of([*stale, *_still_reported(units)]) if stale else None


def _still_reported(units: Iterable[UnitBeds]) -> Iterator[tuple[View, int]]:
    for one in units:
        reported = one.beds.reported
        if reported is None:
            continue
        parts = [now for now, _ in reported.labels.values()]
        if reported.whole is not None:
            parts.append(reported.whole[0])
        if reported.staffed is not None:
            parts.append(reported.staffed)
        yield from (("reported", part.observed) for part in parts if part.observed)
