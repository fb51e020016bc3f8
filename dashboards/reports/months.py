"""Months such as `2021-11`, in Dutch time."""

from datetime import date

from streams.calendar import date_of, day_number, day_start, local_day


def month_of(at: int) -> str:
    """Return the month in which second `at` lies."""
    return date_of(local_day(at)).isoformat()[:7]


def month_end(month: str) -> int:
    """Return the last second of a month.

    Raises:
        ValueError: it is no month.
    """
    try:
        # Nothing that is watched lies outside this century; a slip in the year must not give an empty answer.
        begin = date.fromisoformat(f"{month[:4]}-{month[5:]}-01" if month[:2] + month[4:5] == "20-" else "")
        return day_start(day_number(date(begin.year + begin.month // 12, begin.month % 12 + 1, 1))) - 1
    except (ValueError, OverflowError) as error:
        raise ValueError(f"`{month}` is no month; write it as 2021-11") from error


def months_before(month: str, count: int) -> list[str]:
    """Return the months before one, oldest first."""
    number = int(month[:4]) * 12 + int(month[5:]) - 1
    return [f"{each // 12:04}-{each % 12 + 1:02}" for each in range(number - count, number)]
