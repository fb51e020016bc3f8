"""Which figures of one location are believed: the past of each series, carried on over the days that are held.

It is a picture, as `columns` is: it follows from what is held and the day alone. What may be suspect are patients, and beds with
staff; admissions come by batch.
"""

from collections.abc import Collection, Iterable, Mapping
from copy import copy
from typing import NamedTuple

from agents.domain.beds.asked import AskedUnit, whole_on
from agents.domain.beds.followed import carry_on, is_new, is_told, limits_for, show_new, through
from agents.domain.plausible.doubt import Doubt, Told
from agents.domain.plausible.limits import Limits
from agents.domain.plausible.past import Past
from agents.domain.plausible.pasts import Pasts
from agents.domain.statements.ring import Days
from streams.calendar import local_day


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

    __slots__ = ("_room", "_together", "doubted", "hidden", "suspects")

    def __init__(
        self,
        days: Days,
        pasts: Pasts | None,
        asked: Iterable[AskedUnit],
        today: int,
        limits: Limits,
        first: float,
        told: ByFigure,
    ) -> None:
        """Look at all that is held of a location.

        Args:
            days: what is held.
            pasts: what it ever did before.
            asked: what is asked.
            today: local day.
            limits: of the checks.
            first: what is about days before counts no more.
            told: what each of several sources that speak for it told last.
        """
        self.doubted = False
        self.hidden: dict[int, set[int]] = {}
        self.suspects: dict[int, Suspect] = {}
        self._room: dict[int, tuple[float, float, int]] = {}
        self._together: dict[int, AskedUnit] = {}
        pasts = pasts or _NOTHING
        before = [day for day in sorted(days) if day <= today + 1]
        if len(before) <= limits.warm_up and not pasts.series:
            return  # nothing is asked yet, and thousands of new names must not cost more
        for unit in asked:
            own = limits_for(unit, limits)
            series = {
                one.column: copy(pasts.series[one.column]) for one in unit.every if one.column in pasts.series
            }
            followed, asked_room = through(series, unit), True
            for day in before:
                if day <= followed or not is_told(days[day], unit):
                    continue
                if day >= today and asked_room:
                    self._see_room(series, today, own)
                    asked_room = False
                carry_on(series, unit, days, day, pasts.confirmed, own, self.hidden)
            if asked_room:
                self._see_room(series, today, own)
            self._see_doubts(unit, series, own, today, first, told)

    def _see_room(self, series: Mapping[int, Past], today: int, limits: Limits) -> None:
        for column, past in series.items():
            self._room[column] = past.room(today, limits)

    def _see_doubts(
        self,
        unit: AskedUnit,
        series: Mapping[int, Past],
        limits: Limits,
        today: int,
        first: float,
        told: ByFigure,
    ) -> None:
        whole = series.get(unit.whole.column)
        for one in unit.every:
            past = series.get(one.column)
            doubt = None if past is None else past.doubt
            if past is None or doubt is None or doubt.day < first:
                continue
            self.doubted = True
            hidden = self.hidden.get(one.column, set())
            if not _is_confirmed(past, told, one.key, limits):
                self.suspects[one.column] = _suspect(past, doubt, today, hidden)
                continue
            since = set(range(doubt.first, today + 2))
            hidden -= since
            if past is whole:
                show_new(self.hidden, series, unit, since, limits)
        if whole is not None and not is_new(whole, limits):
            # Labels that are asked themselves say nothing more together; any may end what is suspect.
            self._together[unit.whole.column] = unit
            for label in unit.labels:
                if whole.doubt is not None or is_new(series.get(label.column), limits):
                    self._together[label.column] = unit

    def still(self, days: Days, today: int, columns: Collection[int]) -> bool:
        """Return whether today's figures in some columns change nothing of what is believed; False where they must be looked at."""
        stamps, values = days[today]
        for column in columns:
            unit = self._together.get(column)
            if unit is not None:
                whole = whole_on(days[today], unit)
                if whole is not None and not self._holds(unit.whole.column, whole.value):
                    return False
            if stamps[column] is not None and not self._holds(column, values[column]):
                return False
        return True

    def _holds(self, column: int, value: int) -> bool:
        room = self._room.get(column)
        if room is None:
            return True
        low, high, but = room
        is_known = column not in self.hidden and column not in self.suspects
        return low <= value <= high and value != but and is_known


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
