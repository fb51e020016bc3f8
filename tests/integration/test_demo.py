"""The main job as a user runs it: `ketenwacht demo` in a process of its own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import orjson
import pytest
from msgspec.structs import replace

from agents.pipeline import Pipeline, episode_order
from alerts.norms import load_norms
from deploy.scenarios import SCENARIOS
from deploy.scenarios.registry import NOBODY
from streams.recording import read_recording, write_recording
from streams.registry.load import registry_of_recording
from streams.replay import with_ticks
from streams.status import encode

DAYS = 18
"""Of the scenario: enough for waits, occupancy and referrals to breach, short enough for every day."""


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "golf.jsonl.gz"
    header, records = SCENARIOS["najaarsgolf"].recording(1)
    until = records[0].timestamp + DAYS * 86_400_000
    told = [record for record in records if record.timestamp < until]
    [nobody] = [record for record in records if NOBODY.encode() in (record.value or b"")]
    write_recording(path, header, [*told, replace(nobody, timestamp=told[-1].timestamp)])
    return path


def _demo(folder: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "deploy.cli.main", "demo", "--headless", "--keep", str(folder), *arguments]


def _backtest(recording: Path) -> list[bytes]:
    header, records = read_recording(recording)
    pipeline = Pipeline(load_norms(), registry_of_recording(header.registry))
    transitions = pipeline.play(with_ticks(records, header.tick_seconds))
    return [encode(transition) for transition in sorted(transitions, key=episode_order)]


def test_a_demo_loses_nothing_tells_somebody_and_agrees_with_the_backtest(recording: Path, tmp_path: Path):
    breaches = tmp_path / "breaches.jsonl"
    run = subprocess.run(
        _demo(tmp_path, "--recording", str(recording), "--for", "45", "--json", "--breaches", str(breaches)),
        capture_output=True,
        timeout=170,
        check=False,
    )

    assert run.returncode == 0, run.stderr.decode()
    summary = orjson.loads(run.stdout)
    assert list(summary) == [
        "produced",
        "applied",
        "duplicate",
        "late",
        "dead_lettered",
        "skipped",
        "held_back",
        "lost",
        "breaches",
        "notified",
        "seconds",
    ]
    became = summary["applied"] + summary["duplicate"] + summary["late"] + summary["dead_lettered"]
    assert (summary["skipped"], summary["held_back"], summary["lost"]) == (0, 0, 0)
    assert became == summary["produced"] == len(list(read_recording(recording)[1]))
    assert 0 < summary["notified"] <= summary["breaches"]
    assert summary["dead_lettered"] == 3  # two that are broken, and one of a source that nobody registered
    assert breaches.read_bytes().splitlines() == _backtest(recording)
    mails = list(tmp_path.glob("demo-*/mail/*.eml"))
    assert len(mails) >= summary["notified"]


def test_ctrl_c_ends_every_process_of_the_demo_and_no_other(recording: Path, tmp_path: Path):
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
    demo = subprocess.Popen(
        _demo(tmp_path, "--recording", str(recording), "--speed", "3600x"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=_hear_ctrl_c,  # noqa: PLW1509 - sets one signal, takes no lock
    )
    try:
        deadline = time.monotonic() + 90
        while len(_children(demo.pid)) < 6 and time.monotonic() < deadline:
            assert demo.poll() is None, demo.communicate()[1]
            time.sleep(0.001)  # the last is caught as it starts
        started = _children(demo.pid)
        assert len(started) >= 6, "broker, page, Alertmanager, Prometheus and two workers"

        os.kill(demo.pid, signal.SIGINT)
        _, told = demo.communicate(timeout=60)

        assert demo.returncode == 1
        assert b"every process" in told
        assert [pid for pid in started if Path(f"/proc/{pid}").exists()] == []
        assert bystander.poll() is None
    finally:
        for process in (demo, bystander):
            if process.poll() is None:
                process.kill()
            process.communicate()  # closes its pipe too


def _hear_ctrl_c() -> None:
    """Undo what a shell does to whatever it starts in the background: Ctrl-C in the terminal is not for these."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _children(parent: int) -> set[int]:
    """Return the children of a process."""
    children = Path(f"/proc/{parent}/task/{parent}/children")
    try:
        return {int(pid) for pid in children.read_text().split()}
    except FileNotFoundError:
        return set()
