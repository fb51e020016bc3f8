"""The shell around a stage: exact state on Faust's at-least-once delivery.

A partition's outgoing records are delivered before its snapshot is written, the snapshot is written before
the records it covers are acknowledged, and Faust commits only what is acknowledged. After a crash the stage
starts from the newest snapshot and skips what that holds. A gap in the offsets (Faust drops queued records at
the end of a recovery) is never stepped over: the shell seeks back to the record it needs. If the dropped ones were
the last of the log no record ever shows the gap; `watch` sees that the log goes on and nothing comes.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiokafka.errors import KafkaError

from agents.engine.snapshot import pack, unpack
from agents.engine.stage import Incoming, Outgoing, StageFactory, StagePartition

log = structlog.get_logger()

_UNACKED_MAX = 20_000
"""Write a snapshot at the next barrier when this many records wait for one."""

_SEEK_AGAIN_SECONDS = 5.0
"""A partition whose log goes on and of which nothing comes for so long is read again."""

_WATCH_SECONDS = 1.0


@dataclass
class _Held:
    """A partition that this worker has now."""

    stage: StagePartition
    next_offset: int
    alive: bool = True
    unacked: list[Any] = field(default_factory=list)
    sending: list[Any] = field(default_factory=list)
    snapshot_at: float = 0.0
    sought_at: float = 0.0


class Shell:
    """Runs the partitions of one stage on a Faust stream.

    Args:
        app: the Faust app.
        table: the Faust table whose changelog keeps the snapshots; as many partitions as the source.
        factory: makes the stage's partitions.
        snapshot_seconds: least time between two snapshots of a partition.
    """

    def __init__(self, app: Any, table: Any, factory: StageFactory, snapshot_seconds: float) -> None:
        self.app = app
        self.table = table
        self.factory = factory
        self.snapshot_seconds = snapshot_seconds
        self.held: dict[int, _Held] = {}
        self._generation = 0

    def drop_all(self) -> None:
        """Let go of every partition: the group is being divided anew."""
        self._generation += 1
        for partition, held in self.held.items():
            held.alive = False
            self.factory.dropped(partition)
        self.held.clear()

    async def run(self, events: AsyncIterator[Any]) -> None:
        """Handle the events of a stream until it ends.

        An error ends the worker: a stage that goes on after a record it could not handle is no longer a
        function of its log. Another worker starts from the last snapshot.
        """
        try:
            await self._run(events)
        except Exception as error:
            log.exception("stage failed, worker ends", stage=self.factory.name)
            self.drop_all()
            await self.app.crash(error)
            raise

    async def _run(self, events: AsyncIterator[Any]) -> None:
        async for event in events:
            message = event.message
            held = self.held.get(message.partition)
            if held is None:
                held = await self._take(message)
            if message.offset < held.next_offset:
                event.ack()  # the snapshot holds it already
            elif message.offset > held.next_offset:
                await self._seek_back(held, message)
            else:
                await self._handle(held, event)

    async def _take(self, message: Any) -> _Held:
        """Start a partition from its snapshot, or from the first record that is still kept."""
        partition = message.partition
        generation = self._generation
        earliest = await self._earliest(message.tp)
        data = self.table.data.get(_key(partition))
        snapshot = None if data is None else unpack(data)
        if snapshot is None:
            held = _Held(self.factory.make(partition, None), earliest)
        else:
            held = _Held(self.factory.make(partition, snapshot.state), snapshot.next_offset)
            if earliest > snapshot.next_offset:
                log.error(
                    "records expired before they were read",
                    stage=self.factory.name, partition=partition, missing_from=snapshot.next_offset, to=earliest,
                )  # fmt: skip
                held.next_offset = earliest
        if generation != self._generation:
            held.alive = False  # divided anew meanwhile: what this one writes is right, but not ours to keep
            self.factory.dropped(partition)
            return held
        self.held[partition] = held
        log.info(
            "partition taken", stage=self.factory.name, partition=partition,
            snapshot=snapshot is not None, next_offset=held.next_offset, first_delivered=message.offset,
        )  # fmt: skip
        return held

    async def _earliest(self, tp: Any) -> int:
        offsets = await self.app.consumer.earliest_offsets(tp)
        return int(next(iter(offsets.values()), 0) or 0)

    async def _seek_back(self, held: _Held, message: Any) -> None:
        now = asyncio.get_running_loop().time()
        if now - held.sought_at < _SEEK_AGAIN_SECONDS:
            return  # delivered before the seek took effect
        held.sought_at = now
        log.warning(
            "gap in delivery, reading again", stage=self.factory.name, partition=message.partition,
            expected=held.next_offset, delivered=message.offset,
        )  # fmt: skip
        await self._seek(message.tp, held.next_offset)

    async def _seek(self, tp: Any, offset: int) -> None:
        try:
            await self.app.consumer.seek_wait({tp: offset})
        except (KafkaError, TimeoutError) as error:
            # Taken away meanwhile, or the broker is: `watch` looks again.
            log.warning("could not seek", stage=self.factory.name, partition=tp.partition, error=repr(error))

    async def watch(self) -> None:
        """Read a partition again that stands still before the end of its log; until the worker stops."""
        seen: dict[int, tuple[int, float]] = {}
        while not self.app.should_stop:
            await asyncio.sleep(_WATCH_SECONDS)
            if self.app.rebalancing or self.app.in_recovery:
                seen.clear()
                continue
            for tp in [tp for tp in self.app.consumer.assignment() if tp.topic == self.factory.source]:
                await self._watch_partition(tp, seen)

    async def _watch_partition(self, tp: Any, seen: dict[int, tuple[int, float]]) -> None:
        now = asyncio.get_running_loop().time()
        end = self._end(tp)
        expected = await self._expected(tp) if end else 0
        before, since = seen.get(tp.partition, (-1, now))
        if expected != before or expected >= end:
            seen[tp.partition] = (expected, now)
        elif now - since >= _SEEK_AGAIN_SECONDS:
            seen[tp.partition] = (expected, now)
            log.warning(
                "partition stands still, reading again",
                stage=self.factory.name, partition=tp.partition, expected=expected,
            )  # fmt: skip
            await self._seek(tp, expected)

    async def _expected(self, tp: Any) -> int:
        """Return the next offset that this worker needs of a partition."""
        held = self.held.get(tp.partition)
        if held is not None:
            return held.next_offset
        earliest = await self._earliest(tp)
        data = self.table.data.get(_key(tp.partition))
        snapshot = None if data is None else unpack(data)
        return earliest if snapshot is None else max(earliest, snapshot.next_offset)

    def _end(self, tp: Any) -> int:
        """Return the log end that came with the last fetch; 0 while none came."""
        try:
            return int(self.app.consumer.highwater(tp) or 0)
        except (AssertionError, KafkaError):
            return 0  # taken away just now

    async def _handle(self, held: _Held, event: Any) -> None:
        message = event.message
        incoming = Incoming(
            message.topic,
            message.partition,
            message.offset,
            round(message.timestamp * 1000) if message.timestamp else 0,
            message.key,
            message.value,
            _headers(message.headers),
        )
        held.next_offset += 1
        held.sought_at = 0.0
        held.unacked.append(event)
        for outgoing in held.stage.handle(incoming):
            held.sending.append(await self._send(outgoing))
        if held.alive and held.stage.at_barrier and self._is_due(held):
            await self._put_away(held, message.partition)

    async def _send(self, outgoing: Outgoing) -> Any:
        return await self.app.producer.send(
            outgoing.topic,
            outgoing.key,
            outgoing.value,
            outgoing.partition,
            (outgoing.timestamp + 0.5) / 1000,  # Faust rounds down to milliseconds
            list(outgoing.headers),
        )

    def _is_due(self, held: _Held) -> bool:
        now = asyncio.get_running_loop().time()
        return now - held.snapshot_at >= self.snapshot_seconds or len(held.unacked) >= _UNACKED_MAX

    async def _put_away(self, held: _Held, partition: int) -> None:
        """Deliver, then snapshot, then acknowledge: in that order nothing can be lost."""
        unacked, sending = held.unacked, held.sending
        held.unacked, held.sending = [], []
        data = pack(held.next_offset, held.stage.dump())
        await asyncio.gather(*sending)
        if not held.alive:
            return
        changelog = self.table.changelog_topic.get_topic_name()
        await (await self.app.producer.send(changelog, _key(partition), data, partition, None, {}))
        if not held.alive:
            return
        self.table.data.data[_key(partition)] = data
        held.snapshot_at = asyncio.get_running_loop().time()
        for event in unacked:
            event.ack()


def _key(partition: int) -> bytes:
    return b"partition-%d" % partition


def _headers(headers: Any) -> tuple[tuple[str, bytes], ...]:
    if not headers:
        return ()
    items = headers.items() if hasattr(headers, "items") else headers
    return tuple((name, value) for name, value in items)
