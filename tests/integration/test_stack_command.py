"""`ketenwacht up` and `ketenwacht down`: the local stack in the background."""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen


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


def started_in(folder):
    """Return the processes that write their log in a folder."""
    found = []
    for output in Path("/proc").glob("[0-9]*/fd/1"):
        with contextlib.suppress(OSError):  # it ended
            if output.readlink().is_relative_to(folder):
                found.append(output.parts[2])
    return found


def test_the_stack_goes_up_once_and_down_with_every_process(tmp_path):
    run = ("--run", str(tmp_path))
    try:
        # What the environment says of a cluster is not for a broker of its own.
        up = ketenwacht(
            "up", *run,
            KETENWACHT_KAFKA_SECURITY_PROTOCOL="SASL_SSL",
            KETENWACHT_KAFKA_USERNAME="operator",
            KETENWACHT_KAFKA_PASSWORD="geheim",  # noqa: S106
        )  # fmt: skip
        assert up.returncode == 0, up.stderr
        urls = json.loads((tmp_path / "stack.json").read_bytes())["urls"]
        with urlopen(urls["live page"], timeout=5) as answer:
            assert answer.status == 200
        assert len(started_in(tmp_path)) == 7, "stack, broker, page, Alertmanager, Prometheus and two workers"
        again = ketenwacht("up", *run)
        assert again.stdout.startswith("already up\n")
        assert up.stdout in again.stdout
    finally:
        down = ketenwacht("down", *run)
    assert (down.returncode, down.stdout) == (0, "down\n")
    assert started_in(tmp_path) == []
    assert ketenwacht("down", *run).stdout == "nothing is up\n"


def test_a_stack_that_cannot_start_says_why_and_leaves_nothing(tmp_path):
    up = ketenwacht("up", "--run", str(tmp_path), PATH=str(tmp_path))
    assert up.returncode == 1
    assert "alertmanager is not installed" in up.stderr
    assert started_in(tmp_path) == []
    assert not (tmp_path / "stack.json").exists()
