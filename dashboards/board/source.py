"""Where the page's records come from: the topics that it shows, the one that keeps its time, and the waits it looks up in."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Protocol

import msgspec
import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from agents.delivery.tolerant import read_tolerantly
from streams.damaged import DamagedRecord
from streams.kafka import KafkaSettings
from streams.reports import WaitingTimesReport
from streams.status import RegionOverview, Transition, decode_overview, decode_transition
from streams.topics import BREACHES, CLOSINGS, OVERVIEW, REGION_STATUS, WAITING_TIMES
from streams.written import Written

_log = structlog.get_logger()
_RETRY_SECONDS = 2.0
_WAIT_MS = 200
_RECORDS_MAX = 2000
_READERS = 4
_ASSIGNED_SECONDS = 30.0
_SILENT_SECONDS = 30.0
"""After so long without a record the broker is asked whether there are any: a fetch that died says nothing."""
_WAITS_DAYS = WaitingTimesReport.declared.days["waits-stand"][1] + 1
"""What was written longer ago than a wait can stand says nothing any more."""


class BoardSink(Protocol):
    """What a source fills."""

    def overview(self, record: RegionOverview) -> None:
        """Take the latest state of a region."""

    def transition(self, record: Transition) -> None:
        """Take a transition of a breach."""

    def tick(self, at: int) -> None:
        """Take the time of the stream, seconds."""

    def waits(self, partition: int, records: Sequence[Written]) -> None:
        """Take records of a partition of `care.waiting-times`, in order."""

    def closing(self, key: bytes, value: bytes | None) -> None:
        """Take a record of `care.closings`."""


class BoardSource(Protocol):
    """Something that fills a sink until it is cancelled."""

    async def read(self, sink: BoardSink) -> None:
        """Fill the sink; returns only when cancelled."""


class _Tick(msgspec.Struct):
    """The one field of a status entry that the page needs."""

    at: int


_tick_decoder = msgspec.json.Decoder(_Tick)


class KafkaSource:
    """Reads `care.overview`, `care.breaches` and `care.closings` whole, new ticks of `care.region-status`, and waits that stand.

    It belongs to no group and commits nothing: every page process reads everything.

    Args:
        settings: where Kafka is.
        moved: called each time that all its readers have come a turn further, whether or not they found something: also
            while no broker answers, for then they try again.
    """

    def __init__(self, settings: KafkaSettings, moved: Callable[[], None] = lambda: None) -> None:
        self._settings = settings
        self._moved = moved
        self._turned: set[str] = set()
        read_tolerantly()

    async def read(self, sink: BoardSink) -> None:
        """Fill the sink until cancelled; waits for the broker and for topics that are not there yet."""
        while True:
            self._moved()  # all readers have ended, or never began
            # No task group: of the Pythons that we know some keep to themselves that they were cancelled just as one failed.
            readers = [
                asyncio.create_task(self._follow(sink, OVERVIEW, BREACHES, offset_reset="earliest")),
                asyncio.create_task(self._follow(sink, REGION_STATUS, offset_reset="latest")),
                asyncio.create_task(self._follow_waits(sink)),
                asyncio.create_task(self._follow_closings(sink)),
            ]
            try:
                ended, _ = await asyncio.wait(readers, return_when=asyncio.FIRST_COMPLETED)
                for each in ended:
                    each.result()
            except (KafkaError, TimeoutError) as error:
                # The page says itself that nothing new comes; reading again from the start changes nothing.
                _log.warning("no connection with Kafka", error=str(error))
            finally:
                for each in readers:
                    each.cancel()
                await asyncio.gather(*readers, return_exceptions=True)
            await asyncio.sleep(_RETRY_SECONDS)

    def _turn(self, reader: str) -> None:
        self._turned.add(reader)
        if len(self._turned) == _READERS:
            self._turned.clear()
            self._moved()

    async def _follow(self, sink: BoardSink, *topics: str, offset_reset: str) -> None:
        async with self._consumer(*topics, offset_reset=offset_reset) as consumer:
            async for partition, records in self._records(consumer, topics[0]):
                _fill(sink, partition.topic, [record.value for record in records])

    async def _follow_waits(self, sink: BoardSink) -> None:
        async with self._consumer(WAITING_TIMES, offset_reset="earliest") as consumer:
            async with asyncio.timeout(_ASSIGNED_SECONDS):
                while not (partitions := consumer.assignment()):  # noqa: ASYNC110 - as below
                    await asyncio.sleep(0.1)
            # Live this skips months of ticks. A replay of the past has nothing that is younger, and is read whole.
            since = int((time.time() - _WAITS_DAYS * 86_400) * 1000)
            found = await consumer.offsets_for_times(dict.fromkeys(partitions, since))
            for partition, place in found.items():
                if place is None:
                    await consumer.seek_to_beginning(partition)
                else:
                    consumer.seek(partition, place.offset)
            async for partition, records in self._records(consumer, WAITING_TIMES):
                sink.waits(partition.partition, records)

    async def _follow_closings(self, sink: BoardSink) -> None:
        async with self._consumer(CLOSINGS, offset_reset="earliest") as consumer:
            async for _, records in self._records(consumer, CLOSINGS):
                for record in records:
                    if record.key is not None:
                        sink.closing(record.key, record.value)

    async def _records(self, consumer: Any, reader: str) -> AsyncIterator[tuple[Any, list[Any]]]:
        """Yield by partition what comes, without what cannot be read: workers say what becomes of that.

        Raises:
            TimeoutError: records lie in the log, and the consumer does not bring them.
        """
        loop = asyncio.get_running_loop()
        came_at = loop.time()
        places: dict[Any, int] = {}
        while True:
            batches = await consumer.getmany(timeout_ms=_WAIT_MS, max_records=_RECORDS_MAX)
            self._turn(reader)
            for partition, records in batches.items():
                yield partition, [record for record in records if not isinstance(record, DamagedRecord)]
            if batches:
                came_at, places = loop.time(), {}
            elif loop.time() - came_at >= _SILENT_SECONDS:
                places, before = await _unread(consumer), places
                if stuck := places.items() & before.items():
                    raise TimeoutError(f"nothing comes of {stuck}, where more lies")
                came_at = loop.time()
            await asyncio.sleep(0)  # a long log must not keep the page's readers waiting

    @contextlib.asynccontextmanager
    async def _consumer(self, *topics: str, offset_reset: str) -> AsyncIterator[AIOKafkaConsumer]:
        """Give a consumer of these topics once they are there."""
        consumer = AIOKafkaConsumer(**self._settings.aio_consumer() | {"auto_offset_reset": offset_reset})
        try:
            await consumer.start()
            # Asking for a topic by name could create it with the broker's defaults.
            while not set(topics) <= await consumer.topics():
                self._turn(topics[0])
                await asyncio.sleep(0.5)
            consumer.subscribe(topics)
            yield consumer
        finally:
            await consumer.stop()


async def _unread(consumer: Any) -> dict[Any, int]:
    """Return where the consumer stands in the partitions of which more lies there; nothing while no broker answers."""
    try:
        async with asyncio.timeout(_SILENT_SECONDS):
            ends = await consumer.end_offsets(list(consumer.assignment()))
            places = {partition: await consumer.position(partition) for partition in ends}
    except (KafkaError, TimeoutError):
        return {}
    return {partition: place for partition, place in places.items() if place < ends[partition]}


def _fill(sink: BoardSink, topic: str, values: list[bytes | None]) -> None:
    """Hand records to the sink; one that cannot be read is logged and skipped."""
    if topic == REGION_STATUS:
        values = values[-1:]  # only the newest tick matters
    for value in values:
        if value is None:
            continue
        try:
            if topic == OVERVIEW:
                sink.overview(decode_overview(value))
            elif topic == BREACHES:
                sink.transition(decode_transition(value))
            else:
                sink.tick(_tick_decoder.decode(value).at)
        except (msgspec.MsgspecError, ValueError) as error:
            _log.warning("record not shown", topic=topic, error=str(error))
