"""The shell around a stage: exact state on Faust's at-least-once delivery.

A partition's outgoing records are delivered before its snapshot is written, the snapshot is written before the
records it covers are acknowledged, and Faust commits only what is acknowledged. After a crash the stage starts
from the newest snapshot and skips what that holds. A hole in the delivery (Faust drops what is queued when the group
is divided anew) is never stepped over: the shell seeks back to the record it needs.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any, cast

import structlog
from faust.types import TP

from agents.delivery.batch import Batch
from agents.engine.changelog import Changelog
from agents.engine.doubt import Doubt
from agents.engine.gone import StateGoneError
from agents.engine.holes import LOOK_AGAIN_SECONDS, Holes
from agents.engine.saving import Held, Saving
from agents.engine.seeking import Seeking
from agents.engine.sending import SENDING_MAX, deliver_some, send
from agents.engine.skips import Skips
from agents.engine.stage import (
    HandledAlreadyError,
    Incoming,
    Outgoing,
    ReportPartition,
    StageFactory,
)
from agents.engine.taking import Taking
from agents.engine.turns import Turns
from streams.damaged import offsets_of, unreadable

log = structlog.get_logger()

_URGENCY_OF_DOUBT = 2
"""Others go first: what cannot be handled holds up nobody else."""


class Shell:
    """Runs the partitions of one stage on a Faust stream of batches.

    Args:
        app: the Faust app.
        table: the Faust table whose changelog keeps the snapshots; as many partitions as the source.
        factory: makes the stage's partitions.
        snapshot_seconds: least time between two snapshots of a partition.
        turns: shared by the stages of a worker.
        skips: looks for skips in the logs of the stage; None where nobody may skip anything.
        begin_anew: begin with what is left of a log whose state is gone.

    Attributes:
        idle: whether no batch is being worked on.
    """

    def __init__(
        self,
        app: Any,
        table: Any,
        factory: StageFactory,
        snapshot_seconds: float,
        turns: Turns,
        skips: Skips | None = None,
        *,
        begin_anew: bool = False,
    ) -> None:
        self.app = app
        self.changelog = Changelog(app, table)
        self.factory = factory
        self.saving = Saving(app, self.changelog, factory.name, snapshot_seconds, self._fail)
        self.turns = turns
        self.skips = skips
        self.taking = Taking(app, self.changelog, factory, skips, begin_anew=begin_anew)
        self.seeking = Seeking(app, factory.name, self.taking.log_begins, _lose)
        self.holes = Holes(factory.name)
        self.idle = True

    @property
    def held(self) -> dict[int, Held]:
        """The partitions that this worker has now."""
        return self.taking.held

    def drop_all(self) -> None:
        """Let go of every partition: the group is being divided anew."""
        self.taking.drop_all()

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
        held = self.held.get(batch.tp.partition) or await self.taking.take(batch.tp)
        if held is None:
            return  # whoever has the partition now, or this worker when the broker is back, reads this again
        if batch.begin > held.next_offset:
            await self.seeking.back(held, batch)
        elif batch.end > held.next_offset:
            missing = self.holes.look(batch, held.next_offset)
            await self._handle(held, batch if missing is None else batch.before(missing))
            if missing is not None:
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
                if held.alive:
                    held.sought_at = asyncio.get_running_loop().time()  # until then what comes lies behind it
                    await self.seeking.to(held.tp, held.next_offset)

    async def read_again(self, tp: TP) -> None:
        """Fetch a partition again from the record that is needed next, or from behind it if that is to be skipped."""
        held = self.held.get(tp.partition)
        if held is None:
            return
        if self.skips is not None and self.idle:
            found = await self.skips.again(tp, held.next_offset, self.taking.begins, patient=False)
            held.skips |= {offset for offset in found or () if offset >= held.next_offset}
            while self.idle and held.alive and held.next_offset in held.skips:
                # It cannot even be fetched.
                self._skip(
                    held, held.next_offset, unreadable(held.next_offset, 0, b"", "it cannot be fetched")
                )
        log.warning(
            "partition stands still, reading again",
            stage=self.factory.name, partition=tp.partition, expected=held.next_offset,
        )  # fmt: skip
        if held.alive:
            await self.seeking.to(tp, held.next_offset)

    async def expected(self, tp: TP) -> int | None:
        """Return the offset of the next record that this worker needs of a partition; None if it cannot be taken now.

        Takes the partition if that was not done yet: one of which nothing comes is shown like any other. While its log is
        looked at for skips, that is how far the look has come.
        """
        try:
            held = self.held.get(tp.partition) or await self.taking.take(tp, patient=False)
        except StateGoneError as error:
            await self._fail(error)
            return None
        if held is None:
            return None if self.skips is None else self.skips.position(tp)
        return held.next_offset

    async def _handle(self, held: Held, batch: Batch) -> None:
        for offset in sorted(each for each in held.skips if each < batch.end):
            record = batch.at(offset)
            await self._handle_all(held, batch.before(offset if record is None else record.offset))
            if held.alive:
                self._skip(held, offset, record)
        await self._handle_all(held, batch)

    def _skip(self, held: Held, offset: int, record: Incoming | None) -> None:
        log.warning(
            "a record is skipped, as a control record behind it says",
            stage=self.factory.name, partition=held.tp.partition, offset=offset, there=record is not None,
        )  # fmt: skip
        held.skips.discard(offset)
        if record is not None and record.offset < held.next_offset:
            record = None  # it went with another offset of a damaged batch
        cast("ReportPartition", held.stage).skip(offset, record)
        if held.doubt is not None:
            held.doubt.settled()
        behind = offset + 1 if record is None else record.offset + offsets_of(record)
        held.next_offset = max(held.next_offset, behind)

    async def _handle_all(self, held: Held, batch: Batch) -> None:
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
            held.next_offset = max(held.next_offset, batch.end)

    async def _take_some(self, held: Held, records: Sequence[Any], start: int) -> int:
        try:
            taken, outgoing = self._handled(held, records, start)
        except HandledAlreadyError as handled:
            if await self._go_back_for(held, records[start].offset, handled.offset):
                return len(records)
            taken, outgoing = start + 1, held.stage.pass_over(records[start], handled)
            if held.doubt is not None:
                held.doubt.settled()
        except Exception as error:  # noqa: BLE001 - whatever a record can do to a stage
            await self._go_back(held, records[start:], error)
            return len(records)
        held.next_offset = records[taken - 1].offset + offsets_of(records[taken - 1])
        held.handing_out = True  # the state is ahead of what was sent: who looks on now may not save it
        for each in outgoing:
            held.sending.append(await send(self.app, each))
        held.handing_out = False
        if len(held.sending) > SENDING_MAX:
            await deliver_some(held)
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
        if held.doubted_from >= 0:
            begin = min(begin, held.doubted_from)  # that stretch is read again as well
        again = await self.taking.again(held, fresh=False)
        if again is not None:
            again.doubted_from = begin
            again.doubt = Doubt(self.factory, held.tp.partition, begin, end)
            await self.seeking.to(held.tp, again.next_offset)

    async def _go_back_for(self, held: Held, control: int, offset: int) -> bool:
        """Start a partition again from its snapshot, if that does not hold yet what is to be skipped.

        Where it does, nobody will ever do without that record. Where it does not, whoever takes the partition next would
        skip it, so this worker does as well.
        """
        if held.saving is not None:
            await held.saving
        if not held.alive:
            return True
        kept = held.begun if held.store.next_offset is None else held.store.next_offset
        if offset < kept or held.went_back_for == control:
            return False
        log.warning(
            "a skip came of a record that no snapshot holds yet; its records are read again without it",
            stage=self.factory.name, partition=held.tp.partition, offset=offset, control=control,
        )  # fmt: skip
        again = await self.taking.again(held, fresh=True)
        if again is not None:
            again.went_back_for = control
            await self.seeking.to(held.tp, again.next_offset)
        return True

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


def _lose(held: Held, begin: int, end: int) -> None:
    held.stage.lose(begin, end)
    if held.doubt is not None:
        held.doubt.settled()
