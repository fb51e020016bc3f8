"""Snapshots: the state of one partition of one stage in pieces, with the offset up to which it was folded.

A snapshot is a head and the pieces it counts on. Only what changed is written again, and never over what the head
before counts on: each piece has two places and the new one goes to the other (shadow paging, Lorie 1977). The head
is written last, so a worker that dies in between leaves the snapshot before whole. The head carries the number and
a checksum of its pieces: one that another, fenced-off worker wrote over is noticed and the state is computed again
from the log rather than guessed at. So is a format that this program does not know. What else stands in a changelog,
damaged or from nobody here, is passed over.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec
import structlog

from agents.engine.formats import FORMAT, READABLE, written_after

log = structlog.get_logger()

_DAMAGED = (msgspec.MsgspecError, zlib.error, ValueError, RecursionError)
_UNPACKED_BYTES_MAX = 1 << 28
_SMALL = 512
_SLOTS = (b"0", b"1")
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


@dataclass(frozen=True, slots=True)
class _Found:
    """A piece that stands in a changelog."""

    piece: _Piece
    checksum: int


@dataclass
class SnapshotStore:
    """The snapshots of one partition, between the stage's pieces and the records of a changelog.

    Attributes:
        partition: the partition; part of every key, since a table holds all of them.
        next_offset: first offset that the last snapshot does not hold; None without one.
        format: that the next one has.
        gone: why there is none although there was one; empty else.
    """

    partition: int
    next_offset: int | None = None
    format: int = FORMAT
    gone: str = ""
    _places: dict[str, _Place] = field(default_factory=dict)
    _strays: set[bytes] = field(default_factory=set)

    def load(self, records: Mapping[bytes, bytes]) -> dict[str, bytes]:
        """Return the pieces of the last whole snapshot among the records of a changelog; empty without one."""
        own = {key: data for key, data in records.items() if key.startswith(self._prefix)}
        head, self.gone = _head(own.get(self._head_key))
        pieces = None if head is None else self._restore(own, head)
        if head is not None and pieces is None:
            self.gone = "parts of it are damaged, or another worker wrote over them"
        if self.gone:
            log.error(
                "snapshot is not whole, state is computed again from the log",
                partition=self.partition, why=self.gone,
            )  # fmt: skip
        if head is None or pieces is None:
            self._places, pieces, self.next_offset = {}, {}, None
        else:
            self.next_offset, self.format = head.next_offset, written_after(head.format)
        valid = {self._key(name, place.slot) for name, place in self._places.items()}
        # Left by a worker that died while it wrote, or by one that had been fenced off: a later head, which does not
        # mean them, must not find them.
        self._strays = own.keys() - valid - {self._head_key}
        return pieces

    def begins_at(self, records: Mapping[bytes, bytes]) -> int | None:
        """Return what `next_offset` will be, without a look at the pieces; None without a head that is known."""
        head, _ = _head(records.get(self._head_key))
        return None if head is None else head.next_offset

    def finalize(self, allowed: int) -> bool:
        """Write a newer format from now on, if it is allowed; return whether that is another than before."""
        newer = min(allowed, FORMAT)
        if newer <= self.format:
            return False
        self.format = newer
        return True

    def give_up(self) -> None:
        """Take the last snapshot for none: nothing can be made of it."""
        self.gone = "nothing can be made of it"
        self._strays |= {self._key(name, place.slot) for name, place in self._places.items()}
        self._places, self.next_offset = {}, None

    def _restore(self, own: Mapping[bytes, bytes], head: Head) -> dict[str, bytes] | None:
        found: dict[str, dict[int, _Found]] = {}
        for key, data in own.items():
            if key != self._head_key and (read := _read(key[len(self._prefix) :], data)) is not None:
                slot, name, piece = read
                if piece.next_offset <= head.next_offset:
                    found.setdefault(name, {})[slot] = _Found(piece, _checksum(name, data))
        chosen = _chosen(found, head)
        if chosen is None:
            return None
        self._places = {
            name: _Place(slot, found[name][slot].checksum, found[name][slot].piece.body is None)
            for name, slot in chosen.items()
        }
        return _bodies({name: found[name][slot].piece for name, slot in chosen.items()})

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
        return records, self._head_key, msgspec.msgpack.encode(Head(self.format, next_offset, *self._sums()))

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


def _head(data: bytes | None) -> tuple[Head | None, str]:
    """Return the head, or why there is none that can be read; neither where there is no snapshot."""
    if data is None:
        return None, ""
    try:
        head = msgspec.msgpack.decode(data, type=Head)
    except _DAMAGED:
        return None, "its head is damaged"
    if head.format not in READABLE:
        return None, f"its format is {head.format}, and this version reads {min(READABLE)} to {FORMAT}"
    return head, ""


def _read(key: bytes, data: bytes) -> tuple[int, str, _Piece] | None:
    """Return the place, name and piece of a record of a changelog; None where it is none, or is damaged."""
    slot, _, name = key.partition(b"/")
    if slot not in _SLOTS:  # `00` is no other way to write the place of a piece
        return None
    try:
        return int(slot), name.decode(), msgspec.msgpack.decode(data, type=_Piece)
    except _DAMAGED:
        return None


def _chosen(found: Mapping[str, Mapping[int, _Found]], head: Head) -> dict[str, int] | None:
    """Return the place of each piece that the head counts on: the newest, but for one of them where somebody wrote what is none."""
    newest = {
        name: max(places, key=lambda slot: places[slot].piece.next_offset) for name, places in found.items()
    }
    count, total = len(newest), sum(found[name][slot].checksum for name, slot in newest.items())
    if (count, total % 2**32) == (head.count, head.checksum):
        return newest
    for name, places in found.items():
        without = total - places[newest[name]].checksum
        if (count - 1, without % 2**32) == (head.count, head.checksum):
            return {other: slot for other, slot in newest.items() if other != name}
        for slot, other in places.items():
            if (count, (without + other.checksum) % 2**32) == (head.count, head.checksum):
                return {**newest, name: slot}
    return None


def _bodies(pieces: Mapping[str, _Piece]) -> dict[str, bytes] | None:
    try:
        return {
            name: _unpack(piece.body) if piece.packed else piece.body
            for name, piece in pieces.items()
            if piece.body is not None
        }
    except _DAMAGED:
        return None


def _checksum(name: str, data: bytes) -> int:
    return zlib.crc32(data, zlib.crc32(name.encode()))


def encode_state(state: Any) -> bytes:
    """Return a typed state as msgpack."""
    return msgspec.msgpack.encode(state)


def decode_state(data: bytes, kind: type[_S]) -> _S:
    """Return a typed state from msgpack."""
    return msgspec.msgpack.decode(data, type=kind)
