"""A worker that tells what happens inside it: `python -m deploy.bench.observed WATCH`.

It is the whole worker, with a task in its loop that looks at the fold of the bed reports and writes what it sees to
standard output, a line of JSON each quarter of a second.
"""

import asyncio
import sys
import time
from typing import Any

import msgspec

from agents.app import Agents
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
        look_seconds: time between two looks.
        costs: whether looks say what the worker cost so far; to ask that takes longer than to fold a report, so
            who looks every millisecond does without.
        records: ready when so many are in the state, restored or folded.
    """

    bootstrap: str
    group: str
    partitions: int
    session_seconds: float
    look_seconds: float = 0.005
    costs: bool = True
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
        agents.app.task(observer.look)
        agents.app.task(observer.tell)

    run_worker(settings, KafkaSettings(bootstrap=watch.bootstrap), made)


class _Observer:
    def __init__(self, agents: Agents, watch: Watch) -> None:
        self.app = agents.app
        self.fold = fold_of(agents)
        self.watch = watch
        self.looks: list[Look] = []
        self.assigned = self.ready = 0.0

    async def on_assigned(self, *_: Any, **__: Any) -> None:
        self.assigned, self.ready = time.monotonic(), 0.0

    async def look(self) -> None:
        seen: dict[int, int] = {}
        cost = time.process_time if self.watch.costs else float
        before = (time.monotonic(), cost())
        while True:
            now = (time.monotonic(), cost())
            counts = {partition: held.state.counts.total for partition, held in self.fold.held.items()}
            if counts != seen:
                seen = counts
                self.looks.append(Look(*now, *before, counts))
            before = now
            if self.assigned and not self.ready and self._is_ready():
                self.ready = time.monotonic()
            await asyncio.sleep(self.watch.look_seconds)

    def _is_ready(self) -> bool:
        if self.app.rebalancing or self.app.in_recovery or not self.app.tables.actives_ready:
            return False
        return folded(self.fold) >= self.watch.records

    async def tell(self) -> None:
        while True:
            await asyncio.sleep(_TELL_SECONDS)
            told = Told(self.looks, self.assigned, self.ready)
            self.looks = []
            sys.stdout.write(msgspec.json.encode(told).decode() + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
