"""The shell around a stage: exact state on Faust's at-least-once delivery.

A partition's outgoing records are delivered before its snapshot is written, the snapshot is written before the
records it covers are acknowledged, and Faust commits only what is acknowledged. After a crash the stage starts
from the newest snapshot and skips what that holds. A hole in the delivery (Faust drops what is queued when the group
is divided anew) is never stepped over: the shell seeks back to the record it needs.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import structlog
from aiokafka.errors import KafkaError
from faust.types import TP

from agents.delivery.batch import Batch
from agents.engine.changelog import Changelog
from agents.engine.doubt import Doubt
from agents.engine.holes import LOOK_AGAIN_SECONDS, Holes
from agents.engine.log_begin import LogBegins
from agents.engine.saving import SEEK_AGAIN_SECONDS, Held, Saving
from agents.engine.snapshot import SnapshotStore
from agents.engine.stage import Incoming, Outgoing, StageFactory, StagePartition
from agents.engine.turns import Turns
from streams.damaged import offsets_of

log = structlog.get_logger()

_URGENCY_OF_DOUBT = 2
"""Others go first: what cannot be handled holds up nobody else."""


_SENDING_MAX = 5_000
"""So many records of a partition may be on their way to the broker."""


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
        self.saving = Saving(app, self.changelog, factory.name, snapshot_seconds, self._fail)
        self.turns = turns
        self.log_begins = LogBegins(app, factory.name)
        self.holes = Holes(factory.name)
        self.held: dict[int, Held] = {}
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

        A record that a stage cannot handle is passed over, from the last good state on (`agents.engine.doubt`). Any other
        error ends the worker; another one starts from the last snapshot.
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

    async def _take(self, tp: TP) -> Held | None:
        """Start a partition from its snapshot, or from the first record that is still kept.

        None while the group is divided anew: the table may lack what another worker wrote, so what stands in it is
        nobody's state. None also if the broker does not answer.
        """
        if self.app.rebalancing:
            return None
        store = SnapshotStore(tp.partition)
        stage = self._made(store)
        start = store.next_offset
        if start is None:
            generation = self._generation
            start = await self.log_begins.known(tp)
            if (held := self.held.get(tp.partition)) is not None:
                return held  # taken meanwhile: its first batch came just when its progress was looked at
            if start is None or generation != self._generation:
                return None
        if stage is None:
            stage = self.factory.make(tp.partition, {})
        held = self.held[tp.partition] = Held(tp, stage, store, start)
        if store.next_offset is not None:
            # Whoever wrote the snapshot may have died before its commit; of a log that has ended nothing more comes.
            self.app.consumer.acknowledge(tp, self.factory.name, store.next_offset)
        log.info("partition taken", stage=self.factory.name, partition=tp.partition, next_offset=start)
        return held

    def _made(self, store: SnapshotStore) -> StagePartition | None:
        """Return a partition as its last snapshot has it; None without one, or where nothing can be made of it."""
        pieces = store.load(self.changelog.records)
        if store.next_offset is None:
            return None
        try:
            return self.factory.make(store.partition, pieces)
        except Exception:
            log.exception(
                "nothing can be made of a snapshot, state is computed again from the log",
                stage=self.factory.name, partition=store.partition,
            )  # fmt: skip
            store.give_up()
            return None

    async def _seek_back(self, held: Held, batch: Batch) -> None:
        now = asyncio.get_running_loop().time()
        if now - held.sought_at < SEEK_AGAIN_SECONDS:
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

    async def _handle(self, held: Held, batch: Batch) -> None:
        records, taken = batch.since(held.next_offset), 0
        # What is sent after the hand-over would be right, but twice, and late.
        while taken < len(records) and held.alive:
            urgency = held.stage.urgency(records, taken) if held.doubt is None else _URGENCY_OF_DOUBT
            if urgency is None:
                taken = await self._take_some(held, records, taken)
                continue
            async with self.turns.turn(urgency):
                if held.alive:
                    taken = await self._take_some(held, records, taken)
        if held.alive:
            held.next_offset = batch.end

    async def _take_some(self, held: Held, records: Sequence[Any], start: int) -> int:
        try:
            taken, outgoing = self._handled(held, records, start)
        except Exception as error:  # noqa: BLE001 - whatever a record can do to a stage
            await self._go_back(held, records[start:], error)
            return len(records)
        held.next_offset = records[taken - 1].offset + offsets_of(records[taken - 1])
        held.handing_out = True  # the state is ahead of what was sent: who looks on now may not save it
        for each in outgoing:
            held.sending.append(await self._send(each))
        held.handing_out = False
        if len(held.sending) > _SENDING_MAX:
            await self._deliver_some(held)
        if held.stage.at_barrier:
            self.saving.if_due(held)
        return taken

    def _handled(self, held: Held, records: Sequence[Incoming], start: int) -> tuple[int, Sequence[Outgoing]]:
        if held.doubt is not None and records[start].offset >= held.doubt.end:
            held.doubt = None
        if held.doubt is None:
            return held.stage.handle(records, start)
        held.stage, taken, outgoing = held.doubt.step(held.stage, records, start)
        return taken, outgoing

    async def _go_back(self, held: Held, records: Sequence[Incoming], error: Exception) -> None:
        """Start a partition again from its snapshot, to find the record that its stage cannot handle."""
        begin, end = records[0].offset, records[-1].offset + 1
        if held.doubt is not None and begin >= held.doubt.begin:
            raise error  # even to pass it over
        log.error(
            "a stage failed; its records are read again, to pass over the one it cannot handle",
            stage=self.factory.name, partition=held.tp.partition, begin=begin, end=end, exc_info=error,
        )  # fmt: skip
        held.alive = False
        if held.saving is not None:
            await held.saving
        if self.held.get(held.tp.partition) is not held:
            return  # the group was divided anew: whoever has it now comes by here as well
        del self.held[held.tp.partition]
        self.factory.dropped(held.tp.partition)
        again = await self._take(held.tp)
        if again is not None:
            again.doubt, again.anew = Doubt(self.factory, held.tp.partition, begin, end), True
            again.sending += held.sending
            again.sought_at = asyncio.get_running_loop().time()  # until then what comes lies behind it
            await self._seek(held.tp, again.next_offset)

    async def _deliver_some(self, held: Held) -> None:
        """Wait for the older half of what is on its way, and forget what arrived: between two ticks may lie any number."""
        await asyncio.wait(held.sending[: len(held.sending) // 2])
        held.sending = [
            each for each in held.sending if not each.done() or each.cancelled() or each.exception()
        ]

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
                self.saving.if_due(held)

    async def rest(self) -> None:
        """Save what stands at a barrier, before the worker stops; so the next one need not read it again."""
        for held in list(self.held.values()):
            if held.saving is not None:
                await held.saving
            if held.stage.at_barrier and not held.handing_out:
                held.save_after = 0.0
                self.saving.if_due(held)
        await asyncio.gather(*[held.saving for held in self.held.values() if held.saving is not None])

    async def _fail(self, error: Exception) -> None:
        log.error("stage failed, worker ends", stage=self.factory.name, exc_info=error)
        self.drop_all()
        await self.app.crash(error)
