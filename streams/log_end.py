"""The true end of a log, and reading up to it, on any broker.

The embedded broker answers "latest offset" with the base offset of the last batch + 1, which is short
of the end whenever that batch holds more than one record. The high watermark in a fetch response is
right on every broker, so that is what we ask for: one short fetch from an offset that surely exists.
"""

import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kafka import TopicPartition
from kafka.errors import UnknownTopicOrPartitionError

from streams.damaged import Header
from streams.kafka import KafkaSettings
from streams.tolerant_consumer import tolerant_consumer

_FETCH_WAIT_MS = 20
_END_POLL_MS = 40  # a poll without records waits in full, and most ends bring none
_POLL_MS = 200


@dataclass(frozen=True, slots=True)
class LogRecord:
    """One record where it stands in a log; `timestamp` in milliseconds since 1970 (UTC)."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[Header, ...]


def log_ends(settings: KafkaSettings, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
    """Return for each partition the offset that the next record will get; 0 for one never written to.

    Raises:
        kafka.errors.UnknownTopicOrPartitionError: a partition does not exist.
        TimeoutError: the broker did not answer for every partition in time.
        kafka.errors.KafkaError: the broker cannot be reached.
    """
    with _reader(settings) as consumer:
        return _ends(settings, consumer, partitions)


def log_begins(settings: KafkaSettings, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
    """Return for each partition the offset of the first record that is kept; the end of one that holds none.

    Raises:
        kafka.errors.KafkaError: the broker cannot be reached.
    """
    with _reader(settings) as consumer:
        begins: dict[TopicPartition, int] = consumer.beginning_offsets(list(partitions))
        return begins


def partitions_of(settings: KafkaSettings, *topics: str) -> list[TopicPartition]:
    """Return every partition of these topics, in order.

    Raises:
        kafka.errors.UnknownTopicOrPartitionError: a topic does not exist.
        kafka.errors.KafkaError: the broker cannot be reached.
    """
    with _reader(settings) as consumer:
        return _partitions(consumer, topics)


def newest_records(settings: KafkaSettings, partitions: Collection[TopicPartition]) -> list[LogRecord]:
    """Return the last record of each partition that holds one; nothing of one whose last record was removed.

    Raises:
        kafka.errors.UnknownTopicOrPartitionError: a partition does not exist.
        TimeoutError: the broker did not answer for every partition in time.
        kafka.errors.KafkaError: the broker cannot be reached.
    """
    ends = {partition: end for partition, end in log_ends(settings, partitions).items() if end}
    newest: dict[TopicPartition, LogRecord] = {}
    if not ends:
        return []
    with _reader(settings) as consumer:
        consumer.assign(list(ends))
        for partition, end in ends.items():
            consumer.seek(partition, end - 1)
        deadline = time.monotonic() + settings.request_timeout_s
        while unread := {each for each in ends if consumer.position(each) < ends[each]}:
            if time.monotonic() > deadline:
                raise TimeoutError(f"nothing came from {_names(unread)}")
            consumer.pause(*(set(ends) - unread))
            for partition, batch in consumer.poll(_POLL_MS).items():
                newest[partition] = _record(batch[-1])
    return list(newest.values())


def read_all(settings: KafkaSettings, *topics: str) -> Iterator[LogRecord]:
    """Yield every record of these topics from the first kept one to the end as it is now.

    Records of one partition come in their order; partitions come mixed. Joins no group.

    Raises:
        kafka.errors.UnknownTopicOrPartitionError: a topic does not exist.
        TimeoutError: nothing came for `request_timeout_s` although the end was not reached.
        kafka.errors.KafkaError: the broker cannot be reached.
    """
    partitions = partitions_of(settings, *topics)
    ends = log_ends(settings, partitions)
    with _reader(settings) as consumer:
        consumer.assign(partitions)
        starts = consumer.beginning_offsets(partitions)
        for partition, start in starts.items():
            consumer.seek(partition, start)
        unread = {each for each in partitions if starts[each] < ends[each]}
        deadline = time.monotonic() + settings.request_timeout_s
        while unread:
            consumer.pause(*(set(partitions) - unread))
            batches = consumer.poll(_POLL_MS)
            for partition, batch in batches.items():
                yield from (_record(each) for each in batch if each.offset < ends[partition])
            # The position, not the last offset: markers and compacted records have none of ours.
            unread = {each for each in unread if consumer.position(each) < ends[each]}
            if batches:
                deadline = time.monotonic() + settings.request_timeout_s
            elif time.monotonic() > deadline:
                raise TimeoutError(f"nothing came from {_names(unread)}")


def _reader(settings: KafkaSettings) -> Any:
    return tolerant_consumer(**settings.consumer(), fetch_max_wait_ms=_FETCH_WAIT_MS)


def _partitions(consumer: Any, topics: Sequence[str]) -> list[TopicPartition]:
    found = []
    for topic in topics:
        numbers = consumer.partitions_for_topic(topic)
        if not numbers:
            raise UnknownTopicOrPartitionError(topic)
        found += [TopicPartition(topic, number) for number in sorted(numbers)]
    return found


def _ends(
    settings: KafkaSettings, consumer: Any, partitions: Collection[TopicPartition]
) -> dict[TopicPartition, int]:
    if not partitions:
        return {}
    known = set(_partitions(consumer, sorted({each.topic for each in partitions})))
    if missing := set(partitions) - known:
        raise UnknownTopicOrPartitionError(_names(missing))
    consumer.assign(list(partitions))
    # Never beyond the true end, and near it: the fetch brings the last batch at most.
    for partition, offset in consumer.end_offsets(list(partitions)).items():
        consumer.seek(partition, offset)
    deadline = time.monotonic() + settings.request_timeout_s
    while True:
        ends = {each: consumer.highwater(each) for each in partitions}
        unknown = {each for each, end in ends.items() if end is None}
        if not unknown:
            return ends
        if time.monotonic() > deadline:
            raise TimeoutError(f"no log end for {_names(unknown)}")
        consumer.pause(*(set(partitions) - unknown))
        consumer.poll(_END_POLL_MS)


def _record(record: Any) -> LogRecord:
    return LogRecord(
        record.topic,
        record.partition,
        record.offset,
        record.timestamp,
        record.key,
        record.value,
        tuple(record.headers),
    )


def _names(partitions: Collection[TopicPartition]) -> str:
    return ", ".join(sorted(f"{each.topic}[{each.partition}]" for each in partitions))
