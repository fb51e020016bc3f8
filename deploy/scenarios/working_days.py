"""Working days of the years that scenarios and tests play: a list of their own, apart from the judge's calendar.

Public holidays by date (rijksoverheid.nl, "Officiële feestdagen"): where the judge reckons Easter wrong, it misses reports
that are not due, or takes a holiday for an ordinary day.
"""

from collections.abc import Iterable, Mapping
from datetime import date

_HOLIDAYS: Mapping[int, tuple[str, ...]] = {
    2020: ("01-01", "04-12", "04-13", "04-27", "05-05", "05-21", "05-31", "06-01", "12-25", "12-26"),
    2021: ("01-01", "04-04", "04-05", "04-27", "05-13", "05-23", "05-24", "12-25", "12-26"),
    2022: ("01-01", "04-17", "04-18", "04-27", "05-26", "06-05", "06-06", "12-25", "12-26"),
    2023: ("01-01", "04-09", "04-10", "04-27", "05-18", "05-28", "05-29", "12-25", "12-26"),
    2024: ("01-01", "03-31", "04-01", "04-27", "05-09", "05-19", "05-20", "12-25", "12-26"),
    2025: ("01-01", "04-20", "04-21", "04-26", "05-05", "05-29", "06-08", "06-09", "12-25", "12-26"),
}
"""Month and day by year."""


def working_days(on: Iterable[date]) -> list[date]:
    """Return those days that are neither in a weekend nor a public holiday.

    Raises:
        KeyError: a day lies in a year whose holidays are not listed.
    """
    return [day for day in on if f"{day:%m-%d}" not in _HOLIDAYS[day.year] and day.weekday() < 5]
