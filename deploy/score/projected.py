"""What is projected on each day of a series, from the days up to it only; and what three simpler ways would have said."""

from collections.abc import Mapping
from statistics import fmean

from agents.domain.projection.course import Band, Course
from deploy.score.series import Series

LINE_DAYS = 14
DAMPED_DAYS = 7
DAMPED = 0.7
"""Of the slope of a damped line, what is left a day later."""

SAME_WEEKDAYS = 3
_WEEK = 7


def projections(series: Series) -> dict[int, dict[str, Band]]:
    """Return what is projected on each day, by part: `covid`, `other` and `all`."""
    course = Course()
    found: dict[int, dict[str, Band]] = {}
    for day in sorted(series.covid):
        course.put(day, series.covid[day], series.other.get(day))
        bands = course.project()
        if bands:
            found[day] = bands
    return found


def persistence(beds: Mapping[int, int], day: int, _ahead: int) -> float:
    """Return the beds of today."""
    return beds[day]


def line(beds: Mapping[int, int], day: int, ahead: int) -> float:
    """Return the beds of today and the slope of a straight line through the last 14 days, drawn on."""
    return beds[day] + ahead * _slope(beds, day, LINE_DAYS)


def damped(series: Series, part: str, day: int, ahead: int) -> float:
    """Return the sum of a damped line and a mean of weekdays, or the one of them that is about the part.

    COVID patients go on as the line through the last 7 days, each day with 0.7 of the slope of the day before; others are as
    many as on the last three days of the weekday that comes.
    """
    covid, other = 0.0, 0.0
    if part != "other":
        slopes = sum(DAMPED**one for one in range(1, ahead + 1))
        covid = series.covid[day] + slopes * _slope(series.covid, day, DAMPED_DAYS)
    if part != "covid":
        before = range(day + ahead - _WEEK, day + ahead - _WEEK * (SAME_WEEKDAYS + 1), -_WEEK)
        same = [series.other[one] for one in before if one in series.other]
        other = fmean(same) if same else series.other[day]
    return covid + other


def _slope(beds: Mapping[int, int], day: int, count: int) -> float:
    """Return the slope of the line of least squares through the last days, in beds a day."""
    days = [one for one in range(day - count + 1, day + 1) if one in beds]
    middle, mean = fmean(days), fmean(beds[one] for one in days)
    spread = sum((one - middle) ** 2 for one in days)
    return sum((one - middle) * (beds[one] - mean) for one in days) / spread if spread else 0.0
