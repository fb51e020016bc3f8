"""Recordings: a log in a file, gzip or plain text, readable by eye and by jq.

The first line is a header; then one JSON object a record, in the order in which they became known:
`topic, key, timestamp` (milliseconds), `headers`, `value`. Bytes that are no UTF-8 text stand as
`{"base64": "..."}`. Ticks are not stored: a replay puts them in at fixed steps of the recording's time.
"""

import base64
import gzip
import io
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec
import orjson

from streams.calendar import seconds
from streams.codec import encode_report, report_headers
from streams.damaged import Header
from streams.readable import readable, readable_name
from streams.reports import Report
from streams.whole_file import whole_file

VERSION = 1
VERSIONS = (1, 2)
_BUFFER_BYTES = 1 << 18
_CHUNK_BYTES = 1 << 16


class RecordingError(ValueError):
    """A file that is no recording; the message names file, line and what to do."""


class Record(msgspec.Struct, frozen=True, gc=False):
    """One record of a topic: `timestamp` in milliseconds, key and value as bytes or null."""

    topic: str
    key: bytes | None
    timestamp: int
    headers: tuple[Header, ...]
    value: bytes | None


class RecordingHeader(msgspec.Struct, frozen=True, kw_only=True):
    """First line of a recording.

    Attributes:
        ketenwacht_recording: version of the format.
        name: what it is, for people.
        tick_seconds: step of the ticks in a replay, seconds.
        origin: command or file it was made from, without paths.
        truth: transitions a scenario must cause, as free JSON; empty for real data.
        registry: lines of the registry that holds for it (`streams.registry`), as free JSON; empty where none does.
        partitions: of each report topic, in version 2 (`streams.recorded_log`).
        skipped: offsets that were skipped, by topic/partition, in version 2.
    """

    ketenwacht_recording: int = VERSION
    name: str
    tick_seconds: int
    origin: str = ""
    truth: list[dict[str, Any]] = []
    registry: list[dict[str, Any]] = []
    partitions: int = 1
    skipped: dict[str, list[int]] = {}


def record_of(topic: str, report: Report) -> Record:
    """Return the record of a report; its timestamp is when it was received."""
    return Record(
        topic=topic,
        key=report.region.encode(),
        timestamp=seconds(report.received_at) * 1000,
        headers=tuple(report_headers(topic, report)),
        value=encode_report(report),
    )


def write_recording(path: Path, header: RecordingHeader, records: Iterable[Record]) -> int:
    """Write records sorted by timestamp (stable) and return how many.

    The file is gzip if its name ends in `.gz`; the same input gives the same bytes.
    """
    ordered = sorted(records, key=lambda record: record.timestamp)
    with whole_file(path) as out:
        _write(out, header, ordered)
    return len(ordered)


def _write(out: BinaryIO, header: RecordingHeader, records: Iterable[Record]) -> None:
    first = msgspec.to_builtins(header)
    for later in ("partitions", "skipped", *([] if header.registry else ["registry"])):
        del first[later]
    out.write(orjson.dumps(first) + b"\n")
    out.writelines(orjson.dumps(line_of(record)) + b"\n" for record in records)


def line_of(record: Record) -> dict[str, Any]:
    """Return the line of a record, as JSON."""
    return {
        "topic": record.topic,
        "key": readable(record.key),
        "timestamp": record.timestamp,
        "headers": {readable_name(name): readable(value) for name, value in record.headers},
        "value": readable(record.value),
    }


def read_recording(path: Path, *, headers: bool = True) -> tuple[RecordingHeader, Iterator[Record]]:
    """Return the header of a recording and an iterator over its records.

    Args:
        path: the file, plain or gzip whatever its name.
        headers: whether the records need their headers; without them (empty) reading costs half.

    Raises:
        RecordingError: the file is no recording, or a line of it cannot be read (while iterating).
        OSError: the file cannot be opened.
    """
    chunks = _chunks(path)
    first = next(chunks, b"")
    line, _, rest = first.partition(b"\n")
    header = _header(path, line)
    if header.ketenwacht_recording != VERSION:
        raise RecordingError(
            f"{path.name}: format {header.ketenwacht_recording}, this reads {VERSION}; a log as it stood (2) is for "
            "`backtest`, `status`, `replay` and `demo`"
        )
    return header, _records(path, chain((rest,), chunks), headers=headers)


def read_header(path: Path) -> RecordingHeader:
    """Return the header of a recording of any version.

    Raises:
        RecordingError: the file is no recording.
        OSError: the file cannot be opened.
    """
    return _header(path, next(lines_of(path), b""))


def lines_of(path: Path) -> Iterator[bytes]:
    """Yield the lines of a file, plain or gzip whatever its name."""
    for chunk in _chunks(path):
        yield from chunk.splitlines()


