"""The records in what a broker sent, read in Python alone: for those who read a topic now and then, not for a worker."""

import struct
from collections.abc import Iterator

import crc32c

from streams.batches.records import (
    HEADER,
    BatchHead,
    ReadRecord,
    head_of,
    plain,
    records_one_by_one,
    whole_unreadable,
)
from streams.damaged import DamagedRecord

_FRAME = struct.Struct(">qi")
_MAGIC_AT, _MAGIC = 16, 2
_CRC = struct.Struct(">I")
_CRC_AT, _CRC_FROM = 17, 21


def batches(data: bytes | memoryview) -> Iterator[tuple[BatchHead, memoryview]]:
    """Yield the whole batches in the answer of a broker with their heads; the last one may be cut."""
    view, at = memoryview(data), 0
    while len(view) - at >= _FRAME.size:
        begin, length = _FRAME.unpack_from(view, at)
        end = at + _FRAME.size + max(length, 0)
        if end > len(view):
            return
        batch, at = view[at:end], end
        yield head_of(batch) if _is_known(batch) else _of_one(begin), batch


def read_batch(head: BatchHead, data: memoryview) -> Iterator[ReadRecord | DamagedRecord]:
    """Yield the records of a batch."""
    if not _is_known(data):
        yield whole_unreadable(data, head, "no batch of format 2")
    elif crc32c.crc32c(data[_CRC_FROM:]) != _CRC.unpack_from(data, _CRC_AT)[0]:
        yield whole_unreadable(data, head, "its checksum does not fit")
    elif not head.control:
        try:
            whole = plain(data, head.codec) if head.codec else bytes(data)
        except ValueError as error:
            yield whole_unreadable(data, head, str(error))
            return
        yield from records_one_by_one(whole, head, 0, head.begin)


def _is_known(data: memoryview) -> bool:
    return len(data) >= HEADER.size and data[_MAGIC_AT] == _MAGIC


def _of_one(begin: int) -> BatchHead:
    return BatchHead(begin, begin + 1, 1, 0, control=False, appended=False, first=0, newest=0)
