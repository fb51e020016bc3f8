"""What was missed since March 2020: a sum over full weeks that goes on when a week is no longer held.

It may fall, by weeks that make up for others and by corrections (policy letter of May 2021: 1.4 million referrals, most
of them in the first wave).
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from agents.domain.statements.weekly import is_final
from streams.calendar import day_number

SINCE = day_number(date(2020, 3, 2))
"""Monday of the first week of March 2020; what was missed counts from there."""


class Tally(NamedTuple):
    """What was missed, over how many weeks, and the newest second at which one of them was reported."""

    missed: int
    weeks: int
    observed: int

    def plus(self, monday: int, missed: int, observed: int) -> "Tally":
        """Return the tally with one more week, if that is full and not from before March 2020."""
        if monday < SINCE or not is_final(monday, observed):
            return self
        return Tally(self.missed + missed, self.weeks + 1, max(self.observed, observed))


NOTHING_MISSED = Tally(0, 0, 0)


def added_up(tallies: Iterable[Tally]) -> Tally:
    """Return several tallies together."""
    missed, weeks, observed = zip(*tallies, strict=True)
    return Tally(sum(missed), sum(weeks), max(observed))
