"""A worker that is short of processor time: it works on, and its watchdog leaves it alone."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.kafka.embedded import EmbeddedBroker
from streams.kafka import KafkaSettings
from streams.topic_admin import apply_topics
from streams.topics import catalogue
from tests.support.day_on_a_broker import halves, play
from tests.support.worker_process import WorkerProcess

STALL_SECONDS = 8.0
SPINNERS = 2
SPIN = "import os; os.sched_setaffinity(0, {%d})\nwhile True: pass"
LAG = re.compile(r"^ketenwacht_lag_records{.*} (\S+)$", re.MULTILINE)


@pytest.fixture
def crowded():
    """A processor on which others work without end."""
    processor = min(os.sched_getaffinity(0))
    spinners = [subprocess.Popen([sys.executable, "-c", SPIN % processor]) for _ in range(SPINNERS)]
    yield processor
    for each in spinners:
        each.kill()
        each.wait()


def done(worker):
    lags = [float(lag) for lag in LAG.findall(worker.page())]
    return bool(lags) and not any(lags)


def starve(worker, processor):
    """Leave it a twentieth of one processor, also for the threads that it has already."""
    for thread in Path(f"/proc/{worker.process.pid}/task").iterdir():
        os.sched_setaffinity(int(thread.name), {processor})
        os.setpriority(os.PRIO_PROCESS, int(thread.name), 10)


def test_a_worker_that_gets_a_twentieth_of_a_processor_catches_up_and_does_not_end(tmp_path, until, request):
    settings = {"app_id": "starved", "session_timeout_s": 6.0, "stall_seconds": STALL_SECONDS}
    with EmbeddedBroker() as broker:
        kafka = KafkaSettings(bootstrap=broker.bootstrap, request_timeout_s=20)
        apply_topics(kafka, catalogue())
        before, after = halves()
        play(kafka, before)
        worker = WorkerProcess(
            settings, broker.bootstrap, {}, tmp_path / "log", tmp_path / "said", own_interpreter=False
        )
        try:
            until(lambda: done(worker), "the first half is done", 60)
            starve(worker, request.getfixturevalue("crowded"))
            play(kafka, after)
            until(lambda: worker.exit_code is not None or not done(worker), "the second half waits", 60)
            until(lambda: worker.exit_code is not None or done(worker), "the second half is done", 150)
            assert worker.exit_code is None, worker.log.read_text()[-4000:]
        finally:
            worker.stop()
