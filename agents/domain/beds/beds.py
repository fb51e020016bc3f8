"""Beds of one location: what is occupied now and on average, against what is staffed; admissions of a week.

What is reported in total and what by label is put together in `bed_kinds`. A missing reading is unknown, never 0.

A hospital may go on reporting its wards and no more its intensive care, and so become stale on a part. Who goes on reporting
its patients and no more its staff has not closed: its beds with staff are carried forward for as long as its patients are
reported or carried forward. Admissions and notifications say how well is reported (`flood-notified`), not whether there is
room: of those nobody is stale.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from agents.domain.beds.bed_kinds import COVID, TOTAL, Parts, for_covid, same_kinds, together
from agents.domain.beds.believed import Believed, Suspect
from agents.domain.beds.bounds import bounds_of
from agents.domain.beds.columns import Columns
from agents.domain.beds.counted import Counted
from agents.domain.figures.sums import Addend, Fraction, carried_forward
from agents.domain.statements.ring import Days
from agents.domain.statements.stale import Last, last_of
from agents.domain.statements.standing import Bounds, Standing, Views
from streams.evidence import View


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
_Expired = tuple[Mapping[str, tuple[int, Addend]], Mapping[str, tuple[int, Addend]]]


class _Series(NamedTuple):
    """What one location reported of one unit, by label."""

    now: _Parts
    mean: _Parts
    staffed: _Parts


class UnitBeds(NamedTuple):
    """What one location says about one unit on a day.

    Attributes:
        beds: its beds in each view; where nothing of them has expired, all views are the same object.
        bounds: what they may be; None where nothing is carried forward.
        moments: of all that it reported or reports, in which view it counts first, and when that was reported.
        admitted: admissions by label.
        notified: notified admissions by label.
        series: what its beds follow from.
    """

    beds: Views[Beds]
    bounds: Bounds[Beds] | None
    moments: tuple[tuple[View, int], ...]
    admitted: dict[str, Counted]
    notified: dict[str, Counted]
    series: _Series


UnitColumns = Mapping[str, Mapping[str, int]]
"""Column of each label, by field."""


class LocationBeds:
    """What one location says, by unit.

    Attributes:
        units: the units of which anything is held.
        suspects: the columns of which the newest figure is suspect.
        doubted: whether that of any is, confirmed by another source or not.
    """

    __slots__ = ("_columns", "doubted", "suspects", "units")

    def __init__(
        self,
        days: Days,
        units: Mapping[str, UnitColumns],
        standing: Standing,
        held: float,
        *,
        missed: bool = False,
        believed: Believed | None = None,
    ) -> None:
        """Look at a location, of which reports may be missed; what it reported last is held for so many days."""
        told = self._columns = Columns(days, standing, missed=missed, believed=believed)
        self.suspects: Mapping[int, Suspect] = {} if believed is None else believed.suspects
        self.doubted = believed is not None and believed.doubted
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
    return UnitBeds(Views(), None, (), {}, {}, _Series({}, {}, {}))


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
    for parts, look, field in (
        (now, told.standing, "occupied"),
        (mean, told.mean, "occupied"),
        (staffed, told.standing, "staffed"),
    ):
        for label, column in own[field]:
            part = look(column)
            if part is not None:
                parts[label] = part
            else:
                parts.pop(label, None)
    # Who reported nothing for a week has no mean; what was reported last stands in for it.
    mean.update({label: part for label, part in now.items() if not mean[label].observed})
    series = before.series
    expired: _Expired = ({}, {})
    if told.aged:
        series, expired = _without_expired(told, unit, series, standing, held)
    beds = _beds(*series)
    views, seen = Views(beds, beds, beds), list(_moments(series))
    if any(expired):
        views = _with_expired(beds, series, expired, standing)
        seen += [("expired", part.observed) for parts in expired for _, part in parts.values()]
    return UnitBeds(views, _bounds(told, unit, series), tuple(seen), admitted, notified, before.series)


def _beds(now: Parts, mean: Parts, staffed: Parts, covid: Addend | None = None) -> Beds:
    """Return beds; `covid` are those patients among all where all are bounds, of which a bound is the other one."""
    taken, beds = together(now), together(staffed)
    return Beds(
        {label: (part, mean[label]) for label, part in now.items() if label != TOTAL},
        (taken.whole, together(mean).whole) if now else None,
        beds.whole if staffed else None,
        same_kinds(taken, beds),
        for_covid(taken, beds, covid),
    )


def _without_expired(
    told: Columns, unit: UnitColumns, series: _Series, standing: Standing, held: float
) -> tuple[_Series, _Expired]:
    """Return what counts, and patients and beds that have expired: of each label the day and what was reported last."""
    now, mean, staffed = series
    first = standing.today - held
    taken = _last(told, unit["occupied"], now, first, standing.today)
    beds = _last(told, unit["staffed"], staffed, first, standing.today)
    if now and beds:
        # Who goes on reporting its patients has not closed: its beds are carried forward as long as these count.
        return _Series(now, mean, staffed | {label: part for label, (_, part) in beds.items()}), (taken, {})
    return series, (taken, beds)


def _last(
    told: Columns, columns: Mapping[str, int], counted: Parts, first: float, today: int
) -> dict[str, tuple[int, Addend]]:
    """Return day and part of the newest statement of each label that is held since a day, and does not count any more."""
    found = {}
    for label, column in columns.items():
        last = None if label in counted else told.until(column, today)
        if last is not None and last[0] >= first:
            found[label] = last[0], carried_forward(last[1])
    return found


def _with_expired(beds: Beds, series: _Series, expired: _Expired, standing: Standing) -> Views[Beds]:
    """Return the beds as they count, and with what has expired."""
    taken, staffed = ({label: part for label, (_, part) in parts.items()} for parts in expired)
    every = _beds(taken | series.now, taken | series.mean, staffed | series.staffed)
    if every == beds:
        return Views(beds, beds, beds)
    expired_at = max(standing.expires_at(day) for days in expired for day, _ in days.values())
    return Views(beds, beds, every, expired_at)


def _bounds(told: Columns, unit: UnitColumns, series: _Series) -> Bounds[Beds] | None:
    """Return what they may be by now; None where nothing is carried forward."""
    now, mean, staffed = series
    if not any(part.carried for parts in (now, staffed) for part in parts.values()):
        return None
    far = {label: told.moved(column) for label, column in unit["occupied"].items() if label in now}
    far_beds = {label: told.moved(column) for label, column in unit["staffed"].items() if label in staffed}
    suspects, suspect_beds = (
        {
            label: told.suspects[column]
            for label, column in unit[field].items()
            if label in parts and column in told.suspects and not told.suspects[column].stands_still
        }
        for field, parts in (("occupied", now), ("staffed", staffed))
    )
    low, high, least, most = bounds_of(now, mean, staffed, far, far_beds, suspects, suspect_beds)
    # What patients without COVID are at a bound of all follows from the other bound of those with.
    return Bounds(
        _beds(*low, high.now.get(COVID)),
        _beds(*high, low.now.get(COVID)),
        _beds(*least, most.now.get(COVID)),
        _beds(*most, least.now.get(COVID)),
    )


def _moments(series: _Series) -> Iterator[tuple[View, int]]:
    for parts in (series.now, series.staffed):
        for part in parts.values():
            if part.observed:
                yield ("carried" if part.carried and not part.suspect else "reported"), part.observed


def last_beds(location: LocationBeds) -> Last | None:
    """Return when a location last reported the beds that it is stale on; None where it is not stale."""
    return last_of(moment for unit in location.units.values() for moment in unit.moments)
