"""How late: from produced to folded at a thousand records a second, and from a report to its transition.

One process writes the reports of six regions at their pace, a tick a second, and at random moments a report that takes
the beds of one of the other regions over their limit or back; a worker that runs folds and judges. Both clocks are the
machine's monotonic one. A transition is timed when it can be read from `care.breaches`.

Several short runs, each on a new broker: each batch makes the embedded broker slower by a little. The median of five
counts, of at most ten those from which the host took least: a moment in which it gives the machine no time makes the
slowest hundredth of a run.
On Apache Kafka the first part of a run does not count, and the JVM compiles with its quick compiler only: the other
one, at a thousand records a second, still took a third of a core after a minute and a half, and a broker that has
run for a day has that behind it.
"""

import asyncio
import tempfile
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import aiokafka

from agents.collect_rarely import collect_rarely
from agents.engine.members import partition_of
from deploy.bench.ground import broker_of
from deploy.bench.live import LiveWorker, workers
from deploy.bench.load import make_topics
from deploy.bench.log import Shape, log_of
from deploy.bench.stolen import watching
from deploy.kafka.broker import BrokerKind
from streams.kafka import KafkaSettings
from streams.recording import Record, record_of
from streams.reports import BedReading, OccupancyReport
from streams.reports.occupancy import Unit
from streams.status import decode_transition
from streams.ticks import SPREAD_SECONDS, TICK_KEY, encode_tick
from streams.topics import BREACHES, OCCUPANCY, REPORT_TOPICS

PARTITIONS = 4
RATE = 1_000
RUNS = 5
TRIES_MAX = 10
STOLEN_MAX = 3.0
"""Runs are made until the host gave others no more than this many percent of the processors' time in five of them."""

_QUANTILES = ("p50", "p99", "transition_p50", "transition_p99")
_SECONDS = {"embedded": (12, 2.0), "kafka": (30, 15.0)}
"""How long a run is, and how much of that does not count."""

_LINGER_MS = 5
"""So long a writer waits for more to send at once: what Kafka's own have done since version 4.0."""

_READER_WAIT_MS = {"embedded": 25, "kafka": 500}
"""Apache Kafka answers the reader of the transitions when there is one; the embedded broker lets it wait to the end."""

_TRIGGER_REGIONS = ("R01", "R02", "R03", "R04", "R05")
_CROWD_REGIONS = ("R06", "R07", "R08", "R09", "R10", "R11")
_PATIENCE_SECONDS = 60.0


@dataclass
class _Bed:
    """A unit of a region that is filled and emptied to cause transitions."""

    region: str
    unit: Unit
    due: float
    revision: int = 0
    sent: float = 0.0


@dataclass
class _Seen:
    """What was written and read, on the monotonic clock."""

    sent: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    deliveries: list[asyncio.Future[Any]] = field(default_factory=list)
    transitions: list[float] = field(default_factory=list)


def latency(kind: BrokerKind, python: str, say: Callable[[str], None]) -> dict[str, Any]:
    """Return p50 and p99 in ms, to state and to the transition: of each run that counts, and their median."""
    tried: list[dict[str, Any]] = []
    while len(tried) < TRIES_MAX and len([run for run in tried if run["stolen"] <= STOLEN_MAX]) < RUNS:
        taken: dict[str, float] = {}
        with watching(taken, "run"):
            waits, transitions = _run(kind, python)
        counts = {"stolen": taken.get("run", 0.0), "records": len(waits), "transitions": len(transitions)}
        tried.append(_quantiles(waits, transitions) | counts)
        say(f"latency {len(tried)}: {tried[-1]}")
    runs = sorted(tried, key=itemgetter("stolen"))[:RUNS]
    found = {name: median(run[name] for run in runs) for name in _QUANTILES}
    say(f"latency, median of {RUNS} runs: {found} ms")
    told = {name: sum(run[name] for run in runs) for name in ("records", "transitions")}
    return {"latency_ms": found | told | {"records_per_second": RATE, "runs": runs, "tried": len(tried)}}


def _quantiles(waits: list[float], transitions: list[float]) -> dict[str, float]:
    """Return p50 and p99 in ms, to state and to the transition, of one run."""
    found = [quantile(each, share) for each in (waits, transitions) for share in (0.50, 0.99)]
    return {name: round(value * 1000, 2) for name, value in zip(_QUANTILES, found, strict=True)}


def _run(kind: BrokerKind, python: str) -> tuple[list[float], list[float]]:
    """Return how long records took to be in state and reports to be transitions, seconds."""
    seconds, warm = _SECONDS[kind]
    log = _crowd_log(seconds)
    with (
        tempfile.TemporaryDirectory(prefix="ketenwacht-bench-") as name,
        broker_of(kind, Path(name), full_speed=False) as broker,
    ):
        kafka = KafkaSettings.own(broker.bootstrap)
        make_topics(kafka, PARTITIONS)
        with workers(python, broker, Path(name), PARTITIONS, look_seconds=0.0) as crew:
            worker = crew.hire()
            crew.wait(lambda: bool(worker.ready), _PATIENCE_SECONDS, "the worker")
            collect_rarely()  # what stops this process for 80 ms would be counted as the worker's
            seen = asyncio.run(_play(kind, kafka, log, seconds, warm))
            written = sum(len(moments) for moments in seen.sent.values())
            crew.wait(lambda: crew.total() >= written, _PATIENCE_SECONDS, f"all of {written} records")
            return folded_after(seen.sent, worker, warm), seen.transitions


