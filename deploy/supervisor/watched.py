"""One part under watch: begun, ready, silent, ended, begun again; a machine of states that somebody asks to look."""

import time
from collections.abc import Callable

from deploy.child import born_at
from deploy.part import Program
from deploy.supervisor.handle import PartState

BACK_OFF_SECONDS_MAX = 5.0
FAILING_DEATHS = 3
"""So many deaths, each soon after the one before, and a part is called failing."""
_BACK_OFF_SECONDS = 0.5
_LASTING_SECONDS = 60.0
"""A part that was ready for so long has recovered: its next death is a first one."""
_LOOK_SECONDS = 5.0

Say = Callable[[str], None]


class Watched:
    """One part.

    Args:
        name: of the part.
        program: its process.
        say: told in a line when it ends, keeps ending or is no longer ready, and when it is back.
        stalled_seconds: a part that is not ready for so long is ended and begun again; None leaves it.
        now: the time, Unix seconds.
    """

    def __init__(
        self,
        name: str,
        program: Program,
        say: Say,
        stalled_seconds: float | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.name = name
        self.program = program
        self.state = "waiting"
        self.since = now()
        self.deaths = 0
        self.why = ""
        self._say = say
        self._stalled_seconds = stalled_seconds
        self._now = now
        self._in_a_row = 0
        self._again_at = 0.0
        self._looked_at = 0.0
        self._begun_at = 0.0

    def begin(self) -> None:
        """Start its process; one that cannot be started has ended."""
        self._begun_at = self._now()
        try:
            self.program.begin()
        except OSError as error:
            self._died(str(error))
        else:
            if self.state != "failing":
                self._become("starting")

    def hold(self, why: str) -> None:
        """End its process and leave it so until it is begun; that is no death."""
        self._say(f"{self.name} {why}")
        self.program.kill()
        self._again_at = 0.0
        self._become("waiting")

    def look(self) -> bool:
        """See how it is, begin it again if its time has come, and tell whether something became other."""
        before = (self.state, self.deaths, self.program.pid)
        if self.state != "waiting":
            self._look()
        return before != (self.state, self.deaths, self.program.pid)

    def told(self) -> PartState:
        """Return how it is, for others to read."""
        pid = self.program.pid
        process = self.program.process
        return PartState(
            part=self.name,
            state=self.state,
            since=self.since,
            pid=pid,
            born=None if pid is None else born_at(pid),
            deaths=self.deaths,
            why=self.why,
            address=self.program.address,
            log=str(process.log) if process else "",
        )

    def _look(self) -> None:
        now = self._now()
        process = self.program.process
        if self._again_at:
            if now >= self._again_at:
                self._again_at = 0.0
                self.begin()
        elif process is None or not process.running():
            code = None if process is None else process.returncode
            self._died(f"ended with code {code}: {process.last_line() if process else ''}")
        elif self.state in {"ready", "unready"}:
            self._look_after(now)
        elif self.program.ready():
            self._say(f"{self.name} is ready") if self.deaths else None
            self._become("ready")
        elif now - self._begun_at > self.program.start_seconds:
            self._end(f"was not ready in {self.program.start_seconds:.0f} s: {process.last_line()}")

    def _look_after(self, now: float) -> None:
        if now - self._looked_at < _LOOK_SECONDS:
            return
        self._looked_at = now
        answers = self.program.ready()
        if answers and self.state == "unready":
            self._say(f"{self.name} is ready again")
            self._become("ready")
        elif not answers and self.state == "ready":
            self._say(f"{self.name} runs and is not ready")
            self._become("unready")
        if self.state == "ready" and now - self.since > _LASTING_SECONDS:
            self._in_a_row = 0
        if self.state == "unready" and self._stalled_seconds and now - self.since > self._stalled_seconds:
            self._end(f"made no progress for {now - self.since:.0f} s")

    def _end(self, why: str) -> None:
        self.program.stop()
        self._died(why)

    def _died(self, why: str) -> None:
        self.deaths += 1
        self._in_a_row += 1
        self.why = why
        wait = min(_BACK_OFF_SECONDS * 2 ** (self._in_a_row - 1), BACK_OFF_SECONDS_MAX)
        self._again_at = self._now() + wait
        failing = self._in_a_row >= FAILING_DEATHS
        row = f", {self._in_a_row} times in a row" if failing else ""
        self._say(f"{self.name} {why}{row}; it starts again in {wait:.1f} s")
        if not failing:
            self._become("ended")
        elif self.state != "failing":
            self._become("failing")

    def _become(self, state: str) -> None:
        self.state = state
        self.since = self._now()
