"""Time for which a thread waited for a processor, as the kernel counts it."""

import os
import subprocess
import sys

from agents.engine.starved import Starved

SPIN = "import os; os.sched_setaffinity(0, {%d})\nwhile True: pass"


def test_what_was_waited_is_told_once(tmp_path):
    counts = tmp_path / "schedstat"
    counts.write_text("5000000000 1000000000 7\n")
    starved = Starved(counts)

    counts.write_text("5000000000 3500000000 9\n")

    assert [starved.seconds(), starved.seconds()] == [2.5, 0.0]


def test_a_kernel_that_does_not_count_excuses_nothing(tmp_path):
    (tmp_path / "odd").write_text("unknown\n")

    assert [Starved(tmp_path / name).seconds() for name in ("none", "odd")] == [0.0, 0.0]


def test_a_thread_that_shares_its_processor_has_waited():
    """In a process of its own, whose main thread it is."""
    processor = min(os.sched_getaffinity(0))
    told = (
        "import os, time; from agents.engine.starved import Starved; "
        f"os.sched_setaffinity(0, {{{processor}}}); starved = Starved(); waited = 0.0\n"
        "while (waited := waited + starved.seconds()) < 0.2: pass\n"
        "print('waited')"
    )
    with subprocess.Popen([sys.executable, "-c", SPIN % processor]) as other:
        try:
            done = subprocess.run(
                [sys.executable, "-c", told], capture_output=True, text=True, check=True, timeout=60
            )
        finally:
            other.kill()
    assert done.stdout == "waited\n"
