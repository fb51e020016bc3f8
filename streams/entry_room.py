"""How much a status entry may hold: a broker takes no record of any size, and a loop no turn of any length.

Thousands of new names in one tick are told over the next ones; what is not told yet counts as not said.
"""

from collections.abc import Sequence

from streams.indicators import FEED_HEARD
from streams.status import Indicator

ALWAYS_FITS = 2_000
"""So many indicators are within the limit whatever their labels; the country has had 1,700 at a tick."""

_BYTES_MAX = 2_500_000
_FRAME_BYTES = 300
_CHARACTER_BYTES = 4


def split(changes: list[Indicator]) -> tuple[list[Indicator], list[Indicator]]:
    """Return what fits into one entry, and what waits: when each source was last seen before anything else."""
    if len(changes) <= ALWAYS_FITS:
        return changes, []
    ordered = sorted(changes, key=_is_of_a_source)
    count = _fitting(ordered)
    return ordered[:count], ordered[count:]


def _is_of_a_source(indicator: Indicator) -> bool:
    return indicator.name == FEED_HEARD or "source" in indicator.labels


def _fitting(changes: Sequence[Indicator]) -> int:
    room = _BYTES_MAX
    for count, indicator in enumerate(changes):
        texts = (*indicator.labels.values(), *(one.location for one in indicator.silent))
        room -= _FRAME_BYTES + _CHARACTER_BYTES * sum(map(len, texts))
        if room < 0:
            return count
    return len(changes)
