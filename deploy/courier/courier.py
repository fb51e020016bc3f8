"""One courier: what comes in from Kafka and Alertmanager goes to the ledger, what follows from it to the mail server."""

import asyncio
import contextlib
import os
import secrets
import socket
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec
import structlog
from aiohttp import web

from alerts.addresses import Addresses
from alerts.courier.ledger import Ledger
from alerts.courier.mail import Known, LetterWriter
from alerts.courier.matching import heard_alerts
from alerts.courier.outgoing import Due
from alerts.courier.readiness import moment
from alerts.norms import Norms
from alerts.texts import Texts
from deploy.courier.alertmanagers import ask_silences
from deploy.courier.journal import BrokerAwayError, Journal
from deploy.courier.lease_keeper import LeaseKeeper
from deploy.courier.mail_server import MailServer
from deploy.courier.post import Post
from deploy.courier.settings import CourierSettings
from deploy.courier.web import application
from streams.kafka import KafkaSettings
from streams.notifications import (
    Begun,
    Lease,
    Missed,
    Notice,
    NotificationRecord,
    Standing,
    decode_notification,
)
from streams.status import RegionOverview, decode_overview, decode_transition
from streams.topics import BREACHES, NOTIFICATIONS, OVERVIEW

_log = structlog.get_logger()
_LOOK_SECONDS = 0.25
_OVERDUE_SECONDS = 60.0


class Courier:
    """One process of the courier.

    Args:
        settings: how it runs.
        kafka: where Kafka is.
        norms, texts, addresses: what is judged, the words, the address book.
        clock: the time of the wall, seconds since 1970.
    """

    def __init__(
        self,
        settings: CourierSettings,
        kafka: KafkaSettings,
        norms: Norms,
        texts: Texts,
        addresses: Addresses,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
        self._settings = settings
        self._clock = clock
        self._ledger = Ledger(norms, settings.patience)
        self._overviews: dict[str, RegionOverview] = {}
        self._due = Due()
        self._caught_up = False
        self._old = 0
        self._changed = asyncio.Event()
        self._journal = Journal(kafka, settings.broker_seconds, self._take)
        self._lease = LeaseKeeper(self.name, self._ledger.lease, self._journal, settings.lease_seconds, clock)
        known = Known(self._overviews.get, self._ledger.facts.openings.of_transition)
        self._post = Post(
            self.name,
            addresses,
            LetterWriter(norms, texts, addresses),
            known,
            MailServer(addresses.mail, settings.mail_seconds),
            self._journal,
            self._lease,
            clock,
        )

    async def run(self, ready: Callable[[str], None]) -> None:
        """Work until cancelled; `ready` is told the address of the webhook once it answers.

        Raises:
            OSError: the port is taken.
            LogGoneError: a log begins anew.
        """
        runner = web.AppRunner(application(self._hear, self.health), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            site = web.TCPSite(runner, self._settings.host, self._settings.port)
            await site.start()
            ready(f"http://{self._settings.host}:{runner.addresses[0][1]}/alerts")
            async with asyncio.TaskGroup() as group:
                group.create_task(self._journal.read())
                group.create_task(self._work())
        finally:
            await runner.cleanup()
            await self._post.close()
            await self._lease.leave()
            await self._journal.close()

    def health(self) -> Mapping[str, Any]:
        """Return how it is, as `/healthz` says it."""
        now = self._clock()
        owed = [now - each for each in self._due.owed]
        begun = self._ledger.facts.begin is not None
        return {
            "ready": self._caught_up and begun and (self._lease.holds() or self._lease.stands_by()),
            "speaks": self._lease.holds(),
            "courier": self.name,
            "overdue": sum(age > _OVERDUE_SECONDS for age in owed),
            "unsent": len(owed),
            "oldest_unsent_seconds": round(max(owed, default=0.0), 1),
            "not_delivered": self._ledger.refused,
        }

    async def _hear(self, payload: Mapping[str, Any]) -> None:
        """Take a post of Alertmanager: returns once its alerts are in Kafka."""
        brought = self._ledger.facts.brought
        heard = [each for each in heard_alerts(payload, self._clock(), self.name) if not brought.knows(each)]
        await self._journal.write(heard, self._settings.webhook_seconds)

    def _take(self, topic: str, offset: int, value: bytes) -> None:
        """Take a record; one that cannot be read is logged and passed over."""
        try:
            if topic == BREACHES:
                told = decode_transition(value)
                self._ledger.transition(told, offset, moment(told), self._clock())
            elif topic == OVERVIEW:
                overview = decode_overview(value)
                self._overviews[overview.region] = overview
                self._ledger.clock(datetime.fromisoformat(overview.at).timestamp())
            else:
                self._read(decode_notification(value))
        except (msgspec.MsgspecError, ValueError) as error:
            _log.warning("record not read", topic=topic, offset=offset, error=str(error))
        self._changed.set()

    def _read(self, record: NotificationRecord) -> None:
        counts = self._ledger.record(record)
        if isinstance(record, Lease) and counts:
            self._lease.heard()
        self._post.read(record, counts=counts)

    async def _work(self) -> None:
        await self._catch_up()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._lease.keep())
            group.create_task(self._post.write_receipts())
            group.create_task(self._rounds())

    async def _catch_up(self) -> None:
        """Return once both logs were read to their ends: what stands there must not be said again."""
        while True:
            try:
                ends = await self._journal.ends()
                for topic, end in ends.items():
                    while self._journal.position(topic) < end:
                        before = self._journal.position(topic)
                        with contextlib.suppress(BrokerAwayError):
                            await self._journal.reach(topic, end)
                        if self._journal.position(topic) == before:
                            _log.warning("the log comes slowly", topic=topic, read=before, end=end)
            except BrokerAwayError as error:
                _log.warning("waiting for Kafka and its topics", error=str(error))
                await asyncio.sleep(1.0)
            else:
                self._old = ends[BREACHES]
                self._caught_up = True
                return

    async def _rounds(self) -> None:
        while True:
            try:
                await self._round()
            except BrokerAwayError as error:
                _log.warning("waiting for Kafka", error=str(error))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_SECONDS):
                    await self._changed.wait()
            self._changed.clear()

    async def _round(self) -> None:
        """Do once what is due; who stands by looks too, and says so to whoever asks."""
        now = self._clock()
        speaks = self._lease.holds()
        silences = None
        if speaks and self._ledger.asks(now):
            silences = await ask_silences(self._settings.alertmanager_urls)
        self._due = due = self._ledger.due(now, silences)
        if not speaks:
            return
        decided = self._decisions(due, now)
        if decided:
            # What is decided is read back first: it says what is due then.
            await self._journal.reach(NOTIFICATIONS, await self._journal.write(decided))
            return
        await self._post.give(due.give)

    def _decisions(self, due: Due, now: float) -> list[NotificationRecord]:
        own = now, self.name, self._lease.epoch
        decided: list[NotificationRecord] = [Missed(*own, *each) for each in due.missed]
        if self._ledger.facts.begin is None:
            decided.append(Begun(*own, self._old))
        if due.standing:
            decided.append(Standing(*own, due.standing))
        decided += [Notice(*own, about, items) for about, items in due.notices]
        return decided
