"""Rings of day buckets on event time, in which the newest statement about a day wins.

A slot is `(observed, revision, received, value, completeness)`: compared as a tuple, the greater one
wins, whatever the order in which the two arrived. Seconds since 1970; days as in `streams.calendar`.

State lies as reports come: by location, then by local day, then one column for each series (a unit, label and
field, say). So a report finds its day once and its figures by index, they all share the stamp of their report, and
one location can be looked at, changed and put away without the others.
"""

from collections.abc import Iterator

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


def told(days: Days) -> set[int]:
    """Return the columns of which a location holds anything."""
    return {column for stamps, _ in days.values() for column, stamp in enumerate(stamps) if stamp is not None}


def latest(ring: Ring, today: int) -> Slot | None:
    """Return the newest slot that still stands for now, or None."""
    for day in range(today + 1, today - FRESH_DAYS - 1, -1):
        slot = ring.get(day)
        if slot is not None:
            return slot
    return None


def window(ring: Ring, last_day: int, days: int = 7) -> list[Slot]:
    """Return the slots of the `days` days that end with `last_day`, oldest first; days without one are skipped."""
    return [ring[day] for day in range(last_day - days + 1, last_day + 1) if day in ring]


def expire(places: Places, today: int) -> list[str]:
    """Drop the days that lie outside the ring; return the locations that lost any."""
    first = today - RING_DAYS
    aged = [location for location, days in places.items() if min(days) < first]
    for location in aged:
        kept = {day: slots for day, slots in places[location].items() if day >= first}
        if kept:
            places[location] = kept
        else:
            del places[location]
    return aged
