"""How a worker takes a partition: as its last snapshot has it, and with what is to be skipped further on in its log."""

import asyncio
from typing import Any

import structlog
from faust.types import TP

from agents.engine.changelog import Changelog
from agents.engine.gone import StateGoneError
from agents.engine.log_begin import LogBegins
from agents.engine.saving import Held
from agents.engine.skips import Skips
from agents.engine.snapshot import SnapshotStore
from agents.engine.stage import StageFactory, StagePartition

log = structlog.get_logger()


class Taking:
    """The partitions of one stage that this worker has.

    Args:
        app: the Faust app.
        changelog: where their snapshots are.
        factory: makes the partitions.
        skips: looks for skips in their logs; None where nobody may skip anything.
        begin_anew: begin with what is left of a log whose state is gone.

    Attributes:
        held: by number.
        log_begins: where their logs begin.
    """

    def __init__(
        self,
        app: Any,
        changelog: Changelog,
        factory: StageFactory,
        skips: Skips | None,
        *,
        begin_anew: bool = False,
    ) -> None:
        self.app = app
        self.changelog = changelog
        self.factory = factory
        self.skips = skips
        self.begin_anew = begin_anew
        self.log_begins = LogBegins(app, factory.name)
        self.held: dict[int, Held] = {}
        self._generation = 0

    def drop_all(self) -> None:
        """Let go of every partition: the group is being divided anew."""
        self._generation += 1
        for partition, held in self.held.items():
            held.alive = False
            self.factory.dropped(partition)
        self.held.clear()
        self.log_begins.forget()
        if self.skips is not None:
            self.skips.forget()

    async def take(self, tp: TP, *, patient: bool = True, fresh: bool = False) -> Held | None:
        """Start a partition from its snapshot, or from the first record that is still kept.

        None while the group is divided anew: the table may lack what another worker wrote, so what stands in it is
        nobody's state. None also if the broker does not answer, or who is not patient would have to wait.

        Raises:
            StateGoneError: there is no snapshot, and the log does not reach back.
        """
        if self.app.rebalancing:
            return None
        generation = self._generation
        begin = SnapshotStore(tp.partition).begins_at(self.changelog.records)
        skips = await self._skips_ahead(tp, begin, patient=patient, fresh=fresh)
        if (held := self.held.get(tp.partition)) is not None:
            return held  # taken meanwhile: its first batch came just when its progress was looked at
        if skips is None or generation != self._generation:
            return None
        store = SnapshotStore(tp.partition)
        stage = self._made(store)
        start = store.next_offset
        if start is None:
            start = await self.log_begins.known(tp)
            if begin is not None and start is not None:  # that snapshot was not whole
                skips = await self._skips_ahead(tp, None, patient=patient, fresh=False)
            if (held := self.held.get(tp.partition)) is not None:
                return held
            if start is None or skips is None or generation != self._generation:
                return None
            self._refuse_the_middle(tp, start, store)
        if stage is None:
            stage = self.factory.make(tp.partition, {})
        held = self.held[tp.partition] = Held(tp, stage, store, start, begun=start)
        held.skips = {offset for offset in skips if offset >= start}
        if store.next_offset is not None:
            # Whoever wrote the snapshot may have died before its commit; of a log that has ended nothing more comes.
            self.app.consumer.acknowledge(tp, self.factory.name, store.next_offset)
        log.info(
            "partition taken",
            stage=self.factory.name, partition=tp.partition, next_offset=start, format=store.format,
        )  # fmt: skip
        return held

    async def again(self, held: Held, *, fresh: bool) -> Held | None:
        """Let go of a partition and take it again as its last snapshot has it; None if another has it now."""
        held.alive = False
        if held.saving is not None:
            await held.saving
        if self.held.get(held.tp.partition) is not held:
            return None  # the group was divided anew: whoever has it now comes by here as well
        del self.held[held.tp.partition]
        self.factory.dropped(held.tp.partition)
        again = await self.take(held.tp, fresh=fresh)
        if again is not None:
            again.anew = True
            again.sending += held.sending
            again.sought_at = asyncio.get_running_loop().time()  # until then what comes lies behind it
        return again

    async def _skips_ahead(
        self, tp: TP, begin: int | None, *, patient: bool, fresh: bool
    ) -> frozenset[int] | None:
        """Return the offsets to skip from `begin` on, None for the first one that is kept; None if that is not known."""
        if self.skips is None:
            return frozenset()
        start = await self.log_begins.known(tp) if begin is None else begin
        if start is None:
            return None
        look = self.skips.again if fresh else self.skips.ahead
        return await look(tp, start, self.begins, patient=patient)

    async def begins(self, tp: TP) -> dict[TP, int]:
        """Return where the partitions of this worker begin that are not taken yet."""
        found = {}
        for each in self.app.consumer.assignment():
            if each.topic == tp.topic and each.partition not in self.held:
                begin = SnapshotStore(each.partition).begins_at(self.changelog.records)
                start = await self.log_begins.known(each) if begin is None else begin
                if start is not None:
                    found[each] = start
        return found

    def _refuse_the_middle(self, tp: TP, start: int, store: SnapshotStore) -> None:
        if start == 0 or not self.factory.from_beginning:
            return
        why = store.gone or "there is no snapshot of it"
        error = StateGoneError(self.factory.name, tp.topic, tp.partition, start, why)
        if not self.begin_anew:
            raise error
        log.error("begins anew, as asked, with what is left", stage=self.factory.name, why=str(error))

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
