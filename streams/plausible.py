"""Counts that nobody in the Netherlands can have: refused, so that one slip of the keyboard alerts nobody.

Two levels, because sources name locations as they like: what one location or a whole network can have (region R01...R11),
and what the country can have (region NL). The limits stand far above what was ever seen, so that the worst day passes; a figure
within them that is wrong all the same is for its source to correct. Each report type declares its own. [assumption, owner ketenwacht-redactie, 2026-11-22]
"""

from collections.abc import Iterator
from typing import Any

from streams.regions import NL
from streams.reports import Report
from streams.reports.declaration import EVERY, Limits


def impossible_count(report: Report) -> str | None:
    """Return where a report has a count that cannot be, with its limit and what to do; None where all can be."""
    country = report.region == NL
    for path, row, limits in _rows(report):
        for field, most in limits.items():
            value = getattr(row, field)
            if value is not None and value > most[country]:
                whose = "the whole country" if country else "a location or network"
                return f"`{path}{field}` is {value}, above {most[country]}, more than {whose} can have; correct the field"
    return None


def _rows(report: Report) -> Iterator[tuple[str, Any, Limits]]:
    """Yield the path, row and limits of everything that is counted."""
    declared = report.declared
    if not declared.limits:
        return
    every = declared.limits.get(EVERY)
    if not declared.rows:
        yield "", report, every or {}
        return
    for index, row in enumerate(getattr(report, declared.rows)):
        yield f"{declared.rows}[{index}].", row, every or declared.limits[row.unit]
