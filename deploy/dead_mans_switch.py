"""Ends a process that stands still, with a status by which whoever supervises it starts it again.

A worker has a watchdog that knows more (`agents.engine.watchdog`). Ticker and live page only say that they go on.
"""

import faulthandler
import os
import sys
import threading
import time
from types import TracebackType
from typing import Self

STALLED_STATUS = os.EX_TEMPFAIL
"""Exit status of a process that stood still: 75, as a worker's."""

_LOOK_SECONDS = 0.5
_STEP_SECONDS_MAX = 1.0
"""Most that one look counts: time in which nobody could look, as a stopped process or a starved one, proves nothing."""


class DeadMansSwitch:
    """Ends this process unless it is pressed again and again, while the block runs.

    Args:
        what: the process, for the last line that it says.
        seconds: so long it may go without being pressed.
    """

    def __init__(self, what: str, seconds: float) -> None:
        self.what = what
        self.seconds = seconds
        self._pressed = True
        self._unpressed_seconds = 0.0
        self._leaving = threading.Event()
        # A thread: it must also notice a loop that is blocked, or a wait that does not end.
        self._thread = threading.Thread(target=self._watch, name="dead man's switch", daemon=True)

    def press(self) -> None:
        """Say that the process goes on; from any thread."""
        self._pressed = True

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leaving.set()
        self._thread.join()

    def _watch(self) -> None:
        looked_at = time.monotonic()
        while not self._leaving.wait(_LOOK_SECONDS):
            now = time.monotonic()
            step, looked_at = min(now - looked_at, _STEP_SECONDS_MAX), now
            self._unpressed_seconds = 0.0 if self._pressed else self._unpressed_seconds + step
            self._pressed = False
            if self._unpressed_seconds >= self.seconds:
                sys.stderr.write(
                    f"{self.what} has stood still for {self._unpressed_seconds:.0f} s and ends\n"
                )
                sys.stderr.flush()
                faulthandler.dump_traceback(file=2, all_threads=True)
                os._exit(STALLED_STATUS)
