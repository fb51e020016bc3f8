"""Cells as public files write them: counts, days, weeks. Missing stays missing."""

import re
from datetime import date, datetime, time, timedelta

from streams.feeds.feed import RowError
from streams.feeds.moments import local_moment

MISSING = frozenset({"", "NA", "N/A", "NULL", "null"})
"""Texts that say: not known."""

_SPREADSHEET_EPOCH = date(1899, 12, 30)
_COUNT_MAX = 1_000_000
_YEARS = range(2000, 2100)


def count(text: str, column: str, most: int = _COUNT_MAX) -> int | None:
    """Return a whole number of people or beds, or None when it is missing.

    Raises:
        RowError: it is no whole number, negative, or above `most`.
    """
    if text in MISSING:
        return None
    # A spreadsheet may write 140 as 140.0 or 140,0; with three digits it could be a thousand.
    whole = re.fullmatch(r"([0-9]{1,9})(?:[.,]0{1,2})?", text)
    if whole is None:
        raise RowError(f"{column} is `{text[:40]}`, expected a whole number of 0 or more")
    number = int(whole[1])
    if number > most:
        raise RowError(f"{column} is {number}, above {most}, which cannot be; look for a slip")
    return number


def day(text: str, column: str) -> date:
    """Return a date written as `26-07-2021`, `29-2-2020` or `2021-07-26`.

    Raises:
        RowError: it is none of these, or no day that exists.
    """
    dutch = re.fullmatch(r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})", text)
    iso = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[ T]00:00:00)?", text)
    if dutch is None and iso is None:
        shown = text[:40] or "empty"
        raise RowError(f"{column} is `{shown}`, expected a date such as 26-07-2021 or 2021-07-26")
    parts = dutch.groups()[::-1] if dutch else iso.groups() if iso else ()
    try:
        on = date(*map(int, parts))
    except ValueError as error:
        raise RowError(f"{column} is `{text}`, a day that does not exist ({error})") from error
    return likely_day(on, text, column)


def local_time(text: str, column: str) -> datetime:
    """Return a moment written as a day, with or without a time of it: Dutch local time; without one the end of that day.

    Raises:
        RowError: it is neither, or no day that exists.
    """
    on, _, clock = text.replace("T", " ").partition(" ")
    if clock and not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?", clock):
        raise RowError(f"{column} is `{text[:40]}`, expected a moment such as 2021-07-26 10:00:00")
    return local_moment(day(on, column), time.fromisoformat(clock) if clock else time(23, 59))


def serial_day(text: str, column: str) -> date:
    """Return a date that is written as above, or as a spreadsheet's serial day such as `43160`."""
    if re.fullmatch(r"[0-9]{5}(?:\.0+)?", text):
        return likely_day(_SPREADSHEET_EPOCH + timedelta(days=int(float(text))), text, column)
    return day(text, column)


def likely_day(on: date, text: str, column: str) -> date:
    """Return a day on which there can be a figure; raises `RowError` outside 2000...2099."""
    if on.year not in _YEARS:
        raise RowError(
            f"{column} is `{text[:40]}`, a day outside {_YEARS[0]}...{_YEARS[-1]}; look for a slip in the year"
        )
    return on


def weeks(text: str, column: str) -> float:
    """Return a number of weeks, with a decimal comma or point.

    Raises:
        RowError: it is no number of weeks, or more than ten years.
    """
    if not re.fullmatch(r"[0-9]{1,3}(?:[.,][0-9]{1,20})?", text):
        raise RowError(f"{column} is `{text[:40]}`, expected a number of weeks, `-` or `stop`")
    number = float(text.replace(",", "."))
    if number * 7 > 3650:
        raise RowError(f"{column} is {text} weeks, more than ten years")
    return number
