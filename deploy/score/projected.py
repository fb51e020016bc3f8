"""What is projected on each day of a series, from the days up to it only; and what two simpler ways would have said."""

from collections.abc import Mapping
from statistics import fmean

from agents.domain.projection.course import Band, Course
from deploy.score.series import Series

LINE_DAYS = 14


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
    days = [one for one in range(day - LINE_DAYS + 1, day + 1) if one in beds]
    middle, mean = fmean(days), fmean(beds[one] for one in days)
    spread = sum((one - middle) ** 2 for one in days)
    slope = sum((one - middle) * (beds[one] - mean) for one in days) / spread if spread else 0.0
    return beds[day] + ahead * slope
