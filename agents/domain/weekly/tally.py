"""What was missed since March 2020: a sum over full weeks that goes on when a week is no longer held.

It may fall, by weeks that make up for others and by corrections (policy letter of May 2021: 1.4 million referrals, most
of them in the first wave).
"""

from datetime import date

from agents.domain.statements.weeks import is_final
from streams.calendar import day_number

Tally = tuple[int, int, int]
"""What was missed, over how many weeks, newest second at which one of them was told."""

SINCE = day_number(date(2020, 3, 2))
"""Monday of the first week of March 2020; what was missed counts from there."""


def counts(monday: int, observed: int) -> bool:
    """Return whether a week that is over counts for what was missed."""
    return monday >= SINCE and is_final(monday, observed)


def add(tally: Tally, missed: int, observed: int) -> Tally:
    """Return a tally with one more week."""
    return tally[0] + missed, tally[1] + 1, max(tally[2], observed)
