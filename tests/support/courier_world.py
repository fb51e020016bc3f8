"""A courier without clock, broker or mail server: its ledger, both logs, and a mail server that does what is drawn."""

from dataclasses import dataclass, field

from alerts.courier.facts import Patience
from alerts.courier.ledger import Ledger
from alerts.courier.readiness import moment
from alerts.courier.silence import Silences
from alerts.norms import load_norms
from streams.calendar import iso
from streams.notifications import (
    AlertHeard,
    Begun,
    Claim,
    Lease,
    Missed,
    Notice,
    Receipt,
    Standing,
    decode_notification,
    encode_notification,
)
from streams.status import Transition

NORMS = load_norms()
START = 1_800_000_000


def transition(
    state, step=1, *, at=START, since=START - 3600, count=0, region="R07", norm="ic-occupancy-high", **more
):
    told = {
        "at": iso(int(at)), "region": region, "norm": norm, "scope": "", "state": state, "value": 0.934, "limit": 0.9,
        "unit": "ratio", "severity": "warning", "step": step, "since": iso(since), "observed_at": iso(int(at)),
        "episode": f"{region}:{norm}:{iso(since)}", "count": count,
    }  # fmt: skip
    return Transition(**{**told, **more})


def alert_of(transition, status="firing", *, at=START, step=None, starts=0):
    return AlertHeard(
        at, "am", transition.region, transition.norm, transition.scope, transition.since,
        transition.step if step is None else step, status, f"{starts}",
    )  # fmt: skip


@dataclass
class Given:
    """A mail that the mail server has, whatever the courier knows."""

    message: str
    what: str
    recipient: str
    transitions: tuple[str, ...]
    at: float
    known: tuple[str, ...]


@dataclass
class World:
    """One courier after another over the same two logs.

    Attributes:
        now: seconds.
        breaches, notifications: the logs.
        mailbox: what the mail server has taken, in order.
    """

    patience: Patience = field(default_factory=Patience)
    now: float = float(START)
    breaches: list = field(default_factory=list)
    notifications: list = field(default_factory=list)
    mailbox: list = field(default_factory=list)
    epoch: int = 0
    silences: Silences = field(default_factory=Silences)

    def __post_init__(self):
        self.restart()

    @property
    def courier(self):
        return f"courier-{self.epoch}"

    def restart(self):
        """Begin a courier that knows nothing but the logs."""
        self.epoch += 1
        self.ledger = Ledger(NORMS, self.patience)
        for offset, each in enumerate(self.breaches):
            self.ledger.transition(each, offset, moment(each), self.now)
        for each in self.notifications:
            self.ledger.record(each)
        self.write(Lease(self.now, self.courier, self.epoch, taking=True))
        if self.ledger.facts.begin is None:
            self.write(Begun(self.now, self.courier, self.epoch, len(self.breaches)))

    def write(self, record):
        """Append to `care.notifications`, as bytes that are read again."""
        record = decode_notification(encode_notification(record))
        self.notifications.append(record)
        return self.ledger.record(record)

    def log(self, transition):
        """Append to `care.breaches`."""
        self.breaches.append(transition)
        self.ledger.transition(transition, len(self.breaches) - 1, moment(transition), self.now)

    def post(self, alert):
        """Take an alert as the webhook does."""
        if not self.ledger.facts.brought.knows(alert):
            self.write(alert)

    def step(self, outcome=lambda _each: "accepted"):
        """Do once what is due; `outcome` says what the mail server does with a message.

        `died` and `died-taken`: the courier ends between claim and receipt, and the server took nothing, or all of it.
        """
        self.write(Lease(self.now, self.courier, self.epoch))
        silences = self.silences if self.ledger.asks(self.now) else None
        due = self.ledger.due(self.now, silences)
        for told, recipient, reason in due.missed:
            self.write(Missed(self.now, self.courier, self.epoch, told, recipient, reason))
        if due.standing:
            self.write(Standing(self.now, self.courier, self.epoch, due.standing))
        for about, items in due.notices:
            self.write(Notice(self.now, self.courier, self.epoch, about, items))
        for each in due.give:
            ids = tuple(one.id for one in each.transitions)
            place = each.message, each.recipient, each.attempt
            self.write(
                Claim(
                    self.now,
                    self.courier,
                    self.epoch,
                    each.message,
                    each.what,
                    each.recipient,
                    each.attempt,
                    ids,
                )
            )
            happens = outcome(each)
            if happens in {"accepted", "unknown-taken", "died-taken"}:
                known = tuple(one.id for one in self.breaches)
                self.mailbox.append(Given(each.message, each.what, each.recipient, ids, self.now, known))
            if happens.startswith("died"):
                self.restart()
                return due
            code = {"accepted": 250, "refused": 550, "put-off": 451}.get(happens, 0)
            said = {"unknown-taken": "unknown", "put-off": "deferred"}.get(happens, happens)
            self.write(Receipt(self.now, self.courier, *place, said, code, happens))
        return due

    def settle(self, seconds=1200):
        """Let time pass with a mail server that takes everything, until nothing is owed."""
        end = self.now + seconds
        while self.now < end:
            self.now += 5
            self.step()

    def told(self, recipient=None):
        """Return what was given: message and recipient."""
        return [
            (each.message, each.recipient)
            for each in self.mailbox
            if recipient in {None, each.recipient} and each.what != "notice"
        ]
