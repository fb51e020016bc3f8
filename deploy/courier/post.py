"""Gives messages away: claim, ask whether we still speak, send, write down what the mail server said."""

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import structlog

from alerts.addresses import Addresses
from alerts.courier.mail import Known, LetterWriter
from alerts.courier.outgoing import Outgoing
from deploy.courier.envelope import mail_bytes, sender_of
from deploy.courier.journal import BrokerAwayError, Journal
from deploy.courier.lease_keeper import LeaseKeeper
from deploy.courier.mail_server import Answer, MailServer
from streams.notifications import Claim, NotificationRecord, Receipt
from streams.topics import NOTIFICATIONS

_log = structlog.get_logger()
_AT_ONCE = 100
_CONNECTIONS = 4
_FIRST_PAUSE, _LAST_PAUSE = 1.0, 15.0
_LOOK_SECONDS = 0.02

Place = tuple[str, str]
"""Message and recipient."""


class Post:
    """The way of messages from the plan to the mail server.

    Args:
        courier: the name of this courier.
        addresses: the address book.
        writer: writes the letters.
        known: what letters are written from.
        server: the mail server.
        journal: where claims and receipts are written.
        lease: asked in front of each message.
        clock: the time of the wall, seconds.

    Attributes:
        busy: messages that were claimed and of which no receipt was read yet.
    """

    def __init__(
        self,
        courier: str,
        addresses: Addresses,
        writer: LetterWriter,
        known: Known,
        server: MailServer,
        journal: Journal,
        lease: LeaseKeeper,
        clock: Callable[[], float],
    ) -> None:
        self._courier = courier
        self._addresses = addresses
        self._writer = writer
        self._known = known
        self._server = server
        self._journal = journal
        self._lease = lease
        self._clock = clock
        self.busy: dict[Place, int] = {}
        self._confirmed: set[tuple[str, str, int]] = set()
        self._unwritten: list[Receipt] = []
        self._pause = 0.0
        self._closed_until = 0.0
        self._giving: set[asyncio.Task[None]] = set()
        self._threads = ThreadPoolExecutor(_CONNECTIONS, thread_name_prefix="mail")

    def read(self, record: NotificationRecord, *, counts: bool) -> None:
        """Take note of a claim or a receipt as the log has it."""
        if isinstance(record, Claim) and record.courier == self._courier and counts:
            self._confirmed.add((record.message, record.recipient, record.attempt))
        elif isinstance(record, Receipt) and record.courier == self._courier:
            place = record.message, record.recipient
            if self.busy.get(place) == record.attempt:
                del self.busy[place]

    async def give(self, due: Sequence[Outgoing]) -> None:
        """Claim what is due and not on its way, and begin to give it: or one, to see whether the mail server is back."""
        if time.monotonic() < self._closed_until:
            return
        new = [each for each in due if (each.message, each.recipient) not in self.busy]
        batch = new[: max(0, (1 if self._pause else _AT_ONCE) - len(self.busy))]
        if not batch or not self._lease.holds():
            return
        claims = [
            Claim(
                *(self._clock(), self._courier, self._lease.epoch, each.message, each.what),
                *(each.recipient, each.attempt, tuple(one.id for one in each.transitions)),
            )
            for each in batch
        ]
        try:
            await self._journal.reach(NOTIFICATIONS, await self._journal.write(claims))
        except BrokerAwayError as error:
            _log.warning("nothing is sent that is not claimed", error=str(error))
            return
        confirmed, self._confirmed = self._confirmed, set()
        ours = [each for each in batch if (each.message, each.recipient, each.attempt) in confirmed]
        self.busy |= {(each.message, each.recipient): each.attempt for each in ours}
        for each in ours:
            task = asyncio.create_task(self._give(each))
            self._giving.add(task)
            task.add_done_callback(self._done)

    async def write_receipts(self) -> None:
        """Write receipts until cancelled; those that Kafka does not take are kept, and tried again."""
        while True:
            receipts = self._unwritten[:_AT_ONCE]
            try:
                await self._journal.write(receipts)
                del self._unwritten[: len(receipts)]
            except BrokerAwayError as error:
                _log.warning("receipts wait for Kafka", count=len(receipts), error=str(error))
            await asyncio.sleep(_LOOK_SECONDS)

    async def close(self) -> None:
        """Write the last receipts, and end the connections."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        if self._giving:
            await asyncio.wait(self._giving, timeout=2 * _FIRST_PAUSE)
        self._server.close()
        try:
            await self._journal.write(self._unwritten, 2 * _FIRST_PAUSE)
        except BrokerAwayError as error:
            _log.warning("receipts are lost; these messages are sent again", error=str(error))

    def _done(self, task: asyncio.Task[None]) -> None:
        self._giving.discard(task)
        if not self._giving:
            self._server.close()

    async def _give(self, message: Outgoing) -> None:
        answer = await self._answer(message)
        self._note(answer)
        place = message.message, message.recipient, message.attempt
        receipt = Receipt(self._clock(), self._courier, *place, answer.outcome, answer.code, answer.words)
        self._unwritten.append(receipt)

    async def _answer(self, message: Outgoing) -> Answer:
        try:
            to = self._addresses.of(message.recipient)
        except KeyError:
            return Answer("refused", 0, "the address book has no such recipient")
        try:
            letter = self._writer.letter(message, self._known)
            content = mail_bytes(message, letter, self._addresses, self._clock())
        except Exception as error:  # noqa: BLE001 - told below
            # One letter that cannot be written must not keep all others back; operations hear of it.
            _log.exception("a letter cannot be written", message=message.message)
            return Answer("refused", 0, f"the letter cannot be written: {type(error).__name__}")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._hand_over, to, content)

    def _hand_over(self, to: str, content: bytes) -> Answer:
        """Give a mail to the server, in a thread; the rest of a batch does not wait for a server that is away."""
        if time.monotonic() < self._closed_until:
            return Answer("deferred", 0, "the mail server is away")
        try:
            return self._server.give(sender_of(self._addresses), to, content, self._lease.holds)
        except Exception as error:  # noqa: BLE001 - told below
            # What went wrong may have gone wrong behind the data: no more is claimed than that.
            _log.exception("a mail was not given as it should")
            return Answer("unknown", 0, type(error).__name__)

    def _note(self, answer: Answer) -> None:
        """Wait longer each time that the mail server is away, and no more once it answers."""
        if answer.outcome == "deferred" and answer.code == 0:
            if time.monotonic() >= self._closed_until:
                self._pause = min(_LAST_PAUSE, max(_FIRST_PAUSE, 2 * self._pause))
                self._closed_until = time.monotonic() + self._pause
                _log.warning("the mail server takes nothing", words=answer.words, pause=self._pause)
        else:
            self._pause = self._closed_until = 0.0
