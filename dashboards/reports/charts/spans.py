"""When something was so: a row of bars over time for each name."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from dashboards.reports.charts.axis import day_marks, picture

_WIDTH, _ROW, _NAMES = 720, 19, 296


@dataclass(frozen=True)
class Span:
    """From `begin` to `end` (seconds), or on until now; `style` is the severity."""

    style: str
    begin: int
    end: int | None = None


def span_chart(title: str, rows: Sequence[tuple[str, Sequence[Span]]], first: int, last: int) -> Markup:
    """Return the spans of each row between two moments; one that goes on ends in an arrow."""
    if not rows:
        return Markup("")
    scale = (_WIDTH - _NAMES - 22) / max(last - first, 1)
    height = 6 + len(rows) * _ROW + 18

    def x(at: float) -> float:
        return _NAMES + (min(max(at, first), last) - first) * scale

    parts = [day_marks(first, last, x, 2, height - 18)]
    for number, (name, spans) in enumerate(rows):
        top = 5 + number * _ROW
        parts.append(
            Markup('<text class="name" x="{}" y="{}" text-anchor="end">{}</text>').format(
                _NAMES - 8, top + 11, name
            )
        )
        for span in spans:
            begin, end = x(span.begin), x(last if span.end is None else span.end)
            parts.append(
                Markup('<rect class="span {}" x="{:.1f}" y="{}" width="{:.1f}" height="11"/>').format(
                    span.style, begin, top + 2, max(end - begin, 2.5)
                )
            )
            if span.end is None:
                arrow = Markup('<path class="span {0}" d="M{1:.1f} {2} l9 7.5 l-9 7.5 z"/>')
                parts.append(arrow.format(span.style, end, top))
    return picture(_WIDTH, height, title, parts, "spans")
