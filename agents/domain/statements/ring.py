"""Rings of day buckets on event time, in which the newest statement about a day wins.

A slot is `(observed, revision, received, value, completeness)`: compared as a tuple, the greater one
wins, whatever the order in which the two arrived. Seconds since 1970; days as in `streams.calendar`.

State lies as reports come: by location, then by local day, then one column for each series (a unit, label and
field, say). So a report finds its day once and its figures by index, they all share the stamp of their report, and
one location can be looked at, changed and put away without the others.

What a series said last is held for long after its day left the ring: who falls silent is missed, and after that it is
still known what was told before (`agents.domain.figures.silence`).
"""

from collections.abc import Callable, Collection, Iterator
from math import fsum
from typing import NamedTuple

from streams.calendar import day_start, local_day

Stamp = tuple[int, int, int, float]
"""Observed second, revision, received second, completeness 0...1 of a report."""

Day = tuple[list[Stamp | None], list[int]]
"""One location on one local day: for each column the stamp of its newest statement, and the value (a count)."""

Days = dict[int, Day]
"""The days of one location."""

Places = dict[str, Days]
"""The days of each location."""

Slot = tuple[int, int, int, int, float]
"""Observed second, revision, received second, value, completeness of one series on one day."""

Ring = dict[int, Slot]
"""The newest slots of one series, by local day."""

RING_DAYS = 14
"""Days that a ring reaches back; a report about an older day is late."""

FRESH_DAYS = 3
"""A reading of today or one of the three days before stands for now; older is unknown (a long weekend)."""

HELD_DAYS = 371
"""The newest statement of a series is held this long: no longer can one say who was given up."""


class Views(NamedTuple):
    """What one series says: now, with what it said last while it is missed, and with that also once it is given up."""

    told: Slot | None = None
    missed: Slot | None = None
    given_up: Slot | None = None


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
    if stamp[1] != held[1]:
        return stamp[1] > held[1]
    if stamp[2] != held[2]:
        return stamp[2] > held[2]
    if value != held_value:
        return value > held_value
    return stamp[3] > held[3]


def rings(days: Days) -> Iterator[tuple[int, Ring]]:
    """Yield column and ring of every series of a location that has any slot, in order of the columns."""
    told = [(day, stamps, values) for day, (stamps, values) in days.items()]
    for column, by_day in enumerate(zip(*(stamps for _, stamps, _ in told), strict=True)):
        if any(by_day):
            yield (
                column,
                {
                    day: (*stamp[:3], values[column], stamp[3])
                    for (day, _, values), stamp in zip(told, by_day, strict=True)
                    if stamp is not None
                },
            )


def ring(days: Days, column: int) -> Ring:
    """Return the ring of one series of a location."""
    return {
        day: (*stamp[:3], values[column], stamp[3])
        for day, (stamps, values) in days.items()
        if (stamp := stamps[column]) is not None
    }


def latest(ring: Ring, today: int, stands: int = FRESH_DAYS) -> Slot | None:
    """Return the newest slot that still stands for now, at most `stands` days old, or None."""
    for day in range(today + 1, today - stands - 1, -1):
        slot = ring.get(day)
        if slot is not None:
            return slot
    return None


def in_views(ring: Ring, today: int, missed: float, stands: int = FRESH_DAYS) -> Views:
    """Return what a series says now; where that is nothing, what it said last, missed for so many days after its day."""
    now = latest(ring, today, stands)
    if now is not None:
        return Views(now, now, now)
    day = max((day for day in ring if day <= today + 1), default=None)
    if day is None:
        return Views()
    return Views(None, ring[day] if day >= today - missed else None, ring[day])


def given_up_at(observed: int, missed: float) -> int:
    """Return the second at which somebody is given up who told last at second `observed`."""
    return day_start(local_day(observed) + int(missed) + 1)


def share(known: Collection[Slot], expected: int) -> float:
    """Return how complete a sum of slots is; nothing where nobody is expected."""
    return round(fsum(slot[4] for slot in known) / expected, 4) if expected else 0.0


def _all_alike(_day: int) -> bool:
    return True


def expire(
    places: Places, today: int, columns: Collection[int], kind: Callable[[int], bool] = _all_alike
) -> list[str]:
    """Drop the days that lie outside the ring; return the locations that lost anything.

    Args:
        places: the days of each location.
        today: local day.
        columns: those whose newest statement is held for `HELD_DAYS`.
        kind: kind of a day, where the newest statement of each kind is to be held.
    """
    first = today - RING_DAYS
    aged = []
    for location, days in list(places.items()):
        if min(days) >= first:
            continue
        kept = _kept(days, today, columns, kind)
        if kept == days:
            continue
        aged.append(location)
        if kept:
            places[location] = kept
        else:
            del places[location]
    return aged


def _kept(days: Days, today: int, columns: Collection[int], kind: Callable[[int], bool]) -> Days:
    """Return the ring, and of the days before it what nothing newer was said about."""
    first = today - RING_DAYS
    kept = {day: slots for day, slots in days.items() if day >= first}
    newest_first = sorted((day for day in days if day <= today + 1), reverse=True)
    for day in newest_first:
        if not today - HELD_DAYS <= day < first:
            continue
        stamps, values = days[day]
        newer = [days[one][0] for one in newest_first if one > day and kind(one) is kind(day)]
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
