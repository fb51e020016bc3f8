"""What is to be said to whom now: one fold over both logs, and one question.

Facts go in, in any order between the two logs: transitions of `care.breaches`, records of `care.notifications`. `due` says what
follows at a moment: messages to give, and decisions to write down. It keeps nothing but what it knows of silences, so a
courier that ends anywhere goes on from the logs.
"""

from collections.abc import Iterable, Iterator

from alerts.courier.deliveries import Delivery
from alerts.courier.facts import Facts, Patience
from alerts.courier.lease import LeaseView
from alerts.courier.matching import AlertKey
from alerts.courier.outgoing import Due, Outgoing
from alerts.courier.plan import Moment, Plan
from alerts.courier.silence import Silences
from alerts.norms import Norms
from alerts.routes import OPERATIONS
from streams.notifications import (
    AlertHeard,
    Begun,
    Claim,
    Lease,
    Missed,
    Notice,
    NoticeAbout,
    NotificationRecord,
    Receipt,
    Standing,
)
from streams.status import Transition

_ITEMS_MAX = 1000
"""So much one notice is about; of more there is another one later."""


class Ledger:
    """All that is known, and what follows from it.

    Args:
        norms: for who hears what.
        patience: how long to wait.

    Attributes:
        lease: who speaks.
        facts: what is known.
    """

    def __init__(self, norms: Norms, patience: Patience | None = None) -> None:
        self.lease = LeaseView()
        self.facts = Facts(patience or Patience())
        self._notices: list[Notice] = []
        self._noticed: set[tuple[NoticeAbout, str]] = set()
        self._past: dict[tuple[str, str], None] = {}
        self._failed: dict[tuple[str, str], Delivery] = {}
        self._live: set[str] = set()
        self._plan = Plan(self.facts, norms)

    def transition(self, transition: Transition, offset: int, at: float, now: float) -> None:
        """Take a record of `care.breaches` at an offset, of a moment, seen now; seconds."""
        self.clock(at)
        if self.facts.openings.take(transition, offset, now):
            self._live.add(transition.episode)
            self.facts.brought.transition(transition, transition.step)

    def clock(self, at: float) -> None:
        """Take how far the stream is, seconds: an overview says it, and a transition."""
        self.facts.stream_at = max(self.facts.stream_at, at)

    def record(self, record: NotificationRecord) -> bool:
        """Take a record of `care.notifications` in the order of the log; return whether it counts.

        What a courier decided that did not hold the lease at this place counts for nothing, and it gave nothing to anybody. A
        receipt counts always: it says what happened.
        """
        if isinstance(record, Lease):
            return self.lease.take(record)
        if isinstance(record, AlertHeard):
            self.facts.brought.take(record)
            key = AlertKey(record.region, record.norm, record.scope, record.since)
            self._live |= self.facts.openings.episodes(key)
            return True
        if isinstance(record, Receipt):
            return self._receipt(record)
        if record.epoch > self.lease.epoch:  # its lease was removed by compaction
            self.lease.take(Lease(record.at, record.courier, record.epoch, taking=True))
        return self.lease.holds(record.courier, record.epoch) and self._decided(record)

    def _receipt(self, record: Receipt) -> bool:
        delivery = self.facts.deliveries.receipt(record)
        if delivery is None:
            return False
        place = record.message, record.recipient
        if delivery.settled and delivery.outcome != "accepted":
            self._failed[place] = delivery
        else:
            self._failed.pop(place, None)
        self._wake(delivery.transitions)
        return True

    def _decided(self, record: Begun | Claim | Missed | Standing | Notice) -> bool:
        facts = self.facts
        match record:
            case Claim():
                self._wake(facts.deliveries.claim(record).transitions)
            case Begun():
                facts.begin = record.offset if facts.begin is None else facts.begin
            case Missed():
                facts.missed[record.transition, record.recipient] = record
                if record.reason == "past":
                    self._past[record.transition, record.recipient] = None
            case Standing():
                facts.standings.append(record)
            case Notice():
                self._notices.append(record)
                self._noticed |= {(record.about, item) for item in record.items}
                if record.about == "past":
                    for item in record.items:
                        transition, _, recipient = item.rpartition("|")
                        self._past.pop((transition, recipient), None)
        return True

    def asks(self, now: float) -> bool:
        """Return whether `due` needs to know what Alertmanager keeps silent."""
        return self.facts.begin is not None and any(self._plan.asks(each, now) for each in self._live)

    def due(self, now: float, silences: Silences | None = None) -> Due:
        """Return what is to be given and written down now.

        Args:
            now: seconds.
            silences: what Alertmanager keeps silent, where that was asked just now.
        """
        look = Moment(now, silences, Due())
        if self.facts.begin is None:
            return look.due
        for episode in sorted(self._live):
            if not self._plan.episode(episode, look):
                self._live.discard(episode)
        self._plan.standings(look)
        self._notice(look)
        look.due.give.sort(key=lambda each: each.since)
        return look.due

    def _wake(self, transitions: Iterable[str]) -> None:
        known = self.facts.openings.by_id
        self._live |= {known[each].episode for each in transitions if each in known}

    def _notice(self, look: Moment) -> None:
        """Tell operations what is wrong with the chain: one message however much it is."""
        now, patience = look.now, self.facts.patience
        for notice in self._notices:
            delivery = self.facts.deliveries.by_message.get((notice.message, OPERATIONS))
            if (delivery and delivery.settled) or now - notice.at > patience.past:
                continue
            look.due.owed.append(notice.at)
            if delivery is None or delivery.retry_at <= now:
                attempt = delivery.attempts + 1 if delivery else 1
                look.due.give.append(
                    Outgoing(
                        *(notice.message, "notice", OPERATIONS, attempt),
                        since=notice.at,
                        about=notice.about,
                        items=notice.items,
                    )
                )
        items: dict[NoticeAbout, list[str]] = {}
        due: set[NoticeAbout] = set()
        for about, item, overdue in self._trouble(now):
            if (about, item) not in self._noticed:
                items.setdefault(about, []).append(item)
                due |= {about} if overdue else set()
        for about in sorted(due):
            last = max((each.at for each in self._notices if each.about == about), default=float("-inf"))
            if now - last >= patience.apart:
                look.due.notices.append((about, tuple(items[about][:_ITEMS_MAX])))

    def _trouble(self, now: float) -> Iterator[tuple[NoticeAbout, str, bool]]:
        facts, patience = self.facts, self.facts.patience
        yield from facts.brought.unexplained(facts.openings, now, patience.logged, patience.gathered)
        for (message, recipient), delivery in self._failed.items():
            if recipient != OPERATIONS:
                about: NoticeAbout = "refused" if delivery.outcome == "refused" else "unknown"
                yield about, f"{message}|{recipient}", True
        for transition, recipient in self._past:
            yield "past", f"{transition}|{recipient}", True

    def hearers(self, transition: Transition) -> tuple[str, ...]:
        """Return who should hear a transition: of an end, whoever may have heard of a start or a step before it."""
        if transition.state != "resolved":
            return self._plan.hearers(transition)
        starts = self.facts.openings.of_transition(transition).starts
        told = [each for start in starts for each in self.facts.deliveries.telling(start.id)]
        return tuple(dict.fromkeys(each.recipient for each in told if each.heard))

    @property
    def refused(self) -> int:
        """How many messages nobody tries any more, though the mail server took none of them."""
        return len(self._failed)