def folded_after(sent: dict[int, list[float]], worker: LiveWorker, warm: float) -> list[float]:
    """Return for each record how long after it was written it was in state, seconds; the first `warm` seconds left out.

    Records of a partition are folded in order, so the n-th is there at the first look that finds n of them.
    """
    waits = []
    start = min(moments[0] for moments in sent.values()) + warm
    for partition, moments in sent.items():
        counts = [look.folded.get(partition, 0) for look in worker.looks]
        for number, moment in enumerate(moments, start=1):
            if moment >= start:
                waits.append(worker.looks[bisect_left(counts, number)].at - moment)
    return waits


def quantile(values: list[float], share: float) -> float:
    """Return the smallest value that at least that share of the values does not exceed.

    Raises:
        ValueError: there are none.
    """
    if not values:
        raise ValueError("nothing was measured")
    return sorted(values)[max(0, -(-round(share * 1_000_000) * len(values) // 1_000_000) - 1)]


async def _play(
    kind: BrokerKind, kafka: KafkaSettings, log: list[Record], seconds: int, warm: float
) -> _Seen:
    seen = _Seen()
    chance = Random(1)  # noqa: S311 - moments of a measurement
    begin = time.monotonic()
    beds = {
        (region, unit): _Bed(region, unit, begin + warm + chance.uniform(0, 2))
        for region in _TRIGGER_REGIONS
        for unit in ("ic", "ward")
    }
    async with (
        aiokafka.AIOKafkaProducer(**kafka.aio_producer(), linger_ms=_LINGER_MS) as producer,
        # The ticker is a program of its own: reports do not wait for the answer to its ticks.
        aiokafka.AIOKafkaProducer(**kafka.aio_producer(), linger_ms=_LINGER_MS) as ticker,
    ):
        reading = asyncio.create_task(_read_transitions(kind, kafka, beds, seen, chance))
        ticking = asyncio.create_task(_tick(ticker))
        filling = asyncio.create_task(_fill(producer, beds, seen, begin + seconds))
        await _crowd(producer, log, seen)
        await filling
        await asyncio.sleep(2.5)  # the last transitions come with the next tick
        ticking.cancel()
        reading.cancel()
        await asyncio.gather(ticking, reading, return_exceptions=True)
        await producer.flush()
        await asyncio.gather(*seen.deliveries)  # a record that was refused would be waited for in vain
    return seen


def _crowd_log(seconds: int) -> list[Record]:
    """Return the reports of the other regions, made before the clock starts."""
    shape = Shape(
        "mixture",
        RATE * seconds,
        regions=_CROWD_REGIONS,
        begin=datetime.now(UTC).replace(microsecond=0),
        span=timedelta(seconds=seconds),
        tick_every=RATE * seconds,
    )
    return [item for item in log_of(shape) if not isinstance(item, int)]


async def _crowd(producer: Any, log: list[Record], seen: _Seen) -> None:
    """Write the reports of the other regions, each at its moment."""
    begin = time.monotonic()
    for number, record in enumerate(log):
        left = begin + number / RATE - time.monotonic()
        if left > 0:
            await asyncio.sleep(left)
        await _send(producer, record, seen)


async def _send(producer: Any, record: Record, seen: _Seen) -> float:
    key = record.key or b""
    partition = partition_of(key, PARTITIONS)
    now = time.monotonic()
    seen.sent[partition].append(now)
    delivery = await producer.send(
        OCCUPANCY,
        record.value,
        key,
        partition=partition,
        timestamp_ms=round(time.time() * 1000),
        headers=list(record.headers),
    )
    seen.deliveries.append(delivery)
    return now


async def _tick(producer: Any) -> None:
    """Write a tick a second to every partition of every report topic, as `ketenwacht ticker` does."""
    while True:
        await asyncio.sleep(1 - time.time() % 1)
        value = encode_tick(int(time.time()))
        for partition in range(PARTITIONS):
            if partition:
                await asyncio.sleep(SPREAD_SECONDS / PARTITIONS)
            for topic in REPORT_TOPICS:
                await producer.send(topic, value, TICK_KEY, partition=partition)


async def _fill(producer: Any, beds: dict[tuple[str, str], _Bed], seen: _Seen, until: float) -> None:
    """Fill or empty each bed when it is due; the reader of the transitions says when that is again."""
    while (now := time.monotonic()) < until:
        for bed in beds.values():
            if bed.due <= now and not bed.sent:
                bed.revision += 1
                bed.sent = await _send(producer, _report(bed), seen)
        await asyncio.sleep(0.005)


def _report(bed: _Bed) -> Record:
    now = datetime.now(UTC)
    occupied = 20 if bed.revision % 2 else 5
    report = OccupancyReport(
        id=f"bench:{bed.region}:{bed.unit}:{bed.revision}",
        source="bench",
        region=bed.region,
        location=f"Ziekenhuis {bed.unit} (simulatie)",
        observed_at=now,
        received_at=now,
        revision=bed.revision,
        readings=[BedReading(unit=bed.unit, label="total", occupied=occupied, staffed=20)],
    )
    return record_of(OCCUPANCY, report)


async def _read_transitions(
    kind: BrokerKind,
    kafka: KafkaSettings,
    beds: dict[tuple[str, str], _Bed],
    seen: _Seen,
    chance: Random,
) -> None:
    wait = _READER_WAIT_MS[kind]
    consumer: Any = aiokafka.AIOKafkaConsumer(BREACHES, **kafka.aio_consumer(), fetch_max_wait_ms=wait)
    await consumer.start()
    try:
        async for record in consumer:
            now = time.monotonic()
            transition = decode_transition(record.value)
            unit, _, rest = transition.norm.partition("-")
            bed = beds.get((transition.region, unit)) if rest == "occupancy-high" else None
            if bed is not None and bed.sent:
                seen.transitions.append(now - bed.sent)
                bed.sent, bed.due = 0.0, now + chance.uniform(0, 1)
    finally:
        await consumer.stop()
