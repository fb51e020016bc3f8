"""A file that could not be written leaves the one that was there, whatever writes it."""

import os
import resource
import subprocess
import sys

import pytest

from streams.recorded_log import PartitionLog, Recorded, write_log
from streams.recording import RecordingHeader, read_recording, write_recording
from streams.whole_file import whole_file
from tests.support.reports import MONDAY, ic, record

HEADER = RecordingHeader(name="proef", tick_seconds=3600)


class FullError(Exception):
    """The disk is full."""


def _records(count):
    yield from (record(ic(n, at=MONDAY)) for n in range(count))
    raise FullError


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
@pytest.mark.parametrize(
    "write",
    [
        lambda path: write_recording(path, HEADER, _records(3)),
        lambda path: write_log(
            path, HEADER, [PartitionLog("care.occupancy", 0, map(Recorded, _records(3), range(3)))]
        ),
    ],
)
def test_a_recording_that_cannot_be_written_leaves_the_earlier_one(tmp_path, name, write):
    path = tmp_path / name
    write_recording(path, HEADER, [record(ic(50, at=MONDAY))])
    before = path.read_bytes()
    with pytest.raises(FullError):
        write(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
    assert len(list(read_recording(path)[1])) == 1


def test_a_disk_that_fills_while_a_scenario_is_made_leaves_the_earlier_recording(tmp_path):
    path = tmp_path / "wave.jsonl"
    path.write_bytes(b"earlier\n")

    def fill():
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    done = subprocess.run(
        [sys.executable, "-m", "deploy.cli.main", "simulate", "fasen", "-o", str(path)],
        preexec_fn=fill,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 2
    assert done.stderr == f"{path}: cannot be written (File too large)\n"
    assert path.read_bytes() == b"earlier\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_is_followed_and_rights_are_kept(tmp_path):
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_bytes(b"before")
    real.chmod(0o640)
    link.symlink_to(real)
    with whole_file(link) as out:
        out.write(b"after")
    assert link.is_symlink()
    assert (real.read_bytes(), real.stat().st_mode & 0o777) == (b"after", 0o640)


def test_a_pipe_is_written_as_it_comes(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE)
    with whole_file(pipe) as out:
        out.write(b"told\n")
    assert reader.communicate(timeout=30)[0] == b"told\n"
