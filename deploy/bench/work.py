"""What a system is asked to do and what it tells: both cross a process border as JSON."""

import time
from pathlib import Path

import msgspec

from deploy.bench.log import LogKind


class Work(msgspec.Struct, frozen=True):
    """One measured run of one system, in a process of its own.

    Attributes:
        bootstrap: where Kafka is.
        topic: topic with the log, written before the run.
        partitions: its partition count.
        records: reports in it; ticks are not counted.
        figures: figures in them.
        log: `mixture` or `single`.
        group: consumer group, never used before.
        session_seconds: group session time-out; the embedded broker takes half of it to let one join.
        folder: empty folder for local state.
        recording: the log as a file, for the system that needs no broker.
    """

    bootstrap: str
    topic: str
    partitions: int
    records: int
    figures: int
    log: LogKind
    group: str
    session_seconds: float
    folder: str
    recording: str = ""


class Outcome(msgspec.Struct, frozen=True):
    """What a run gave.

    Attributes:
        records: reports that were handled.
        figures: figures in them.
        seconds: from the first record handled to the last one in state.
        cpu_seconds: processor time of the process in that span, all its threads.
        peak_mb: largest resident memory of the process, MiB.
        digest: of the result, see `job.digest`; empty where nothing is kept.
        began, ended: the span on the machine's monotonic clock.
    """

    records: int
    figures: int
    seconds: float
    cpu_seconds: float
    peak_mb: float
    digest: str = ""
    began: float = 0.0
    ended: float = 0.0


class Stopwatch:
    """Wall and processor time between the first record handled and the last one in state."""

    def __init__(self) -> None:
        self._began: tuple[float, float] | None = None
        self._ended = (0.0, 0.0)

    @property
    def running(self) -> bool:
        """Whether it was started."""
        return self._began is not None

    def start(self) -> None:
        """Note the moment before the first record; a later call moves it."""
        self._began = (time.monotonic(), time.process_time())

    def stop(self) -> None:
        """Note the moment at which the last record was in state."""
        self._ended = (time.monotonic(), time.process_time())

    def outcome(self, records: int, figures: int, digest: str = "") -> Outcome:
        """Return what was measured.

        Raises:
            RuntimeError: nothing was handled.
        """
        if self._began is None or not self._ended[0]:
            raise RuntimeError("the log was not read to its end")
        (began, cpu_began), (ended, cpu_ended) = self._began, self._ended
        seconds = max(ended - began, 1e-9)
        return Outcome(records, figures, seconds, cpu_ended - cpu_began, peak_mb(), digest, began, ended)


def peak_mb() -> float:
    """Return the largest resident memory of this process so far, MiB.

    From /proc and not from getrusage: the latter still counts the process that started this one.
    """
    for line in Path("/proc/self/status").read_text("utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no VmHWM in /proc/self/status: this is no Linux")
