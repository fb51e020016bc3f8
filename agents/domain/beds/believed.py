"""Which figures of one location are believed: the past of each series, carried on over the days that are held.

It is a picture, as `columns` is: it follows from what is held and the day alone. What may be suspect are patients, and beds with
staff; admissions come by batch.
"""

from collections.abc import Collection, Iterable, Mapping
from copy import copy
from typing import NamedTuple

from agents.domain.plausible.doubt import Doubt, Told
from agents.domain.plausible.limits import Limits, of_capacity
from agents.domain.plausible.past import Past
from agents.domain.plausible.pasts import Pasts
from agents.domain.statements.ring import Day, Days
from streams.calendar import local_day


class Asked(NamedTuple):
    """A column that is asked whether its figures can be.

    Attributes:
        column: patients of a unit and label, or beds with staff for them.
        admissions: of patients, the column of admissions of the same.
        staffed: of patients, the column of beds with staff for all patients of the unit; None says that it is such a column.
        key: what several sources that speak for a location tell of it is known by (`agents.domain.speakers.priority`).
    """

    column: int
    admissions: int | None
    staffed: int | None
    key: str

    @property
    def is_capacity(self) -> bool:
        """Return whether it is about beds with staff."""
        return self.staffed is None


class Suspect(NamedTuple):
    """A series of which the newest figure is suspect.

    Attributes:
        doubt: that figure.
        value, observed: the last that is trusted, which is carried forward, and the second that it is about.
        low, high: what it may be by now.
        hidden: how many days of the last seven are suspect.
    """

    doubt: Doubt
    value: int
    observed: int
    low: float
    high: float
    hidden: int

    @property
    def stands_still(self) -> bool:
        """Return whether it is the last trusted figure itself, which may be any by now."""
        return self.doubt.reason == "frozen"


_NOTHING = Pasts()

ByFigure = Mapping[str, Mapping[str, tuple[int, float]]]
"""By source and figure: the second that it is about, and its value."""


class Believed:
    """What is believed of a location.

    Attributes:
        hidden: the days of which a figure is not believed, by column.
        suspects: the series of which the newest figure is not, by column.
        doubted: whether the newest figure of any is suspect, confirmed by another source or not.
    """

    __slots__ = ("_room", "doubted", "hidden", "suspects")

    def __init__(
        self,
        days: Days,
        pasts: Pasts | None,
        asked: Iterable[Asked],
        today: int,
        limits: Limits,
        first: float,
        told: ByFigure,
    ) -> None:
        """Look at all that is held of a location.

        Args:
            days: what is held.
            pasts: what it ever did before.
            asked: the columns that are asked.
            today: local day.
            limits: of the checks.
            first: what is about days before counts no more.
            told: what each of several sources that speak for it told last.
        """
        self.doubted = False
        self.hidden: dict[int, set[int]] = {}
        self.suspects: dict[int, Suspect] = {}
        self._room: dict[int, tuple[float, float, int]] = {}
        pasts = pasts or _NOTHING
        before = [day for day in sorted(days) if day <= today + 1]
        if len(before) <= limits.warm_up and not pasts.series:
            return  # nothing is asked yet, and thousands of new names must not cost more
        of_patients, of_beds = limits, of_capacity(limits)
        for one in asked:
            limits = of_beds if one.is_capacity else of_patients
            if one.column not in pasts.series and all(days[day][0][one.column] is None for day in before):
                continue
            past = copy(pasts.series.get(one.column)) or Past()
            confirmed = pasts.confirmed.get(one.column, {})
            hidden: set[int] = set()
            room = None
            for day in before:
                if day <= past.through:
                    continue
                if day >= today and room is None:
                    room = past.room(day, limits)
                carry_on(past, one, days, day, confirmed, limits, hidden)
            self._room[one.column] = past.room(today, limits) if room is None else room
            doubt = past.doubt
            if doubt is not None and doubt.day >= first:
                self.doubted = True
                if _is_confirmed(past, told, one.key, limits):
                    hidden -= set(range(doubt.first, today + 2))
                else:
                    self.suspects[one.column] = _suspect(past, doubt, today, hidden)
            if hidden:
                self.hidden[one.column] = hidden

    def still(self, days: Days, today: int, columns: Collection[int]) -> bool:
        """Return whether today's figures in some columns change nothing of what is believed; False where they must be looked at."""
        stamps, values = days[today]
        for column in columns:
            room = self._room.get(column)
            if room is None or stamps[column] is None:
                continue
            low, high, but = room
            value = values[column]
            if not low <= value <= high or value == but or column in self.hidden or column in self.suspects:
                return False
        return True


def carry_on(
    past: Past,
    asked: Asked,
    days: Days,
    day: int,
    confirmed: Mapping[int, int],
    limits: Limits,
    hidden: set[int] | None = None,
) -> None:
    """Take what a location reported of a day into the past of one of its series; note the days that are not believed."""
    stamps, values = days[day]
    stamp = stamps[asked.column]
    if stamp is None:
        return
    value = values[asked.column]
    told = Told(
        day,
        value,
        stamp[0],
        stamp[4],
        _beside(days[day], asked.admissions),
        _beside(days[day], asked.staffed),
        confirmed.get(day) == value,
        asked.is_capacity,
    )
    believed = past.take(told, limits)
    if hidden is not None:
        hidden.discard(believed)
        # What stands still is the last trusted figure.
        if past.doubt is not None and past.doubt.reason != "frozen":
            hidden.add(day)


def _beside(day: Day, column: int | None) -> int | None:
    stamps, values = day
    return None if column is None or stamps[column] is None else values[column]


def _is_confirmed(past: Past, told: ByFigure, key: str, limits: Limits) -> bool:
    return any(
        past.is_confirmed(Told(local_day(its[key][0]), int(its[key][1]), its[key][0], source), limits)
        for source, its in told.items()
        if key in its
    )


def _suspect(past: Past, doubt: Doubt, today: int, hidden: Collection[int]) -> Suspect:
    low, high = min(past.value, doubt.value), max(past.value, doubt.value)
    recent = len([day for day in hidden if today - 7 < day <= today])
    return Suspect(doubt, past.value, past.observed, low, high, max(1, recent))


def forgotten(
    pasts: Pasts | None, days: Days, first: int, asked: Iterable[Asked], limits: Limits
) -> Pasts | None:
    """Return the past with the days before `first`, of which nothing can change any more; None where there is nothing new."""
    last = max((day for day in days if day < first), default=0)
    if not last:
        return None
    found = Pasts() if pasts is None else pasts
    grown = False
    of_patients, of_beds = limits, of_capacity(limits)
    for one in asked:
        limits = of_beds if one.is_capacity else of_patients
        past = found.series.get(one.column)
        through = 0 if past is None else past.through
        if through >= last:
            continue
        confirmed = found.confirmed.get(one.column, {})
        for day in sorted(day for day in days if through < day < first):
            if days[day][0][one.column] is None:
                continue
            if past is None:
                past = found.series[one.column] = Past()
            carry_on(past, one, days, day, confirmed, limits)
            grown = True
        for day in [day for day in confirmed if day < first]:
            del confirmed[day]
        if not confirmed:
            found.confirmed.pop(one.column, None)
    return found if grown else None
