"""Reads a log ahead of the stage that handles it, for records with one key; everything else is passed over unparsed.

Over a connection of its own, from where a partition is to begin to the end of its log. Batches that do not hold the key are
not parsed, so a log of months costs what its bytes cost.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import aiokafka
from aiokafka.errors import RecordTooLargeError
from aiokafka.structs import TopicPartition
from faust.types import TP

from agents.delivery.tolerant import OnlyWithKey

_FETCH_WAIT_MS = 20
_FETCH_BYTES = 4_000_000
_PATIENCE_S = 3.0
"""What cannot be fetched for so long is stepped over: one record first, twice as many each time."""


class LookAhead:
    """Looks at the logs of some partitions of one topic, once.

    Args:
        consumer_arguments: where the broker is and how to speak to it, as `aiokafka.AIOKafkaConsumer` takes it.
        key: of the records that are looked for.

    Attributes:
        positions: how far it is in each partition.
    """

    def __init__(self, consumer_arguments: Mapping[str, Any], key: bytes) -> None:
        self._arguments = dict(consumer_arguments)
        self._key = key
        self.positions: dict[TP, int] = {}

    async def records(self, starts: Mapping[TP, int]) -> AsyncIterator[tuple[TP, Any]]:
        """Yield the records that have the key, from these offsets to the ends of the logs as they are now.

        Raises:
            TimeoutError: the broker did not tell where a log ends.
            aiokafka.errors.KafkaError: the broker cannot be reached.
        """
        consumer = aiokafka.AIOKafkaConsumer(
            **self._arguments,
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=_FETCH_WAIT_MS,
            max_partition_fetch_bytes=_FETCH_BYTES,
            key_deserializer=OnlyWithKey(self._key),
        )
        try:
            await consumer.start()
            async for found in self._read(consumer, starts):
                yield found
        finally:
            await consumer.stop()

    async def _read(self, consumer: Any, starts: Mapping[TP, int]) -> AsyncIterator[tuple[TP, Any]]:
        consumer.assign([TopicPartition(*tp) for tp in starts])
        told = await consumer.end_offsets([TopicPartition(*tp) for tp in starts])
        unread = {place: _Reading(consumer, place, starts[TP(*place)], told[place]) for place in told}
        while unread:
            try:
                found = await consumer.getmany(*unread, timeout_ms=_FETCH_WAIT_MS)
            except RecordTooLargeError:
                continue  # aiokafka has stepped over it
            for place, records in found.items():
                for record in records:
                    if record.key == self._key:
                        yield TP(*place), record
            for reading in list(unread.values()):
                await reading.look()
                self.positions[TP(*reading.place)] = reading.position
                if reading.done:
                    consumer.pause(reading.place)
                    del unread[reading.place]


class _Reading:
    """How far one partition is read; a place at which nothing comes is stepped over."""

    def __init__(self, consumer: Any, place: TopicPartition, start: int, end: int) -> None:
        self.place = place
        self.position = start
        self.done = False
        self._consumer = consumer
        self._end = end
        self._moved_at = asyncio.get_running_loop().time()
        self._step = 1
        consumer.seek(place, start)

    async def look(self) -> None:
        """Take note of how far it is; `done` once that is the end of the log."""
        now = asyncio.get_running_loop().time()
        position, high = await self._consumer.position(self.place), self._consumer.highwater(self.place)
        waited = now - self._moved_at > _PATIENCE_S
        # The high watermark comes with what is fetched; the embedded broker's end may be short of it.
        self._end = max(self._end, high or 0)
        self.done = position >= self._end and (high is not None or waited)
        if position != self.position:
            self.position, self._moved_at, self._step = position, now, 1
        elif waited and not self.done:
            self.position = min(position + self._step, self._end)
            self._consumer.seek(self.place, self.position)
            self._moved_at, self._step = now, self._step * 2
