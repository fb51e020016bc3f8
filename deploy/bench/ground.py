"""A broker with one log on it, and what a single pass makes of that log: where the systems meet."""

import tempfile
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from kafka import KafkaAdminClient

from deploy.bench.job import JobKind, decode, figures, single_pass
from deploy.bench.load import keyed_by_series, load, make_topics
from deploy.bench.log import DAYS, LogKind, Shape, log_of
from deploy.kafka.apache import ApacheKafka
from deploy.kafka.broker import Broker, BrokerKind
from deploy.kafka.embedded import EmbeddedBroker
from streams.kafka import KafkaSettings
from streams.recording import Record, RecordingHeader, write_recording
from streams.topics import OCCUPANCY, REPORT_TOPICS

_PATIENCE_SECONDS = 30.0


@dataclass(frozen=True)
class Part:
    """The first records of a log on a topic of their own, for a system that is too slow for all of it."""

    topic: str
    records: int
    log: tuple[Record | int, ...]
    truths: dict[JobKind, tuple[str, int]] = field(default_factory=dict)

    def truth(self, job: JobKind) -> tuple[str, int]:
        """Return the digest and the number of figures that a single pass gives."""
        if job not in self.truths:
            self.truths[job] = single_pass(self.log, job)
        return self.truths[job]


class Ground:
    """A broker with a log, in parts of several lengths; use it as a context manager.

    Args:
        kind: which broker.
        shape: of the whole log.
        partitions: partition count of every topic.
    """

    def __init__(self, kind: BrokerKind, shape: Shape, partitions: int) -> None:
        self.kind = kind
        self.shape = shape
        self.log: LogKind = shape.kind
        self.partitions = partitions
        self._folder = tempfile.TemporaryDirectory(prefix="ketenwacht-bench-")
        self.folder = Path(self._folder.name)
        self.broker = broker_of(kind, self.folder / "broker")
        self._parts: dict[tuple[str, int], Part] = {}
        self._recording: Path | None = None

    def __enter__(self) -> Self:
        self.broker.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.broker.stop()
        self._folder.cleanup()

    @property
    def kafka(self) -> KafkaSettings:
        """How to reach the broker."""
        return KafkaSettings.own(self.broker.bootstrap)

    def part(self, share: float, *, by_series: bool = False) -> Part:
        """Return a share of the log, written to a topic the first time it is asked for.

        The whole log stands in `care.occupancy`, with its ticks in every report topic. `by_series` keys the
        records by their one series instead of by region.
        """
        records = max(1, round(self.shape.records * share))
        name = "bench-by-series" if by_series else OCCUPANCY if share == 1 else "bench"
        if (name, records) not in self._parts:
            topic = name if share == 1 and not by_series else f"{name}-{records}"
            log = self._log(records)
            make_topics(self.kafka, self.partitions, () if topic == OCCUPANCY else (topic,))
            written: Iterable[Record | int] = keyed_by_series(log, _series(log)) if by_series else log
            load(self.kafka, topic, self.partitions, written)
            self._parts[name, records] = Part(topic, records, log)
        return self._parts[name, records]

    def recording(self) -> Path:
        """Return the whole log as a plain recording."""
        if self._recording is None:
            self._recording = self.folder / "log.jsonl"
            whole = self.part(1).log
            ticks = max(1, sum(isinstance(item, int) for item in whole))
            # At most a day: the last tick comes a whole step after the last record, and must not age it.
            header = RecordingHeader(name="bench", tick_seconds=min(86_400, round(DAYS * 86_400 / ticks)))
            write_recording(self._recording, header, (item for item in whole if not isinstance(item, int)))
        return self._recording

    def clear(self) -> None:
        """Remove every topic that a system made; what ours wrote is created again, empty."""
        keep = {part.topic for part in self._parts.values()} | set(REPORT_TOPICS)
        remove_topics(self.kafka, keep)
        make_topics(self.kafka, self.partitions)

    def _log(self, records: int) -> tuple[Record | int, ...]:
        for (_, length), part in self._parts.items():
            if length == records:
                return part.log
        return tuple(log_of(replace(self.shape, records=records)))


def broker_of(kind: BrokerKind, folder: Path, *, full_speed: bool = True) -> Broker:
    """Return a broker that is not started yet.

    Args:
        kind: which.
        folder: where its data go.
        full_speed: for Kafka: compile for throughput. At a trickle that takes a third of a core for minutes.
    """
    if kind == "embedded":
        return EmbeddedBroker(folder)
    return ApacheKafka(folder, heap_mb=1024, full_speed=full_speed)


def remove_topics(kafka: KafkaSettings, keep: Collection[str]) -> None:
    """Remove all topics but some, and wait until they are gone.

    Raises:
        TimeoutError: the broker still lists one after half a minute.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    with KafkaAdminClient(**kafka.admin()) as admin:
        while left := [
            name for name in admin.list_topics() if name not in keep and not name.startswith("__")
        ]:
            if time.monotonic() > deadline:
                raise TimeoutError(f"could not remove {left}")
            admin.delete_topics(left, raise_errors=False)
            time.sleep(0.05)


def _series(log: Iterable[Record | int]) -> Iterator[bytes]:
    for item in log:
        if not isinstance(item, int):
            report = decode(item.key, item.value)
            unit, label, field_name, _ = next(figures(report))
            yield f"{report.region}|{report.location}|{unit}|{label}|{field_name}".encode()
