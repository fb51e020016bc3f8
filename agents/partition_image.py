"""The state of a fold partition as pieces: one for the partition, one a region, and one a location.

A report touches one location, so a snapshot costs what was reported since the last one, not what is known.
"""

import zlib
from collections.abc import Container, Iterator
from typing import Any, cast, get_args

import msgspec

from agents.domain.counts import Counts, Loss
from agents.domain.partition import PartitionState
from agents.domain.plausible.pasts import Pasts
from agents.domain.region import FOLDINGS, RegionState, note_heard
from agents.domain.speakers.registered import see_totals
from agents.domain.speakers.speakers import Speakers
from agents.domain.statements.feeds import FeedsState
from agents.domain.statements.parts import Located
from agents.domain.statements.revisions import ByDay
from streams.registry.lines import Line
from streams.registry.registry import registry_of
from streams.status import Indicator

_PARTITION = "partition"
_REGISTRY = "registry"
_PLACE, _REVISED, _PASTS = "place", "revised", "pasts"
_TOUCHED = "touched"
"""Who reported since the last tick: at a barrier nobody, so no snapshot holds it."""
_encode = msgspec.msgpack.encode
_decode = msgspec.msgpack.decode


class _Whole(msgspec.Struct, array_like=True):
    topic: str
    partition: int
    members: tuple[str, ...]
    last_tick: int
    counts: Counts
    skipped: list[int] = []
    losses: list[Loss] = []
    finalized: int = 0


class _Region(msgspec.Struct, array_like=True):
    body: bytes | None
    feeds: FeedsState
    said: dict[str, Indicator]
    day: int
    changed: bool


class _Registered(msgspec.Struct, array_like=True):
    """Who may say what, and who was refused because nobody registered it."""

    lines: list[Line] | None
    unknown: dict[str, int]
    coming: tuple[int, list[Line]] = (0, [])


