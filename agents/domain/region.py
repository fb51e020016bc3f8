"""One region as one topic tells it: what is held of it, how each topic is folded, and what is said at a tick.

Reports change the state; `status` says at a tick which indicators are other than they were said to be at the
tick before. What was said is part of the state, so a replay from a snapshot says the same again.
"""

from collections.abc import Container, Mapping
from typing import cast

import msgspec

from agents.domain.beds.occupancy import Occupancy
from agents.domain.capacity.follow_up import FollowUp
from agents.domain.capacity.forecast import Forecast
from agents.domain.capacity.operating_rooms import OperatingRooms
from agents.domain.parties.coordination import Coordination
from agents.domain.speakers.speakers import Speakers, Spoken
from agents.domain.statements import feeds
from agents.domain.statements.folding import Folding, ReportT_contra, StateT_contra
from agents.domain.waits.waiting_times import WaitingTimes
from agents.domain.weekly.absence import Absence
from agents.domain.weekly.production import Production
from agents.domain.weekly.referrals import Referrals
from agents.domain.weekly.workstock import Workstock
from streams.reports import Report
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

AnyFolding = Folding[msgspec.Struct, Report]
"""The fold of some topic. Its own types of state and report are known in its room; the topic keeps them together."""


def _any(folding: Folding[StateT_contra, ReportT_contra]) -> AnyFolding:
    return cast("AnyFolding", folding)


FOLDINGS: Mapping[str, AnyFolding] = {
    OCCUPANCY: _any(Occupancy()),
    WAITING_TIMES: _any(WaitingTimes()),
    REFERRALS: _any(Referrals()),
    FOLLOW_UP: _any(FollowUp()),
    OPERATING_ROOMS: _any(OperatingRooms()),
    WORKSTOCK: _any(Workstock()),
    PRODUCTION: _any(Production()),
    ABSENCE: _any(Absence()),
    FORECAST: _any(Forecast()),
    COORDINATION: _any(Coordination()),
}
"""How each report topic is folded."""


class RegionState(msgspec.Struct, dict=True):
    """State of one region of one topic.

    Attributes:
        body: state of the topic's fold.
        feeds: what is known of the sources.
        said: the indicators as last said, by key.
        day: local day of the last tick, 0 before the first.
        changed: whether a report changed anything since the last tick.
        speakers: who speaks for which location.
        spoken: sources that were heard since the worker started; no part of what is stored.
    """

    body: msgspec.Struct
    feeds: feeds.FeedsState
    said: dict[str, Indicator] = {}
    day: int = 0
    changed: bool = False
    speakers: Speakers = msgspec.field(default_factory=Speakers)

    def __post_init__(self) -> None:
        """Begin with nobody who needs no look."""
        self.spoken: dict[str, Spoken] = {}


def empty_region(topic: str) -> RegionState:
    """Return the state of a region that nothing is known of."""
    return RegionState(FOLDINGS[topic].state(), feeds.FeedsState())


def note_heard(state: RegionState) -> None:
    """Take note of when each source was last heard, up to here."""
    received = state.feeds.received
    for source, spoken in state.spoken.items():
        if spoken.received > received.get(source, spoken.received):
            received[source] = spoken.received


def say_again(state: RegionState) -> None:
    """Let the next tick say every figure, also those that are as they were said: not everybody may have heard so."""
    state.changed = True
    state.said = {
        key: msgspec.structs.replace(said, observations=said.observations + 1)
        for key, said in state.said.items()
    }


def heard_of(state: RegionState, source: str, received: int, known: Container[str]) -> Spoken:
    """Return what is known of a source that is heard; one of which no note is taken is looked at each time."""
    spoken = state.spoken.get(source)
    if spoken is not None:
        return spoken
    note_heard(state)
    if source not in state.feeds.received:
        feeds.first_heard(state.feeds, source, received, state.day, known)
    watched = state.feeds.received.get(source)
    spoken = Spoken(watched or received)
    if watched is not None or source in state.feeds.others:
        state.spoken[source] = spoken
    return spoken


def watch_unknown(state: RegionState, watched: set[str]) -> None:
    """Watch sources that nobody knows, as far as they may be; `watched` are those of the partition."""
    if state.changed and state.feeds.others:
        heard = {source: spoken.received for source, spoken in state.spoken.items()}
        feeds.watch(state.feeds, heard, state.day, watched)
