"""`care.forecast` becomes state: the forecasts of the last days. The newest one counts, whole.

A row is about an absolute date: its `day` after the local day on which the forecast was issued. So day 3 of today's
forecast is day 2 tomorrow, and what was expected for today is what the newest forecast of an earlier day said.
Every region should have one that covers the coming seven days (supplement of 18-11-2021, under (1)).
"""

from collections.abc import Iterator
from typing import NamedTuple, get_args

import msgspec
from typing_extensions import override

from agents.domain.statements.folding import Folding
from agents.domain.statements.outcome import Outcome
from alerts.norms import Norms
from streams.calendar import local_day
from streams.reports import ForecastReport
from streams.reports.forecast import HORIZON_DAYS
from streams.reports.occupancy import Unit
from streams.status import Indicator


class Row(NamedTuple):
    """Beds expected in one unit on a local day; planned beds of -1 are unknown."""

    unit: str
    day: int
    covid_beds: int
    planned_beds: int


class Issue(NamedTuple):
    """One forecast."""

    observed: int
    revision: int
    received: int
    rows: tuple[Row, ...]
    completeness: float


class ForecastState(msgspec.Struct):
    """The newest forecast of each local day on which one was issued."""

    issues: dict[int, Issue] = {}


class Forecast(Folding[ForecastState, ForecastReport]):
    """The fold of `care.forecast`."""

    state = ForecastState

    @override
    def fold(
        self,
        state: ForecastState,
        report: ForecastReport,
        observed: int,
        received: int,
        today: int,
        norms: Norms,
    ) -> Outcome:
        """Take a report into the state; `late` if it covers no day from today on."""
        issued = local_day(observed)
        if issued < today - HORIZON_DAYS:
            return "late"
        rows = sorted(
            Row(
                row.unit,
                issued + row.day,
                row.covid_beds,
                -1 if row.planned_beds is None else row.planned_beds,
            )
            for row in report.rows
        )
        new = Issue(observed, report.revision, received, tuple(rows), report.completeness)
        held = state.issues.get(issued)
        if held is not None and held >= new:
            return "duplicate"
        state.issues[issued] = new
        return "applied"

    @override
    def advance(self, state: ForecastState, today: int, norms: Norms) -> None:
        """Forget forecasts that cover no day from today on, but for the newest: its age goes on."""
        newest = max(state.issues, default=0)
        first = today - HORIZON_DAYS
        for issued in [issued for issued in state.issues if issued < first and issued != newest]:
            del state.issues[issued]

    @override
    def moves(self, state: ForecastState, since: int, until: int) -> bool:
        """Return whether the age of the newest forecast, in whole hours, differs between two ticks."""
        if not state.issues:
            return False
        newest = state.issues[max(state.issues)].observed
        return (since - newest) // 3600 != (until - newest) // 3600

    @override
    def drifting(self, state: ForecastState, at: int) -> Iterator[Indicator]:
        """Yield what time alone changes within a day: the age of the newest forecast, in whole hours."""
        if state.issues:
            observed = state.issues[max(state.issues)].observed
            yield Indicator("forecast_age_hours", {}, max(0, (at - observed) // 3600), observed)

    @override
    def indicators(
        self,
        state: ForecastState,
        at: int,
        norms: Norms,
        region: str,
    ) -> Iterator[Indicator]:
        """Yield what is expected from second `at` on; days count from the local day after `at`."""
        if not state.issues:
            return
        today = local_day(at)
        issued = max(state.issues)
        newest = state.issues[issued]
        yield from self.drifting(state, at)
        before = max((day for day in state.issues if today - HORIZON_DAYS <= day < today), default=None)
        earlier = None if before is None else state.issues[before]
        for unit in sorted(get_args(Unit)):
            yield from _expected(newest, issued, unit, today)
            if earlier is None:
                continue
            for row in earlier.rows:
                if row.unit == unit and row.day == today:
                    yield _figure("forecast_expected_today", {"unit": unit}, row.covid_beds, earlier)


def _expected(issue: Issue, issued: int, unit: str, today: int) -> Iterator[Indicator]:
    expected = {row.day: row for row in issue.rows if row.unit == unit}
    for day in range(1, HORIZON_DAYS + 1):
        row = expected.get(today + day)
        if row is not None:
            labels = {"day": str(day), "unit": unit}
            yield _figure("forecast_beds", labels, row.covid_beds, issue)
            if row.planned_beds >= 0:
                yield _figure("forecast_planned_beds", labels, row.planned_beds, issue)
    # Counted from its issue: one of yesterday morning covers seven days until this morning's comes.
    ahead = next((day for day in range(HORIZON_DAYS) if issued + day + 1 not in expected), HORIZON_DAYS)
    yield _figure("forecast_days_ahead", {"unit": unit}, ahead, issue)


def _figure(name: str, labels: dict[str, str], value: int, issue: Issue) -> Indicator:
    return Indicator(name, labels, value, issue.observed, issue.completeness)
