"""The shell around a stage: exact state on Faust's at-least-once delivery.

A partition's outgoing records are delivered before its snapshot is written, the snapshot is written before the
records it covers are acknowledged, and Faust commits only what is acknowledged. After a crash the stage starts
from the newest snapshot and skips what that holds. A hole in the delivery (Faust drops what is queued when the group
is divided anew) is never stepped over: the shell seeks back to the record it needs.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiokafka.errors import KafkaError
from faust.types import TP

from agents.delivery.batch import Batch
from agents.engine.changelog import Changelog
from agents.engine.holes import LOOK_AGAIN_SECONDS, Holes
from agents.engine.log_begin import LogBegins
from agents.engine.snapshot import SnapshotStore
from agents.engine.stage import Outgoing, StageFactory, StagePartition
from agents.engine.turns import Turns
from streams.damaged import offsets_of

log = structlog.get_logger()

_SEEK_AGAIN_SECONDS = 5.0
"""Time for a seek to take effect before another one is tried."""

_SAVING_SHARE = 10
"""A snapshot that took a second of work is not made again within so many; waiting for the broker is no work."""

_PAUSE_SECONDS_MAX = 30.0
"""But never later than this: what is not saved is read again after a crash."""


@dataclass(eq=False)
class _Held:
    """A partition that this worker has now."""

    tp: TP
    stage: StagePartition
    store: SnapshotStore
    next_offset: int
    alive: bool = True
    handing_out: bool = False
    sending: list[Any] = field(default_factory=list)
    saving: asyncio.Task[None] | None = None
    save_after: float = 0.0
    sought_at: float = -_SEEK_AGAIN_SECONDS


class Shell:
    """Runs the partitions of one stage on a Faust stream of batches.

    Args:
        app: the Faust app.
        table: the Faust table whose changelog keeps the snapshots; as many partitions as the source.
        factory: makes the stage's partitions.
        snapshot_seconds: least time between two snapshots of a partition.
        turns: shared by the stages of a worker.

    Attributes:
        held: the partitions that this worker has now.
        idle: whether no batch is being worked on.
    """

    def __init__(
        self, app: Any, table: Any, factory: StageFactory, snapshot_seconds: float, turns: Turns
    ) -> None:
        self.app = app
        self.changelog = Changelog(app, table)
        self.factory = factory
        self.snapshot_seconds = snapshot_seconds
        self.turns = turns
        self.log_begins = LogBegins(app, factory.name)
        self.holes = Holes(factory.name)
        self.held: dict[int, _Held] = {}
        self.idle = True
        self._generation = 0

    def drop_all(self) -> None:
        """Let go of every partition: the group is being divided anew."""
        self._generation += 1
        for partition, held in self.held.items():
            held.alive = False
            self.factory.dropped(partition)
        self.held.clear()
        self.log_begins.forget()

    async def run(self, events: AsyncIterator[Any]) -> None:
        """Handle the batches of a stream until it ends.

        An error ends the worker: a stage that goes on after a record it could not handle is no longer a
        function of its log. Another worker starts from the last snapshot.
        """
        try:
            async for event in events:
                self.idle = False
                try:
                    await self._take_in(event.value)
                finally:
                    self.idle = True  # also when Faust ends the agent in the middle, to start it again
        except Exception as error:
            await self._fail(error)
            raise

    async def _take_in(self, batch: Batch) -> None:
        held = self.held.get(batch.tp.partition) or await self._take(batch.tp)
        if held is None:
            return  # whoever has the partition now, or this worker when the broker is back, reads this again
        if batch.begin > held.next_offset:
            await self._seek_back(held, batch)
        elif batch.end > held.next_offset:
            missing = self.holes.look(batch, held.next_offset)
            await self._handle(held, batch if missing is None else batch.before(missing))
            if missing is not None:
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
                if held.alive:
                    held.sought_at = asyncio.get_running_loop().time()  # until then what comes lies behind it
                    await self._seek(held.tp, held.next_offset)

    async def _take(self, tp: TP) -> _Held | None:
        """Start a partition from its snapshot, or from the first record that is still kept.

        None while the group is divided anew: the table may lack what another worker wrote, so what stands in it is
        nobody's state. None also if the broker does not answer.
        """
        if self.app.rebalancing:
            return None
        store = SnapshotStore(tp.partition)
        pieces = store.load(self.changelog.records)
        start = store.next_offset
        if start is None:
            generation = self._generation
            start = await self.log_begins.known(tp)
            if (held := self.held.get(tp.partition)) is not None:
                return held  # taken meanwhile: its first batch came just when its progress was looked at
            if start is None or generation != self._generation:
                return None
        stage = self.factory.make(tp.partition, pieces)
        held = self.held[tp.partition] = _Held(tp, stage, store, start)
        if store.next_offset is not None:
            # Whoever wrote the snapshot may have died before its commit; of a log that has ended nothing more comes.
            self.app.consumer.acknowledge(tp, self.factory.name, store.next_offset)
        log.info("partition taken", stage=self.factory.name, partition=tp.partition, next_offset=start)
        return held

    async def _seek_back(self, held: _Held, batch: Batch) -> None:
        now = asyncio.get_running_loop().time()
        if now - held.sought_at < _SEEK_AGAIN_SECONDS:
            return  # fetched before the seek took effect
        held.sought_at = now
        earliest = await self.log_begins.now(held.tp)
        if earliest is None or not held.alive:
            return
        if earliest > held.next_offset:
            log.error(
                "records expired before they were read; make the retention longer",
                stage=self.factory.name, partition=held.tp.partition, missing_from=held.next_offset, to=earliest,
            )  # fmt: skip
            held.next_offset = earliest
        log.warning(
            "hole in the delivery, reading again", stage=self.factory.name, partition=held.tp.partition,
            expected=held.next_offset, delivered=batch.begin,
        )  # fmt: skip
        await self._seek(held.tp, held.next_offset)

    async def _seek(self, tp: TP, offset: int) -> None:
        try:
            await self.app.consumer.seek_wait({tp: offset})
        except (KafkaError, TimeoutError) as error:
            # Taken away meanwhile, or the broker is: whoever watches the progress tries again.
            log.warning("could not seek", stage=self.factory.name, partition=tp.partition, error=repr(error))

    async def read_again(self, tp: TP) -> None:
        """Fetch a partition again from the record that is needed next."""
        expected = await self.expected(tp)
        if expected is None:
            return
        log.warning(
            "partition stands still, reading again",
            stage=self.factory.name, partition=tp.partition, expected=expected,
        )  # fmt: skip
        await self._seek(tp, expected)

    async def expected(self, tp: TP) -> int | None:
        """Return the offset of the next record that this worker needs of a partition; None if it cannot be taken now.

        Takes the partition if that was not done yet: one of which nothing comes is shown like any other.
        """
        held = self.held.get(tp.partition) or await self._take(tp)
        return None if held is None else held.next_offset

    async def _handle(self, held: _Held, batch: Batch) -> None:
        records = batch.since(held.next_offset)
        stage, taken = held.stage, 0
        # What is sent after the hand-over would be right, but twice, and late.
        while taken < len(records) and held.alive:
            urgency = stage.urgency(records, taken)
            if urgency is None:
                taken = await self._take_some(held, records, taken)
                continue
            async with self.turns.turn(urgency):
                if held.alive:
                    taken = await self._take_some(held, records, taken)
        if held.alive:
            held.next_offset = batch.end

    async def _take_some(self, held: _Held, records: Sequence[Any], start: int) -> int:
        stage = held.stage
        taken, outgoing = stage.handle(records, start)
        held.next_offset = records[taken - 1].offset + offsets_of(records[taken - 1])
        held.handing_out = True  # the state is ahead of what was sent: who looks on now may not save it
        for each in outgoing:
            held.sending.append(await self._send(each))
        held.handing_out = False
        if stage.at_barrier:
            self._save_if_due(held)
        return taken

    async def _send(self, outgoing: Outgoing) -> Any:
        return await self.app.producer.send(
            outgoing.topic,
            outgoing.key,
            outgoing.value,
            outgoing.partition,
            (outgoing.timestamp + 0.5) / 1000,  # Faust rounds down to milliseconds
            list(outgoing.headers),
        )

    def save_what_is_due(self) -> None:
        """Save the partitions that came to rest at a barrier before they were due."""
        for held in list(self.held.values()):
            if held.stage.at_barrier and not held.handing_out:
                self._save_if_due(held)

    async def rest(self) -> None:
        """Save what stands at a barrier, before the worker stops; so the next one need not read it again."""
        for held in list(self.held.values()):
            if held.saving is not None:
                await held.saving
            if held.stage.at_barrier and not held.handing_out:
                held.save_after = 0.0
                self._save_if_due(held)
        await asyncio.gather(*[held.saving for held in self.held.values() if held.saving is not None])

    def _save_if_due(self, held: _Held) -> None:
        now = asyncio.get_running_loop().time()
        if now < held.save_after or held.saving is not None or not held.alive:
            return
        if held.next_offset == held.store.next_offset:
            return
        records, key, head = held.store.save(held.next_offset, held.stage.pieces())
        packed = asyncio.get_running_loop().time()
        sending, held.sending = held.sending, []
        work = self._put_away(held, sending, records, (key, head), held.next_offset, packed - now)
        held.save_after = float("inf")
        held.saving = asyncio.get_running_loop().create_task(work)

    async def _put_away(
        self,
        held: _Held,
        sending: list[Any],
        pieces: dict[bytes, bytes | None],
        head: tuple[bytes, bytes],
        next_offset: int,
        seconds: float,
    ) -> None:
        """Deliver, then snapshot, then acknowledge: in that order nothing can be lost."""
        clock = asyncio.get_running_loop().time
        try:
            await asyncio.gather(*sending)
            if held.alive:
                began = clock()
                writing = []
                for each in pieces.items():
                    if not held.alive:
                        break  # the next owner may have begun to write to the same places
                    writing.append(await self.changelog.write(held.tp.partition, *each))
                seconds += clock() - began
                await asyncio.gather(*writing)
            written = await (await self.changelog.write(held.tp.partition, *head)) if held.alive else None
            if written is not None and held.alive:
                self.changelog.remember(held.tp.partition, {**pieces, head[0]: head[1]}, written.offset)
                self.app.consumer.acknowledge(held.tp, self.factory.name, next_offset)
        except Exception as error:  # noqa: BLE001 - nobody awaits this task
            await self._fail(error)
        finally:
            pause = min(_SAVING_SHARE * seconds, _PAUSE_SECONDS_MAX)
            held.save_after = clock() + max(self.snapshot_seconds, pause)
            held.saving = None

    async def _fail(self, error: Exception) -> None:
        log.error("stage failed, worker ends", stage=self.factory.name, exc_info=error)
        self.drop_all()
        await self.app.crash(error)
