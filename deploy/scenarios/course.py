"""How a figure runs through a scenario: straight lines or steps between the days of a small table."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Protocol

from streams.calendar import AMSTERDAM

_DAY_SECONDS = 86_400


class Figure(Protocol):
    """A figure over time."""

    def at(self, moment: datetime) -> float:
        """Return the value at a moment."""


@dataclass(frozen=True)
class Course:
    """Values on days (local midnight); straight between them, level before the first and after the last."""

    knots: tuple[tuple[date, float], ...]

    def at(self, moment: datetime) -> float:
        """Return the value at a moment."""
        here = moment.timestamp()
        place = bisect_left(self._starts, here)
        if not 0 < place < len(self.knots):
            return self.knots[0 if place == 0 else -1][1]
        left, right = self._starts[place - 1 : place + 1]
        low, high = self.knots[place - 1][1], self.knots[place][1]
        return low + (high - low) * (here - left) / (right - left)

    @cached_property
    def _starts(self) -> list[float]:
        return [_midnight(on) for on, _ in self.knots]


def course(year: int, values: Mapping[str, float]) -> Course:
    """Return a course from a table such as `{"10-01": 0.70, "11-15": 0.84}` (month-day)."""
    return Course(tuple((date.fromisoformat(f"{year}-{on}"), value) for on, value in values.items()))


@dataclass(frozen=True)
class Steps:
    """Values from days on (local midnight); the first also holds before its day."""

    knots: tuple[tuple[date, float], ...]

    def at(self, moment: datetime) -> float:
        """Return the value at a moment."""
        return self.knots[bisect_right(self._starts, moment.timestamp())][1]

    @cached_property
    def _starts(self) -> list[float]:
        return [_midnight(on) for on, _ in self.knots[1:]]


def level(value: float) -> Steps:
    """Return a figure that stays the same."""
    return Steps(((date.min, value),))


def steps(year: int, values: Mapping[str, float]) -> Steps:
    """Return steps from a table such as `{"11-01": 0, "11-15": 1}` (month-day)."""
    return Steps(tuple((date.fromisoformat(f"{year}-{on}"), value) for on, value in values.items()))


NONE = level(0)
"""Nothing, at any time."""


def _midnight(on: date) -> float:
    return datetime(on.year, on.month, on.day, tzinfo=AMSTERDAM).timestamp()


def apportion(total: int, shares: tuple[float, ...]) -> list[int]:
    """Divide a whole number by shares so that the parts add up to it (largest remainder).

    >>> apportion(10, (0.5, 0.3, 0.2))
    [5, 3, 2]
    """
    whole = sum(shares)
    exact = [total * share / whole for share in shares]
    parts = [int(part) for part in exact]
    order = sorted(range(len(shares)), key=lambda index: (parts[index] - exact[index], index))
    for index in order[: total - sum(parts)]:
        parts[index] += 1
    return parts
