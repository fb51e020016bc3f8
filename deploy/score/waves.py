"""The stretches of time that the scorecard tells apart."""

from datetime import date
from typing import NamedTuple

from streams.calendar import day_number


class Wave(NamedTuple):
    """A stretch of days, the first and the last included, by the day on which was projected."""

    name: str
    first: int
    last: int


def _wave(name: str, first: str, last: str) -> Wave:
    return Wave(name, day_number(date.fromisoformat(first)), day_number(date.fromisoformat(last)))


WAVES = (
    _wave("all days from 24-5-2020 on", "2020-05-24", "2099-12-31"),
    _wave("first wave, to 23-5-2020", "2020-02-27", "2020-05-23"),
    _wave("summer 2020", "2020-05-24", "2020-07-31"),
    _wave("second wave, August 2020 to January 2021", "2020-08-01", "2021-01-31"),
    _wave("third wave, February to June 2021", "2021-02-01", "2021-06-30"),
    _wave("summer 2021", "2021-07-01", "2021-09-30"),
    _wave("autumn 2021", "2021-10-01", "2021-12-31"),
    _wave("2022 and later", "2022-01-01", "2099-12-31"),
)
"""In the order of the page. What was tuned on which is said there."""
