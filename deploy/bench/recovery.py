"""How long a worker takes from its assignment to being ready, with a hundred thousand series to restore.

The worker is killed with -9 after everything it folded was committed, so nothing but recovery is measured: reading the
changelog, and state that holds every series again. Ticks go on, five a second.
"""

import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from deploy.bench.ground import broker_of
from deploy.bench.job import Newest, accept
from deploy.bench.live import LiveWorker, Workers, committed_all, workers
from deploy.bench.load import load, make_topics
from deploy.bench.log import Shape, log_of
from deploy.kafka.broker import BrokerKind
from streams.kafka import KafkaSettings
from streams.player import Player
from streams.topics import OCCUPANCY

PARTITIONS = 4
LOCATIONS = 355
"""Of each region: with 26 figures each, about 101,500 series."""

RECORDS = LOCATIONS * 11 * 6
_TICKS_A_SECOND = 5
_PATIENCE_SECONDS = 90.0


def recovery(kind: BrokerKind, python: str, rounds: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Return the median over the kills, in seconds for 100,000 series, and what it was taken from."""
    log = tuple(log_of(Shape("mixture", RECORDS, locations=LOCATIONS)))
    held = Newest()
    for item in log:
        if not isinstance(item, int):
            held.fold(*accept(item.key, item.value))
    series = held.series
    with (
        tempfile.TemporaryDirectory(prefix="ketenwacht-bench-") as name,
        broker_of(kind, Path(name)) as broker,
    ):
        kafka = KafkaSettings.own(broker.bootstrap)
        make_topics(kafka, PARTITIONS)
        load(kafka, OCCUPANCY, PARTITIONS, log)
        last = next(item for item in reversed(log) if isinstance(item, int))
        with (
            workers(python, broker, Path(name), PARTITIONS, records=RECORDS) as crew,
            ticking(kafka, last) as pause,
        ):
            worker = crew.hire()
            crew.wait(
                lambda: crew.total() >= RECORDS and bool(worker.ready), _PATIENCE_SECONDS, "the first fold"
            )
            seconds = []
            for number in range(rounds):
                _settle(kafka, crew, pause)
                worker = _restart(crew, worker)
                crew.wait(lambda: bool(worker.ready), _PATIENCE_SECONDS, "recovery")  # noqa: B023 - at once
                seconds.append(worker.ready - worker.assigned)
                say(f"recovery {number + 1}: {series:,} series in {seconds[-1]:.2f} s")
    per_100k = median(seconds) / series * 100_000
    return {
        "recovery_seconds_per_100k_keys": round(per_100k, 3),
        "recovery": {"series": series, "runs": [round(each, 3) for each in seconds]},
    }


def _settle(kafka: KafkaSettings, crew: Workers, pause: threading.Event) -> None:
    """Wait until all that was folded is committed; no ticks meanwhile, for each moves the end."""
    pause.set()
    crew.wait(lambda: committed_all(kafka, crew.watch.group, OCCUPANCY), _PATIENCE_SECONDS, "the last commit")
    pause.clear()


def _restart(crew: Workers, worker: LiveWorker) -> LiveWorker:
    worker.child.kill()
    crew.all.remove(worker)
    return crew.hire()


@contextmanager
def ticking(kafka: KafkaSettings, after: int) -> Iterator[threading.Event]:
    """Write ticks until the end of the block, from a second on; they pause while the event is set."""
    pause, stop = threading.Event(), threading.Event()

    def tick() -> None:
        player = Player(kafka, PARTITIONS)
        at = after
        while not stop.wait(1 / _TICKS_A_SECOND):
            if not pause.is_set():
                at += 1
                player.tick(at)
                player.flush()
        player.close()

    thread = threading.Thread(target=tick, daemon=True)
    thread.start()
    try:
        yield pause
    finally:
        stop.set()
        thread.join(30)
