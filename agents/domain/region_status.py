"""What one region as one topic tells it says at a tick: every figure, of which those are said that changed.

Nobody is counted twice: names that may be others are held back before a figure is made.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple, cast

import msgspec

from agents.domain.region import FOLDINGS, AnyFolding, RegionState, note_heard
from agents.domain.speakers.doubles import held_back, look_for_doubles
from agents.domain.speakers.figures import doubt_figures
from agents.domain.speakers.missed import look_for_missed
from agents.domain.speakers.registered import aside, ended
from agents.domain.speakers.totals import beside_totals, look_for_totals
from agents.domain.speakers.unheard import absent, among_expected, named_absents
from agents.domain.statements import feeds
from agents.domain.statements.parts import Located
from agents.domain.statements.stale import named, stale_figures
from alerts.norms import Norms
from streams.calendar import local_day
from streams.entry_room import split
from streams.indicators import SUSPECTS, UNHEARD, indicator_key
from streams.registry.registry import Registry
from streams.silent import Silent
from streams.status import Indicator


class _Look(NamedTuple):
    """A look at a region at a tick.

    Attributes:
        folding: how its topic is folded.
        topic: report topic.
        region: its id.
        state: what is held of it.
        at: the tick, second.
        norms: what it is judged by.
        registry: who may say what; None where everybody may.
    """

    folding: AnyFolding
    topic: str
    region: str
    state: RegionState
    at: int
    norms: Norms
    registry: Registry | None


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
    look = _Look(folding, topic, region, state, at, norms, registry)
    now = {
        indicator_key(found.name, found.labels): found
        for found in _counted_once(look, heard, new_day=new_day)
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


def _counted_once(look: _Look, heard: frozenset[str], *, new_day: bool) -> Iterator[Indicator]:
    """Yield every figure, without those who are held back."""
    folding, topic, region, state, at, norms, registry = look
    body = state.body
    if not isinstance(body, Located):
        yield from _figures(look)
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
    body.parts.miss(frozenset(speakers.missed))
    gone = frozenset(speakers.gone)
    likeness, measure = partial(folding.likeness, body), partial(folding.measure, body)
    look_for_doubles(speakers, heard, at, likeness, gone, registry)

    def without_others(heard: frozenset[str], gone: frozenset[str]) -> bool:
        look_for_totals(speakers, heard, at, measure, gone | held_back(speakers, gone))
        names = held_back(speakers, gone) | beside_totals(speakers)
        if registry is not None:
            names |= aside(registry, speakers, region, local_day(at), gone)
            if folding.flows:
                body.parts.ended = ended(registry, speakers, region, local_day(at), gone)
        elif folding.flows:
            body.parts.ended = {}
        return body.parts.hold_back(names - body.parts.ended.keys())

    without_others(heard, gone)
    figures = list(_figures(look))
    now_gone = frozenset(folding.gone(body, at, norms))
    if now_gone != gone and without_others(frozenset(), now_gone):
        # Who fell silent is known only now: those who follow count from this tick on.
        figures = list(_figures(look))
    speakers.gone = sorted(folding.gone(body, at, norms))
    yield from figures
    yield from doubt_figures(speakers, topic, registry)


def _figures(look: _Look) -> Iterator[Indicator]:
    folding, topic, region, state, at, norms, registry = look
    figures = folding.indicators(state.body, at, norms, region)
    if registry is not None and registry.expecting(topic) and isinstance(state.body, Located):
        yield from _among_expected(list(figures), look, registry)
    else:
        yield from figures
    yield from feeds.indicators(state.feeds, topic, at)
    yield from stale_figures(topic, folding.stale(state.body, at, norms))
    suspects = [Silent(str(figure), since, figure=figure) for figure, since in folding.suspects(state.body)]
    if suspects:
        yield named(SUSPECTS, topic, suspects, len(suspects))


def _among_expected(figures: list[Indicator], look: _Look, registry: Registry) -> Iterator[Indicator]:
    """Yield figures among all who are expected, and who of those was never heard."""
    folding, topic, region, state, at, norms, _ = look
    body = cast("Located[Any, Any]", state.body)
    stale = folding.stale(body, at, norms)

    def tells(name: str, unit: str) -> bool:
        if name not in body.parts.by_location:
            return False
        last = stale.get(name)
        is_expired = last is not None and last.expired and not last.partly
        return not is_expired and unit in folding.units_told(body, name)

    absents = absent(registry, state.speakers, topic, region, local_day(at), tells, folding.units)
    for found in figures:
        yield among_expected(found, absents, len(body.parts.by_location))
    unheard = [Silent(name, since) for name, since in named_absents(absents, body.places, stale)]
    if unheard:
        yield named(UNHEARD, topic, unheard, len(unheard))


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
