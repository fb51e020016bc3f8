"""`care.waiting-times` becomes state: the newest row of each treatment and access kind, by location.

A row stands until its peildatum is 45 days old. What the rows say against the Treeknormen is in `waits`.
"""

from collections.abc import Iterator

import msgspec

from agents.domain.outcome import Outcome
from agents.domain.parts import Parts
from agents.domain.waits import GroupKey, Row, Waits, add_up, wait_figures, waits_of
from alerts.norms import Norms
from streams.calendar import day_number, local_day
from streams.indicators import ALL
from streams.reports import WaitingTimesReport
from streams.status import Indicator

Rows = dict[tuple[str, str, str], Row]
"""Newest row of one location by specialism, treatment and access kind."""

STANDS_DAYS = 45
"""A wait stands for now until its peildatum is this old: three two-weekly supplies."""


class WaitingTimesState(msgspec.Struct, dict=True):
    """Newest rows by location."""

    places: dict[str, Rows] = {}

    def __post_init__(self) -> None:
        """Begin without parts: they follow from the state."""
        self.parts: Parts[dict[GroupKey, Waits]] = Parts()
        self.by_group: dict[GroupKey, dict[str, Waits]] = {}
        self.sums: dict[GroupKey, Waits] = {}


def fold(
    state: WaitingTimesState, report: WaitingTimesReport, _observed: int, received: int, today: int
) -> Outcome:
    """Take a report into the state; `late` if its peildatum is too old to stand for now."""
    peil = day_number(report.peildatum)
    if today and peil < today - STANDS_DAYS:
        return "late"
    location, revision, completeness = report.location, report.revision, report.completeness
    rows = state.places.get(location)
    if rows is None:
        rows = state.places[location] = {}
    changed = False
    for row in report.rows:
        key = (row.specialism, row.treatment, row.access)
        days = row.days
        new = (peil, revision, received, row.status, -1.0 if days is None else days, completeness)
        held = rows.get(key)
        if held is None or new > held:
            rows[key] = new
            changed = True
    if changed:
        state.parts.touched.add(location)
        return "applied"
    return "duplicate"


def advance(state: WaitingTimesState, today: int) -> None:
    """Forget rows that no longer stand."""
    first = today - STANDS_DAYS
    for location, rows in list(state.places.items()):
        aged = [key for key, row in rows.items() if row[0] < first]
        for key in aged:
            del rows[key]
        if aged:
            state.parts.touched.add(location)
        if not rows:
            del state.places[location]


def indicators(state: WaitingTimesState, at: int, norms: Norms, region: str) -> Iterator[Indicator]:
    """Yield every waiting-time indicator as known at second `at`."""
    _renew_sums(state, local_day(at))
    treeknorms = norms.treeknorms(region, at)
    sums = dict(state.sums)
    by_access: dict[str, list[Waits]] = {}
    for (access, _), waits in state.sums.items():
        by_access.setdefault(access, []).append(waits)
    sums.update(((access, ALL), add_up(each)) for access, each in by_access.items())
    for (access, specialism), waits in sorted(sums.items()):
        labels = {"access": access, "specialism": specialism}
        yield from wait_figures(labels, waits, treeknorms.get(access))


def _renew_sums(state: WaitingTimesState, today: int) -> None:
    """Add up the groups again in which something changed, and no other."""
    changed: set[GroupKey] = set()
    for location, before, now in state.parts.renew(state.places, today, _part):
        for key in before or ():
            changed.add(key)
            del state.by_group[key][location]
        for key, waits in (now or {}).items():
            changed.add(key)
            state.by_group.setdefault(key, {})[location] = waits
    for key in changed:
        parts = state.by_group[key]
        if parts:
            state.sums[key] = add_up(parts.values())
        else:
            del state.by_group[key]
            state.sums.pop(key, None)


def _part(rows: Rows, today: int) -> dict[GroupKey, Waits]:
    groups: dict[GroupKey, list[Row]] = {}
    for (specialism, _, access), row in rows.items():
        if row[0] >= today - STANDS_DAYS:
            groups.setdefault((access, specialism), []).append(row)
    return {key: waits_of(own) for key, own in groups.items()}
