"""The consumer of a worker: hands a fetched stretch of a log to the streams in one go."""

import asyncio
from collections.abc import Collection
from typing import Any

from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from typing_extensions import override

from agents.delivery.batch import Batch, BatchMessage
from agents.delivery.changelog_message import changelog_message
from agents.delivery.client import BatchClient

_FETCH_PATIENCE_S = 1.0
_UNTIL_SETTLED_S = 0.005


class BatchConsumer(driver.Consumer):  # type: ignore[misc]
    """Overrides how records reach the conductor, and what is committed; the rest is Faust's.

    A stock consumer makes a message, an event, four tasks and an acknowledgement of each record. This one makes
    them of each batch. Changelogs are still delivered a record at a time: recovery counts them.
    """

    @override
    def _new_consumer_thread(self) -> BatchClient:
        return BatchClient(self, loop=self.loop, beacon=self.beacon)

    @override
    async def _drain_messages(self, fetcher: Any) -> None:
        """Fetch and hand over until the worker or its fetcher stops."""
        stopped = (self._stopped.is_set, fetcher._stopped.is_set)  # noqa: SLF001
        try:
            while not any(is_stopped() for is_stopped in stopped):
                # From the fetch to the look at the flow nothing else may run: what is taken and not handed over is lost.
                batches, active = await self._wait_next_records(_FETCH_PATIENCE_S)
                if batches is None or self.should_stop:
                    await asyncio.sleep(0)
                elif self.flow_active:
                    await self._hand_over(batches, active)
                else:
                    await self._back_to_committed()
        except (*self.consumer_stopped_errors, asyncio.CancelledError):
            if not self.app.should_stop:
                raise

    async def _hand_over(self, batches: dict[TP, Batch], active: Collection[TP] | None) -> None:
        generation = self.app.consumer_generation_id
        wanted = [
            (tp, batch)
            for tp, batch in batches.items()
            if active is None or tp in active or tp in self._buffered_partitions
        ]
        # A full queue must not hold up a rebalance. All in one wait: that takes four tasks, which 40 batches feel.
        await self.wait_first(self._deliver_all(wanted, generation), self.suspend_flow.wait())

    async def _deliver_all(self, batches: list[tuple[TP, Batch]], generation: int) -> None:
        for tp, batch in batches:
            is_changelog = self._is_changelog_tp(tp)
            # At the end of a recovery Faust clears all queues: what is put in them before then is lost.
            while self.app.rebalancing and not is_changelog and self._is_current(generation):  # noqa: ASYNC110
                await asyncio.sleep(_UNTIL_SETTLED_S)
            if not self._is_current(generation):
                return  # divided anew; what lies here is fetched again by whoever has it now
            if is_changelog:
                await self._deliver_each(tp, batch)
            else:
                await self.callback(BatchMessage(batch, generation))

    def _is_current(self, generation: int) -> bool:
        return bool(
            self.flow_active and generation == self.app.consumer_generation_id and not self.app.should_stop
        )

    async def _deliver_each(self, tp: TP, batch: Batch) -> None:
        for record in batch.records:
            await self.callback(changelog_message(tp, record, self.app.consumer_generation_id))

    async def _back_to_committed(self) -> None:
        try:
            await self.perform_seek()
        except Exception as error:  # noqa: BLE001 - as in Faust: another rebalance is under way and will seek
            self.log.warning("could not seek while flow is stopped: %r", error)

    def acknowledge(self, tp: TP, stage: str, next_offset: int) -> None:
        """Say that a stage has put away everything of a partition before `next_offset`."""
        self.transport.acknowledged.note(tp, stage, next_offset)

    @override
    def _filter_tps_with_pending_acks(self, topics: Any = None) -> Any:
        for tp in self.transport.acknowledged.partitions():
            if topics is None or tp in topics or tp.topic in topics:
                yield tp

    @override
    def _new_offset(self, tp: TP) -> int | None:
        committable: int | None = self.transport.acknowledged.committable(tp)
        return committable

    @override
    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Let go of the partitions, before Faust waits for what is on its way to the broker."""
        for let_go in self.transport.letting_go:
            let_go()
        self.transport.acknowledged.forget(revoked)
        await super().on_partitions_revoked(revoked)

    @override
    def verify_event_path(self, now: float, tp: TP) -> None:
        """Faust's livelock detector counts single messages; ours is `agents.engine.watchdog`."""
