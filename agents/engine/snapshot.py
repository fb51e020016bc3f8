"""Snapshots: the state of one partition of one stage in pieces, with the offset up to which it was folded.

A snapshot is a head and the pieces it counts on. Only what changed is written again, and never over what the head
before counts on: each piece has two places and the new one goes to the other (shadow paging, Lorie 1977). The head
is written last, so a worker that dies in between leaves the snapshot before whole. The head carries the number and
a checksum of its pieces: one that another, fenced-off worker wrote over is noticed and the state is computed again
from the log rather than guessed at. So is a format that this program does not know.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec
import structlog

log = structlog.get_logger()

FORMAT = 21
"""Raise it with every change of what is put away: `tests/unit/test_snapshot.py` notices most of them."""

READABLE = frozenset({15, 16, 17, 18, 19, 20, FORMAT})
"""Formats that this program takes up; 15 lacks weights of figures, where their observations are it (`Indicator.weighs`), and
up to 16 nobody took note of who speaks for which location: that begins with the first tick after it was taken up; up to 17 no
record could be skipped, statements do not say who made them, and revisions withdrew nothing; up to 18
waits have no weight, steps of the ladder count as taken when they were due, and no figure waited for the phase; up to 19
nothing is known of what a series did before the days that are held, no figure says who is behind it, and a breach that ended
began anew; up to 20 no name was watched that is new beside others."""

_DAMAGED = (msgspec.MsgspecError, zlib.error, ValueError, RecursionError)
_UNPACKED_BYTES_MAX = 1 << 28
_SMALL = 512
_S = TypeVar("_S")


class Head(msgspec.Struct, frozen=True, array_like=True):
    """What makes pieces a snapshot.

    Attributes:
        format: version of this layout.
        next_offset: first offset of the source partition that is not in the state.
        count: number of pieces.
        checksum: sum of their checksums, modulo 2**32.
    """

    format: int
    next_offset: int
    count: int
    checksum: int


class _Piece(msgspec.Struct, frozen=True, array_like=True):
    next_offset: int
    packed: bool
    body: bytes | None


@dataclass
class _Place:
    """Where a piece of the last snapshot stands."""

    slot: int
    checksum: int
    gone: bool


@dataclass
class SnapshotStore:
    """The snapshots of one partition, between the stage's pieces and the records of a changelog.

    Attributes:
        partition: the partition; part of every key, since a table holds all of them.
        next_offset: first offset that the last snapshot does not hold; None without one.
    """

    partition: int
    next_offset: int | None = None
    _places: dict[str, _Place] = field(default_factory=dict)
    _strays: set[bytes] = field(default_factory=set)

    def load(self, records: Mapping[bytes, bytes]) -> dict[str, bytes]:
        """Return the pieces of the last whole snapshot among the records of a changelog; empty without one."""
        own = {key: data for key, data in records.items() if key.startswith(self._prefix)}
        head = _head(own.get(self._head_key))
        try:
            pieces = {} if head is None else self._restore(own, head)
        except _DAMAGED:  # a worker of another version wrote here
            pieces = None
        if head is not None and pieces is None:
            log.error("snapshot is not whole, state is computed again from the log", partition=self.partition)
        if head is None or pieces is None:
            self._places, pieces, self.next_offset = {}, {}, None
        else:
            self.next_offset = head.next_offset
        valid = {self._key(name, place.slot) for name, place in self._places.items()}
        # Left by a worker that died while it wrote, or by one that had been fenced off: a later head, which does not
        # mean them, must not find them.
        self._strays = own.keys() - valid - {self._head_key}
        return pieces

    def begins_at(self, records: Mapping[bytes, bytes]) -> int | None:
        """Return what `next_offset` will be, without a look at the pieces; None without a head that is known."""
        head = _head(records.get(self._head_key))
        return None if head is None else head.next_offset

    def give_up(self) -> None:
        """Take the last snapshot for none: nothing can be made of it."""
        self._strays |= {self._key(name, place.slot) for name, place in self._places.items()}
        self._places, self.next_offset = {}, None

    def _restore(self, own: Mapping[bytes, bytes], head: Head) -> dict[str, bytes] | None:
        pieces: dict[str, bytes] = {}
        newest: dict[str, int] = {}
        self._places = {}
        for key, data in own.items():
            if key == self._head_key:
                continue
            slot, _, name = key[len(self._prefix) :].decode().partition("/")
            piece = msgspec.msgpack.decode(data, type=_Piece)
            if newest.get(name, -1) < piece.next_offset <= head.next_offset:
                newest[name] = piece.next_offset
                self._places[name] = _Place(int(slot), _checksum(name, data), piece.body is None)
                pieces.pop(name, None)
                if piece.body is not None:
                    pieces[name] = _unpack(piece.body) if piece.packed else piece.body
        return pieces if self._sums() == (head.count, head.checksum) else None

    def save(
        self, next_offset: int, pieces: Mapping[str, bytes | None]
    ) -> tuple[dict[bytes, bytes | None], bytes, bytes]:
        """Return the records of the changed pieces, and key and value of the head, which is to be written last."""
        records: dict[bytes, bytes | None] = dict.fromkeys(sorted(self._strays))
        self._strays = set()
        for name, body in pieces.items():
            place = self._places.get(name)
            if body is None and (place is None or place.gone):
                continue
            slot = 0 if place is None else 1 - place.slot
            data = _pack(next_offset, body)
            records[self._key(name, slot)] = data
            self._places[name] = _Place(slot, _checksum(name, data), body is None)
        self.next_offset = next_offset
        return records, self._head_key, msgspec.msgpack.encode(Head(FORMAT, next_offset, *self._sums()))

    @property
    def names(self) -> list[str]:
        """The pieces of the last snapshot, with those that are gone."""
        return list(self._places)

    def _sums(self) -> tuple[int, int]:
        return len(self._places), sum(place.checksum for place in self._places.values()) % 2**32

    @property
    def _prefix(self) -> bytes:
        return b"%d/" % self.partition

    @property
    def _head_key(self) -> bytes:
        return self._prefix + b"head"

    def _key(self, name: str, slot: int) -> bytes:
        return self._prefix + b"%d/%s" % (slot, name.encode())


def _pack(next_offset: int, body: bytes | None) -> bytes:
    packed = body is not None and len(body) > _SMALL
    return msgspec.msgpack.encode(
        _Piece(next_offset, packed, zlib.compress(body, 1) if packed and body is not None else body)
    )


def _unpack(body: bytes) -> bytes:
    unpacking = zlib.decompressobj()
    found = unpacking.decompress(body, _UNPACKED_BYTES_MAX)
    if not unpacking.eof:
        raise ValueError("it ends too early, or holds more than any state")
    return found


def _head(data: bytes | None) -> Head | None:
    if data is None:
        return None
    try:
        head = msgspec.msgpack.decode(data, type=Head)
    except msgspec.MsgspecError:
        return None
    return head if head.format in READABLE else None


def _checksum(name: str, data: bytes) -> int:
    return zlib.crc32(data, zlib.crc32(name.encode()))


def encode_state(state: Any) -> bytes:
    """Return a typed state as msgpack."""
    return msgspec.msgpack.encode(state)


def decode_state(data: bytes, kind: type[_S]) -> _S:
    """Return a typed state from msgpack."""
    return msgspec.msgpack.decode(data, type=kind)
