"""Registry lines take effect in a partition: at their place in its log, and in its state from then on.

A registry comes as one record or several; it holds once the last of them came, all at once. What was held under a name that
is an alias by now is held under the name of its location from then on.
"""

from typing import Any

import msgspec

from agents.domain.partition import PartitionState, region_of
from agents.domain.region import RegionState, note_heard, say_again
from agents.domain.skips import confirm_skip
from agents.domain.speakers.registered import reconsider
from agents.domain.statements.parts import Located
from agents.domain.suspects import confirm_suspect
from streams.codec import RefusedError
from streams.control import AnyControl, RegistryLines, Skip, SuspectConfirm, TickerReset, UpgradeFinalize
from streams.moments import comes_after, moment_of
from streams.registry.registry import Registry, registry_of


def hold(state: PartitionState, registry: Registry | None) -> None:
    """Let a registry be in force in a partition from here on; None: nobody is registered."""
    state.registry = registry
    if registry is not None:
        _look_for_expected(state, registry)
    for region in state.regions.values():
        note_heard(region)
        if registry is not None:
            _call_by_name(region, registry)
            for source in [one for one in region.feeds.received if one in registry.ended]:
                _retire(region, source)
            for unknown in (region.feeds.others, region.feeds.once):
                for source in unknown.keys() & registry.sources.keys():
                    del unknown[source]
        reconsider(registry, region.speakers)
        region.spoken.clear()
        region.changed = True
    if registry is None:
        state.unknown.clear()
    else:
        for source in [one for one in state.unknown if one in registry.sources]:
            del state.unknown[source]


def _look_for_expected(state: PartitionState, registry: Registry) -> None:
    """Look at every region where anybody is expected, also where nobody was ever heard."""
    expected = {network for one in registry.expecting(state.topic) for network in registry.networks_of(one)}
    for name in state.members:
        if name in expected:
            region_of(state, name)


def apply_control(state: PartitionState, control: AnyControl) -> None:
    """Let a control record take effect.

    Raises:
        RefusedError: it is a part of a registry, and the parts before it are not there; or a skip of what was handled; or it
            confirms what is not held.
    """
    if isinstance(control, RegistryLines):
        take_lines(state, control)
    elif isinstance(control, Skip):
        confirm_skip(state, control)
    elif isinstance(control, SuspectConfirm):
        confirm_suspect(state, control)
    elif isinstance(control, UpgradeFinalize):
        state.finalized = max(state.finalized, control.format)
    else:
        reset(state, control)


def reset(state: PartitionState, control: TickerReset) -> None:
    """Let the time begin again, unless that lies before the last tick."""
    moment = moment_of(control.after, control.at)
    if not comes_after(moment, state.last_tick):
        return
    state.last_tick = moment
    for region in state.regions.values():
        region.day = 0  # what follows from the time is other: look at all of it again
        say_again(region)  # who reads the entries may have passed over those of the wrong time


def take_lines(state: PartitionState, control: RegistryLines) -> None:
    """Take one part of a registry; the last of them puts it in force.

    Raises:
        RefusedError: the parts before it are not there.
    """
    last, lines = state.coming
    if control.part == 1:
        last, lines = 0, []
    if control.part != last + 1 or not 1 <= control.part <= control.parts:
        raise RefusedError(
            "not-a-control",
            f"part {control.part} of {control.parts} of a registry follows part {last}; write it whole again",
        )
    lines = [*lines, *control.lines]
    if control.part < control.parts:
        state.coming = control.part, lines
        return
    state.coming = 0, []
    hold(state, None if control.open else registry_of(lines))


def _retire(region: RegionState, source: str) -> None:
    """Forget that a source was heard: it is expected no more, so its series and alerts go."""
    region.feeds.received.pop(source, None)
    region.feeds.old.pop(source, None)
    region.feeds.once.pop(source, None)


def _call_by_name(region: RegionState, registry: Registry) -> None:
    """Hold every location under the name that its registry gives it."""
    body, speakers = region.body, region.speakers
    if not isinstance(body, Located):
        return
    places = body.places
    for name in list(places):
        location = registry.named(name)
        if location is None or (called := registry.name_of(location.id)) == name:
            continue
        places[called] = _together(places.pop(name), places.get(called))
        if (revised := body.revised.pop(name, None)) is not None:
            body.revised[called] = _together(revised, body.revised.get(called))
            body.see_revised()
        if (pasts := body.pasts.pop(name, None)) is not None:
            body.pasts.setdefault(called, pasts)
        body.parts.touched |= {name, called}
        speaker, other = speakers.by_location.pop(name, None), speakers.by_location.get(called)
        if other is None and speaker is not None:
            speakers.by_location[called] = speaker
        elif other is not None and speaker is not None:
            other.sources += [source for source in speaker.sources if source not in other.sources]
            other.first, other.last = min(other.first, speaker.first), max(other.last, speaker.last)
            other.times, other.gap = max(other.times, speaker.times), max(other.gap, speaker.gap)
        speakers.newcomers.pop(name, None)
        speakers.totals.pop(name, None)
        both = {name, called}
        speakers.doubles = [one for one in speakers.doubles if both.isdisjoint((*one.olds, *one.news))]


def _together(one: Any, other: Any) -> Any:
    """Return what is held under two names of a location: of the same day or week, what stands under its own name."""
    if other is None:
        return one
    if isinstance(one, dict) and isinstance(other, dict):
        return {
            key: _together(one.get(key), other.get(key))
            if key in one and key in other
            else one.get(key, other.get(key))
            for key in one | other
        }
    if isinstance(one, msgspec.Struct) and not one.__struct_config__.frozen:
        for field in one.__struct_fields__:
            own, its = getattr(one, field), getattr(other, field)
            setattr(other, field, _together(own, its) if isinstance(its, dict) else its)
    return other


def unknown_senders(state: PartitionState) -> set[str]:
    """Return who nobody registered: refused, or where there is no registry not watched for silence."""
    return set(state.unknown).union(*(region.feeds.others for region in state.regions.values()))
