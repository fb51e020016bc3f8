"""`ketenwacht up` and `ketenwacht down`: the local stack in the background."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
from typer.testing import CliRunner

from deploy.cli.main import app


def ketenwacht(*arguments, **env):
    """Run the command as a process of its own, which ends while what it started goes on."""
    path = Path(sys.executable).with_name("ketenwacht")
    return subprocess.run(
        [path, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=150,
        env={**os.environ, **env},
    )


def sockets_of(pid):
    """Return what a process holds of the network."""
    return [
        str(each.readlink())
        for each in Path(f"/proc/{pid}/fd").iterdir()
        if "socket:" in str(each.readlink())
    ]


def started_in(folder):
    """Return the processes that write their log in a folder, of the stack."""
    found = []
    for output in Path("/proc").glob("[0-9]*/fd/1"):
        with contextlib.suppress(OSError):  # it ended
            if output.readlink().is_relative_to(folder) and output.readlink().suffix == ".log":
                found.append(output.parts[2])
    return found


def here(*arguments):
    """Run the command in this process, which takes a tenth of the time."""
    return CliRunner().invoke(app, [str(each) for each in arguments])


def told_by_ps(run):
    """Return what `ps` says of each part, by its name."""
    return {row["part"]: row for row in json.loads(here("ps", "--json", "--run", run).stdout)}


def all_ready(run):
    return {row["state"] for row in told_by_ps(run).values()} == {"ready"}


@pytest.fixture(scope="module")
def up_in(tmp_path_factory):
    """A stack that is up, its folder and what `up` said; the tests that share it stand in an order."""
    run = tmp_path_factory.mktemp("stack")
    try:
        # What the environment says of a cluster is not for a broker of its own.
        up = ketenwacht(
            "up", "--run", str(run),
            KETENWACHT_KAFKA_SECURITY_PROTOCOL="SASL_SSL",
            KETENWACHT_KAFKA_USERNAME="operator",
            KETENWACHT_KAFKA_PASSWORD="geheim",  # noqa: S106
            KETENWACHT_KAFKA_REQUEST_TIMEOUT_S="soon",
        )  # fmt: skip
        assert up.returncode == 0, up.stderr
        yield run, up.stdout
    finally:
        ketenwacht("down", "--run", str(run))


def test_the_stack_goes_up_once_and_the_other_commands_are_content_with_it(up_in, until):
    run, said = up_in
    urls = json.loads((run / "stack.json").read_bytes())["urls"]
    with urlopen(urls["live page"], timeout=5) as answer:
        assert answer.status == 200
    again = here("up", "--run", run)
    assert again.stdout == f"already up\n{said}"
    for words in (("topics", "check"), ("doctor",)):
        content = here(*words, "--bootstrap", urls["Kafka"])
        assert content.exit_code == 0, content.stdout
    parts = told_by_ps(run)
    assert list(parts) == [
        *("supervisor", "broker", "mailbox", "notifications", "live-page", "alertmanager"),
        *("prometheus", "worker-1", "worker-2", "ticker"),
    ]
    assert {row["state"] for row in parts.values()} == {"ready"}
    moving = ("broker", "live-page", "prometheus", "worker-1", "ticker")
    until(lambda: all(told_by_ps(run)[name]["progress"] for name in moving), "how far each of them is", 60)
    assert len(started_in(run)) == len(parts)
    assert sockets_of(parts["supervisor"]["pid"]) == [], "it is no client and no server of anything"


def test_parts_that_are_killed_start_again_where_they_were(up_in, until):
    run, _ = up_in
    before = told_by_ps(run)
    killed = ("mailbox", "alertmanager", "ticker", "broker")
    for name in killed[:-1]:
        os.kill(before[name]["pid"], signal.SIGKILL)
    until(lambda: all(told_by_ps(run)[name]["deaths"] for name in killed[:-1]), "their deaths are told", 60)
    # Once the broker is seen to be gone the ticker is begun anew with it, and dies no death of its own.
    os.kill(before["broker"]["pid"], signal.SIGKILL)
    until(lambda: told_by_ps(run)["broker"]["deaths"], "the broker's death is told", 60)
    until(lambda: all_ready(run), "every part is ready again", 120)
    back = told_by_ps(run)
    for name in killed:
        assert back[name]["pid"] != before[name]["pid"]
        assert back[name]["address"] == before[name]["address"]
        assert f"{name} ended with code -9" in (run / "stack.log").read_text()
    for name in ("worker-1", "worker-2", "live-page"):
        assert back[name]["pid"] != before[name]["pid"], "what it knows is of a broker that forgot it"
    assert here("topics", "check", "--bootstrap", back["broker"]["address"]).exit_code == 0


def test_down_ends_what_is_left_of_a_stack_and_nothing_else(up_in):
    run, _ = up_in
    parts = told_by_ps(run)
    with (run / "of-somebody-else").open("w") as out:
        bystander = subprocess.Popen(["sleep", "600"], stdout=out)
    try:
        os.kill(parts["broker"]["pid"], signal.SIGKILL)
        os.kill(parts["supervisor"]["pid"], signal.SIGKILL)
        alone = told_by_ps(run)
        assert (alone["supervisor"]["state"], alone["alertmanager"]["state"]) == ("gone", "unknown")
        refused = here("up", "--run", run)
        assert refused.exit_code == 1
        assert f"alertmanager ({parts['alertmanager']['pid']})" in refused.stderr
        (run / "stack.json").unlink()
        assert told_by_ps(run)["alertmanager"]["pid"] == parts["alertmanager"]["pid"]

        down = here("down", "--run", run)
        assert (down.exit_code, down.stdout) == (0, "down\n")
        assert started_in(run) == []
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()
    assert here("down", "--run", run).stdout == "nothing is up\n"
    gone = here("ps", "--run", run)
    assert (gone.exit_code, gone.stdout) == (1, "nothing is up\n")


@pytest.mark.parametrize("enough", [1, 3, 7])
def test_ctrl_c_during_up_leaves_nothing(tmp_path, until, enough):
    up = subprocess.Popen(
        [Path(sys.executable).with_name("ketenwacht"), "up", "--run", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - sets one signal, takes no lock
    )
    try:
        until(
            lambda: len(started_in(tmp_path)) >= enough or up.poll() is not None, "something is started", 90
        )
        os.killpg(up.pid, signal.SIGINT)
        _, told = up.communicate(timeout=90)
    finally:
        here("down", "--run", tmp_path)
        up.kill()
    assert up.returncode == 1, told
    assert b"every process that was started has ended" in told
    assert started_in(tmp_path) == []
    assert not (tmp_path / "stack.json").exists()


def test_a_stack_that_cannot_start_says_why_and_leaves_nothing(tmp_path):
    up = ketenwacht("up", "--run", str(tmp_path), PATH=str(tmp_path))
    assert up.returncode == 1
    assert "alertmanager is not installed" in up.stderr
    assert started_in(tmp_path) == []
    assert not (tmp_path / "stack.json").exists()
