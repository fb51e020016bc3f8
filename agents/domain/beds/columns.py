"""The days of one location, column by column: what stands now, what was told of a day, seven days together.

It is a picture of the moment at which the location was looked at (`parts`): nothing of it changes with the state.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from math import fsum

from agents.domain.statements.ring import FRESH_DAYS, Days, Stamp

Part = tuple[float, int, float]
"""Value, observed second and completeness of one location; observed 0 means unknown."""

UNKNOWN: Part = (0, 0, 0.0)

Week = tuple[int, int, Sequence[float]]
"""Seven days: sum of the values, newest observed second (0 where nothing was told), completeness of each day told."""


class Columns:
    """The columns of one location.

    Attributes:
        held: whether anything is held of each column.
        aged: whether anything is held that is missed no more.
    """

    __slots__ = (
        "_alike",
        "_days",
        "_fresh",
        "_moments",
        "_of_today",
        "_recent",
        "_stamps",
        "_today",
        "_values",
        "_weeks",
        "aged",
        "held",
    )

    def __init__(self, days: Days, today: int, missed: float) -> None:
        """Look at a location on local day `today`; what it told is missed for `missed` days after its newest day."""
        self._days = sorted(days)
        slots = [days[day] for day in self._days]
        self._stamps = list(zip(*[stamps for stamps, _ in slots], strict=True))
        self._values = list(zip(*[values for _, values in slots], strict=True))
        self.held = list(map(any, self._stamps))
        self._today = today
        self._of_today = self._days.index(today) if today in days else None
        self._recent = bisect_left(self._days, today - missed)
        fresh = max(self._recent, bisect_left(self._days, today - FRESH_DAYS))
        self._fresh = range(bisect_right(self._days, today + 1) - 1, fresh - 1, -1)
        self._alike: Sequence[Stamp | None] = ()
        self._weeks: dict[int, slice] = {}
        self._moments: tuple[int, Sequence[float]] = (0, ())
        self.aged = self._recent > 0

    def newest(self, column: int) -> int:
        """Return the newest day of which anything is held, of a column that is."""
        return self._days[_last(self._stamps[column])]

    def standing(self, column: int) -> Part | None:
        """Return the newest statement that still stands for now: unknown while it is missed, then None."""
        stamps = self._stamps[column]
        for place in self._fresh:
            stamp = stamps[place]
            if stamp is not None:
                return self._values[column][place], stamp[0], stamp[3]
        return UNKNOWN if any(stamps[self._recent :]) else None

    def until(self, column: int, last: int) -> tuple[int, Part] | None:
        """Return the newest day up to and including `last` of which anything was told, and what; None without one."""
        stamps = self._stamps[column][: bisect_right(self._days, last)]
        if not any(stamps):
            return None
        place = _last(stamps)
        return self._days[place], self._part(column, place)

    def on(self, column: int, day: int) -> Part:
        """Return what was told of a day."""
        place = bisect_left(self._days, day)
        told = place < len(self._days) and self._days[place] == day
        return self._part(column, place) if told else UNKNOWN

    def _part(self, column: int, place: int) -> Part:
        stamp = self._stamps[column][place]
        return UNKNOWN if stamp is None else (self._values[column][place], stamp[0], stamp[3])

    def mean(self, column: int) -> Part:
        """Return the mean of those of seven days that were told; as complete as the seven are."""
        # A daily feed tells of today in the afternoon; until then the seven days end yesterday.
        place = self._of_today
        told_today = place is not None and self._stamps[column][place] is not None
        total, observed, shares = self.week(column, self._today if told_today else self._today - 1)
        return (total / len(shares), observed, fsum(shares) / 7) if shares else UNKNOWN

    def week(self, column: int, last: int) -> Week:
        """Return the seven days that end with day `last`."""
        week = self._weeks.get(last)
        if week is None:
            week = self._weeks[last] = slice(
                bisect_left(self._days, last - 6), bisect_right(self._days, last)
            )
        stamps = self._stamps[column][week]
        # The figures of a report share its stamp: most columns were told when the one before was.
        if stamps != self._alike:
            self._alike = stamps
            told = [stamp for stamp in stamps if stamp is not None]
            self._moments = max(told)[0] if told else 0, [stamp[3] for stamp in told]
        return sum(self._values[column][week]), *self._moments


def _last(stamps: Sequence[Stamp | None]) -> int:
    """Return the place of the newest statement; there is one."""
    place = len(stamps) - 1
    while stamps[place] is None:
        place -= 1
    return place
