"""The state of a fold partition as pieces: one for the partition and one a region."""

import zlib

import msgspec

from agents.domain.feeds import FeedsState
from agents.domain.partition import Counts, PartitionState
from agents.domain.region import FOLDINGS, RegionState
from streams.status import Indicator

_PARTITION = "partition"
_REGION = "region/"


class _Whole(msgspec.Struct, array_like=True):
    topic: str
    partition: int
    members: tuple[str, ...]
    last_tick: int
    counts: Counts


class _Region(msgspec.Struct, array_like=True):
    body: bytes
    feeds: FeedsState
    said: dict[str, Indicator]
    day: int
    changed: bool


class PartitionImage:
    """Remembers what was put away of a partition, so that only what changed is put away again."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def changed(self, state: PartitionState) -> dict[str, bytes | None]:
        """Return the pieces that are other than at the last call."""
        pieces: dict[str, bytes | None] = {}
        for name, piece in _pieces(state):
            seen = zlib.crc32(piece)
            if self._seen.get(name) != seen:
                self._seen[name] = seen
                pieces[name] = piece
        return pieces

    def restore(self, pieces: dict[str, bytes]) -> PartitionState:
        """Return the state that was put away in these pieces."""
        self._seen = {name: zlib.crc32(piece) for name, piece in pieces.items()}
        whole = msgspec.msgpack.decode(pieces[_PARTITION], type=_Whole)
        body = FOLDINGS[whole.topic].state
        regions = {}
        for name in whole.members:
            piece = pieces.get(_REGION + name)
            if piece is not None:
                image = msgspec.msgpack.decode(piece, type=_Region)
                regions[name] = RegionState(
                    msgspec.msgpack.decode(image.body, type=body),
                    image.feeds, image.said, image.day, image.changed,
                )  # fmt: skip
        return PartitionState(
            whole.topic, whole.partition, whole.members, regions, whole.last_tick, whole.counts
        )


def _pieces(state: PartitionState) -> list[tuple[str, bytes]]:
    encode = msgspec.msgpack.encode
    whole = _Whole(state.topic, state.partition, state.members, state.last_tick, state.counts)
    regions = [
        (
            _REGION + name,
            encode(_Region(encode(region.body), region.feeds, region.said, region.day, region.changed)),
        )
        for name, region in state.regions.items()
    ]
    return [(_PARTITION, encode(whole)), *regions]
