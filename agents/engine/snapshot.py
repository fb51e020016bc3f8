"""Snapshots: the state of one partition of one stage, with the offset up to which it was folded.

A snapshot is msgpack, deflated. It is complete by itself: state plus the log from `next_offset` on gives the
state at any later offset, so an older snapshot costs time, never truth. A format that this program does not
know is refused rather than guessed at; the stage is then computed again from the log.
"""

import zlib
from typing import Any, TypeVar

import msgspec

from agents.domain.feeds import FeedsState
from agents.domain.partition import Counts, PartitionState
from agents.domain.region import FOLDINGS, RegionState
from streams.status import Indicator

FORMAT = 1
_S = TypeVar("_S")


class Snapshot(msgspec.Struct, frozen=True, array_like=True):
    """What stands in the changelog.

    Attributes:
        format: version of this layout.
        next_offset: first offset of the source partition that is not in the state.
        state: msgpack of the stage's state.
    """

    format: int
    next_offset: int
    state: bytes


class _RegionImage(msgspec.Struct, array_like=True):
    body: bytes
    feeds: FeedsState
    said: dict[str, Indicator]
    day: int
    changed: bool


class _PartitionImage(msgspec.Struct, array_like=True):
    topic: str
    partition: int
    members: tuple[str, ...]
    regions: dict[str, _RegionImage]
    last_tick: int
    counts: Counts


def pack(next_offset: int, state: bytes) -> bytes:
    """Return the bytes of a snapshot."""
    return zlib.compress(msgspec.msgpack.encode(Snapshot(FORMAT, next_offset, state)), 1)


def unpack(data: bytes) -> Snapshot | None:
    """Return a snapshot, or None if its format is not this program's."""
    snapshot = msgspec.msgpack.decode(zlib.decompress(data), type=Snapshot)
    return snapshot if snapshot.format == FORMAT else None


def encode_state(state: Any) -> bytes:
    """Return a typed state as msgpack."""
    return msgspec.msgpack.encode(state)


def decode_state(data: bytes, kind: type[_S]) -> _S:
    """Return a typed state from msgpack."""
    return msgspec.msgpack.decode(data, type=kind)


def encode_partition(state: PartitionState) -> bytes:
    """Return the state of a fold partition as msgpack."""
    regions = {
        name: _RegionImage(
            msgspec.msgpack.encode(region.body), region.feeds, region.said, region.day, region.changed
        )
        for name, region in state.regions.items()
    }
    return msgspec.msgpack.encode(
        _PartitionImage(state.topic, state.partition, state.members, regions, state.last_tick, state.counts)
    )


def decode_partition(data: bytes) -> PartitionState:
    """Return the state of a fold partition from msgpack."""
    image = msgspec.msgpack.decode(data, type=_PartitionImage)
    body = FOLDINGS[image.topic].state
    regions = {
        name: RegionState(
            msgspec.msgpack.decode(region.body, type=body),
            region.feeds,
            region.said,
            region.day,
            region.changed,
        )
        for name, region in image.regions.items()
    }
    return PartitionState(image.topic, image.partition, image.members, regions, image.last_tick, image.counts)
