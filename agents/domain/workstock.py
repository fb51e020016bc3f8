"""`care.workstock` becomes state: the werkvoorraad of each location, week by week.

A report states a location's whole stock of a week: the newest one replaces, and a class that it does not name holds
nobody. What the weeks say is in `stock`.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import msgspec

from agents.domain.outcome import Outcome
from agents.domain.parts import Parts
from agents.domain.stock import LocationStock, Rows, Weeks, stock_of
from agents.domain.stock_figures import stock_figures
from alerts.norms import Norms
from streams.calendar import day_number, local_day
from streams.reports import WorkstockReport
from streams.status import Indicator

KEPT_DAYS = 62
"""Weeks that began up to this many days ago are held: four before the oldest that stands, and a fortnight to correct."""

MISSED_DAYS = 371
"""The newest week of a location is held this long: no longer can it be missed (parameter `workstock-missed`)."""


class WorkstockState(msgspec.Struct, dict=True):
    """Weeks by location."""

    places: dict[str, Weeks] = {}

    def __post_init__(self) -> None:
        """Begin without parts: they follow from the state."""
        self.parts: Parts[LocationStock | None] = Parts()


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
    """Forget weeks that are too old, but for the newest of each location."""
    for location, weeks in list(state.places.items()):
        newest = max(weeks)
        first = today - KEPT_DAYS
        kept = {
            monday: week
            for monday, week in weeks.items()
            if monday >= first or (monday == newest and monday >= today - MISSED_DAYS)
        }
        if len(kept) == len(weeks):
            continue
        state.parts.touched.add(location)
        if kept:
            state.places[location] = kept
        else:
            del state.places[location]


def indicators(state: WorkstockState, at: int, norms: Norms, _region: str) -> Iterator[Indicator]:
    """Yield every werkvoorraad indicator as known at second `at`."""
    today = local_day(at)
    state.parts.renew(state.places, today, partial(stock_of, stands=norms.parameter("workstock-stands")))
    first = today - norms.parameter("workstock-missed")
    parts = state.parts.by_location.items()
    return stock_figures(
        [part for name, part in parts if part is not None or max(state.places[name]) >= first]
    )
