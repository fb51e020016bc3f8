"""Reads the records of a batch one by one, where a faster reader gave up: what is damaged stands for itself alone.

Every record tells its length, so one with bytes that are no record does not hide those behind it.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from streams.batches.bounded import unpacked
from streams.damaged import DamagedRecord, Header, is_text, unreadable
from streams.reports.refused import RefusedError

HEADER = struct.Struct(">qiibIhiqqqhii")
"""Base offset, length, leader epoch, magic, CRC, attributes, last offset delta, first and newest timestamp, producer,
its epoch, base sequence, count of records."""

_ATTRIBUTES = slice(21, 23)
_CODEC, _APPENDED, _CONTROL = 0x07, 0x08, 0x20
UNUSUAL = _CODEC | _CONTROL
"""Attributes of a batch that is compressed, or a marker."""

_VARINT_BITS_MAX = 63


class ReadRecord(NamedTuple):
    """A record, as aiokafka names its parts; `timestamp` in milliseconds."""

    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[Header, ...]


@dataclass(frozen=True, slots=True)
class BatchHead:
    """What a batch says of itself.

    Attributes:
        begin: offset of its first record.
        end: offset after its last one.
        count: records in it.
        codec: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd.
        control: whether it is a marker of a transaction, without records of anybody.
        appended: whether the broker stamped it; then `newest` is the time of every record.
        first: timestamp that those of its records are counted from.
        newest: greatest timestamp.
    """

    begin: int
    end: int
    count: int
    codec: int
    control: bool
    appended: bool
    first: int
    newest: int

    @property
    def dense(self) -> bool:
        """Whether no record of it was removed: then the place of a record is its offset."""
        return self.count == self.end - self.begin


def head_of(data: bytes | memoryview) -> BatchHead:
    """Return the head of a batch; raises `struct.error` where there is none."""
    begin, _, _, _, _, attributes, delta, first, newest, _, _, _, count = HEADER.unpack_from(data)
    return BatchHead(
        begin,
        begin + max(delta, 0) + 1,
        count,
        attributes & _CODEC,
        bool(attributes & _CONTROL),
        bool(attributes & _APPENDED),
        first,
        newest,
    )


def plain(data: bytes | memoryview, codec: int) -> bytes:
    """Return a compressed batch as one that is not; raises `ValueError` where it is damaged or holds too much."""
    head = bytearray(data[: HEADER.size])
    head[_ATTRIBUTES] = (int.from_bytes(head[_ATTRIBUTES], "big") & ~_CODEC).to_bytes(2, "big")
    return bytes(head) + unpacked(codec, bytes(data[HEADER.size :]))


def whole_unreadable(data: bytes | memoryview, head: BatchHead, why: str) -> DamagedRecord:
    """Return what stands for a whole batch."""
    return unreadable(head.begin, head.newest, bytes(data), why, head.end - head.begin)


def records_one_by_one(
    data: bytes, head: BatchHead, passed: int, offset: int
) -> Iterator[ReadRecord | DamagedRecord]:
    """Yield the records of a batch that is not compressed.

    Args:
        data: the batch.
        head: what it says of itself.
        passed: records that are known already.
        offset: least offset that the next one may have.
    """
    at = HEADER.size
    for index in range(head.count):
        begin = at
        try:
            length, at = _varint(data, at)
            body = _bytes(data, at, length)
            at += length
        except ValueError as error:
            if offset < head.end:
                yield unreadable(offset, head.newest, data[begin:], str(error), head.end - offset)
            return
        if index < passed:
            continue
        if offset >= head.end:
            return  # more records than offsets: no broker counted them
        record = _record(body, head, offset)
        yield record
        offset = record.offset + 1


def _record(body: bytes, head: BatchHead, offset: int) -> ReadRecord | DamagedRecord:
    timestamp = head.newest
    try:
        delta, at = _varint(body, 1)
        if not head.appended:
            timestamp = head.first + delta
        delta, at = _varint(body, at)
        if not head.dense and offset <= head.begin + delta < head.end:
            offset = head.begin + delta
        key, at = _nullable(body, at)
        value, at = _nullable(body, at)
        count, at = _varint(body, at)
        headers: list[Header] = []
        for _ in range(count):
            name, at = _nullable(body, at)
            own, at = _nullable(body, at)
            headers.append(((name or b"").decode(errors="surrogateescape"), own))
        if at != len(body):
            raise ValueError(f"{len(body) - at} bytes too many")  # noqa: TRY301
    except ValueError as error:
        return unreadable(offset, timestamp, body, str(error))
    odd = [name for name, _ in headers if not is_text(name)]
    if not odd:
        return ReadRecord(offset, timestamp, key, value, tuple(headers))
    shown = repr(odd[0].encode(errors="surrogateescape"))[:100]
    refusal = RefusedError("header-name", f"the header name {shown} is no UTF-8; name headers in UTF-8")
    return DamagedRecord(offset, timestamp, key, tuple(headers), refusal, value)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    raw = shift = 0
    while True:
        if at >= len(data) or shift > _VARINT_BITS_MAX:
            raise ValueError("it ends within a number")
        byte = data[at]
        at += 1
        raw |= (byte & 0x7F) << shift
        if byte < 0x80:
            return (raw >> 1) ^ -(raw & 1), at
        shift += 7


def _nullable(data: bytes, at: int) -> tuple[bytes | None, int]:
    length, at = _varint(data, at)
    if length < 0:
        return None, at
    return _bytes(data, at, length), at + length


def _bytes(data: bytes, at: int, length: int) -> bytes:
    if not 0 <= length <= len(data) - at:
        raise ValueError(f"a part of {length} bytes where {len(data) - at} are left")
    return data[at : at + length]
