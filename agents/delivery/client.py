"""The aiokafka consumer of a worker: fetches batches that say which stretch of the log they are.

Faust keeps it in a thread with a loop of its own, so that an agent that computes for long cannot keep it from its
heartbeats. Here it lives in the worker's loop: no stage computes for anything near a session time-out at a stretch, and
two threads that hand records and the interpreter's lock to and fro took longer over it than the work itself.
It is also what makes a fetch safe: nothing is taken from the fetcher while the flow is stopped, because nothing can
stop it between the look and the taking.
"""

import asyncio
from collections.abc import Collection, Mapping
from typing import Any

from aiokafka.consumer.fetcher import FetchError
from aiokafka.errors import ConsumerStoppedError
from aiokafka.structs import TopicPartition
from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from typing_extensions import override

from agents.delivery.asking import Asking
from agents.delivery.batch import Batch
from agents.delivery.log_end import true_ends

PARTITION_RECORDS_MAX = 1000
"""At most so many records of a partition in a batch: some milliseconds of work, so that nobody waits long."""


class _InTheLoop:
    """Takes the place of the thread that Faust would run the client in."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._serving: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._serving = self._client.parent_loop.create_task(self._serve())

    async def _serve(self) -> None:
        try:
            await self._client._serve()  # noqa: SLF001 - what the thread would run
        except Exception:  # noqa: BLE001 - it has told of its crash; a thread would end here
            self._client.set_shutdown()

    def stop(self) -> None:
        """Nothing to join: who stops the client has waited for its end before."""


class BatchClient(driver.AIOKafkaConsumerThread):  # type: ignore[misc]
    """Overrides where Faust's client runs and what it fetches; `agents.delivery.overrides` names what it leans on."""

    Worker = _InTheLoop

    def __init__(self, consumer: Any, *, loop: asyncio.AbstractEventLoop, **named: Any) -> None:
        super().__init__(consumer, loop=loop, thread_loop=loop, **named)

    @override
    async def _keepalive2(self) -> None:
        """Keep nothing awake: there is no thread."""

    @override
    async def _gather_remaining_tasks(self) -> None:
        """End nobody's tasks: Faust ends all that are left in the loop of its thread, and this one is the worker's."""

    @override
    async def on_start(self) -> None:
        """Start to fetch, with requests that suit what comes."""
        await super().on_start()
        transport = self.transport
        if not transport.leaves_group:
            self._consumer._coordinator._maybe_leave_group = _stay  # noqa: SLF001
        self._asking = Asking(self._consumer._fetcher, transport.fetch_wait_ms, transport.always_asked)  # noqa: SLF001

    @override
    async def _highwaters(self, partitions: list[Any]) -> Mapping[Any, int]:
        """Return true log ends; Faust reads the changelogs up to them."""
        ends = await true_ends(
            self.transport.connection(), [TopicPartition(tp.topic, tp.partition) for tp in partitions]
        )
        return {tp: ends[TopicPartition(tp.topic, tp.partition)] for tp in partitions}

    @override
    async def getmany(self, active_partitions: Collection[TP] | None, timeout: float) -> dict[TP, Batch]:
        """Return what was fetched of each partition; waits `timeout` seconds for something to come.

        Raises:
            ConsumerStoppedError: the consumer was closed.
            KafkaError: what ended the membership of the group, or the fetching of a partition.
        """
        consumer = self._ensure_consumer()
        fetcher = consumer._fetcher  # noqa: SLF001 - Faust itself fetches through it
        self._asking.active = active_partitions
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        with fetcher._subscriptions.fetch_context():  # noqa: SLF001
            while True:
                if consumer._closed or fetcher._closed:  # noqa: SLF001
                    raise ConsumerStoppedError
                if not self.consumer.flow_active:
                    return {}
                found = await self._drain(fetcher, active_partitions)
                self._asking.came(
                    {tp: len(batch.records) for tp, batch in found.items()},
                    all_there_is=not any(_more_lies(fetcher, each) for each in found.values()),
                )
                left = deadline - loop.time()
                if found or left <= 0:
                    return found
                waiter = fetcher._create_fetch_waiter()  # noqa: SLF001
                await asyncio.wait([waiter], timeout=left)
                if waiter.done():
                    waiter.result()  # raises what ended the membership of the group: it is said nowhere else
                else:
                    waiter.cancel()

    async def _drain(self, fetcher: Any, active: Collection[TP] | None) -> dict[TP, Batch]:
        """Return what lies ready of each partition, a fair share of each."""
        found: dict[TP, Batch] = {}
        for tp in list(fetcher._records):  # noqa: SLF001
            before = _position(fetcher, tp) if active is None or tp in active else None
            if before is None:
                continue
            if isinstance(fetcher._records[tp], FetchError) and found:  # noqa: SLF001
                break  # it is raised when nothing is lost by it, at the next call
            # Without a timeout this returns before anything else runs, so both positions belong to the records.
            ready = await fetcher.fetched_records([tp], timeout=0, max_records=PARTITION_RECORDS_MAX)
            after = _position(fetcher, tp)
            if after is not None and after > before:
                faust_tp = TP(tp.topic, tp.partition)
                found[faust_tp] = Batch(faust_tp, before, after, ready.get(tp, ()))
        # The busiest first: behind a tick that goes to all of them its reports wait, and in the others nothing does.
        return dict(sorted(found.items(), key=_fewest_last))


async def _stay() -> None:
    """Tell the group nothing: it misses this member after the session time-out."""


def _more_lies(fetcher: Any, batch: Batch) -> bool:
    """Return whether the broker has more of a partition than was taken, as far as its last answer told."""
    tp = TopicPartition(batch.tp.topic, batch.tp.partition)
    end = fetcher._subscriptions.subscription.assignment.state_value(tp).highwater  # noqa: SLF001
    return end is None or batch.end < end


def _fewest_last(item: tuple[TP, Batch]) -> int:
    return -len(item[1].records)


def _position(fetcher: Any, tp: Any) -> int | None:
    subscriptions = fetcher._subscriptions  # noqa: SLF001
    if subscriptions.reassignment_in_progress or not subscriptions.is_assigned(tp):
        return None
    state = subscriptions.subscription.assignment.state_value(tp)
    return int(state.position) if state.has_valid_position else None
