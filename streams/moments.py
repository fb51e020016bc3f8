"""Where a tick stands in the order of time, also once the time began again (`streams.control.TickerReset`).

A moment is the second of a tick. After a wrong clock seconds come again, up to the last one that it may have reached: such
a moment holds both, that last second and its own, and comes after the one and before the next. Once the time is past it,
moments are seconds again; so all partitions agree in the end, also those that never knew of it.
"""

from collections.abc import Collection

_BITS = 32
"""Seconds up to 2100 fit."""
_AGAIN = 1 << _BITS
"""From here on a moment is of a second that came again."""


def moment_of(after: int, at: int) -> int:
    """Return the moment of second `at`, where the time began again after a wrong clock reached `after` (0 if never)."""
    return at if at > after else after << _BITS | at


def second_of(moment: int) -> int:
    """Return the second of a moment."""
    return moment & _AGAIN - 1


def after_of(moment: int) -> int:
    """Return the last second that a wrong clock may have reached before it; 0 for a second that comes once."""
    return moment >> _BITS


def place_of(moment: int) -> int:
    """Return the sorting key of a moment."""
    return moment if moment >= _AGAIN else moment << _BITS


# Asked for every region at every tick, and hardly ever is any of them a second that came again.
def comes_after(one: int, other: int) -> bool:
    """Return whether a moment comes after another."""
    return one > other if one < _AGAIN > other else place_of(one) > place_of(other)


def earliest(moments: Collection[int]) -> int:
    """Return the first of some moments."""
    return min(moments) if max(moments) < _AGAIN else min(moments, key=place_of)
