"""A folder that is no backup, or one that somebody changed, is refused with a sentence before a topic is made."""

import gzip
import io

import msgspec
import pytest

from agents.engine.formats import FORMAT
from deploy.backup.files import BackupError, Manifest, Stored, digest, read_manifest, read_rows, write_row
from streams.log_end import LogRecord


def record(offset, value=b"{}"):
    return LogRecord("care.occupancy", 0, offset, 1_700_000_000_000, b"R07", value, (("a", None),))


def rows(*records):
    out = io.BytesIO()
    for one in records:
        write_row(out, one)
    return out.getvalue()


def stored(folder, packed, **more):
    (folder / "a.gz").write_bytes(packed)
    fields = {"begin": 0, "end": 5, "count": 2, "file": "a.gz", "sha256": digest(folder / "a.gz")}
    return Stored("care.occupancy", 0, **fields | more)


def manifest(folder, *partitions, layout=1, newest=FORMAT):
    made = Manifest(layout, "2026-12-01T00:00:00+00:00", "ketenwacht", 1, newest, list(partitions))
    (folder / "manifest.json").write_bytes(msgspec.json.encode(made))
    return folder


def test_what_was_written_is_read(tmp_path):
    two = [record(1), record(4, None)]
    assert list(read_rows(tmp_path, stored(tmp_path, gzip.compress(rows(*two))))) == two


SPOILT = {
    "a record less": gzip.compress(rows(record(1))),
    "one more": gzip.compress(rows(record(1), record(2), record(3))),
    "another order": gzip.compress(rows(record(2), record(1))),
    "an offset twice": gzip.compress(rows(record(1), record(1))),
    "beyond its end": gzip.compress(rows(record(1), record(5))),
    "cut": gzip.compress(rows(record(1), record(2))[:-3]),
    "no record": gzip.compress(b"\0\0\0\x01\x90"),
    "a length that fills the memory": gzip.compress(b"\xff\xff\xff\xff" + b"0" * 100),
    "not packed": b"plain",
    "packed badly": gzip.compress(rows(record(1), record(2)))[:12] + b"\xff" * 40,
}


@pytest.mark.parametrize("name", SPOILT)
def test_what_is_not_as_the_manifest_says_is_damaged(tmp_path, name):
    with pytest.raises(BackupError, match="damaged"):
        list(read_rows(tmp_path, stored(tmp_path, SPOILT[name])))


WHOLE = gzip.compress(rows(record(1), record(2)))


@pytest.mark.parametrize(
    ("layout", "newest", "more", "says"),
    [
        (2, FORMAT, {}, "later version"),
        (1, FORMAT + 1, {}, "later version"),
        (1, FORMAT, {"file": "../a.gz"}, "cannot be"),
        (1, FORMAT, {"begin": 6}, "cannot be"),
        (1, FORMAT, {"begin": -1}, "cannot be"),
    ],
)
def test_a_manifest_that_cannot_be_is_refused(tmp_path, layout, newest, more, says):
    with pytest.raises(BackupError, match=says):
        read_manifest(manifest(tmp_path, stored(tmp_path, WHOLE, **more), layout=layout, newest=newest))


def test_bytes_that_are_no_json_are_no_backup(tmp_path):
    (tmp_path / "manifest.json").write_bytes(b"\xff\xfe")
    with pytest.raises(BackupError, match="is no backup"):
        read_manifest(tmp_path)
