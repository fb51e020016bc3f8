"""The courier's hand on Kafka: reads three topics from their beginning, writes one; every wait has a deadline."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError
from kafka import TopicPartition as Place
from kafka.errors import KafkaError as OtherKafkaError

from agents.delivery.tolerant import read_tolerantly
from streams.damaged import DamagedRecord
from streams.kafka import KafkaSettings
from streams.log_end import log_ends
from streams.notifications import NotificationRecord, encode_notification, notification_key
from streams.topics import BREACHES, NOTIFICATIONS, OVERVIEW

_log = structlog.get_logger()
_READ = (BREACHES, OVERVIEW, NOTIFICATIONS)
_WAIT_MS = 250
_RECORDS_MAX = 2000
_RETRY_SECONDS = 1.0
_STOP_SECONDS = 2.0

Take = Callable[[str, int, bytes], None]
"""Takes topic, offset and value of a record."""


class BrokerAwayError(Exception):
    """The broker did not answer in time; what was written may still come to stand in the log."""


class LogGoneError(Exception):
    """A log begins anew: what is known of it is of another one."""


class Journal:
    """Reads and writes for one courier.

    Args:
        settings: where Kafka is.
        seconds: how long to wait for an answer.
        take: gets every record once, those of a topic in their order.
    """

    def __init__(self, settings: KafkaSettings, seconds: float, take: Take) -> None:
        self._settings = settings
        self._seconds = seconds
        self._take = take
        self._next = dict.fromkeys(_READ, 0)
        self._moved = asyncio.Event()
        self._producer: AIOKafkaProducer | None = None
        read_tolerantly()

    def position(self, topic: str) -> int:
        """Return the offset that is read next."""
        return self._next[topic]

    async def reach(self, topic: str, offset: int, seconds: float | None = None) -> None:
        """Return once everything before this offset was taken.

        Raises:
            BrokerAwayError: not in time.
        """
        try:
            async with asyncio.timeout(self._seconds if seconds is None else seconds):
                while self._next[topic] < offset:
                    moved = self._moved
                    await moved.wait()
        except TimeoutError as error:
            raise BrokerAwayError(f"{topic} was not read up to {offset} in time") from error

    async def write(self, records: Sequence[NotificationRecord], seconds: float | None = None) -> int:
        """Write records to `care.notifications`; return the offset behind the last once all are acknowledged, 0 of none.

        Raises:
            BrokerAwayError: not in time.
            LogGoneError: the log is shorter than what was read of it.
        """
        if not records:
            return 0
        read = self._next[NOTIFICATIONS]
        try:
            async with asyncio.timeout(self._seconds if seconds is None else seconds):
                producer = await self._writer()
                sent = [
                    await producer.send(
                        NOTIFICATIONS, encode_notification(each), key=notification_key(each), partition=0
                    )
                    for each in records
                ]
                offsets = [int((await each).offset) for each in sent]
        except (TimeoutError, KafkaError, OSError) as error:
            raise BrokerAwayError(f"Kafka did not take {len(records)} records: {error!r}") from error
        if min(offsets) < read:
            raise LogGoneError(f"{NOTIFICATIONS} begins anew: {min(offsets)} was written, {read} was read")
        return 1 + max(offsets)

    async def ends(self) -> dict[str, int]:
        """Return the offset behind the last record of each topic.

        Raises:
            BrokerAwayError: the broker does not answer, or a topic is not there.
        """
        places = [Place(topic, 0) for topic in _READ]
        try:
            found = await asyncio.to_thread(log_ends, self._settings, places)
        except (OtherKafkaError, TimeoutError, OSError) as error:
            raise BrokerAwayError(f"no log ends: {error!r}") from error
        return {place.topic: end for place, end in found.items()}

    async def read(self) -> None:
        """Hand on every record until cancelled; goes on where it was when the broker was away.

        Raises:
            LogGoneError: a log is shorter than what was read of it.
        """
        while True:
            try:
                await self._follow()
            except (KafkaError, OSError) as error:
                _log.warning("no connection with Kafka", error=repr(error))
            await asyncio.sleep(_RETRY_SECONDS)

    async def close(self) -> None:
        """End the connection that writes."""
        if self._producer is not None:
            await _stop(self._producer)
            self._producer = None

    async def _writer(self) -> AIOKafkaProducer:
        if self._producer is None:
            wait = {"request_timeout_ms": round(self._seconds * 1000)}
            producer = AIOKafkaProducer(**self._settings.aio_producer() | wait)
            try:
                await producer.start()
            except BaseException:
                await _stop(producer)
                raise
            self._producer = producer
        return self._producer

    async def _follow(self) -> None:
        consumer = AIOKafkaConsumer(**self._settings.aio_consumer())
        try:
            await consumer.start()
            # Asking for a topic by name could create it with the broker's defaults.
            while not set(_READ) <= await consumer.topics():  # noqa: ASYNC110 - the broker tells no one
                await asyncio.sleep(_RETRY_SECONDS)
            places = {topic: TopicPartition(topic, 0) for topic in _READ}
            consumer.assign(list(places.values()))
            for topic, place in places.items():
                if self._next[topic]:
                    consumer.seek(place, self._next[topic])
            while True:
                batches = await consumer.getmany(timeout_ms=_WAIT_MS, max_records=_RECORDS_MAX)
                for place, records in batches.items():
                    self._hand_on(place.topic, records)
        finally:
            await _stop(consumer)

    def _hand_on(self, topic: str, records: Sequence[Any]) -> None:
        for record in records:
            if record.offset < self._next[topic]:
                raise LogGoneError(
                    f"{topic} begins anew at {record.offset}; it was read up to {self._next[topic]}"
                )
            self._next[topic] = record.offset + 1
            if not isinstance(record, DamagedRecord) and record.value is not None:
                self._take(topic, record.offset, record.value)
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()


async def _stop(client: Any) -> None:
    """End a client; it does not get long to say goodbye to a broker that does not answer."""
    with contextlib.suppress(TimeoutError, KafkaError):
        async with asyncio.timeout(_STOP_SECONDS):
            await client.stop()
