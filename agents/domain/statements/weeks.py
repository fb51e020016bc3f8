"""Whether what was told stands for now, is missed, or is given up, by how long ago its day was (of a week, its Monday)."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from streams.calendar import day_start
from streams.status import View


class Spans(NamedTuple):
    """How long what was told of a day, or of the week that began on it, counts on a local day.

    Attributes:
        today: that day.
        stands: days up to which it stands for now.
        missed: days up to which who told it is missed, if that was the last.
    """

    today: int
    stands: float
    missed: float

    def view_of(self, day: int) -> View:
        """Return in which view first counts who told of this day or week last."""
        age = self.today - day
        if age <= self.stands:
            return "told"
        return "missed" if age <= self.missed else "given_up"

    def given_up_at(self, days: Iterable[int]) -> int:
        """Return the second at which the newest of these days or weeks was given up; 0 where none is."""
        gone = [day for day in days if self.view_of(day) == "given_up"]
        return day_start(int(max(gone) + self.missed) + 1) if gone else 0


def is_final(monday: int, observed: int) -> bool:
    """Return whether a statement is about a whole week: one made on its Sunday or later."""
    return observed >= day_start(monday + 6)


def is_full(monday: int, observed: int, today: int) -> bool:
    """Return whether a week is over on local day `today`, and was told of as a whole."""
    return monday + 7 <= today and is_final(monday, observed)


def kept_weeks(
    mondays: Collection[int], first: int, newest: int, first_newest: int, behind: int = 0
) -> set[int]:
    """Return the weeks to hold: those from day `first` on, and the newest with what it is held against.

    Holding these longer changes nothing of what is late, and never brings a week back: the newest only grows.

    Args:
        mondays: the weeks that are held.
        first: weeks that began before this day are old.
        newest: the newest week that counts.
        first_newest: it is held while it began on this day or later.
        behind: how many days before it the weeks begin that it is held against.
    """
    oldest = newest - behind if newest >= first_newest else first
    return {monday for monday in mondays if monday >= first or oldest <= monday <= newest}


def kept_full_weeks(
    weeks: Mapping[int, tuple[Any, ...]], today: int, kept_days: int, held_days: int, behind: int = 0
) -> set[int]:
    """Return the weeks to hold where only those count that were told as a whole.

    Args:
        weeks: by Monday, each with the second of its newest statement first.
        today: local day.
        kept_days: weeks that began up to this many days ago are held.
        held_days: the newest full one is, if it began up to this many days ago.
        behind: how many days before it the weeks begin that it is held against.
    """
    first = today - kept_days
    kept = {monday for monday in weeks if monday >= first}
    if len(kept) < len(weeks) and (
        full := [monday for monday, week in weeks.items() if is_full(monday, week[0], today)]
    ):
        kept |= kept_weeks(full, first, max(full), today - held_days, behind)
    return kept
