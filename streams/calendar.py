"""Dutch days: local dates, working days and public holidays.

A daily feed means local days (Europe/Amsterdam); a day with a clock change stays one day.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_EPOCH = date(1970, 1, 1)
QUARTER = 900
_QUARTERS_MAX = 8192
_SUPPLY_DAYS = 14


class _DayOfQuarter(dict[int, int]):
    """Local days that were asked for before, by quarter of an hour; a dictionary, for those who ask per report."""

    def __missing__(self, quarter: int) -> int:
        if len(self) >= _QUARTERS_MAX:
            self.clear()
        # Offsets change on whole hours, so every second of a quarter has the same local date.
        day = self[quarter] = (datetime.fromtimestamp(quarter * QUARTER, AMSTERDAM).date() - _EPOCH).days
        return day


DAY_OF_QUARTER: Mapping[int, int] = _DayOfQuarter()
"""The local date of quarter `second // QUARTER` (UTC), as days since 1970-01-01: `local_day` without a call."""


def local_day(at: int) -> int:
    """Return the local date at second `at` (UTC) as days since 1970-01-01."""
    return DAY_OF_QUARTER[at // QUARTER]


def six_hours_at(at: int) -> int:
    """Return a number for the quarter of the local day that second `at` lies in; it grows, and a new day has a new one."""
    return local_day(at) * 4 + datetime.fromtimestamp(at, AMSTERDAM).hour // 6


def day_start(day: int) -> int:
    """Return the second (UTC) at which local day `day` begins."""
    begin = datetime.combine(_EPOCH + timedelta(days=day), datetime.min.time(), AMSTERDAM)
    return int(begin.timestamp())


def day_number(day: date) -> int:
    """Return a date as days since 1970-01-01."""
    return (day - _EPOCH).days


def date_of(day: int) -> date:
    """Return days since 1970-01-01 as a date."""
    return _EPOCH + timedelta(days=day)


@lru_cache(maxsize=65_536)
def iso(at: int) -> str:
    """Return second `at` as ISO 8601 in UTC, such as `2021-11-15T12:00:00Z`."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@lru_cache(maxsize=4096)
def supply_day(day: int) -> int:
    """Return the last Tuesday of an even ISO week on or before local day `day`: a peildatum of waiting times.

    They lie two weeks apart, three after a year of 53 weeks.
    """
    while date_of(day).weekday() != 1 or date_of(day).isocalendar().week % 2:
        day -= 1
    return day


def seconds(moment: datetime) -> int:
    """Return an aware moment as whole seconds since 1970, rounded down."""
    return int(moment.timestamp() // 1)


@lru_cache(maxsize=64)
def _easter(year: int) -> date:
    # Anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, chapter 8).
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=64)
def holidays(year: int) -> frozenset[date]:
    """Return the public holidays of a year in the Netherlands, on which daily feeds pause."""
    easter = _easter(year)
    kings_day = date(year, 4, 27)
    if kings_day.weekday() == 6:
        kings_day -= timedelta(days=1)
    moving = (0, 1, 39, 49, 50)  # Easter Sunday and Monday, Ascension, Whit Sunday and Monday
    fixed = {date(year, 1, 1), kings_day, date(year, 12, 25), date(year, 12, 26)}
    if year % 5 == 0:
        fixed.add(date(year, 5, 5))
    return frozenset(fixed | {easter + timedelta(days=offset) for offset in moving})


def is_working_day(day: int) -> bool:
    """Return whether local day `day` is neither in a weekend nor a public holiday."""
    on = date_of(day)
    return on.weekday() < 5 and on not in holidays(on.year)


def idle_seconds(since: int, until: int) -> int:
    """Return how many of the seconds between two moments lie on days that are no working days."""
    total = 0
    for day in range(local_day(since), local_day(until) + 1):
        if not is_working_day(day):
            total += min(until, day_start(day + 1)) - max(since, day_start(day))
    return total


def idle_weeks_seconds(since: int, until: int) -> int:
    """Return how many of the seconds between two moments lie in the odd week too many of a year of 53 weeks.

    Then three weeks lie between two peildata instead of two: on those days no supply of waiting times is due.
    """
    total = 0
    for day in range(local_day(since), local_day(until) + 1):
        if day - supply_day(day) >= _SUPPLY_DAYS:
            total += max(0, min(until, day_start(day + 1)) - max(since, day_start(day)))
    return total
