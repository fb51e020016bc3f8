"""Workers at work on a wave that does not end while a test disturbs them, and what must be true afterwards."""

import contextlib
import random
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from deploy.kafka.broker import Broker
from streams.kafka import KafkaSettings
from streams.topic_admin import apply_topics
from streams.topics import REPORT_PARTITIONS, catalogue
from tests.support.full_load import FullLoad, committed, source_ends
from tests.support.single_pass import OUTCOMES, on_topics, single_pass
from tests.support.wave import Wave
from tests.support.workers import Crew, crew

LOCATIONS = 40
SNAPSHOT_SECONDS = 0.5
MANY = 4
"""Partitions of each report topic on a cluster that was made with more than one."""
_WORK_SEEN_SECONDS = 60
_SETTLE_SECONDS = 120


def differences(made: Iterable[object], expected: Iterable[object]) -> list[str]:
    """The first few things that are in one and not in the other."""
    made, expected = set(made), set(expected)
    lost = [f"lost: {each}" for each in sorted(expected - made)]
    extra = [f"extra: {each}" for each in sorted(made - expected)]
    return lost[:3] + extra[:3] + [f"{len(lost)} lost, {len(extra)} extra"] * bool(lost or extra)


@dataclass
class UnderLoad:
    """A crew that has its hands full.

    Attributes:
        kafka: where.
        workers: the crew.
        load: what is written for them.
        chance: for whoever disturbs them.
    """

    kafka: KafkaSettings
    workers: Crew
    load: FullLoad
    chance: random.Random

    def done(self) -> int:
        """How much was done so far: the length of the status log."""
        return self.load.said

    def wait_for_work(self) -> None:
        """Wait until something is done."""
        before = self.done()
        deadline = time.monotonic() + _WORK_SEEN_SECONDS
        while self.done() == before:
            assert time.monotonic() < deadline, f"nothing is done any more: {self.workers.tail()}"
            time.sleep(0.02)

    def wait_a_while(self) -> None:
        """Wait for a random moment: amid work as often as amid whatever the last disturbance caused."""
        if self.chance.random() < 0.5:
            self.wait_for_work()
            time.sleep(self.chance.uniform(0, 0.7))  # a random moment is the test itself
        else:
            time.sleep(self.chance.uniform(0.05, 2.0))

    def settle(self) -> None:
        """End the wave, and hold everything that was made of it against a single pass."""
        load, workers = self.load, self.workers
        load.finish()
        expected = single_pass(load.wave.items(load.ticks))
        assert len(expected.breaches) > 20
        assert all(
            count for outcome, count in expected.counts.items() if outcome not in {"skipped", "held_back"}
        )
        workers.wait_until_judged(load.last_tick, _SETTLE_SECONDS)
        wait_until_committed(self.kafka, 60)  # by then everything is delivered as well
        made = on_topics(self.kafka)
        told = [differences(made.breaches, expected.breaches)]
        told += [differences(made.aggregates.items(), expected.aggregates.items())]
        told += [differences(made.overviews.items(), expected.overviews.items())]
        assert not any(told), f"{told}\n{self.workers.tail()}"
        assert made.breaches == expected.breaches
        pages = workers.wait_for_counts(load.records, 30)
        counts = {name: sum(n for (_, outcome), n in pages.items() if outcome == name) for name in OUTCOMES}
        assert counts == expected.counts


def wait_until_committed(kafka: KafkaSettings, seconds: float) -> None:
    """Wait until everything that was written to a topic that a stage reads is committed; nothing more comes."""
    deadline = time.monotonic() + seconds
    while True:
        ends, told = source_ends(kafka), committed(kafka)
        short = {tp: (told.get(tp, 0), end) for tp, end in ends.items() if told.get(tp, 0) != end}
        if not short:
            return
        assert time.monotonic() < deadline, f"committed, and written: {short}"
        time.sleep(0.2)


@contextlib.contextmanager
def under_load(
    broker: Broker,
    kafka: KafkaSettings,
    seed: int,
    partitions: int = REPORT_PARTITIONS,
    prepare: Callable[[], None] | None = None,
) -> Iterator[UnderLoad]:
    """Give two workers that have begun on a wave; `prepare` is what each does before that."""
    apply_topics(kafka, catalogue(partitions))
    with (
        crew(broker, snapshot_seconds=SNAPSHOT_SECONDS, report_partitions=partitions) as workers,
        FullLoad(kafka, Wave(seed, LOCATIONS), partitions) as load,
    ):
        workers.prepare = prepare
        for _ in range(2):
            workers.hire()
        run = UnderLoad(kafka, workers, load, random.Random(seed))
        run.wait_for_work()
        yield run
