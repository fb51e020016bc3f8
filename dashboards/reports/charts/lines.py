"""Lines over time: differ in dash as well as in colour, and each is named where it ends."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from dashboards.reports.charts.axis import Scale, day_marks, join, picture, shown, steps

Point = tuple[int, float]
"""A moment in seconds and a value."""

_WIDTH, _HEIGHT = 360, 176
_LEFT, _RIGHT, _TOP, _BOTTOM = 42, 98, 10, 22
_APART = 22
"""Room that a name and its figure take at the end of a line."""


@dataclass(frozen=True)
class Line:
    """One line: its name, its points in order of time, and its class (`own`, `second`, `third`)."""

    name: str
    points: Sequence[Point]
    style: str = "own"


def line_chart(
    title: str, lines: Sequence[Line], *, percent: bool = False, limit: tuple[str, float] | None = None
) -> Markup:
    """Return a chart of lines over time, with a limit as a dashed line; empty where there is too little to draw."""
    drawn = [line for line in lines if len(line.points) > 1]
    if not drawn:
        return Markup("")
    times = [at for line in drawn for at, _ in line.points]
    values = [value for line in drawn for _, value in line.points] + ([limit[1]] if limit else [])
    first, last = min(times), max(times)
    marks = steps(min(values), max(values))

    def x(at: float) -> float:
        return _LEFT + (at - first) / max(last - first, 1) * (_WIDTH - _LEFT - _RIGHT)

    def y(value: float) -> float:
        return _TOP + (marks[-1] - value) / (marks[-1] - marks[0]) * (_HEIGHT - _TOP - _BOTTOM)

    ends = [(line.name, line.style, line.points[-1][1]) for line in drawn]
    parts = [_grid(marks, y, percent=percent), day_marks(first, last, x, _TOP, _HEIGHT - _BOTTOM)]
    if limit is not None:
        ends.append((limit[0], "limit", limit[1]))
        parts.append(
            Markup('<line class="limit" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>').format(
                _LEFT, _WIDTH - _RIGHT, y(limit[1]), y(limit[1])
            )
        )
    for line in reversed(drawn):  # the first lies on top
        path = " ".join(f"{x(at):.1f},{y(value):.1f}" for at, value in line.points)
        parts.append(Markup('<polyline class="line {}" points="{}"/>').format(line.style, path))
    parts.append(
        _names([(name, style, shown(value, percent=percent), y(value)) for name, style, value in ends])
    )
    said = "; ".join(f"{name}: {shown(value, percent=percent)}" for name, _, value in ends)
    return picture(_WIDTH, _HEIGHT, f"{title}. Laatste stand: {said}", parts, "chart")


def sparkline(points: Sequence[Point]) -> Markup:
    """Return a small line without axes; empty where there is too little to draw."""
    if len(points) < 2:
        return Markup("")
    values = [value for _, value in points]
    low, scale = min(values), max(values) - min(values)
    first, length = points[0][0], max(points[-1][0] - points[0][0], 1)
    placed = [
        (3 + (at - first) / length * 90, 20 - (value - low) / scale * 16 if scale else 12.0)
        for at, value in points
    ]
    path = " ".join(f"{left:.1f},{top:.1f}" for left, top in placed)
    return Markup(
        '<svg class="spark" viewBox="0 0 98 24" aria-hidden="true"><polyline class="line own" points="{}"/>'
        '<circle class="dot" cx="{:.1f}" cy="{:.1f}" r="2.6"/></svg>'
    ).format(path, *placed[-1])


def _grid(marks: Sequence[float], y: Scale, *, percent: bool) -> Markup:
    return join(
        Markup(
            '<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>'
            '<text class="axis" x="{}" y="{:.1f}" text-anchor="end">{}</text>'
        ).format(
            _LEFT, _WIDTH - _RIGHT, y(mark), y(mark), _LEFT - 5, y(mark) + 3, shown(mark, percent=percent)
        )
        for mark in marks
    )


def _names(ends: Sequence[tuple[str, str, str, float]]) -> Markup:
    """Return the names behind the ends of the lines, pushed apart where lines end near each other."""
    placed: list[tuple[str, str, str, float]] = []
    for name, style, value, top in sorted(ends, key=lambda end: end[3]):
        above = placed[-1][3] + _APART if placed else _TOP + 2
        placed.append((name, style, value, max(top, above)))
    over = max(placed[-1][3] - (_HEIGHT - _BOTTOM - 10), 0.0)  # above the days on the axis
    return join(
        Markup(
            '<text class="end {1}" x="{4}" y="{3:.1f}"><tspan class="figure">{2}</tspan>'
            '<tspan x="{4}" dy="10">{0}</tspan></text>'
        ).format(name, style, value, top - over, _WIDTH - _RIGHT + 6)
        for name, style, value, top in placed
    )
