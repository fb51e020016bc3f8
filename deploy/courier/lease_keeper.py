"""Holds the lease, or waits to take it: one courier speaks, and it stops before another may begin.

The holder counts from before it wrote a renewal, the other from when it read it; so whatever clocks and networks do, the first has
stopped before the second starts. A process that was frozen finds its time over when it goes on.
"""

import asyncio
import time
from collections.abc import Callable

import structlog

from alerts.courier.lease import LeaseView
from deploy.courier.journal import BrokerAwayError, Journal
from streams.notifications import Lease
from streams.topics import NOTIFICATIONS

_log = structlog.get_logger()
_PARTS = 4
_LAST_WORDS_SECONDS = 2.0


class LeaseKeeper:
    """The lease of one courier.

    Args:
        courier: its name.
        view: the lease as the log says it.
        journal: where leases are written.
        seconds: after so long without a sign another may take over.
        clock: the time of the wall, seconds, for the records.
    """

    def __init__(
        self, courier: str, view: LeaseView, journal: Journal, seconds: float, clock: Callable[[], float]
    ) -> None:
        self._courier = courier
        self._view = view
        self._journal = journal
        self._seconds = seconds
        self._clock = clock
        self._until = 0.0
        self._heard = time.monotonic()

    @property
    def epoch(self) -> int:
        """The epoch as the log says it."""
        return self._view.epoch

    def holds(self) -> bool:
        """Return whether this courier speaks, now."""
        return self._view.courier == self._courier and time.monotonic() < self._until

    def stands_by(self) -> bool:
        """Return whether another courier speaks, as far as was heard lately."""
        other = bool(self._view.courier) and self._view.courier != self._courier
        return other and time.monotonic() - self._heard <= 2 * self._seconds

    def heard(self) -> None:
        """Take note that a lease that counts was read."""
        self._heard = time.monotonic()

    async def keep(self) -> None:
        """Hold the lease, or take it when nobody does, until cancelled."""
        self.heard()
        while True:
            try:
                if self._view.courier == self._courier:
                    await self._write(self._view.epoch, taking=False)
                elif not self._view.courier or time.monotonic() - self._heard > self._seconds:
                    await self._write(self._view.epoch + 1, taking=True)
                    if self.holds():
                        _log.info("this courier speaks from now on", epoch=self._view.epoch)
            except BrokerAwayError as error:
                _log.warning("the lease is not renewed", error=str(error))
            await asyncio.sleep(self._seconds / _PARTS)

    async def leave(self) -> None:
        """Say that this courier goes, so that another need not wait."""
        if self.holds():
            self._until = 0.0
            last = Lease(self._clock(), self._courier, self._view.epoch, left=True)
            try:
                await self._journal.write([last], _LAST_WORDS_SECONDS)
            except BrokerAwayError as error:
                _log.warning("the lease runs out by itself", error=str(error))

    async def _write(self, epoch: int, *, taking: bool) -> None:
        before = time.monotonic()
        record = Lease(self._clock(), self._courier, epoch, taking=taking)
        await self._journal.reach(NOTIFICATIONS, await self._journal.write([record]))
        if self._view.holds(self._courier, epoch):
            self._until = before + self._seconds
