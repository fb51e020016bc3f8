"""Takes the place of aiokafka's parser of what was fetched: nothing that stands in a log can make a fetch fail.

aiokafka raises at the first byte that is no record, again at every fetch, and unpacks whatever a batch claims to hold.
Here what cannot be read becomes a `DamagedRecord` in its place. Honest records are still read by aiokafka's own C code.
"""

import struct
from collections.abc import Iterator
from typing import Any, ClassVar

from aiokafka.consumer import fetcher
from aiokafka.record.default_records import DefaultRecordBatch
from typing_extensions import override

from streams.batches.records import (
    HEADER,
    UNUSUAL,
    BatchHead,
    head_of,
    plain,
    records_one_by_one,
    whole_unreadable,
)

_FRAME = struct.Struct(">qi")
_BEGIN = struct.Struct(">q")
_SOME = struct.Struct(">q13xhi30xi")
"""Of the head: base offset, attributes, last offset delta, count of records."""

_MAGIC_AT, _MAGIC = 16, 2
_LOOKS = 3
"""A batch whose checksum does not fit is fetched so often: it may have been damaged on its way."""


class FetchedBatches:
    """The batches in the answer of a broker, as bytes; has what aiokafka asks of its `MemoryRecords`."""

    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)
        self._at = 0

    def size_in_bytes(self) -> int:
        """Return how much came."""
        return len(self._data)

    def has_next(self) -> bool:
        """Return whether another whole batch came; the last one may be cut."""
        return self._end() is not None

    def __iter__(self) -> Iterator[memoryview]:
        while (end := self._end()) is not None:
            batch, self._at = self._data[self._at : end], end
            yield batch

    def _end(self) -> int | None:
        left = len(self._data) - self._at
        if left < _FRAME.size:
            return None
        _, length = _FRAME.unpack_from(self._data, self._at)
        size: int = _FRAME.size + max(length, 0)
        return self._at + size if size <= left else None


class OnlyWithKey:
    """Given to a consumer as its deserializer of keys: it is shown no batch without a record of this key.

    Args:
        key: at most 63 bytes.
    """

    def __init__(self, key: bytes) -> None:
        self._written = bytes((2 * len(key),)) + key  # with its length, as a record has it

    def __call__(self, key: bytes | None) -> bytes | None:
        """Return the key."""
        return key

    def may_stand_in(self, data: memoryview) -> bool:
        """Return whether a record with the key may stand in a batch."""
        if not _is_known(data):
            return False
        codec = head_of(data).codec
        try:
            return self._written in (plain(data, codec) if codec else bytes(data))
        except ValueError:
            return False


class TolerantRecords(fetcher.PartitionRecords):  # type: ignore[misc]
    """The records of one partition in the answer of a broker, as aiokafka parses them, or `DamagedRecord`.

    Reads what is not committed as well: nobody here asks for anything else.
    """

    next_fetch_offset: int
    _ends_here = False
    _spoiled: ClassVar[dict[Any, tuple[int, int]]] = {}
    """By partition: where a batch begins whose checksum did not fit, and how often it was fetched."""

    @override
    def __iter__(self) -> Iterator[Any]:
        return self._records_iterator or iter(())  # a call less a record than `next(self)`

    @override
    def _unpack_records(self) -> Iterator[Any]:
        for data in self._records if self._key_deserializer is None else self._with_key():
            passed = 0
            if len(data) >= HEADER.size and data[_MAGIC_AT] == _MAGIC:
                begin, attributes, delta, count = _SOME.unpack_from(data)
                batch = DefaultRecordBatch(data)
                if not attributes & UNUSUAL and count == delta + 1 and batch.validate_crc():
                    try:
                        for record in batch:
                            if record.offset != begin + passed:
                                break  # whoever wrote it counted wrongly: the broker went by the places
                            passed += 1
                            if begin + passed > self.next_fetch_offset:
                                self.next_fetch_offset = begin + passed
                                yield record
                    except Exception:  # noqa: BLE001, S110 - whatever C makes of bytes that are no record: read on below
                        pass
                    if passed == count:
                        continue
            yield from self._carefully(data, passed)
            if self._ends_here:
                break
        # The generator holds this object and this object the generator: nobody else would free them soon.
        self._records_iterator = None

    def _with_key(self) -> Iterator[memoryview]:
        """Yield the batches in which the key may stand, and pass over the others."""
        for data in self._records:
            if self._key_deserializer.may_stand_in(data):
                yield data
            else:
                self.next_fetch_offset = max(self.next_fetch_offset, _head(data).end)

    def _carefully(self, data: memoryview, passed: int) -> Iterator[Any]:
        """Yield the records of a batch that is out of the ordinary, from the one behind those that were passed on."""
        head = _head(data)
        if not passed and _is_spoiled(data) and self._look_again(head.begin):
            return
        for record in _records(data, head, passed):
            if record.offset >= self.next_fetch_offset:
                self.next_fetch_offset = record.offset + 1
                yield record
        self.next_fetch_offset = max(self.next_fetch_offset, head.end)

    def _look_again(self, begin: int) -> bool:
        """Return whether the batch that begins here is to be fetched again."""
        at, looks = self._spoiled.get(self._tp, (begin, 0))
        looks = looks + 1 if at == begin else 1
        self._spoiled[self._tp] = begin, looks
        self._ends_here = looks < _LOOKS
        return self._ends_here


def read_tolerantly() -> None:
    """Make every aiokafka consumer of this process parse so."""
    fetcher.MemoryRecords = FetchedBatches
    fetcher.PartitionRecords = TolerantRecords


def _is_spoiled(data: memoryview) -> bool:
    return _is_known(data) and not DefaultRecordBatch(data).validate_crc()


def _is_known(data: memoryview) -> bool:
    return len(data) >= HEADER.size and data[_MAGIC_AT] == _MAGIC


def _head(data: memoryview) -> BatchHead:
    if _is_known(data):
        return head_of(data)
    (begin,) = _BEGIN.unpack_from(data)
    return BatchHead(begin, begin + 1, 1, 0, control=False, appended=False, first=0, newest=0)


def _records(data: memoryview, head: BatchHead, passed: int) -> Iterator[Any]:
    if not _is_known(data):
        yield whole_unreadable(data, head, "no batch of format 2")
    elif head.control:
        return  # tells of a transaction, and holds no record of anybody
    elif not passed and _is_spoiled(data):
        yield whole_unreadable(data, head, "its checksum does not fit")
    else:
        try:
            whole = plain(data, head.codec) if head.codec else bytes(data)
        except ValueError as error:
            yield whole_unreadable(data, head, str(error))
            return
        yield from _of_plain(whole, head, passed)


def _of_plain(data: bytes, head: BatchHead, passed: int) -> Iterator[Any]:
    expected = head.begin + passed
    if not passed:
        try:
            for record in DefaultRecordBatch(data):
                offset = record.offset
                if offset != expected:
                    if head.dense or not expected < offset < head.end:
                        break  # whoever wrote it counted wrongly: the broker went by the places
                    expected = offset
                yield record
                expected += 1
                passed += 1
        except Exception:  # noqa: BLE001, S110 - whatever C makes of bytes that are no record: read on below
            pass
    if passed < head.count:
        yield from records_one_by_one(data, head, passed, expected)
