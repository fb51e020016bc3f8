"""A worker that was asked to stop ends, also when Faust does not come to it, and then it has not failed."""

import subprocess
import sys

import pytest

SCRIPT = """
import time
from types import SimpleNamespace
from agents import worker
worker._STOP_SECONDS = 0.1
from streams.kafka import KafkaSettingError
reason = {reason}
worker._end_at_last(
    SimpleNamespace(should_stop={asked}, crashed=reason is not None, crash_reason=reason),
    SimpleNamespace(crashed={crashed}, crash_reason=None),
)
time.sleep({hangs})
raise SystemExit(7)
"""


def ended(
    *, asked: bool, crashed: bool = False, hangs: float, reason: str = "None"
) -> subprocess.CompletedProcess[str]:
    script = SCRIPT.format(asked=asked, crashed=crashed, hangs=hangs, reason=reason)
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize(("crashed", "status"), [(False, 0), (True, 1)])
def test_who_hangs_after_it_was_asked_to_stop_ends_and_says_so(crashed, status):
    end = ended(asked=True, crashed=crashed, hangs=50)
    assert end.returncode == status
    assert "did not come to rest" in end.stdout + end.stderr


def test_who_hangs_after_kafka_refused_a_setting_names_it_and_ends_with_two():
    end = ended(asked=True, hangs=50, reason="KafkaSettingError('Kafka refuses user `worker`')")
    assert end.returncode == 2
    assert "Kafka refuses user `worker`\n" in end.stderr


def test_who_was_not_asked_is_left_alone():
    assert ended(asked=False, hangs=1.0).returncode == 7


STARTS = """
import asyncio, os, signal
from mode import Service, Worker
from agents import worker

class Starts(Service):
    async def on_start(self):
        try:
            {signal}
            await asyncio.sleep(50 if {signal!r} else 0)
            raise RuntimeError("could not start")
        except asyncio.CancelledError:
            raise asyncio.InvalidStateError("invalid state")  # as mode does when it waited for a topic to be made

starts = Starts()
worker._execute(Worker(starts, loglevel="WARN"), starts)
"""


@pytest.mark.parametrize(("sent", "status"), [("os.kill(os.getpid(), signal.SIGTERM)", 0), ("", 1)])
def test_who_is_asked_to_stop_while_it_starts_has_not_failed(sent, status):
    script = STARTS.format(signal=sent)
    end = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert end.returncode == status, end.stderr
    assert ("asked to stop while it started" in end.stdout + end.stderr) == (status == 0)
