"""Writes a log to a broker as fast as Python can: whole batches to each partition, as a producer under load makes them."""

import asyncio
from collections.abc import Iterable
from typing import Any

from aiokafka import AIOKafkaProducer

from agents.engine.members import partition_of
from streams.damaged import Header
from streams.kafka import KafkaSettings
from streams.recording import Record
from streams.ticks import TICK_KEY, encode_tick
from streams.topic_admin import apply_topics
from streams.topics import REPORT_TOPICS, Topic, catalogue

_BATCH_BYTES = 65_536
"""What a producer under load sends in one batch; with much smaller ones the embedded broker is what is measured."""

_IN_FLIGHT = 400
_RETENTION_BYTES = 16 << 30

Row = tuple[bytes, int, list[Header], bytes]
"""Key, timestamp in milliseconds, headers, value."""


def make_topics(kafka: KafkaSettings, partitions: int, extra: Iterable[str] = ()) -> None:
    """Create the topics of the catalogue, and others with as many partitions."""
    more = [Topic(name, "measurement", "report", partitions, _RETENTION_BYTES) for name in extra]
    apply_topics(kafka, [*catalogue(partitions), *more])


def load(kafka: KafkaSettings, topic: str, partitions: int, log: Iterable[Record | int]) -> None:
    """Write a log to a topic; ticks go to every partition of it, and of every report topic if it is one.

    Raises:
        aiokafka.errors.KafkaError: a batch could not be written.
    """
    others = [name for name in REPORT_TOPICS if name != topic] if topic in REPORT_TOPICS else []
    asyncio.run(_load(kafka, _rows(topic, others, partitions, log)))


def keyed_by_series(log: Iterable[Record | int], series: Iterable[bytes]) -> Iterable[Record | int]:
    """Return a log without ticks whose records have another key, and no other difference."""
    keys = iter(series)
    for item in log:
        if not isinstance(item, int):
            yield Record(item.topic, next(keys), item.timestamp, item.headers, item.value)


def _rows(
    topic: str, others: list[str], partitions: int, log: Iterable[Record | int]
) -> Iterable[tuple[str, int, Row]]:
    places: dict[bytes, int] = {}
    for item in log:
        if isinstance(item, int):
            row: Row = (TICK_KEY, item * 1000, [], encode_tick(item))
            for name in (topic, *others):
                for partition in range(partitions):
                    yield name, partition, row
            continue
        key, value = item.key or b"", item.value or b""
        if key not in places:
            places[key] = partition_of(key, partitions)
        yield topic, places[key], (key, item.timestamp, list(item.headers), value)


async def _load(kafka: KafkaSettings, rows: Iterable[tuple[str, int, Row]]) -> None:
    async with AIOKafkaProducer(**kafka.aio_producer(), max_batch_size=_BATCH_BYTES) as producer:
        building: dict[tuple[str, int], Any] = {}
        sending: list[Any] = []
        for topic, partition, (key, timestamp, headers, value) in rows:
            place = topic, partition
            batch = building.get(place)
            if batch is None:
                batch = building[place] = producer.create_batch()
            if batch.append(key=key, value=value, timestamp=timestamp, headers=headers) is None:
                sending.append(await producer.send_batch(batch, topic, partition=partition))
                batch = building[place] = producer.create_batch()
                batch.append(key=key, value=value, timestamp=timestamp, headers=headers)
                if len(sending) >= _IN_FLIGHT:
                    await asyncio.gather(*sending)
                    sending.clear()
        for (topic, partition), batch in building.items():
            sending.append(await producer.send_batch(batch, topic, partition=partition))
        await asyncio.gather(*sending)
