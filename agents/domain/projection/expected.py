"""What the beds of the coming days are expected to be, from their course up to a day. This is ours, not LCPS's forecast.

- **COVID**: four fifths of the change of the last week comes again in a week, the same each day.
- **Other patients**: the mean of the last four same weekdays, newer ones heavier (4, 3, 2, 1), each less the beds that
  COVID took since. How many those are per COVID bed is seen in the own last eight weeks (`displaced`). Where today lies
  off its own weekday, the coming days do too, a fifth less each day.

What was compared with this, on which days, stands in docs/scorecard.md.
"""

from collections.abc import Sequence
from statistics import fmean
from typing import NamedTuple

HORIZON = 9
"""Days ahead: seven from today, where the newest figure may be two days behind."""

LOOK_BACK = 63
"""Days before the last one that are looked at: eight weeks of weekly changes."""

LEAST = 14
"""Days that a course must have: a week, and the week before to compare it with."""

_WEEK = 7
_CHANGE_AGAIN = 0.8
_SAME_WEEKDAYS = (4.0, 3.0, 2.0, 1.0)
_FADES = 0.8
_DISPLACED_AT_FIRST = 0.4
_TRUST_AT_FIRST = 0.3
_USUAL_CHANGE = 0.02


class Ahead(NamedTuple):
    """Beds expected on day 1 to 9 after the last day of a course, by patients.

    Attributes:
        covid: with COVID.
        other: all others; empty where they are not known.
        all: both together; empty where the others are not known.
    """

    covid: tuple[float, ...]
    other: tuple[float, ...] = ()
    all: tuple[float, ...] = ()


def expected(covid: Sequence[int], other: Sequence[int] = ()) -> Ahead:
    """Return what is expected after the last day.

    Args:
        covid: beds with COVID patients by day, the last one last, at least `LEAST`; only `LOOK_BACK` before it count.
        other: beds of other patients on the last of these days; fewer than `LEAST` say nothing.
    """
    rise = _CHANGE_AGAIN * (covid[-1] - covid[-1 - _WEEK])
    taken = [rise * day / _WEEK for day in range(1, HORIZON + 1)]
    of_covid = tuple(max(0.0, covid[-1] + more) for more in taken)
    if len(other) < LEAST:
        return Ahead(of_covid)
    days = min(len(other), len(covid), LOOK_BACK + 1)
    with_covid, others = covid[-days:], other[-days:]
    share = displaced(with_covid, others)
    now = with_covid[-1]
    room = [beds + share * (taking - now) for beds, taking in zip(others, with_covid, strict=True)]
    off = room[-1] - _weekday(room, _WEEK)
    expected_others = []
    for day, more in enumerate(taken, start=1):
        usual = _weekday(room, day) + off * _FADES**day
        expected_others.append(max(0.0, usual - share * more))
    both = tuple(one + others for one, others in zip(of_covid, expected_others, strict=True))
    return Ahead(of_covid, tuple(expected_others), both)


def displaced(covid: Sequence[int], other: Sequence[int]) -> float:
    """Return how many other beds became empty for each COVID bed more, 0 to 1: a regression over the weekly changes.

    With few or small changes it stays near 0.4, as if each day had seen one of 2 % of the beds with that result.
    """
    changes = [
        (covid[day] - covid[day - _WEEK], other[day] - other[day - _WEEK]) for day in range(_WEEK, len(covid))
    ]
    usual = _USUAL_CHANGE * max(1.0, fmean(covid[-_WEEK:]) + fmean(other[-_WEEK:]))
    weight = _TRUST_AT_FIRST * (LOOK_BACK - _WEEK) * usual**2
    together = sum(more * others for more, others in changes)
    alone = sum(more * more for more, _ in changes)
    return min(1.0, max(0.0, (_DISPLACED_AT_FIRST * weight - together) / (alone + weight)))


def _weekday(beds: Sequence[float], day: int) -> float:
    """Return the mean of the last days of the weekday that comes `day` days (1 or more) after the last one."""
    same = beds[(day - 1) % _WEEK - _WEEK :: -_WEEK][: len(_SAME_WEEKDAYS)]
    weights = _SAME_WEEKDAYS[: len(same)]
    return sum(map(float.__mul__, weights, map(float, same))) / sum(weights)
