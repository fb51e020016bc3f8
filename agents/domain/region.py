"""One region as one topic tells it: what is held of it, how each topic is folded, and what is said at a tick.

Reports change the state; `status` says at a tick which indicators are other than they were said to be at the
tick before. What was said is part of the state, so a replay from a snapshot says the same again.
"""

from collections.abc import Container, Iterator, Mapping
from functools import partial
from typing import cast

import msgspec

from agents.domain.beds.occupancy import Occupancy
from agents.domain.capacity.follow_up import FollowUp
from agents.domain.capacity.forecast import Forecast
from agents.domain.capacity.operating_rooms import OperatingRooms
from agents.domain.parties.coordination import Coordination
from agents.domain.speakers.doubles import held_back, look_for_doubles
from agents.domain.speakers.figures import doubt_figures
from agents.domain.speakers.missed import look_for_missed
from agents.domain.speakers.registered import aside, ended
from agents.domain.speakers.speakers import Speakers, Spoken
from agents.domain.speakers.totals import beside_totals, look_for_totals
from agents.domain.statements import feeds
from agents.domain.statements.folding import Folding, ReportT_contra, StateT_contra
from agents.domain.statements.parts import Located
from agents.domain.statements.stale import named, stale_figures
from agents.domain.waits.waiting_times import WaitingTimes
from agents.domain.weekly.absence import Absence
from agents.domain.weekly.production import Production
from agents.domain.weekly.referrals import Referrals
from agents.domain.weekly.workstock import Workstock
from alerts.norms import Norms
from streams.calendar import local_day
from streams.entry_room import split
from streams.indicators import SUSPECTS, indicator_key
from streams.registry.registry import Registry
from streams.reports import Report
from streams.silent import Silent
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


def status(
    topic: str,
    region: str,
    state: RegionState,
    since: int,
    at: int,
    norms: Norms,
    registry: Registry | None = None,
) -> list[Indicator]:
    """Return the indicators that changed since the tick at `since`; one that is gone has the value null.

    More than an entry holds come at the next ticks.
    """
    folding = FOLDINGS[topic]
    today = local_day(at)
    new_day = today != state.day
    missed_others = look_for_missed(state.speakers, at, norms)
    if not (new_day or state.changed or missed_others):
        if not folding.moves(state.body, since, at):
            return []
        drifting = folding.drifting(state.body, at)
        if drifting is not None:
            return _drifted(state, drifting)
    note_heard(state)
    heard = frozenset(state.body.parts.touched if isinstance(state.body, Located) else ())
    if new_day:
        folding.advance(state.body, today, norms)
        feeds.advance(state.feeds, today)
        for source in state.spoken.keys() - state.feeds.received.keys() - state.feeds.others.keys():
            del state.spoken[source]
    state.day, state.changed = today, False
    now = {
        indicator_key(found.name, found.labels): found
        for found in _counted_once(folding, topic, region, state, heard, at, norms, registry, new_day=new_day)
    }
    said = state.said
    changes = [found for key, found in now.items() if (held := said.get(key)) is not found and held != found]
    gone = [
        msgspec.structs.replace(held, value=None, silence=None, range=None, evidence=None)
        for key, held in said.items()
        if key not in now
    ]
    fits, waits = split(changes + gone)
    state.said = now
    if waits:
        _say_later(state, said, waits)
    return fits


def _say_later(state: RegionState, said: dict[str, Indicator], waits: list[Indicator]) -> None:
    """Leave what was said as it was for those that wait; the next tick looks again."""
    for indicator in waits:
        key = indicator_key(indicator.name, indicator.labels)
        if key in said:
            state.said[key] = said[key]
        else:
            del state.said[key]
    state.changed = True


def _counted_once(
    folding: AnyFolding,
    topic: str,
    region: str,
    state: RegionState,
    heard: frozenset[str],
    at: int,
    norms: Norms,
    registry: Registry | None,
    *,
    new_day: bool,
) -> Iterator[Indicator]:
    """Yield every figure, without those who are held back."""
    body = state.body
    if not isinstance(body, Located):
        yield from _figures(folding, topic, region, state, at, norms)
        return
    speakers = state.speakers
    speakers.hear(heard, at)
    if new_day and (forgotten := speakers.by_location.keys() - body.places.keys()):
        speakers.forget(forgotten)
        for source in state.spoken.values():
            source.locations -= forgotten
        heard = heard - forgotten  # what they said was too old to be held
    body.told = speakers.told
    look_for_missed(speakers, at, norms)
    body.parts.miss(speakers.missed)
    gone = folding.gone(body, at, norms)
    likeness = partial(folding.likeness, body)
    look_for_doubles(speakers, heard, at, likeness, gone, registry)
    look_for_totals(speakers, heard, at, partial(folding.measure, body), held_back(speakers, gone))

    def without_others() -> bool:
        names = held_back(speakers, folding.gone(body, at, norms)) | beside_totals(speakers)
        if registry is not None:
            names |= aside(registry, speakers, region, local_day(at))
            if folding.flows:
                body.parts.ended = ended(registry, speakers, region, local_day(at))
        elif folding.flows:
            body.parts.ended = {}
        return body.parts.hold_back(names - body.parts.ended.keys())

    without_others()
    figures = list(_figures(folding, topic, region, state, at, norms))
    if speakers.doubles and without_others():
        # Who fell silent is known only now: those who follow count from this tick on.
        figures = list(_figures(folding, topic, region, state, at, norms))
    yield from figures
    yield from doubt_figures(speakers, topic, registry)


def _figures(
    folding: AnyFolding, topic: str, region: str, state: RegionState, at: int, norms: Norms
) -> Iterator[Indicator]:
    yield from folding.indicators(state.body, at, norms, region)
    yield from feeds.indicators(state.feeds, topic, at)
    yield from stale_figures(topic, folding.stale(state.body, at, norms))
    suspects = [Silent(str(figure), since, figure=figure) for figure, since in folding.suspects(state.body)]
    if suspects:
        yield named(SUSPECTS, topic, suspects, len(suspects))


def _drifted(state: RegionState, figures: Iterator[Indicator]) -> list[Indicator]:
    changes = []
    for found in figures:
        key = indicator_key(found.name, found.labels)
        if state.said.get(key) != found:
            changes.append(found)
    fits, waits = split(changes)
    state.said.update((indicator_key(found.name, found.labels), found) for found in fits)
    state.changed = state.changed or bool(waits)
    return fits
