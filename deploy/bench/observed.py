"""A worker that tells what happens inside it: `python -m deploy.bench.observed WATCH`.

It is the whole worker, with a task in its loop that looks at the fold of the bed reports and writes what it sees to
standard output, a line of JSON each quarter of a second.
"""

import asyncio
import sys
import time
from collections.abc import Sequence
from typing import Any

import msgspec

from agents.app import Agents
from agents.engine.stage import Incoming, Outgoing
from agents.fold_reports import FoldPartition
from agents.settings import WorkerSettings
from agents.worker import run_worker
from deploy.bench.systems.ketenwacht import fold_of, folded
from streams.kafka import KafkaSettings

_TELL_SECONDS = 0.25


class Watch(msgspec.Struct, frozen=True):
    """How to run and look.

    Attributes:
        bootstrap: where Kafka is.
        group: consumer group, and the first part of the names of the changelogs.
        partitions: of the report topics.
        session_seconds: group session time-out.
        look_seconds: time between two looks; 0 for one whenever records were handled, which then does not say what the
            worker cost: to ask takes longer than to fold a report.
        records: ready when so many are in the state, restored or folded.
    """

    bootstrap: str
    group: str
    partitions: int
    session_seconds: float
    look_seconds: float = 0.005
    records: int = 0


class Look(msgspec.Struct, frozen=True, array_like=True):
    """One look at which something was new.

    Attributes:
        at, cpu: monotonic clock, and processor seconds of the worker so far (0 if not asked for).
        before, cpu_before: the same at the look before, when it was not there yet.
        folded: records in state, by partition.
    """

    at: float
    cpu: float
    before: float
    cpu_before: float
    folded: dict[int, int]


class Told(msgspec.Struct, frozen=True):
    """A line of what a worker tells: looks at which something was new, and moments on the monotonic clock.

    Attributes:
        looks: oldest first.
        assigned: when partitions were last assigned.
        ready: when the group had settled and the state was restored.
    """

    looks: list[Look] = []
    assigned: float = 0.0
    ready: float = 0.0


def main() -> None:
    """Run the worker until it is killed."""
    watch = msgspec.json.decode(sys.argv[1], type=Watch)
    settings = WorkerSettings(
        app_id=watch.group, report_partitions=watch.partitions, session_timeout_s=watch.session_seconds
    )

    def made(agents: Agents) -> None:
        observer = _Observer(agents, watch)
        agents.app.on_partitions_assigned.connect(observer.on_assigned, weak=False)
        if watch.look_seconds:
            agents.app.task(observer.look)
        else:
            observer.look_at_each()
        agents.app.task(observer.tell)

    run_worker(settings, KafkaSettings.own(watch.bootstrap), made)


class _Observer:
    def __init__(self, agents: Agents, watch: Watch) -> None:
        self.app = agents.app
        self.fold = fold_of(agents)
        self.watch = watch
        self.looks: list[Look] = []
        self.assigned = self.ready = 0.0
        self._seen: dict[int, int] = {}

    async def on_assigned(self, *_: Any, **__: Any) -> None:
        self.assigned, self.ready = time.monotonic(), 0.0

    async def look(self) -> None:
        before = (time.monotonic(), time.process_time())
        while True:
            now = (time.monotonic(), time.process_time())
            self._note(now, before)
            before = now
            self._note_ready(now[0])
            await asyncio.sleep(self.watch.look_seconds)

    def look_at_each(self) -> None:
        """Look whenever a partition has handled records: to look all the time costs the worker what is measured."""
        make = self.fold.make

        def made(partition: int, pieces: dict[str, bytes]) -> FoldPartition:
            held = make(partition, pieces)
            handle = held.handle

            def handled(records: Sequence[Incoming], start: int) -> tuple[int, list[Outgoing]]:
                result = handle(records, start)
                now = (time.monotonic(), 0.0)
                self._note(now, now)
                return result

            held.handle = handled  # type: ignore[method-assign]
            return held

        self.fold.make = made  # type: ignore[method-assign]

    def _note(self, now: tuple[float, float], before: tuple[float, float]) -> None:
        counts = {partition: held.state.counts.total for partition, held in self.fold.held.items()}
        if counts != self._seen:
            self._seen = counts
            self.looks.append(Look(*now, *before, counts))

    def _note_ready(self, now: float) -> None:
        if self.assigned and not self.ready and self._is_ready():
            self.ready = now

    def _is_ready(self) -> bool:
        if self.app.rebalancing or self.app.in_recovery or not self.app.tables.actives_ready:
            return False
        return folded(self.fold) >= self.watch.records

    async def tell(self) -> None:
        while True:
            await asyncio.sleep(_TELL_SECONDS)
            self._note_ready(time.monotonic())
            told = Told(self.looks, self.assigned, self.ready)
            self.looks = []
            sys.stdout.write(msgspec.json.encode(told).decode() + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
