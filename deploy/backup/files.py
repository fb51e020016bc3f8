"""The files of a backup: the records of each partition, packed, and a manifest that says what is in them."""

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from agents.engine.formats import FORMAT
from streams.log_end import LogRecord
from streams.topics import MESSAGE_BYTES_MAX

LAYOUT = 1
"""Version of this layout."""
MANIFEST = "manifest.json"
NORMS = "norms.toml"
_LENGTH = 4
_ROW_BYTES_MAX = 4 * MESSAGE_BYTES_MAX
"""No broker takes a record of so many: who says so is damaged, and must not fill the memory."""


class BackupError(Exception):
    """A backup cannot be made, read or brought back; the message says why, and what to do."""


class Stored(msgspec.Struct, frozen=True):
    """One partition.

    Attributes:
        topic, partition: which.
        begin: offset of the first record that was kept.
        end: offset after the last one that is in the file.
        count: records in the file; there may be fewer than offsets, where the topic is compacted.
        file: name, in the folder of the backup.
        sha256: of the file as it stands.
    """

    topic: str
    partition: int
    begin: int
    end: int
    count: int
    file: str
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What is in a backup.

    Attributes:
        ketenwacht_backup: version of this layout.
        at: when it was made, ISO 8601.
        app_id: of the workers.
        report_partitions: of the report topics.
        format: newest format of state that may be in it.
        partitions: every partition, in the order in which they were read.
    """

    ketenwacht_backup: int
    at: str
    app_id: str
    report_partitions: int
    format: int
    partitions: list[Stored]


class _Row(msgspec.Struct, frozen=True, array_like=True):
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[bytes, bytes | None], ...]
    """Their names as bytes: a broker takes any."""


_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(_Row)


def write_row(out: BinaryIO, record: LogRecord) -> None:
    """Write one record: its length in four bytes, then itself as msgpack."""
    headers = tuple((name.encode(errors=_ANY_BYTES), value) for name, value in record.headers)
    row = _encode(_Row(record.offset, record.timestamp, record.key, record.value, headers))
    out.write(len(row).to_bytes(_LENGTH, "big"))
    out.write(row)


_ANY_BYTES = "surrogateescape"


def read_rows(folder: Path, stored: Stored) -> Iterator[LogRecord]:
    """Yield the records of a partition.

    Raises:
        BackupError: the file ends too early, or holds something else than the manifest says.
    """
    count, offset = 0, stored.begin - 1
    try:
        with gzip.open(folder / stored.file) as packed:
            while head := packed.read(_LENGTH):
                record = _record(stored, packed, int.from_bytes(head, "big"), offset)
                count, offset = count + 1, record.offset
                yield record
    except (msgspec.MsgspecError, EOFError, OSError, ValueError, zlib.error) as error:
        raise BackupError(f"{folder / stored.file}: damaged ({error})") from error
    if count != stored.count:
        raise BackupError(f"{folder / stored.file}: damaged ({count} records, not {stored.count})")


def _record(stored: Stored, packed: gzip.GzipFile, length: int, after: int) -> LogRecord:
    if length > _ROW_BYTES_MAX:
        raise ValueError(f"a record of {length} bytes")
    row = _decoder.decode(packed.read(length))
    if not after < row.offset < stored.end:
        raise ValueError(f"a record at {row.offset} after one at {after}")
    headers = tuple((name.decode(errors=_ANY_BYTES), value) for name, value in row.headers)
    return LogRecord(stored.topic, stored.partition, row.offset, row.timestamp, row.key, row.value, headers)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimals."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """Return what is in a backup, once each file is seen to be whole.

    Raises:
        BackupError: it is none, or a file is missing or another than was written, or a later version made it.
    """
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
        if manifest.ketenwacht_backup != LAYOUT or manifest.format > FORMAT:
            raise BackupError(f"{folder}: made by a later version; bring it back with that one")
        for stored in manifest.partitions:
            if Path(stored.file).name != stored.file or not 0 <= stored.begin <= stored.end:
                raise BackupError(
                    f"{folder / MANIFEST}: {stored.topic}/{stored.partition} cannot be; take another backup"
                )
            if digest(folder / stored.file) != stored.sha256:
                raise BackupError(f"{folder / stored.file}: not what was written; take another backup")
    except (OSError, ValueError) as error:  # of msgspec as well
        raise BackupError(f"{folder} is no backup, or not whole: {error}") from error
    return manifest
