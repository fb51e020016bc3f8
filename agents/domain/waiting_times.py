"""Waits against the Treeknormen: how many, how many over the maximum and within the target.

The newest row of each (location, specialism, treatment, access kind) stands until it is 45 days old. Kinds
of access are never added or averaged. A wait of exactly the norm is within it.
"""

from collections import defaultdict
from collections.abc import Iterator
from statistics import median

import msgspec

from alerts.norms import Norms, Treeknorm
from streams.calendar import day_number, local_day, seconds
from streams.indicators import ALL
from streams.reports import WaitingTimesReport
from streams.status import Indicator

Key = tuple[str, str, str, str]
Row = tuple[int, int, int, str, float, float]
"""Peildatum (day), revision, received second, status, days (-1 without), completeness."""

STANDS_DAYS = 45
"""A wait stands for now until its peildatum is this old: three two-weekly supplies."""


class WaitingTimesState(msgspec.Struct):
    """Newest row by (location, specialism, treatment, access)."""

    rows: dict[Key, Row] = {}


def is_late(report: WaitingTimesReport, today: int) -> bool:
    """Return whether the peildatum is too old to stand for now."""
    return day_number(report.peildatum) < today - STANDS_DAYS


def fold(state: WaitingTimesState, report: WaitingTimesReport) -> bool:
    """Take a report into the state; return whether it changed anything."""
    peil, received = day_number(report.peildatum), seconds(report.received_at)
    changed = False
    for row in report.rows:
        key = (report.location, row.specialism, row.treatment, row.access)
        days = -1.0 if row.days is None else row.days
        new: Row = (peil, report.revision, received, row.status, days, report.completeness)
        held = state.rows.get(key)
        if held is None or new > held:
            state.rows[key] = new
            changed = True
    return changed


def advance(state: WaitingTimesState, today: int) -> None:
    """Forget rows that no longer stand."""
    first = today - STANDS_DAYS
    for key in [key for key, row in state.rows.items() if row[0] < first]:
        del state.rows[key]


def indicators(state: WaitingTimesState, at: int, norms: Norms, region: str) -> Iterator[Indicator]:
    """Yield every waiting-time indicator as known at second `at`."""
    today = local_day(at)
    treeknorms = norms.treeknorms(region, at)
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for (_, specialism, _, access), row in state.rows.items():
        if row[0] >= today - STANDS_DAYS:
            groups[access, specialism].append(row)
            groups[access, ALL].append(row)
    for (access, specialism), rows in sorted(groups.items()):
        labels = {"access": access, "specialism": specialism}
        yield from _group(labels, rows, treeknorms.get(access))


def _group(labels: dict[str, str], rows: list[Row], norm: Treeknorm | None) -> Iterator[Indicator]:
    days = [row[4] for row in rows if row[3] == "known"]
    observed = max(row[0] for row in rows) * 86_400
    # Rows that a source left empty say that it is incomplete; too few to publish is complete.
    answered = sum(row[5] for row in rows if row[3] != "unknown")
    share = round(answered / len(rows), 4)
    count = len(days)

    def indicator(name: str, value: float | None) -> Indicator:
        return Indicator(name, labels, value, observed, share, count)

    yield indicator("waits", count)
    yield indicator("waits_closed", sum(row[3] == "closed" for row in rows))
    yield indicator("wait_days_median", round(float(median(days)), 2) if days else None)
    yield indicator("wait_days_max", max(days) if days else None)
    if norm is not None:
        over = sum(value > norm.max_days for value in days)
        yield indicator("waits_over_treeknorm", over)
        yield indicator("waits_over_treeknorm_ratio", round(over / count, 6) if count else None)
        if norm.target_days is not None:
            within = sum(value <= norm.target_days for value in days)
            yield indicator("waits_within_target", within)
            yield indicator("waits_within_target_ratio", round(within / count, 6) if count else None)
