"""The days of one location, column by column: what stands now, what was reported of a day, seven days together.

It is a picture of the moment at which the location was looked at (`parts`): nothing of it changes with the state, but for
columns that are looked at again. What is not believed (`believed`) is as if nobody had reported it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from math import fsum, inf

from agents.domain.beds.believed import Believed, Suspect
from agents.domain.figures.sums import Addend
from agents.domain.statements.moved import moved
from agents.domain.statements.ring import Days, Stamp
from agents.domain.statements.standing import Standing

UNKNOWN = Addend(0, 0, 0.0)
"""Nothing was reported: observed 0."""

Week = tuple[int, int, Sequence[float]]
"""Seven days: sum of the values, newest observed second (0 where nothing was reported), completeness of each day."""


class Columns:
    """The columns of one location.

    Attributes:
        held: whether anything is held of each column.
        aged: whether anything is held that has expired.
        missed: whether reports of the location are missed: what it reported last is carried forward.
        suspects: the columns of which the newest figure is suspect and the last trusted one is carried forward.
    """

    __slots__ = (
        "_alike",
        "_believed",
        "_counting",
        "_days",
        "_first_fresh",
        "_moments",
        "_of_today",
        "_recent",
        "_stamps",
        "_today",
        "_values",
        "_weeks",
        "aged",
        "held",
        "missed",
        "suspects",
    )

    def __init__(
        self,
        days: Days,
        standing: Standing,
        *,
        missed: bool = False,
        believed: Believed | None = None,
    ) -> None:
        """Look at a location; what it reported stands no longer than it is carried forward."""
        today = standing.today
        self._days = sorted(days)
        slots = [days[day] for day in self._days]
        self._stamps = list(zip(*[stamps for stamps, _ in slots], strict=True))
        self._values = list(zip(*[values for _, values in slots], strict=True))
        self.held = list(map(any, self._stamps))
        self._believed = believed
        self.suspects: Mapping[int, Suspect] = {}
        if believed is not None:
            self.suspects = believed.suspects
            for column in self.suspects:
                self.held[column] = True  # labels of which the whole is suspect may have taken its place
            self._hide(believed.hidden)
        self._today = today
        self._of_today = self._days.index(today) if today in days else None
        self._recent = bisect_left(self._days, today - standing.carried)
        self.missed = missed
        self._first_fresh = today + 2 if missed else today - standing.stands
        self._counting = range(bisect_right(self._days, today + 1) - 1, self._recent - 1, -1)
        self._alike: Sequence[Stamp | None] = ()
        self._weeks: dict[int, slice] = {}
        self._moments: tuple[int, Sequence[float]] = (0, ())
        self.aged = self._recent > 0

    def _hide(self, hidden: Mapping[int, Collection[int]]) -> None:
        """Take what is not believed for what nobody reported."""
        for column, own in hidden.items():
            stamps, values = list(self._stamps[column]), list(self._values[column])
            for place, day in enumerate(self._days):
                if day in own:
                    stamps[place], values[place] = None, 0
            self._stamps[column], self._values[column] = tuple(stamps), tuple(values)

    def look_again(self, days: Days, columns: Collection[int]) -> bool:
        """Look at some columns again; False where the location has other days than before, and all must be.

        Only those of today: and all must be looked at again where one of them may not be believed.
        """
        if len(days) != len(self._days) or any(day not in days for day in self._days):
            return False
        if self._believed is not None and not self._believed.still(days, self._today, columns):
            return False
        slots = [days[day] for day in self._days]
        for column in columns:
            self._stamps[column] = tuple([stamps[column] for stamps, _ in slots])
            self._values[column] = tuple([values[column] for _, values in slots])
            self.held[column] = any(self._stamps[column])
        return True

    def newest(self, column: int) -> int:
        """Return the newest day of which anything is held, of a column that is."""
        return self._days[_last(self._stamps[column])]

    def standing(self, column: int) -> Addend | None:
        """Return the newest statement, as long as it stands or is carried forward; then None."""
        suspect = self.suspects.get(column)
        if suspect is not None:
            last = next((stamp for stamp in reversed(self._stamps[column]) if stamp is not None), None)
            was = 1.0 if last is None else last[3]
            return Addend(
                suspect.value, suspect.observed, 0.0, carried=True, suspect=not self.missed, was=was
            )
        stamps = self._stamps[column]
        for place in self._counting:
            stamp = stamps[place]
            if stamp is not None:
                if self._days[place] >= self._first_fresh:
                    return Addend(self._values[column][place], stamp[0], stamp[3])
                return Addend(self._values[column][place], stamp[0], 0.0, carried=True, was=stamp[3])
        return None

    def moved(self, column: int) -> float:
        """Return how far what is carried forward may have moved by now (`moved`), since it began to stand still where it does."""
        stamps, values = self._stamps[column], self._values[column]
        last = bisect_right(self._days, self._today + 1)
        told = {
            day: values[place] for place, day in enumerate(self._days[:last]) if stamps[place] is not None
        }
        suspect = self.suspects.get(column)
        if suspect is not None and suspect.stands_still:
            _only_first_of_the_same(told)
        return moved(told, self._today) if told else inf

    def until(self, column: int, last: int) -> tuple[int, Addend] | None:
        """Return the newest day up to and including `last` of which anything was reported, and what; None without one."""
        stamps = self._stamps[column][: bisect_right(self._days, last)]
        if not any(stamps):
            return None
        place = _last(stamps)
        return self._days[place], self._part(column, place)

    def on(self, column: int, day: int) -> Addend:
        """Return what was reported of a day."""
        place = bisect_left(self._days, day)
        told = place < len(self._days) and self._days[place] == day
        return self._part(column, place) if told else UNKNOWN

    def _part(self, column: int, place: int) -> Addend:
        stamp = self._stamps[column][place]
        return UNKNOWN if stamp is None else Addend(self._values[column][place], stamp[0], stamp[3])

    def mean(self, column: int) -> Addend | None:
        """Return the mean of those of seven days that were told; as complete as the seven are. None where nothing stands."""
        if not any(self._stamps[column][self._recent :]):
            return UNKNOWN if column in self.suspects else None
        # A daily feed tells of today in the afternoon; until then the seven days end yesterday.
        place = self._of_today
        told_today = place is not None and self._stamps[column][place] is not None
        total, observed, shares = self.week(column, self._today if told_today else self._today - 1)
        return Addend(total / len(shares), observed, fsum(shares) / 7) if shares else UNKNOWN

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


def _only_first_of_the_same(told: dict[int, int]) -> None:
    """Take the newest value for told on the first of the days on which it was the same, and never since."""
    newest = told[max(told)]
    for day, before in pairwise(sorted(told, reverse=True)):
        if told[before] != newest:
            break
        del told[day]


def _last(stamps: Sequence[Stamp | None]) -> int:
    """Return the place of the newest statement; there is one."""
    place = len(stamps) - 1
    while stamps[place] is None:
        place -= 1
    return place
