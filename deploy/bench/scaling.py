"""How the rate changes with locations, series, partitions and ticks, and with a second worker.

Each point is a run of the whole worker on a log that is already there. For one and two workers the log is written when
the group has settled, so that both start at once; writing it takes its share of the machine from either.
"""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from deploy.bench.ground import Ground, broker_of
from deploy.bench.job import Series, decode, figures
from deploy.bench.live import Workers, workers
from deploy.bench.load import load, make_topics
from deploy.bench.log import Shape, log_of
from deploy.bench.peers import BY_NAME
from deploy.bench.run import SystemFailed, WrongResult, run_once
from deploy.kafka.broker import BrokerKind
from streams.kafka import KafkaSettings
from streams.recording import Record
from streams.topics import OCCUPANCY

_PARTITIONS = 4
_WORKER_PARTITIONS = 8
_PATIENCE_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a line: how many times the first, on which log, on how many partitions."""

    times: float
    shape: Shape
    partitions: int = _PARTITIONS


def lines(records: int) -> Mapping[str, tuple[Point, ...]]:
    """Return the lines to measure, for a mixture of so many reports."""
    mixture = Shape("mixture", records)
    single = Shape("single", records * 3)
    return {
        "locations": tuple(Point(times, replace(mixture, locations=times)) for times in (1, 10, 100)),
        "series": tuple(Point(times, replace(single, locations=8 * times)) for times in (1, 10, 100)),
        # 64 is the most that the settings allow; there are twelve keys, so more would stay empty.
        "partitions": tuple(Point(times, mixture, times) for times in (1, 8, 64)),
        "ticks": tuple(Point(times, replace(mixture, tick_every=10_000 // times)) for times in (1, 10)),
    }


def scaling(
    kind: BrokerKind, python: str, records: int, rounds: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """Return each line as its points: `times`, what it stands for, records/s, readings/s, processor time, memory."""
    found: dict[str, Any] = {
        name: [_measured(kind, python, point, rounds, say, name) for point in points]
        for name, points in lines(records).items()
    }
    found["workers"] = _workers(kind, python, Shape("mixture", records), rounds, say)
    return found


def _measured(
    kind: BrokerKind, python: str, point: Point, rounds: int, say: Callable[[str], None], name: str
) -> dict[str, Any]:
    with Ground(kind, point.shape, point.partitions) as ground:
        try:
            runs = [
                run_once(ground, BY_NAME["ketenwacht"], f"{each}-scaling", python) for each in range(rounds)
            ]
        except (SystemFailed, WrongResult) as error:
            say(f"{name} x {point.times:g}: {error}")
            return {"times": point.times, "failed": str(error)}
        series = len(_series(ground.part(1).log))
    rate = median(run.records / run.seconds for run in runs)
    say(f"{name} x {point.times:g}: {rate:,.0f} records/s")
    return {
        "times": point.times,
        "locations": 11 * point.shape.locations,
        "series": series,
        "partitions": point.partitions,
        "records": point.shape.records,
        "tick_every": point.shape.tick_every,
        "records_per_second": round(rate, 1),
        "readings_per_second": round(median(run.figures / run.seconds for run in runs), 1),
        "cpu_seconds_per_million": round(median(run.cpu_seconds / run.figures for run in runs) * 1e6, 3),
        "peak_mb": round(max(run.peak_mb for run in runs), 1),
    }


def _series(log: tuple[Record | int, ...]) -> set[Series]:
    found: set[Series] = set()
    for item in log:
        if not isinstance(item, int):
            report = decode(item.key, item.value)
            place = report.region, report.location
            found.update((*place, unit, label, field) for unit, label, field, _ in figures(report))
    return found


def _workers(
    kind: BrokerKind, python: str, shape: Shape, rounds: int, say: Callable[[str], None]
) -> list[dict[str, Any]]:
    log = tuple(log_of(shape))
    points = []
    for number in (1, 2):
        rates = []
        for _ in range(rounds):
            rates.append(_rate_of(kind, python, log, shape.records, number))
            say(f"{number} workers: {rates[-1]:,.0f} records/s")
        points.append({"times": number, "workers": number, "records_per_second": round(median(rates), 1)})
    return points


def _rate_of(
    kind: BrokerKind, python: str, log: tuple[Record | int, ...], records: int, number: int
) -> float:
    """Return records/s of a crew, from the first record that any has in state to the last."""
    with (
        tempfile.TemporaryDirectory(prefix="ketenwacht-bench-") as name,
        broker_of(kind, Path(name)) as broker,
    ):
        kafka = KafkaSettings.own(broker.bootstrap)
        make_topics(kafka, _WORKER_PARTITIONS)
        with workers(python, broker, Path(name), _WORKER_PARTITIONS) as crew:
            for _ in range(number):
                crew.hire()
            crew.wait(lambda: settled(crew), _PATIENCE_SECONDS, "the group")
            load(kafka, OCCUPANCY, _WORKER_PARTITIONS, log)
            crew.wait(lambda: crew.total() >= records, _PATIENCE_SECONDS, "the log")
            began = min(worker.looks[0].before for worker in crew.all if worker.looks)
            ended = max(worker.looks[-1].at for worker in crew.all if worker.looks)
    return records / (ended - began)


def settled(crew: Workers) -> bool:
    """Return whether every worker is ready, and has been assigned its part after all had joined."""
    return all(worker.ready for worker in crew.all)
