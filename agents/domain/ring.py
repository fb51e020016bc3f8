"""A ring of day buckets on event time, in which the newest statement about a day wins.

A bucket holds `(observed, revision, received, value, completeness)`: compared as a tuple, the greater one
wins, whatever the order in which the two arrived. Seconds since 1970; days as in `streams.calendar`.
"""

from typing import TypeVar

_Key = TypeVar("_Key")

Slot = tuple[int, int, int, int, float]
"""Observed and received second, revision, value (a count), completeness 0...1."""

Ring = dict[int, Slot]
"""The newest slot of each local day."""

RING_DAYS = 14
"""Days that a ring reaches back; a report about an older day is late."""

FRESH_DAYS = 3
"""A reading of today or one of the three days before stands for now; older is unknown (a long weekend)."""


def put(ring: Ring, day: int, slot: Slot) -> bool:
    """Put a slot in its day bucket; return whether it changed anything."""
    held = ring.get(day)
    if held is not None and held >= slot:
        return False
    ring[day] = slot
    return True


def latest(ring: Ring, today: int) -> Slot | None:
    """Return the newest slot that still stands for now, or None."""
    day = max((day for day in ring if day <= today + 1), default=None)
    if day is None or day < today - FRESH_DAYS:
        return None
    return ring[day]


def window(ring: Ring, last_day: int, days: int = 7) -> list[Slot]:
    """Return the slots of the `days` days that end with `last_day`, oldest first; days without one are skipped."""
    return [ring[day] for day in range(last_day - days + 1, last_day + 1) if day in ring]


def expire(rings: dict[_Key, Ring], today: int) -> None:
    """Drop what lies outside the ring."""
    first = today - RING_DAYS
    for key in [key for key, ring in rings.items() if min(ring) < first]:
        kept = {day: slot for day, slot in rings[key].items() if day >= first}
        if kept:
            rings[key] = kept
        else:
            del rings[key]
