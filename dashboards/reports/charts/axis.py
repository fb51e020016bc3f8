"""What charts share: round steps on an axis of values, days on an axis of time, and the frame."""

from collections.abc import Callable, Iterable, Sequence

from markupsafe import Markup

from dashboards.reports.words import count, short_date
from streams.calendar import date_of, day_start, local_day

Scale = Callable[[float], float]
"""From a value or a second to a place in the picture."""

_ROUND = (1, 2, 2.5, 5, 10)
_DAYS = (1, 2, 7, 14, 28, 56, 91, 182, 364)
_MONDAY = 4
_DAYS_SHOWN = 6


def steps(low: float, high: float) -> list[float]:
    """Return round values for an axis, from at or below `low` to at or above `high`; from 0 where that is near."""
    if 0 <= low < high * 0.6:
        low = 0.0
    if low == high == 0:
        return [0.0, 1.0]
    rough = max(high - low, abs(high) * 0.1, 1e-6) / 3
    power = 1.0
    while power > rough:
        power /= 10
    while power * 10 <= rough:
        power *= 10
    size = next(power * each for each in _ROUND if power * each >= rough * 0.999)
    number = int(low / size // 1)
    found = [number * size]
    while found[-1] < high - 1e-9 or len(found) < 2:
        number += 1
        found.append(number * size)
    return found


def shown(value: float, *, percent: bool) -> str:
    """Return a value as the axis and the ends of lines show it."""
    return f"{count(100 * value)}\u00a0%" if percent else count(value)


def day_marks(first: int, last: int, x: Scale, top: float, bottom: float) -> Markup:
    """Return thin upright lines with dates, Mondays where there is room for weeks only."""
    begin, end = local_day(first), local_day(last)
    size = next((each for each in _DAYS if (end - begin) / each <= _DAYS_SHOWN), _DAYS[-1])
    days = [day for day in range(begin + 1, end + 1) if (day - _MONDAY) % size == 0]
    return join(
        Markup(
            '<line class="grid" x1="{0:.1f}" x2="{0:.1f}" y1="{1:.1f}" y2="{2:.1f}"/>'
            '<text class="axis" x="{0:.1f}" y="{3:.1f}" text-anchor="middle">{4}</text>'
        ).format(x(day_start(day)), top, bottom, bottom + 13, short_date(date_of(day)))
        for day in days
    )


def join(parts: Iterable[Markup]) -> Markup:
    """Return pieces of a picture behind each other."""
    return Markup("").join(parts)


def picture(width: int, height: int, title: str, parts: Sequence[Markup], style: str) -> Markup:
    """Return the frame of a chart; `title` is what those hear who do not see it."""
    return Markup('<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        style, width, height, title, join(parts)
    )
