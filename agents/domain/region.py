"""One region as one topic tells it: the one entrance to the folds, `fold(state, report)`.

Reports change the state; `status` says at a tick which indicators are other than they were said to be at the
tick before. What was said is part of the state, so a replay from a snapshot says the same again.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from agents.domain.beds import occupancy
from agents.domain.capacity import follow_up, forecast, operating_rooms
from agents.domain.parties import coordination
from agents.domain.statements import feeds
from agents.domain.statements.outcome import Outcome
from agents.domain.statements.parts import Parts
from agents.domain.statements.silent import Last, silent_figures
from agents.domain.waits import waiting_times
from agents.domain.weekly import absence, production, referrals, workstock
from alerts.norms import Norms
from streams.calendar import local_day
from streams.indicators import indicator_key
from streams.status import Indicator
from streams.topics import (
    ABSENCE,
    COORDINATION,
    FOLLOW_UP,
    FORECAST,
    OCCUPANCY,
    OPERATING_ROOMS,
    PRODUCTION,
    REFERRALS,
    WAITING_TIMES,
    WORKSTOCK,
)


@dataclass(frozen=True, slots=True)
class Folding:
    """The functions of one topic's fold.

    Attributes:
        state: the type of its state.
        fold: takes a report with its observed and received second into the state; the last argument is the
            local day of the last tick (0 before the first), which says what is late.
        advance: forgets what is too old on a new day.
        indicators: what the state says at a tick.
        moves: whether that is other at a tick than at the one before, without a report or a new day.
        drifting: the indicators that can be other then, if the fold can name them: the rest stay as said.
        old_seconds: a report that comes later than this after its event is old on arrival.
        silent: the locations that are silent at a tick, with when they told last; asked after `indicators`.
    """

    state: type[msgspec.Struct]
    fold: Callable[[Any, Any, int, int, int], Outcome]
    advance: Callable[[Any, int], None]
    indicators: Callable[[Any, int, Norms, str], Iterator[Indicator]]
    moves: Callable[[Any, int, int], bool]
    drifting: Callable[[Any, int], Iterator[Indicator]] | None
    old_seconds: int
    silent: Callable[[Any, int, Norms], Mapping[str, Last]]


def _stands_still(_state: msgspec.Struct, _since: int, _until: int) -> bool:
    return False


def _silent_parts(state: Any, _at: int, _norms: Norms) -> Mapping[str, Last]:
    """Return who is silent where each location shows it by itself; nobody where locations are not told apart."""
    parts: Parts[Any] | None = getattr(state, "parts", None)
    return {} if parts is None else parts.silent


def _folding(topic: str, module: Any, state: type[msgspec.Struct]) -> Folding:
    moves = getattr(module, "moves", _stands_still)
    drifting = getattr(module, "drifting", None)
    silent = getattr(module, "silent", _silent_parts)
    return Folding(
        state,
        module.fold,
        module.advance,
        module.indicators,
        moves,
        drifting,
        feeds.old_seconds(topic),
        silent,
    )


FOLDINGS: dict[str, Folding] = {
    OCCUPANCY: _folding(OCCUPANCY, occupancy, occupancy.OccupancyState),
    WAITING_TIMES: _folding(WAITING_TIMES, waiting_times, waiting_times.WaitingTimesState),
    REFERRALS: _folding(REFERRALS, referrals, referrals.ReferralsState),
    FOLLOW_UP: _folding(FOLLOW_UP, follow_up, follow_up.FollowUpState),
    OPERATING_ROOMS: _folding(OPERATING_ROOMS, operating_rooms, operating_rooms.OperatingRoomsState),
    WORKSTOCK: _folding(WORKSTOCK, workstock, workstock.WorkstockState),
    PRODUCTION: _folding(PRODUCTION, production, production.ProductionState),
    ABSENCE: _folding(ABSENCE, absence, absence.AbsenceState),
    FORECAST: _folding(FORECAST, forecast, forecast.ForecastState),
    COORDINATION: _folding(COORDINATION, coordination, coordination.CoordinationState),
}
"""How each report topic is folded."""


class RegionState(msgspec.Struct):
    """State of one region of one topic.

    Attributes:
        body: state of the topic's fold.
        feeds: what is known of the sources.
        said: the indicators as last said, by key.
        day: local day of the last tick, 0 before the first.
        changed: whether a report changed anything since the last tick.
    """

    body: Any
    feeds: feeds.FeedsState
    said: dict[str, Indicator] = {}
    day: int = 0
    changed: bool = False


def empty_region(topic: str) -> RegionState:
    """Return the state of a region that nothing is known of."""
    return RegionState(FOLDINGS[topic].state(), feeds.FeedsState())


def fold(folding: Folding, state: RegionState, report: Any, observed: int, received: int) -> Outcome:
    """Take a report into the state of its region.

    Args:
        folding: how its topic is folded.
        state: state of its region.
        report: an accepted report (`streams.intake`).
        observed: its `observed_at`, seconds.
        received: its `received_at`, seconds.

    Returns:
        `late` if it is about a time that is no longer held (at the last tick), `duplicate` if the same or
        something newer was known already, else `applied`.
    """
    # A source is heard whatever the age of what it says; a flood of late reports is made of late reports.
    heard = state.feeds.received
    source = report.source
    if received > heard.get(source, 0):
        heard[source] = received
    if received - observed > folding.old_seconds:
        feeds.note_old(state.feeds, report, observed, received)
    if not state.changed:  # looking costs less than writing
        state.changed = True
    return folding.fold(state.body, report, observed, received, state.day)


def status(topic: str, region: str, state: RegionState, since: int, at: int, norms: Norms) -> list[Indicator]:
    """Return the indicators that changed since the tick at `since`; one that is gone has the value null."""
    folding = FOLDINGS[topic]
    today = local_day(at)
    if today != state.day:
        folding.advance(state.body, today)
        feeds.advance(state.feeds, today)
    elif not state.changed:
        if not folding.moves(state.body, since, at):
            return []
        if folding.drifting is not None:
            return _drifted(state, folding.drifting(state.body, at))
    state.day, state.changed = today, False
    now = {
        indicator_key(found.name, found.labels): found
        for found in _figures(folding, topic, region, state, at, norms)
    }
    said = state.said
    changes = [found for key, found in now.items() if (held := said.get(key)) is not found and held != found]
    gone = [
        msgspec.structs.replace(held, value=None, silence=None)
        for key, held in said.items()
        if key not in now
    ]
    state.said = now
    return changes + gone


def _figures(
    folding: Folding, topic: str, region: str, state: RegionState, at: int, norms: Norms
) -> Iterator[Indicator]:
    yield from folding.indicators(state.body, at, norms, region)
    yield from feeds.indicators(state.feeds, topic, at)
    yield from silent_figures(topic, folding.silent(state.body, at, norms))


def _drifted(state: RegionState, figures: Iterator[Indicator]) -> list[Indicator]:
    changes = []
    for found in figures:
        key = indicator_key(found.name, found.labels)
        if state.said.get(key) != found:
            state.said[key] = found
            changes.append(found)
    return changes
