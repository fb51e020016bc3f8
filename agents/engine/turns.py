"""Turns: between two pieces of a tick's work the reports go first.

When a tick has been written everywhere, every partition and stage of a worker has something to do at once. Each takes a
few milliseconds; together they would hold up the reports that come in for as many as there are.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from heapq import heappop, heappush

_TURNS = 4
"""From a fetched batch to its fold it is about so many turns of the loop."""


_HEAD_START = 30
"""So many later ones go before one that is less urgent by 1. No more: a replay always has ticks to fold, and a stage
that never gets its turn while that lasts fills its queue, which holds up the fetching of everything."""

_WORK_SECONDS = 0.001
"""Ticks that change nothing take a fraction of this; a replay of months consists of them."""


class Turns:
    """One piece of a tick's work at a time in a worker: the more urgent first, though not for ever, and reports between any two."""

    def __init__(self) -> None:
        self._busy = False
        self._count = 0
        self._gave_way = 0.0
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []

    @asynccontextmanager
    async def turn(self, urgency: int) -> AsyncIterator[None]:
        """Hold the turn; 0 is the most urgent, equals come in their order, and everyone's time comes."""
        if self._busy:
            self._count += 1
            mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            heappush(self._waiting, (self._count + urgency * _HEAD_START, self._count, mine))
            try:
                await mine
            except asyncio.CancelledError:
                if mine.done() and not mine.cancelled():
                    self._pass_on()  # it was given just now, and nobody will use it
                raise
        self._busy = True
        try:
            yield
            await self._give_way()
        finally:
            self._pass_on()

    async def _give_way(self) -> None:
        clock = asyncio.get_running_loop().time
        if clock() - self._gave_way < _WORK_SECONDS:
            return
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        self._gave_way = clock()

    def _pass_on(self) -> None:
        while self._waiting:
            _, _, next_one = heappop(self._waiting)
            if not next_one.done():
                next_one.set_result(None)
                return
        self._busy = False
