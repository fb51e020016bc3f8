"""How far what is carried forward may have moved by now: as far as it did in as long a time before."""

from collections.abc import Mapping
from itertools import count
from math import inf

from streams.calendar import is_working_day


def moved(told: Mapping[int, float], today: int) -> float:
    """Return how far the newest value lay from any in as long a time before it as has passed since, whole days.

    Days in weekends and holidays count where they were told: many tell on working days only.

    Args:
        told: values by local day; there is one, and the newest is the one that is carried forward.
        today: local day.

    Returns:
        In the unit of the values; without end where the value of any of these working days is not known, or of all days.
    """
    newest = max(told)
    first = newest - max(1, today - newest)
    if not is_working_day(newest) or not any(map(is_working_day, range(first, newest))):
        first = next(day for day in count(first, -1) if day < newest and is_working_day(day))
    before = range(first, newest)
    if any(day not in told and is_working_day(day) for day in before):
        return inf
    return max(abs(told[day] - told[newest]) for day in before if day in told)
