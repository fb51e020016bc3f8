"""`care.workstock` becomes state: the werkvoorraad of each location, week by week.

A report states a location's whole stock of a week: the newest one replaces, and a class that it does not name holds
nobody. What the weeks say is in `stock`.

A location that falls silent has nobody less on its list: while it is missed, figures are told with its newest week as
well (`agents.domain.figures.silence`).
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import msgspec

from agents.domain.statements.outcome import Outcome
from agents.domain.statements.parts import Parts
from agents.domain.statements.silent import Last, last_of
from agents.domain.statements.weeks import Spans, kept_weeks
from agents.domain.weekly.stock import BEHIND_DAYS, LocationStock, Rows, Weeks, stock_of
from agents.domain.weekly.stock_figures import stock_figures
from alerts.norms import Norms
from streams.calendar import day_number, local_day
from streams.reports import WorkstockReport
from streams.status import Indicator

KEPT_DAYS = 62
"""Weeks that began up to this many days ago are held: four before the oldest that stands, and a fortnight to correct."""

HELD_DAYS = 742
"""The newest week of a location, with those that it is held against, is held this long: as long as it can owe the next
one (parameter `workstock-owed`), and once more to know what it told when it was given up.
"""


class WorkstockState(msgspec.Struct, dict=True):
    """Weeks by location."""

    places: dict[str, Weeks] = {}

    def __post_init__(self) -> None:
        """Begin without parts: they follow from the state."""
        self.parts: Parts[LocationStock] = Parts()


def fold(state: WorkstockState, report: WorkstockReport, observed: int, received: int, today: int) -> Outcome:
    """Take a report into the state; `late` if the week is no longer held."""
    monday = day_number(report.week_start)
    if today and monday < today - KEPT_DAYS:
        return "late"
    new = (observed, report.revision, received, _rows(report), report.completeness)
    weeks = state.places.get(report.location)
    if weeks is None:
        weeks = state.places[report.location] = {}
    held = weeks.get(monday)
    if held is not None and held >= new:
        return "duplicate"
    weeks[monday] = new
    state.parts.touched.add(report.location)
    return "applied"


def _rows(report: WorkstockReport) -> Rows:
    rows = []
    for row in report.rows:
        overdue, postponed = _known(row.overdue), _known(row.overdue_postponed)
        rows.append(
            (
                row.specialism,
                row.urgency,
                row.ic_dependent,
                _known(row.patients),
                -1.0 if row.or_hours is None else row.or_hours,
                overdue,
                postponed,
                _known(row.reviewed),
                _known(row.over_treeknorm),
                _known(row.informed),
            )
        )
    return tuple(sorted(rows))


def _known(count: Any) -> int:
    return -1 if count is None else count


def advance(state: WorkstockState, today: int) -> None:
    """Forget weeks that are too old, but for the newest of each location and those that it is held against."""
    first = today - KEPT_DAYS
    for location, weeks in list(state.places.items()):
        if min(weeks) >= first:
            continue
        kept = kept_weeks(weeks, first, max(weeks), today - HELD_DAYS, BEHIND_DAYS)
        if len(kept) == len(weeks):
            continue
        state.parts.touched.add(location)
        if kept:
            state.places[location] = {monday: week for monday, week in weeks.items() if monday in kept}
        else:
            del state.places[location]


def indicators(state: WorkstockState, at: int, norms: Norms, _region: str) -> Iterator[Indicator]:
    """Yield every werkvoorraad indicator as known at second `at`."""
    today = local_day(at)
    stands = norms.parameter("workstock-stands")
    spans, owed = (Spans(today, stands, norms.parameter(f"workstock-{name}")) for name in ("missed", "owed"))
    state.parts.renew(state.places, today, _part, partial(_last, spans=spans))
    return stock_figures(list(state.parts.by_location.values()), spans, owed)


def _part(weeks: Weeks, _today: int) -> LocationStock:
    return stock_of(weeks)


def _last(part: LocationStock, spans: Spans) -> Last | None:
    return last_of([(spans.view_of(part.monday), part.observed)])