def _header(path: Path, line: bytes) -> RecordingHeader:
    try:
        header = msgspec.json.decode(line, type=RecordingHeader)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise RecordingError(
            f"{path.name}, line 1: no recording header ({error}); make one with `import` or `simulate`"
        ) from error
    if header.ketenwacht_recording not in VERSIONS:
        raise RecordingError(f"{path.name}: format {header.ketenwacht_recording}, this program reads 1 and 2")
    if header.tick_seconds < 1:
        raise RecordingError(
            f"{path.name}, line 1: tick_seconds is {header.tick_seconds}, expected 1 or more"
        )
    return header


def _chunks(path: Path) -> Iterator[bytes]:
    """Yield the file in pieces of whole lines."""
    with path.open("rb") as raw:
        magic = raw.peek(2)[:2]
        source: io.BufferedIOBase = raw
        if magic == b"\x1f\x8b":
            # A gzip file gives its lines one by one in Python; a buffer around it finds them in C.
            source = io.BufferedReader(cast("io.RawIOBase", gzip.GzipFile(fileobj=raw)), _BUFFER_BYTES)
        begun = b""
        try:
            while piece := source.read(_CHUNK_BYTES):
                end = piece.rfind(b"\n") + 1
                if end:
                    yield begun + piece[:end]
                    begun = piece[end:]
                else:
                    begun += piece
            if begun:
                yield begun
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise RecordingError(f"{path.name}: damaged gzip ({error}); fetch or make it again") from error


_Text = str | dict[str, str] | None
"""UTF-8 text, or `{"base64": ...}`."""


class _Line(msgspec.Struct, frozen=True, gc=False):
    topic: str
    key: _Text
    timestamp: int
    headers: msgspec.Raw
    value: _Text


_line_decoder = msgspec.json.Decoder(_Line)
_decode_headers = msgspec.json.Decoder(dict[str, str | dict[str, str]]).decode
_UNUSUAL = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, OverflowError)


def _records(path: Path, chunks: Iterable[bytes], *, headers: bool) -> Iterator[Record]:
    again = path.is_file()  # a pipe is read only once
    passed = 1  # the header
    for index, chunk in enumerate(chunks):
        try:
            lines = _line_decoder.decode_lines(chunk)
            if headers:
                records = [_read(line, headers=True) for line in lines]
            else:
                # Without a call a record; a key or a value that is no text has no `encode`.
                records = [
                    Record(line.topic, line.key.encode(), line.timestamp, (), line.value.encode())  # type: ignore[union-attr]
                    for line in lines
                ]
        except (*_UNUSUAL, *_UNREADABLE):
            lines_before = partial(_lines_before, path, index) if again else partial(int, passed)
            yield from _one_by_one(path.name, lines_before, chunk, headers=headers)
        else:
            yield from records
        if not again:
            passed += chunk.count(b"\n")


def _lines_before(path: Path, index: int) -> int:
    """Return how many lines of a file lie before a chunk: to count them costs a tenth of reading, and hardly ever matters."""
    return max(1, sum(chunk.count(b"\n") for chunk in islice(_chunks(path), index)))


def _one_by_one(
    name: str, lines_before: Callable[[], int], chunk: bytes, *, headers: bool
) -> Iterator[Record]:
    """Read lines of which some are unusual, such as a timestamp as text, or wrong; the error says which one."""
    for number, line in enumerate(chunk.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            try:
                yield _read(_line_decoder.decode(line), headers=headers)
            except _UNUSUAL:
                yield record_in(orjson.loads(line))
        except _UNREADABLE as error:
            raise RecordingError(
                f"{name}, line {lines_before() + number}: no record ({_what(error)}); "
                "a line holds topic, key, timestamp in milliseconds, headers and value: correct it or take it out"
            ) from error


def _what(error: Exception) -> str:
    return f"`{error.args[0]}` is missing" if isinstance(error, KeyError) else str(error)


def _read(line: _Line, *, headers: bool) -> Record:
    own = _decode_headers(line.headers) if headers else {}
    key, value = line.key, line.value
    return Record(
        line.topic,
        key.encode() if type(key) is str else _bytes(key),
        line.timestamp,
        tuple([(name, _bytes(text) or b"") for name, text in own.items()]) if own else (),
        value.encode() if type(value) is str else _bytes(value),
    )


def record_in(line: Mapping[str, Any]) -> Record:
    """Return the record of a line that was read as JSON."""
    headers = tuple((name, _bytes(value) or b"") for name, value in line["headers"].items())
    return Record(
        str(line["topic"]),
        _bytes(line["key"]),
        int(line["timestamp"]),
        headers,
        _bytes(line["value"]),
    )


def _bytes(value: Any) -> bytes | None:
    if value is None:
        return None
    if isinstance(value, str):
        return value.encode()
    return base64.b64decode(value["base64"])
