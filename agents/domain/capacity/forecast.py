"""`care.forecast` becomes state: the forecasts of the last days. The newest one counts, whole.

A row is about an absolute date: its `day` after the local day on which the forecast was issued. So day 3 of today's
forecast is day 2 tomorrow, and what was expected for today is what the newest forecast of an earlier day said.
Every region should have one that covers the coming seven days (supplement of 18-11-2021, under (1)).
"""

from collections.abc import Iterator
from typing import get_args

import msgspec

from agents.domain.statements.outcome import Outcome
from alerts.norms import Norms
from streams.calendar import local_day
from streams.reports import ForecastReport
from streams.reports.occupancy import Unit
from streams.status import Indicator

HORIZON_DAYS = 7
"""A forecast reaches this far; one that was issued longer ago says nothing about today, and is late."""

Issue = tuple[int, int, int, tuple[tuple[str, int, int, int], ...], float]
"""Observed second, revision, received second, rows, completeness.

A row is a unit, a local day, COVID beds and planned beds (-1 is unknown).
"""


class ForecastState(msgspec.Struct):
    """The newest forecast of each local day on which one was issued."""

    issues: dict[int, Issue] = {}


def fold(state: ForecastState, report: ForecastReport, observed: int, received: int, today: int) -> Outcome:
    """Take a report into the state; `late` if it covers no day from today on."""
    issued = local_day(observed)
    if issued < today - HORIZON_DAYS:
        return "late"
    rows = sorted(
        (row.unit, issued + row.day, row.covid_beds, -1 if row.planned_beds is None else row.planned_beds)
        for row in report.rows
    )
    new = (observed, report.revision, received, tuple(rows), report.completeness)
    held = state.issues.get(issued)
    if held is not None and held >= new:
        return "duplicate"
    state.issues[issued] = new
    return "applied"


def advance(state: ForecastState, today: int) -> None:
    """Forget forecasts that cover no day from today on, but for the newest: its age goes on."""
    newest = max(state.issues, default=0)
    for issued in [issued for issued in state.issues if issued < today - HORIZON_DAYS and issued != newest]:
        del state.issues[issued]


def moves(state: ForecastState, since: int, until: int) -> bool:
    """Return whether the age of the newest forecast, in whole hours, differs between two ticks."""
    if not state.issues:
        return False
    newest = state.issues[max(state.issues)][0]
    return (since - newest) // 3600 != (until - newest) // 3600


def drifting(state: ForecastState, at: int) -> Iterator[Indicator]:
    """Yield what time alone changes within a day: the age of the newest forecast, in whole hours."""
    if state.issues:
        observed = state.issues[max(state.issues)][0]
        yield Indicator("forecast_age_hours", {}, max(0, (at - observed) // 3600), observed)


def indicators(state: ForecastState, at: int, _norms: Norms, _region: str) -> Iterator[Indicator]:
    """Yield what is expected from second `at` on; days count from the local day after `at`."""
    if not state.issues:
        return
    today = local_day(at)
    issued = max(state.issues)
    newest = state.issues[issued]
    observed, share = newest[0], newest[4]
    yield from drifting(state, at)
    before = max((day for day in state.issues if today - HORIZON_DAYS <= day < today), default=None)
    earlier = None if before is None else state.issues[before]
    for unit in sorted(get_args(Unit)):
        expected = {day: (covid, planned) for of, day, covid, planned in newest[3] if of == unit}
        # Counted from its issue: one of yesterday morning covers seven days until this morning's comes.
        ahead = next((day for day in range(HORIZON_DAYS) if issued + day + 1 not in expected), HORIZON_DAYS)
        for day in range(1, HORIZON_DAYS + 1):
            if (told := expected.get(today + day)) is None:
                continue
            labels = {"day": str(day), "unit": unit}
            yield Indicator("forecast_beds", labels, told[0], observed, share)
            if told[1] >= 0:
                yield Indicator("forecast_planned_beds", labels, told[1], observed, share)
        yield Indicator("forecast_days_ahead", {"unit": unit}, ahead, observed, share)
        if earlier is None:
            continue
        for of, day, covid, _ in earlier[3]:
            if of == unit and day == today:
                yield Indicator("forecast_expected_today", {"unit": unit}, covid, earlier[0], earlier[4])
