import os
import socket
import subprocess
import sys

import pytest

from deploy.listening import PortTakenError, check_free, listens
from deploy.supervisor.carriers import carriers, end_all, marks


@pytest.fixture
def start():
    """Start processes that are ended afterwards; each has said a line when it is given."""
    started = []

    def process(env, script="echo there; while :; do sleep 0.1; done"):
        child = subprocess.Popen(
            ["sh", "-c", script], env={**os.environ, **env}, stdout=subprocess.PIPE, text=True
        )
        started.append(child)
        assert child.stdout.readline() == "there\n"
        return child

    yield process
    for child in started:
        child.kill()
        child.wait()
        child.stdout.close()


def test_a_stack_is_found_by_its_folder_and_no_other_is(start, tmp_path):
    ours = start(marks(tmp_path / "a", "worker-1"))
    start(marks(tmp_path / "b", "worker-1"))
    start({})
    (found,) = [each for each in carriers(tmp_path / "a") if each.pid == ours.pid]
    assert found.part == "worker-1"
    assert {each.part for each in carriers(tmp_path / "a")} == {"worker-1"}, "with what it started in turn"
    (tmp_path / "link").symlink_to(tmp_path / "a")
    assert ours.pid in {each.pid for each in carriers(tmp_path / "link")}


def test_what_ignores_the_request_to_end_is_ended_and_nothing_else_is(start, tmp_path):
    deaf = start(marks(tmp_path, "worker-1"), "trap '' TERM; echo there; while :; do sleep 0.1; done")
    other = start({})
    assert end_all(tmp_path, stop_seconds=0.5, grace_seconds=0.5) == []
    assert deaf.wait(10) < 0
    assert other.poll() is None


def test_a_command_run_from_a_part_of_the_stack_does_not_end_itself(tmp_path):
    script = (
        "from pathlib import Path; from deploy.supervisor.carriers import carriers; "
        f"print(carriers(Path({str(tmp_path)!r})))"
    )
    told = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, **marks(tmp_path, "worker-1")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == "[]\n"


def test_a_process_is_asked_and_not_its_port(start, listening):
    port = listening
    assert listens(os.getpid(), port)
    assert not listens(start({}).pid, port)
    with pytest.raises(PortTakenError, match=str(port)):
        check_free(port)


@pytest.fixture
def listening():
    """Return a port that this process listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]
