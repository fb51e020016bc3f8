"""What each series of a location ever did, followed day by day: the labels of a unit, and all of them together.

A supplier that changes from totals to labels, or back, tells columns of which nothing is known. So all labels together are one
more series, in the place of the total: what the total tells is held against its past, and what labels tell that are too new to
be asked themselves. While it is suspect such labels are not believed either, and teach nothing.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from agents.domain.beds.asked import Asked, AskedUnit, whole_on
from agents.domain.plausible.doubt import Told
from agents.domain.plausible.limits import Limits, of_capacity
from agents.domain.plausible.past import Past
from agents.domain.plausible.pasts import Pasts
from agents.domain.statements.ring import Day, Days, Stamp

Hidden = dict[int, set[int]]
"""The days of which a figure is not believed, by column."""

Confirmed = Mapping[int, Mapping[int, int]]
"""Figures that somebody confirmed, by column and day."""

_NONE: Mapping[int, int] = {}


class _Day(NamedTuple):
    """What a location reported of a day, and what is known of that.

    Attributes:
        told: as held.
        day: local day.
        confirmed: what somebody confirmed.
        limits: of the checks.
        hidden: takes the days that are not believed; None where nobody asks.
    """

    told: Day
    day: int
    confirmed: Confirmed
    limits: Limits
    hidden: Hidden | None

    def take(self, past: Past, asked: Asked, value: int, stamp: Stamp, *, is_asked: bool = True) -> int:
        """Take a figure into the past of its series; return the day of an earlier one that it confirms, else 0."""
        column, day = asked.column, self.day
        is_confirmed = self.confirmed.get(column, _NONE).get(day) == value
        admissions, staffed = _beside(self.told, asked.admissions), _beside(self.told, asked.staffed)
        believed = past.take(
            Told(
                day,
                value,
                stamp[0],
                stamp[4],
                admissions,
                staffed,
                is_confirmed,
                asked.is_capacity,
                is_asked,
            ),
            self.limits,
        )
        if self.hidden is not None:
            if believed:
                self.hidden.get(column, set()).discard(believed)
            # What stands still is the last trusted figure.
            if past.doubt is not None and past.doubt.reason != "frozen":
                self.hide(column)
        return believed

    def hide(self, column: int) -> None:
        """Note that a figure is not believed."""
        if self.hidden is not None:
            self.hidden.setdefault(column, set()).add(self.day)

    def take_whole(
        self, series: dict[int, Past], unit: AskedUnit, new: Collection[int], doubted: Collection[int]
    ) -> bool:
        """Take all labels together, where each of them is believed; return whether they are suspect, now or still."""
        column = unit.whole.column
        whole, past = whole_on(self.told, unit), series.get(column)
        if whole is not None and not any(part in doubted for part in whole.parts):
            if past is None:
                past = series[column] = Past()
            asked, is_asked = unit.whole, True
            if whole.parts:
                asked = asked._replace(admissions=None)
                is_asked = any(part in new for part in whole.parts)
            believed = self.take(past, asked, whole.value, whole.stamp, is_asked=is_asked)
            if believed and self.hidden is not None:
                show_new(self.hidden, series, unit, [believed], self.limits)
        return past is not None and past.doubt is not None and past.doubt.reason != "frozen"


def carry_on(
    series: dict[int, Past],
    unit: AskedUnit,
    days: Days,
    day: int,
    confirmed: Confirmed,
    limits: Limits,
    hidden: Hidden | None = None,
) -> None:
    """Take what a location reported of a day into the past of the series of a unit; note the days that are not believed."""
    of_day = _Day(days[day], day, confirmed, limits, hidden)
    stamps, values = of_day.told
    new: dict[int, tuple[Past, Asked, Stamp]] = {}
    doubted = []
    for one in unit.labels:
        stamp = stamps[one.column]
        if stamp is None:
            continue
        past = series.get(one.column)
        if past is None:
            past = series[one.column] = Past()
        if is_new(past, limits):
            new[one.column] = past, one, stamp
            continue
        of_day.take(past, one, values[one.column], stamp)
        if past.doubt is not None:
            doubted.append(one.column)
    is_doubted = of_day.take_whole(series, unit, new, doubted)
    for column, (past, one, stamp) in new.items():
        if is_doubted:
            past.through = day
            of_day.hide(column)
        else:
            of_day.take(past, one, values[column], stamp)


def show_new(
    hidden: Hidden, series: Mapping[int, Past], unit: AskedUnit, days: Collection[int], limits: Limits
) -> None:
    """Believe labels that were not believed because all of them together were not."""
    for one in unit.labels:
        if one.column in hidden and is_new(series.get(one.column), limits):
            hidden[one.column].difference_update(days)


def forgotten(
    pasts: Pasts | None, days: Days, first: int, asked: Iterable[AskedUnit], limits: Limits
) -> Pasts | None:
    """Return the past with the days before `first`, of which nothing can change any more; None where there is nothing new."""
    old = sorted(day for day in days if day < first)
    if not old:
        return None
    found = Pasts() if pasts is None else pasts
    grown = False
    for unit in asked:
        own, followed = limits_for(unit, limits), through(found.series, unit)
        for day in old:
            if day > followed and is_told(days[day], unit):
                carry_on(found.series, unit, days, day, found.confirmed, own)
                grown = True
        for one in unit.every:
            confirmed = found.confirmed.get(one.column)
            if confirmed is None or followed >= old[-1]:
                continue
            for day in [day for day in confirmed if day < first]:
                del confirmed[day]
            if not confirmed:
                del found.confirmed[one.column]
    return found if grown else None


def is_told(day: Day, unit: AskedUnit) -> bool:
    """Return whether anything of a unit was reported on a day."""
    stamps = day[0]
    return stamps[unit.whole.column] is not None or any(stamps[one.column] for one in unit.labels)


def is_new(past: Past | None, limits: Limits) -> bool:
    """Return whether too little is known of a series to ask anything of it."""
    return past is None or past.known < max(1, limits.warm_up)


def through(series: Mapping[int, Past], unit: AskedUnit) -> int:
    """Return the day up to which a unit was followed; 0 where it was not."""
    every = [series[one.column].through for one in unit.every if one.column in series]
    return max(every, default=0)


def limits_for(unit: AskedUnit, limits: Limits) -> Limits:
    """Return the limits of the series of a unit."""
    return of_capacity(limits) if unit.whole.is_capacity else limits


def _beside(day: Day, column: int | None) -> int | None:
    stamps, values = day
    return None if column is None or stamps[column] is None else values[column]
