"""What the parties decide: the LNAZ phase in force, and what else was recorded."""

from collections.abc import Iterator

import msgspec

from agents.domain.outcome import Outcome
from alerts.norms import Norms
from streams.calendar import local_day, seconds
from streams.reports import CoordinationReport, PhaseChange
from streams.status import Indicator

PHASES = ("1", "2A", "2B", "2C", "2D", "3")
KEPT_DAYS = 800
"""What was said longer ago than this is late, and forgotten; agreements run for at most two years."""

Change = tuple[int, int, str]
"""Revision, received second, phase."""


class CoordinationState(msgspec.Struct):
    """Phase changes by effective second, and the revision of every other event by report id."""

    phases: dict[int, Change] = {}
    events: dict[str, tuple[int, int]] = {}


def fold(
    state: CoordinationState, report: CoordinationReport, observed: int, received: int, today: int
) -> Outcome:
    """Take a report into the state; `late` if it is too old to matter."""
    if local_day(observed) < today - KEPT_DAYS:
        return "late"
    event = report.event
    if isinstance(event, PhaseChange):
        effective = seconds(event.effective_at)
        change = (report.revision, received, event.phase)
        held = state.phases.get(effective)
        if held is not None and held >= change:
            return "duplicate"
        state.phases[effective] = change
        return "applied"
    told = (report.revision, observed)
    known = state.events.get(report.id)
    if known is not None and known >= told:
        return "duplicate"
    state.events[report.id] = told
    return "applied"


def advance(state: CoordinationState, today: int) -> None:
    """Forget events that are too old; the phase in force stays, however old."""
    first = today - KEPT_DAYS
    for name in [name for name, told in state.events.items() if local_day(told[1]) < first]:
        del state.events[name]


def moves(state: CoordinationState, since: int, until: int) -> bool:
    """Return whether a phase came into force between two ticks."""
    return any(since < effective <= until for effective in state.phases)


def indicators(state: CoordinationState, at: int, _norms: Norms, _region: str) -> Iterator[Indicator]:
    """Yield the phase in force at second `at`, as its rank from 1 (regular) to 6 (phase 3)."""
    effective = max((moment for moment in state.phases if moment <= at), default=None)
    if effective is not None:
        yield Indicator("phase", {}, PHASES.index(state.phases[effective][2]) + 1, effective)
