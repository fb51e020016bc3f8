"""Horizontal bars, each with the limit that holds for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from dashboards.reports.charts.axis import picture

_WIDTH, _ROW, _NAMES, _ROOM = 720, 19, 270, 170


@dataclass(frozen=True)
class Bar:
    """One bar: its name, value, the text behind it, and its limit."""

    name: str
    value: float
    shown: str
    limit: float | None = None


def bar_chart(title: str, bars: Sequence[Bar], limit_name: str) -> Markup:
    """Return a bar for each value; one beyond its limit is told apart by colour and by a mark behind its figure."""
    if not bars:
        return Markup("")
    longest = max([bar.value for bar in bars] + [bar.limit or 0 for bar in bars] + [1])
    scale = (_WIDTH - _NAMES - _ROOM) / longest
    parts = []
    for number, bar in enumerate(bars):
        top = 4 + number * _ROW
        beyond = bar.limit is not None and bar.value > bar.limit
        style, long = ("beyond" if beyond else "own"), max(bar.value * scale, 1.5)
        behind = _NAMES + max(long, (bar.limit or 0) * scale) + 6
        parts.append(
            Markup(
                '<text class="name" x="{0}" y="{1}" text-anchor="end">{2}</text>'
                '<rect class="bar {3}" x="{4}" y="{5}" width="{6:.1f}" height="12"/>'
                '<text class="figure {3}" x="{7:.1f}" y="{1}">{8}</text>'
            ).format(
                _NAMES - 7, top + 11, bar.name, style, _NAMES, top + 1, long, behind,
                f"{bar.shown} \u25b2" if beyond else bar.shown,
            )
        )  # fmt: skip
        if bar.limit is not None:
            parts.append(_mark(_NAMES + bar.limit * scale, top - 2, top + 16))
    height = 4 + len(bars) * _ROW
    if any(bar.limit is not None for bar in bars):
        height += 20
        parts += [
            _mark(_NAMES + 2, height - 15, height - 4),
            Markup('<text class="axis" x="{}" y="{}">{}</text>').format(_NAMES + 9, height - 5, limit_name),
        ]
    said = "; ".join(f"{bar.name}: {bar.shown}" for bar in bars)
    return picture(_WIDTH, height, f"{title}. {said}", parts, "bars")


def _mark(left: float, top: float, bottom: float) -> Markup:
    return Markup('<line class="mark" x1="{0:.1f}" x2="{0:.1f}" y1="{1}" y2="{2}"/>').format(
        left, top, bottom
    )
