"""Cells as public files write them: counts, days, weeks. Missing stays missing."""

import re
from datetime import date, timedelta

from streams.feeds.feed import RowError

MISSING = frozenset({"", "NA", "N/A", "NULL", "null"})
"""Texts that say: not known."""

_SPREADSHEET_EPOCH = date(1899, 12, 30)
_COUNT_MAX = 1_000_000


def count(text: str, column: str) -> int | None:
    """Return a whole number of people or beds, or None when it is missing.

    Raises:
        RowError: it is no whole number, negative, or above a million.
    """
    if text in MISSING:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise RowError(f"{column} is `{text[:40]}`, expected a whole number of 0 or more")
    number = int(text)
    if number > _COUNT_MAX:
        raise RowError(f"{column} is {number}, above {_COUNT_MAX}")
    return number


def day(text: str, column: str) -> date:
    """Return a date written as `26-07-2021`, `29-2-2020` or `2021-07-26`.

    Raises:
        RowError: it is none of these, or no day that exists.
    """
    dutch = re.fullmatch(r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})", text)
    iso = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[ T]00:00:00)?", text)
    try:
        if dutch:
            return date(int(dutch[3]), int(dutch[2]), int(dutch[1]))
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
    except ValueError as error:
        raise RowError(f"{column} is `{text}`, a day that does not exist ({error})") from error
    shown = text[:40] or "empty"
    raise RowError(f"{column} is `{shown}`, expected a date such as 26-07-2021 or 2021-07-26")


def serial_day(text: str, column: str) -> date:
    """Return a date that is written as above, or as a spreadsheet's serial day such as `43160`."""
    if re.fullmatch(r"[0-9]{5}(?:\.0+)?", text):
        return _SPREADSHEET_EPOCH + timedelta(days=int(float(text)))
    return day(text, column)


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
