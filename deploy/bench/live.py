"""Workers that run while something is measured on them, and what they have told so far."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import msgspec
from kafka import KafkaAdminClient

from deploy.bench.observed import Look, Told, Watch
from deploy.child import ChildProcess
from deploy.kafka.broker import Broker
from streams.kafka import KafkaSettings
from streams.log_end import log_ends, partitions_of

_POLL_SECONDS = 0.05
_LINES_MAX = 40
_numbers = count(1)


class NotReached(TimeoutError):  # noqa: N818 - named after what is the case
    """The workers did not come so far in time; the message says how far they came and ends with the tail of a log."""


class LiveWorker:
    """One worker that tells, see `observed.py`."""

    def __init__(self, python: str, watch: Watch, folder: Path) -> None:
        log = folder / f"worker-{next(_numbers)}.log"
        argv = [python, "-m", "deploy.bench.observed", msgspec.json.encode(watch).decode()]
        self.child = ChildProcess(argv, log, {"PYTHONUNBUFFERED": "1"})
        self.looks: list[Look] = []
        self.assigned = self.ready = 0.0
        self._read = 0

    def hear(self) -> None:
        """Take in what it told since the last time."""
        data = self.child.log.read_bytes()
        end = data.rfind(b"\n") + 1
        for line in data[self._read : end].splitlines():
            if line.startswith(b"{"):
                told = msgspec.json.decode(line, type=Told)
                self.looks += told.looks
                self.assigned, self.ready = told.assigned, told.ready
        self._read = end

    @property
    def said(self) -> str:
        """The last lines of its log, without what it told of itself."""
        lines = self.child.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join([line for line in lines if not line.startswith('{"looks')][-_LINES_MAX:])

    @property
    def folded(self) -> dict[int, int]:
        """Records in its state, by partition, as it last told."""
        return self.looks[-1].folded if self.looks else {}


class Workers:
    """The workers of one group."""

    def __init__(self, python: str, broker: Broker, watch: Watch, folder: Path) -> None:
        self.python = python
        self.broker = broker
        self.watch = watch
        self.folder = folder
        self.all: list[LiveWorker] = []

    def hire(self) -> LiveWorker:
        """Start one more."""
        worker = LiveWorker(self.python, self.watch, self.folder)
        self.all.append(worker)
        return worker

    def wait(self, reached: Callable[[], bool], seconds: float, what: str) -> None:
        """Return when `reached` holds.

        Raises:
            NotReached: a worker ended, or the time is over.
        """
        deadline = time.monotonic() + seconds
        while True:
            for worker in self.all:
                worker.hear()
            if reached():
                return
            ended = [worker for worker in self.all if not worker.child.running()]
            if ended or time.monotonic() > deadline:
                why = "a worker ended" if ended else f"not in {seconds:.0f} s"
                folded = [worker.folded for worker in self.all]
                raise NotReached(f"{what}: {why}; folded {folded}\n{(ended or self.all)[0].said}")
            time.sleep(_POLL_SECONDS)

    def total(self) -> int:
        """Return how many records are in the state of all workers together."""
        return sum(sum(worker.folded.values()) for worker in self.all)

    def stop(self) -> None:
        """End them all."""
        for worker in self.all:
            worker.child.kill()


@contextmanager
def workers(python: str, broker: Broker, folder: Path, partitions: int, **more: float) -> Iterator[Workers]:
    """Give workers of a new group, none started yet; they are ended afterwards."""
    group = f"bench-live-{next(_numbers)}"
    watch = Watch(broker.bootstrap, group, partitions, broker.session_seconds)
    crew = Workers(python, broker, msgspec.structs.replace(watch, **more), folder)
    try:
        yield crew
    finally:
        crew.stop()


def committed_all(kafka: KafkaSettings, group: str, topic: str) -> bool:
    """Return whether a group has committed a topic to its end."""
    ends = log_ends(kafka, partitions_of(kafka, topic))
    with KafkaAdminClient(**kafka.admin()) as admin:
        found = admin.list_group_offsets([group])
    offsets = found.get(group, found)
    return all(tp in offsets and offsets[tp].offset >= end for tp, end in ends.items() if end)
