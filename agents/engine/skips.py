"""Which records of a partition are to be skipped: known before the partition is taken.

A skip is a control record behind the record that it is about. One at which a worker stands still, or ends, keeps every worker
from coming to that place; so who takes a partition looks ahead to the end of its log first. Who is past the record when the
skip is written comes to it in the ordinary way (`agents.engine.shell`).
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from aiokafka.errors import KafkaError
from faust.types import TP

from agents.delivery.look_ahead import LookAhead
from agents.engine.stage import SkippingFactory
from streams.control import CONTROL_KEY

log = structlog.get_logger()

_IMPATIENT_SECONDS = 0.5

Starts = Callable[[TP], Awaitable[Mapping[TP, int]]]
"""Where the other partitions of a worker begin, so that all of a topic are looked at together."""


class Skips:
    """The skips in the logs of one stage.

    Args:
        factory: of the stage; knows which control records count.
        connection: how to reach the brokers, as keyword arguments of an aiokafka client.
    """

    def __init__(self, factory: SkippingFactory, connection: Mapping[str, Any]) -> None:
        self.factory = factory
        self._connection = connection
        self._known: dict[TP, tuple[int, frozenset[int]]] = {}
        self._looking: asyncio.Task[None] | None = None
        self._ahead: LookAhead | None = None

    def forget(self) -> None:
        """Look again: more may have been written by the time that a partition is taken."""
        self._known = {}
        if self._looking is not None:
            self._looking.cancel()
        self._looking = None

    @property
    def _is_looking(self) -> bool:
        return self._looking is not None and not self._looking.done()

    def position(self, tp: TP) -> int | None:
        """Return how far the look at a partition has come; None while nobody looks at it."""
        return self._ahead.positions.get(tp) if self._is_looking and self._ahead is not None else None

    async def ahead(
        self, tp: TP, start: int, others: Starts, *, patient: bool = True
    ) -> frozenset[int] | None:
        """Return the offsets to skip from `start` on; None if the broker does not answer, or it takes its time.

        Args:
            tp: the partition.
            start: first offset that it needs.
            others: where its neighbours begin.
            patient: wait, however long the log is.
        """
        while (known := self._known.get(tp)) is None or known[0] > start:
            looking, mine = self._looking, False
            if looking is None or looking.done():
                looking, mine = self._look_at(tp, start, await others(tp)), True
            await asyncio.wait({looking}, timeout=None if patient else _IMPATIENT_SECONDS)
            if not looking.done() or looking.cancelled():
                return None
            looking.result()
            if mine and tp not in self._known:
                return None
        return known[1]

    async def again(
        self, tp: TP, start: int, others: Starts, *, patient: bool = True
    ) -> frozenset[int] | None:
        """Look at a partition once more, for what was written since."""
        if not self._is_looking:
            self._known.pop(tp, None)
        return await self.ahead(tp, start, others, patient=patient)

    def _look_at(self, tp: TP, start: int, others: Mapping[TP, int]) -> asyncio.Task[None]:
        if (
            self._looking is None or self._looking.done()
        ):  # nobody began while it was asked where the others do
            starts = {each: at for each, at in others.items() if each not in self._known}
            self._looking = asyncio.get_running_loop().create_task(self._look({**starts, tp: start}))
        return self._looking

    async def _look(self, starts: Mapping[TP, int]) -> None:
        ahead = self._ahead = LookAhead(self._connection, CONTROL_KEY)
        found: dict[TP, set[int]] = {tp: set() for tp in starts}
        try:
            async for tp, record in ahead.records(starts):
                offset = self.factory.skipped_by(tp.partition, record)
                if offset is not None:
                    found[tp].add(offset)
        except (KafkaError, TimeoutError, OSError) as error:
            log.warning("cannot look for skips", stage=self.factory.name, error=repr(error))
            return
        self._known.update((tp, (starts[tp], frozenset(offsets))) for tp, offsets in found.items())