class PartitionImage:
    """Remembers what was put away of a partition, so that only what changed is put away again."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def changed(self, state: PartitionState) -> dict[str, bytes | None]:
        """Return the pieces that are other than at the last call, None for those that are gone."""
        pieces: dict[str, bytes | None] = {}
        registered = list(_registered(state, always=_REGISTRY in self._seen))
        for name, piece in [(_PARTITION, _encode(_whole(state))), *registered, *_regions(state, self._seen)]:
            seen = zlib.crc32(piece)
            if self._seen.get(name) != seen:
                self._seen[name] = seen
                pieces[name] = piece
        for region, held in state.regions.items():
            pieces.update(self._touched(region, held.body))
            pieces.update(self._reported(region, held.body))
        return pieces

    def _reported(self, region: str, body: Any) -> dict[str, bytes | None]:
        name, reported = f"{_TOUCHED}/{region}", _since_tick(body)
        if not reported:
            return {} if self._seen.pop(name, None) is None else {name: None}
        self._seen[name] = len(reported)
        return {name: _encode(reported)}

    def _touched(self, region: str, body: Any) -> Iterator[tuple[str, bytes | None]]:
        if _PLACES[type(body)] is None:
            return
        changed = body.parts.unsaved | body.parts.touched
        body.parts.unsaved = set()
        for location in sorted(changed):
            held = body.places.get(location)
            yield f"{_PLACE}/{region}/{location}", None if held is None else _encode(held)
            for kind, own in ((_REVISED, body.revised), (_PASTS, body.pasts)):
                name, more = f"{kind}/{region}/{location}", own.get(location)
                if more is not None:
                    self._seen[name] = 1
                    yield name, _encode(more)
                elif self._seen.pop(name, None) is not None:
                    yield name, None

    def restore(self, pieces: dict[str, bytes]) -> PartitionState:
        """Return the state that was put away in these pieces."""
        partition = _decode(pieces[_PARTITION], type=_Whole)
        body = FOLDINGS[partition.topic].state
        regions: dict[str, RegionState] = {}
        for name in partition.members:
            piece = pieces.get(f"region/{name}")
            if piece is not None:
                image = _decode(piece, type=_Region)
                held = body() if image.body is None else _decode(image.body, type=body)
                spoken = pieces.get(f"speakers/{name}")
                speakers = Speakers() if spoken is None else _decode(spoken, type=Speakers)
                regions[name] = RegionState(held, image.feeds, image.said, image.day, image.changed, speakers)
        place = _PLACES[body]
        for name, piece in pieces.items():
            kind, _, rest = name.partition("/")
            region, _, location = rest.partition("/")
            if kind == _PLACE:
                cast("Located[Any, Any]", regions[region].body).places[location] = _decode(piece, type=place)
            elif kind == _REVISED:
                revised = _decode(piece, type=ByDay)
                cast("Located[Any, Any]", regions[region].body).revised[location] = revised
                self._seen[name] = 1
            elif kind == _PASTS:
                pasts = _decode(piece, type=Pasts)
                cast("Located[Any, Any]", regions[region].body).pasts[location] = pasts
                self._seen[name] = 1
            elif kind == _TOUCHED:
                reported = _decode(piece)
                cast("Located[Any, Any]", regions[rest].body).parts.touched.update(reported)
                self._seen[name] = len(reported)
            else:
                self._seen[name] = zlib.crc32(piece)
        told = _decode(pieces[_REGISTRY], type=_Registered) if _REGISTRY in pieces else _Registered(None, {})
        registry = None if told.lines is None else registry_of(told.lines)
        for one in regions.values():
            if isinstance(one.body, Located):
                one.body.see_revised()
            see_totals(registry, one.speakers)
        return PartitionState(
            partition.topic,
            partition.partition,
            partition.members,
            regions,
            partition.last_tick,
            partition.counts,
            registry,
            told.unknown,
            told.coming,
            partition.skipped,
            partition.losses,
            partition.finalized,
        )


def whole(state: PartitionState) -> dict[str, bytes]:
    """Return every piece of a partition as it stands; what was put away of it stays as it is noted."""
    pieces = {_PARTITION: _encode(_whole(state)), **dict(_registered(state)), **dict(_regions(state))}
    for name, region in state.regions.items():
        if _PLACES[type(region.body)] is not None:
            body = cast("Located[Any, Any]", region.body)
            for kind, own in ((_PLACE, body.places), (_REVISED, body.revised), (_PASTS, body.pasts)):
                pieces |= {f"{kind}/{name}/{location}": _encode(held) for location, held in own.items()}
            if reported := _since_tick(region.body):
                pieces[f"{_TOUCHED}/{name}"] = _encode(reported)
    return pieces


def _since_tick(body: Any) -> list[str]:
    """Return who reported since the last tick, in order; nobody where locations are not held apart."""
    return sorted(body.parts.touched) if _PLACES[type(body)] is not None else []


def _whole(state: PartitionState) -> _Whole:
    return _Whole(
        state.topic,
        state.partition,
        state.members,
        state.last_tick,
        state.counts,
        state.skipped,
        state.losses,
        state.finalized,
    )


def _registered(state: PartitionState, *, always: bool = False) -> Iterator[tuple[str, bytes]]:
    if always or state.registry is not None or state.unknown or state.coming[0]:
        lines = None if state.registry is None else list(state.registry.lines)
        yield _REGISTRY, _encode(_Registered(lines, state.unknown, state.coming))


def _regions(state: PartitionState, seen: Container[str] = ()) -> Iterator[tuple[str, bytes]]:
    by_place = _PLACES[FOLDINGS[state.topic].state] is not None
    for name, region in state.regions.items():
        note_heard(region)
        body = None if by_place else _encode(region.body)
        image = _Region(body, region.feeds, region.said, region.day, region.changed)
        yield f"region/{name}", _encode(image)
        if region.speakers.by_location or f"speakers/{name}" in seen:
            yield f"speakers/{name}", _encode(region.speakers)


def _place_type(body: type[msgspec.Struct]) -> Any:
    for field in msgspec.structs.fields(body):
        if field.name == "places":
            return get_args(field.type)[1]
    return None


_PLACES = {folding.state: _place_type(folding.state) for folding in FOLDINGS.values()}
"""What each fold holds of one location; None for a fold that is not held by location."""
