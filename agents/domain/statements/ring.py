"""Rings of day buckets on event time, in which the newest statement about a day wins.

Of two statements the one about the later second wins; of the same second the one of the source whose id comes first; of one
source the greater `(revision, received, value, completeness)`, whatever the order in which the two arrived. Seconds since
1970; days as in `streams.calendar`. What a revision leaves out is `revisions`.

State lies as reports come: by location, then by local day, then one column for each series (a unit, label and
field, say). So a report finds its day once and its figures by index, they all share the stamp of their report, and
one location can be looked at, changed and put away without the others.

What a series reported last is held for long after its day left the ring: who becomes stale is carried forward, and after
that it is still known what was reported before.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import NamedTuple

from agents.domain.statements.revisions import Moment
from agents.domain.statements.standing import Standing, Views
from alerts.parameter import Retention


class Stamp(NamedTuple):
    """What the figures of a report share; made as a plain tuple, which is quicker, so look at it by place.

    Attributes:
        observed: second that it is about.
        revision: of the report.
        received: second at which it came.
        completeness: 0...1.
        source: who said it; empty where that is not known, as of what was put away up to format 17.
    """

    observed: int
    revision: int
    received: int
    completeness: float
    source: str = ""


Day = tuple[list[Stamp | None], list[int]]
"""One location on one local day: for each column the stamp of its newest statement, and the value (a count)."""

Days = dict[int, Day]
"""The days of one location."""

Places = dict[str, Days]
"""The days of each location."""


class Slot(NamedTuple):
    """What one series reported of one day; a count, or a bound of one."""

    observed: int
    revision: int
    received: int
    value: float
    completeness: float


Ring = dict[int, Slot]
"""The newest slots of one series, by local day."""


def day_of(places: Places, location: str, day: int, columns: int) -> Day:
    """Return a location's day, to be written to; an empty one if nothing was said about it yet."""
    days = places.get(location)
    if days is None:
        days = places[location] = {}
    slots = days.get(day)
    if slots is None:
        slots = days[day] = ([None] * columns, [0] * columns)
    return slots


def beats(stamp: Stamp, value: int, held: Stamp, held_value: int) -> bool:
    """Return whether a statement replaces the one that is held: the greater slot wins."""
    # Not as tuples: where many reports are of one second this runs for every figure.
    if stamp[0] != held[0]:
        return stamp[0] > held[0]
    if stamp[4] != held[4] and held[4]:
        return stamp[4] < held[4]
    if stamp[1] != held[1]:
        return stamp[1] > held[1]
    if stamp[2] != held[2]:
        return stamp[2] > held[2]
    if value != held_value:
        return value > held_value
    return stamp[3] > held[3]


class HeldOfDay:
    """The columns of one location on one day."""

    def __init__(self, day: Day) -> None:
        self._stamps, self._values = day

    def moment(self, subject: int) -> Moment | None:
        """Return which report a column is from; None where nothing is held of it."""
        stamp = self._stamps[subject]
        return None if stamp is None else (stamp[0], stamp[4])

    def of(self, second: int) -> list[int]:
        """Return the columns of which a statement about that second is held."""
        return [
            column for column, stamp in enumerate(self._stamps) if stamp is not None and stamp[0] == second
        ]

    def of_others(
        self, columns: Iterable[int], second: int, sources: Collection[str], seconds: int
    ) -> list[int]:
        """Return those of some columns that are from these sources, about after a second, so many seconds at most."""
        return [
            column
            for column in columns
            if (stamp := self._stamps[column]) is not None
            and stamp[4] in sources
            and 0 < stamp[0] - second <= seconds
        ]

    def empty(self, columns: Iterable[int]) -> None:
        """Hold nothing of these columns any more."""
        for column in columns:
            self._stamps[column], self._values[column] = None, 0


def rings(days: Days) -> Iterator[tuple[int, Ring]]:
    """Yield column and ring of every series of a location that has any slot, in order of the columns."""
    for column in range(max(len(stamps) for stamps, _ in days.values())):
        if found := ring(days, column):
            yield column, found


def ring(days: Days, column: int) -> Ring:
    """Return the ring of one series of a location."""
    return {
        day: Slot(*stamp[:3], values[column], stamp[3])
        for day, (stamps, values) in days.items()
        if (stamp := stamps[column]) is not None
    }


def newest_values(days: Days, columns: Collection[int]) -> dict[int, tuple[Stamp, int]]:
    """Return stamp and value of the newest statement of each of these columns of a location that has any."""
    found: dict[int, tuple[Stamp, int]] = {}
    for day in sorted(days, reverse=True):
        stamps, values = days[day]
        for column in columns:
            stamp = stamps[column]
            if stamp is not None and column not in found:
                found[column] = stamp, values[column]
    return found


def latest(ring: Ring, standing: Standing) -> Slot | None:
    """Return the newest slot that stands for now, or None; a clock may be a day ahead."""
    today = standing.today
    for day in range(today + 1, today - int(standing.stands) - 1, -1):
        slot = ring.get(day)
        if slot is not None:
            return slot
    return None


def newest_views(ring: Ring, standing: Standing) -> Views[Slot]:
    """Return what a series reported last, in the views in which that counts."""
    day = max((day for day in ring if day <= standing.today + 1), default=None)
    return Views() if day is None else standing.views(day, ring[day])


def _all_alike(_day: int) -> bool:
    return True


def expire(
    places: Places,
    today: int,
    keep: Retention,
    columns: Collection[int],
    kind: Callable[[int], bool] = _all_alike,
) -> list[str]:
    """Drop the days that lie outside the ring; return the locations that lost anything.

    Args:
        places: the days of each location.
        today: local day.
        keep: how long days are kept, and the newest statements held.
        columns: those of which the newest statement is held.
        kind: kind of a day, where the newest statement of each kind is to be held.
    """
    first = today - keep.kept
    aged = []
    for location, days in list(places.items()):
        if min(days) >= first:
            continue
        kept = _kept(days, today, keep, columns, kind)
        if kept == days:
            continue
        aged.append(location)
        if kept:
            places[location] = kept
        else:
            del places[location]
    return aged


def _kept(
    days: Days, today: int, keep: Retention, columns: Collection[int], kind: Callable[[int], bool]
) -> Days:
    """Return the ring, and of the days before it what nothing newer of those was reported about."""
    first = today - keep.kept
    kept = {day: slots for day, slots in days.items() if day >= first}
    newest_first = sorted((day for day in days if day <= today + 1), reverse=True)
    for day in newest_first:
        if not today - keep.held <= day < first:
            continue
        stamps, values = days[day]
        # What is in the ring may still be withdrawn: only what nobody can change any more puts an older statement away.
        newer = [days[one][0] for one in newest_first if day < one < first and kind(one) is kind(day)]
        last = [
            column
            for column in columns
            if stamps[column] is not None and all(other[column] is None for other in newer)
        ]
        if last:
            kept[day] = (
                [stamp if column in last else None for column, stamp in enumerate(stamps)],
                [value if column in last else 0 for column, value in enumerate(values)],
            )
    return kept
