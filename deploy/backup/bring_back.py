"""Brings a backup into an empty cluster. What stages read gets the offsets that it had: snapshots say by these where they go on.

Before the first record that was kept, and where a record is missing, fillers take the offsets; those before the first are
removed again. Of other topics, the compacted ones above all, nobody holds an offset.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from kafka import KafkaAdminClient, KafkaProducer, TopicPartition
from typing_extensions import override

from deploy.backup.files import BackupError, Manifest, Stored, read_manifest, read_rows
from streams.kafka import KafkaSettings
from streams.letting_go import let_go
from streams.log_end import LogRecord, log_begins, log_ends, partitions_of
from streams.topic_admin import apply_topics
from streams.topics import MESSAGE_BYTES_MAX, REGION_STATUS, REPORT_TOPICS, catalogue

_WAITING_MAX = 20_000
_READ = frozenset({*REPORT_TOPICS, REGION_STATUS})


def bring_back(
    kafka: KafkaSettings, folder: Path, replication: int = 1, say: Callable[[str], None] = lambda _: None
) -> Manifest:
    """Make the topics of a backup and fill them.

    Args:
        kafka: the cluster.
        folder: the backup.
        replication: copies of each partition.
        say: told of each partition once it is filled.

    Raises:
        BackupError: it is no backup, the cluster holds records of ours already, or did not take one at its offset.
        kafka.errors.KafkaError: the cluster cannot be reached, or refuses a record.
    """
    manifest = read_manifest(folder)
    _refuse_what_is_there(kafka, manifest)
    names = {stored.topic for stored in manifest.partitions}
    topics = [topic for topic in catalogue(manifest.report_partitions) if topic.name in names]
    apply_topics(kafka, topics, replication)
    _make_changelogs(kafka, manifest, names - {topic.name for topic in topics}, replication)
    for stored in manifest.partitions:
        _fill(kafka, folder, stored)
        say(f"{stored.topic}/{stored.partition}")
    _remove_fillers(kafka, manifest)
    return manifest


def _refuse_what_is_there(kafka: KafkaSettings, manifest: Manifest) -> None:
    with KafkaAdminClient(**kafka.admin()) as admin:
        there = set(admin.list_topics())
    held = [stored.topic for stored in manifest.partitions if stored.topic in there]
    ends = log_ends(kafka, partitions_of(kafka, *sorted(set(held)))) if held else {}
    full = sorted({place.topic for place, end in ends.items() if end})
    if full:
        raise BackupError(
            f"{', '.join(full)}: holds records already; bring a backup back into a cluster without topics of ours. If that was "
            "begun before and broken off, delete these topics first"
        )


def _make_changelogs(kafka: KafkaSettings, manifest: Manifest, names: set[str], replication: int) -> None:
    sizes = {name: sum(stored.topic == name for stored in manifest.partitions) for name in sorted(names)}
    with KafkaAdminClient(**kafka.admin()) as admin:
        there = set(admin.list_topics())
        shapes = {
            name: {
                "num_partitions": size,
                "replication_factor": replication,
                "configs": {"cleanup.policy": "compact", "max.message.bytes": str(MESSAGE_BYTES_MAX)},
            }
            for name, size in sizes.items()
            if name not in there
        }
        if shapes:
            admin.create_topics(shapes)
            admin.wait_for_topics(list(shapes), timeout_ms=round(kafka.request_timeout_s * 1000))


def _fill(kafka: KafkaSettings, folder: Path, stored: Stored) -> None:
    place = TopicPartition(stored.topic, stored.partition)
    producer = KafkaProducer(**kafka.producer() | {"linger_ms": 20})
    waiting = []
    try:
        rows = read_rows(folder, stored)
        for record in _with_fillers(stored, rows) if stored.topic in _READ else rows:
            waiting.append(_send(producer, place, record))
            if len(waiting) >= _WAITING_MAX:
                _arrived(kafka, waiting)
        _arrived(kafka, waiting)
    finally:
        let_go(producer, kafka.request_timeout_s)
    end, wanted = log_ends(kafka, [place])[place], stored.end if stored.topic in _READ else stored.count
    if end != wanted:
        raise BackupError(
            f"{stored.topic}/{stored.partition} ends at {end} and not at {wanted}: somebody else writes to it"
        )


class _Name(str):
    """The name of a header, which may be any bytes."""

    __slots__ = ()

    @override
    def encode(self, encoding: str = "utf-8", errors: str = "surrogateescape") -> bytes:
        return super().encode(encoding, errors)


def _send(producer: KafkaProducer, place: TopicPartition, record: LogRecord) -> object:
    """Send a record as it was, but for two nothings that the client refuses and brokers take: these come back empty.

    They are a record without key and value, which stages refuse either way, and a header without value.
    """
    nothing = record.key is None and record.value is None
    return producer.send(
        place.topic,
        value=record.value,
        key=b"" if nothing else record.key,
        headers=[(_Name(name), value or b"") for name, value in record.headers],
        partition=place.partition,
        timestamp_ms=record.timestamp,
    )


def _arrived(kafka: KafkaSettings, waiting: list[object]) -> None:
    for each in waiting:
        each.get(timeout=kafka.request_timeout_s)  # type: ignore[attr-defined]
    waiting.clear()


def _with_fillers(stored: Stored, records: Iterator[LogRecord]) -> Iterator[LogRecord]:
    offset = 0
    for record in records:
        yield from (_filler(stored, each) for each in range(offset, record.offset))
        yield record
        offset = record.offset + 1
    yield from (_filler(stored, each) for each in range(offset, stored.end))


def _filler(stored: Stored, offset: int) -> LogRecord:
    return LogRecord(stored.topic, stored.partition, offset, 0, b"filler", None, ())


def _remove_fillers(kafka: KafkaSettings, manifest: Manifest) -> None:
    behind = {
        TopicPartition(one.topic, one.partition): one.begin
        for one in manifest.partitions
        if one.begin and one.topic in _READ
    }
    if not behind:
        return
    with KafkaAdminClient(**kafka.admin()) as admin:
        admin.delete_records(behind)
    begins = log_begins(kafka, list(behind))
    if short := [place for place, begin in behind.items() if begins[place] != begin]:
        raise BackupError(f"{short[0].topic}/{short[0].partition} does not begin where it did")
