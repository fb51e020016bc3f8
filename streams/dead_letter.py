"""What could not be accepted: the record as it came, with the reason in its headers."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from streams.damaged import BEGINNING_BYTES, Cut, DamagedRecord, Header, is_text
from streams.readable import readable
from streams.reports.refused import RefusedError
from streams.topics import DEAD_LETTER_ROOM, MESSAGE_BYTES_MAX
from streams.written import Written

LETTER_BYTES_MAX = MESSAGE_BYTES_MAX + DEAD_LETTER_ROOM - 5_000
"""Key, value and headers of a dead letter; the rest is for what a batch says of itself."""

_HEADER_FRAME = 10


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands in the log; `timestamp` in milliseconds."""

    topic: str
    partition: int
    offset: int
    timestamp: int


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter: key, value and headers of its record."""

    key: bytes | None
    value: bytes | None
    headers: tuple[Header, ...]


def dead_letter(record: Written, refusal: RefusedError, place: Place) -> Letter:
    """Return the dead letter of a record: its own headers, then why it was refused and where it stood.

    Key and value go along byte for byte. `dlq-first-seen` is the record's own timestamp, so that a replay gives the same
    dead letter. Of what cannot be kept whole, because it is no record or larger than a topic takes, the size, hash and
    beginning are kept, and `dlq-cut` says so; an empty value that was null says so as `dlq-null`.
    """
    damaged = record if isinstance(record, DamagedRecord) else None
    key, value = record.key, record.value if damaged is None else damaged.kept
    own = tuple(header for header in record.headers if not header[0].startswith("dlq-"))
    why: list[Header] = [
        ("dlq-reason", refusal.reason.encode()),
        ("dlq-exception", refusal.detail.encode(errors="backslashreplace")[:1000]),
        ("dlq-source-topic", place.topic.encode()),
        ("dlq-source-partition", b"%d" % place.partition),
        ("dlq-source-offset", b"%d" % place.offset),
        ("dlq-first-seen", b"%d" % place.timestamp),
    ]
    cut: dict[str, Cut] = {}
    if damaged is not None:
        if damaged.count > 1:
            why.append(("dlq-source-count", b"%d" % damaged.count))
        if damaged.cut is not None:
            cut["record" if damaged.count == 1 else "batch"] = damaged.cut
    if not all(is_text(name) for name, _ in own):
        named = [(readable(name.encode(errors="surrogateescape")), readable(each)) for name, each in own]
        why.append(("dlq-headers", orjson.dumps(named)))
        own = tuple(header for header in own if is_text(header[0]))
    if _size(key, value, own, why) > LETTER_BYTES_MAX and value is not None:
        value, cut["value"] = _cut(value)
    if _size(key, value, own, why) > LETTER_BYTES_MAX:  # no producer means that
        _, cut["headers"] = _cut(orjson.dumps([(name, readable(each)) for name, each in own]))
        own, why = (), [header for header in why if header[0] != "dlq-headers"]
    if _size(key, value, own, why) > LETTER_BYTES_MAX and key is not None:
        key, cut["key"] = _cut(key)
    if key is None and value is None:  # no client writes a record with neither
        value = b""
        why.append(("dlq-null", b"value"))
    if cut:
        why.append(("dlq-cut", orjson.dumps(cut)))
    return Letter(key, value, (*own, *why))


def _size(key: bytes | None, value: bytes | None, *headers: Sequence[Header]) -> int:
    named = sum(len(name) * 3 + len(own or b"") + _HEADER_FRAME for each in headers for name, own in each)
    return len(key or b"") + len(value or b"") + named


def _cut(data: bytes) -> tuple[bytes, Cut]:
    return data[:BEGINNING_BYTES], Cut(len(data), hashlib.sha256(data).hexdigest())
