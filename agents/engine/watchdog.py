"""Ends a worker that stands still, and says before that it is not ready.

A thread, not a task: it must also notice a loop that is blocked. It reads what the loop says of itself
(`agents.engine.vitals`) and ends the process when `agents.engine.patience` is at its end.
"""

import faulthandler
import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog

from agents.engine.patience import Health, Patience, Stall
from agents.engine.vitals import Vitals

log = structlog.get_logger()

STALLED_STATUS = 75
"""Exit status of a worker that stood still: EX_TEMPFAIL of sysexits.h, start it again."""

_LOOK_SECONDS = 0.5
_LAST_WORDS_SECONDS = 5.0
_NAMED_MAX = 50
_STDERR = 2


class Watchdog:
    """Looks at a worker twice a second.

    Args:
        stall_seconds: how long something may stand still.
        vitals: returns the last beat of the worker's loop, None before the first.
    """

    def __init__(self, stall_seconds: float, vitals: Callable[[], Vitals | None]) -> None:
        self.stall_seconds = stall_seconds
        self._vitals = vitals
        self._patience = Patience(stall_seconds)
        self._health = Health(alive=True, ready=False, reasons=("the worker starts",))
        self._looked_at = time.monotonic()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin to watch: from now on the process may end at any moment."""
        self._looked_at = time.monotonic()
        self._set_timer()
        self._thread.start()

    def stop(self) -> None:
        """Let the process live, whatever it does."""
        self._stopping.set()
        self._thread.join()
        faulthandler.cancel_dump_traceback_later()

    def health(self) -> Health:
        """Return what was seen last; may be called from any thread."""
        unseen = time.monotonic() - self._looked_at
        if unseen >= self.stall_seconds / 2:
            return Health(
                alive=False, ready=False, reasons=(f"nobody has watched the worker for {unseen:.0f} s",)
            )
        return self._health

    def _watch(self) -> None:
        while not self._stopping.wait(min(_LOOK_SECONDS, self.stall_seconds / 20)):
            self._set_timer()
            now = time.monotonic()
            self._health = self._patience.look(now - self._looked_at, self._vitals())
            self._looked_at = now
            if self._health.stalled:
                self._end(self._health.stalled)

    def _set_timer(self) -> None:
        """Should code that holds the interpreter's lock keep even this thread from looking: C ends the process.

        With the stacks and status 1, for it knows no other.
        """
        faulthandler.dump_traceback_later(2 * self.stall_seconds, exit=True, file=_STDERR)

    def _end(self, stalled: tuple[Stall, ...]) -> None:
        # The thread that stands still may hold the lock of the log, and nobody may read the other end of the pipe.
        last_words = threading.Thread(target=_say, args=(stalled,), daemon=True)
        last_words.start()
        last_words.join(_LAST_WORDS_SECONDS)
        os._exit(STALLED_STATUS)


def _say(stalled: tuple[Stall, ...]) -> None:
    now = datetime.now(UTC)
    for stall in stalled[:_NAMED_MAX]:
        since = now - timedelta(seconds=stall.seconds)
        log.error(
            "worker stands still and ends", what=stall.what, seconds=round(stall.seconds, 1),
            since=since.isoformat(timespec="seconds"), **stall.facts,
        )  # fmt: skip
    if len(stalled) > _NAMED_MAX:
        log.error("more stands still", count=len(stalled) - _NAMED_MAX)
    faulthandler.dump_traceback(file=_STDERR, all_threads=True)
