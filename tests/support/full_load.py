"""A wave written as fast as the broker takes it, for as long as a test needs it, never far ahead of the workers."""

import asyncio
import contextlib
import threading
from collections import defaultdict
from typing import Self

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka import TopicPartition as AioPartition
from kafka import KafkaAdminClient, TopicPartition
from kafka.errors import KafkaError

from agents.delivery.log_end import LogEnds
from agents.engine.members import partition_of
from streams.kafka import KafkaSettings
from streams.log_end import log_ends, partitions_of
from streams.recording import Record
from streams.ticks import TICK_KEY, encode_tick
from streams.topics import REGION_STATUS, REPORT_TOPICS
from tests.support.wave import Wave

GROUP = "ketenwacht"
_LOOK_SECONDS = 0.1


def committed(kafka: KafkaSettings, group: str = GROUP) -> dict[TopicPartition, int]:
    """The offsets that the workers' group has committed; none while the group cannot be asked."""
    try:
        with KafkaAdminClient(**kafka.admin()) as admin:
            told = admin.list_group_offsets({group: None})
    except KafkaError:
        return {}
    return {tp: max(each.offset, 0) for tp, each in told.get(group, {}).items()}


def source_ends(kafka: KafkaSettings) -> dict[TopicPartition, int]:
    """The true log end of every partition that a stage reads."""
    return log_ends(kafka, partitions_of(kafka, *REPORT_TOPICS, REGION_STATUS))


class FullLoad:
    """Plays a wave in a thread until told to finish, and keeps an eye on the workers meanwhile.

    Args:
        kafka: where to.
        wave: what.
        partitions: partition count of the report topics.
        ahead: records of the report topics that may wait for the workers; with fewer it writes on at once.

    Attributes:
        ticks: how many were written, without the closing one.
        last_tick: the newest.
        records: how many were written, without ticks.
        written: how many, with a tick counted in each partition.
        committed: how many of those the workers have committed.
        said: how long the status log is.
    """

    def __init__(self, kafka: KafkaSettings, wave: Wave, partitions: int, ahead: int = 20_000) -> None:
        self.kafka = kafka
        self.wave = wave
        self.partitions = partitions
        self.ahead = ahead
        self.ticks = 0
        self.last_tick = 0
        self.records = 0
        self.written = 0
        self.committed = 0
        self.said = 0
        self._finish = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="full load", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._finish.set()
        self._thread.join(60)

    def finish(self) -> None:
        """Stop at the next tick, write the closing round and return when all is written."""
        self._finish.set()
        self._thread.join(60)
        assert not self._thread.is_alive()
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        try:
            asyncio.run(self._play())
        except BaseException as failure:  # noqa: BLE001 - told by `finish`
            self._failure = failure

    async def _play(self) -> None:
        looking = asyncio.create_task(self._look())
        async with AIOKafkaProducer(**self.kafka.aio_producer(), linger_ms=0) as producer:
            try:
                for at, records in self.wave.ticks():
                    if self._finish.is_set():
                        break
                    await self._write(producer, at, records)
                    self.ticks += 1
                    while self._is_far_ahead():  # noqa: ASYNC110 - `finish` is set by another thread
                        await asyncio.sleep(_LOOK_SECONDS)
                at, records = self.wave.closing(self.ticks)
                await self._write(producer, at, records)
            finally:
                looking.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await looking

    def _is_far_ahead(self) -> bool:
        return self.written - self.committed > self.ahead and not self._finish.is_set()

    async def _write(self, producer: AIOKafkaProducer, at: int, records: list[Record]) -> None:
        """Write a tick with what stands before it, a batch a partition."""
        batches = defaultdict(producer.create_batch)
        sent = []

        async def add(topic: str, partition: int, key: bytes | None, value: bytes | None, when: int) -> None:
            place = (topic, partition)
            if batches[place].append(key=key, value=value, timestamp=when) is None:
                full = batches.pop(place)
                full.close()
                sent.append(await producer.send_batch(full, topic, partition=partition))
                assert batches[place].append(key=key, value=value, timestamp=when) is not None

        for each in records:
            partition = partition_of(each.key or b"", self.partitions)
            await add(each.topic, partition, each.key, each.value, each.timestamp)
        for topic in REPORT_TOPICS:
            for partition in range(self.partitions):
                await add(topic, partition, TICK_KEY, encode_tick(at), at * 1000)
        for (topic, partition), batch in batches.items():
            batch.close()
            sent.append(await producer.send_batch(batch, topic, partition=partition))
        await asyncio.gather(*sent)
        self.records += len(records)
        self.written += len(records) + len(REPORT_TOPICS) * self.partitions
        self.last_tick = at

    async def _look(self) -> None:
        """Ask now and then how far the workers are; over two connections that stay open."""
        status = AioPartition(REGION_STATUS, 0)
        sources = [AioPartition(topic, n) for topic in REPORT_TOPICS for n in range(self.partitions)]
        group = AIOKafkaConsumer(
            **self.kafka.aio_consumer(), group_id=GROUP
        )  # asks only: it never subscribes
        await group.start()
        try:
            async with LogEnds({"bootstrap_servers": self.kafka.servers}) as log_ends:
                while True:
                    self.said = (await log_ends.ask([status]))[status]
                    done = [await group.committed(source) or 0 for source in sources]
                    self.committed = max(sum(done), self.committed)
                    await asyncio.sleep(_LOOK_SECONDS)
        finally:
            await group.stop()
