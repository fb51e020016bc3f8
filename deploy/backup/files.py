"""The files of a backup: the records of each partition, packed, and a manifest that says what is in them."""

import gzip
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from streams.log_end import LogRecord

MANIFEST = "manifest.json"
NORMS = "norms.toml"
_LENGTH = 4


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
    headers: tuple[tuple[str, bytes | None], ...]


_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(_Row)


def write_row(out: BinaryIO, record: LogRecord) -> None:
    """Write one record: its length in four bytes, then itself as msgpack."""
    row = _encode(_Row(record.offset, record.timestamp, record.key, record.value, tuple(record.headers)))
    out.write(len(row).to_bytes(_LENGTH, "big"))
    out.write(row)


def read_rows(folder: Path, stored: Stored) -> Iterator[LogRecord]:
    """Yield the records of a partition.

    Raises:
        BackupError: the file ends too early, or holds something else.
    """
    with gzip.open(folder / stored.file) as packed:
        try:
            while head := packed.read(_LENGTH):
                row = _decoder.decode(packed.read(int.from_bytes(head, "big")))
                yield LogRecord(
                    stored.topic, stored.partition, row.offset, row.timestamp, row.key, row.value, row.headers
                )
        except (msgspec.MsgspecError, EOFError, OSError) as error:
            raise BackupError(f"{folder / stored.file}: damaged ({error})") from error


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimals."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """Return what is in a backup, once each file is seen to be whole.

    Raises:
        BackupError: it is none, or a file is missing or another than was written.
    """
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
        for stored in manifest.partitions:
            if digest(folder / stored.file) != stored.sha256:
                raise BackupError(f"{folder / stored.file}: not what was written; take another backup")
    except (OSError, msgspec.MsgspecError) as error:
        raise BackupError(f"{folder} is no backup, or not whole: {error}") from error
    return manifest
