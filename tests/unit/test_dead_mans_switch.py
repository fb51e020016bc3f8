"""A process that stands still ends by itself, with a code by which it is started again; one that goes on does not."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

STILL = """
import time
from deploy.dead_mans_switch import DeadMansSwitch
with DeadMansSwitch("the proof", 1.0) as switch:
    switch.press()
    print("waits", flush=True)
    time.sleep(3600)
"""

PRESSED = """
import sys, time
from deploy.dead_mans_switch import DeadMansSwitch
with DeadMansSwitch("the proof", 1.5) as switch:
    began = time.monotonic()
    while time.monotonic() - began < 3.0:
        switch.press()
        time.sleep(0.05)
time.sleep(2.5)
print("went on")
"""


def run(program):
    return subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_a_process_that_waits_for_ever_ends_with_75_and_its_stacks():
    with run(STILL) as process:
        _, told = process.communicate(timeout=60)

    assert process.returncode == 75
    assert re.match(r"the proof has stood still for \d+ s and ends\n", told)
    assert 'File "<string>", line 7' in told


def test_a_process_that_is_pressed_goes_on_and_is_left_alone_once_the_block_is_done():
    with run(PRESSED) as process:
        out, told = process.communicate(timeout=60)

    assert (process.returncode, out, told) == (0, "went on\n", "")


def test_a_process_that_was_frozen_is_not_blamed_for_it(until):
    with run(PRESSED) as process:
        threads = Path(f"/proc/{process.pid}/task")
        until(lambda: len(list(threads.iterdir())) > 1, "its switch is set")
        frozen = time.monotonic()
        os.kill(process.pid, signal.SIGSTOP)
        until(lambda: time.monotonic() - frozen > 3.0, "time stands still")
        os.kill(process.pid, signal.SIGCONT)
        out, _ = process.communicate(timeout=60)

    assert (process.returncode, out) == (0, "went on\n")
