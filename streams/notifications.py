"""What a courier writes to `care.notifications`: what Alertmanager brought, what it gives to whom, and what the mail server said.

Texts hold ids only: of episodes, norms, regions, and of receivers in the address book; no names and no addresses. Times are
seconds since 1970 (UTC) with a fraction, of the courier's clock. No key stands twice but that of a lease, so compaction keeps
the rest.
"""

from typing import Literal

import msgspec
import orjson

AlertStatus = Literal["firing", "resolved"]
MessageKind = Literal["step", "end", "was-over", "standing", "notice"]
Outcome = Literal["accepted", "refused", "unknown", "deferred"]
MissedReason = Literal["silenced", "past"]
NoticeAbout = Literal["fired-without-transition", "resolved-without-transition", "refused", "unknown", "past"]


class _Said(msgspec.Struct, frozen=True, tag_field="kind"):
    at: float
    courier: str


class Lease(_Said, frozen=True, tag="lease"):
    """Which courier speaks. The first record of an epoch takes it, later ones of the same courier renew it.

    Attributes:
        at: when it was written.
        courier: who writes; a name that no other process has.
        epoch: grows by one each time another courier takes over.
        taking: whether it takes the epoch, else it renews.
        left: whether the courier goes, so that another need not wait.
    """

    epoch: int
    taking: bool = False
    left: bool = False


class Begun(_Said, frozen=True, tag="begun"):
    """The first start of the first courier: what stood in `care.breaches` before is history, which nobody is told.

    Attributes:
        at, courier, epoch: as in a lease.
        offset: the first offset of `care.breaches` that is news.
    """

    epoch: int
    offset: int


class AlertHeard(_Said, frozen=True, tag="alert"):
    """An alert as Alertmanager brought it; written before its post is answered.

    Attributes:
        at, courier: as in a lease.
        region, norm, scope, since: say the episode, as in a transition.
        step: ladder step that the alert is about.
        status: `firing` or `resolved`.
        starts_at: when Prometheus saw it begin, as Alertmanager has it.
    """

    region: str
    norm: str
    scope: str
    since: str
    step: int
    status: AlertStatus
    starts_at: str


class Claim(_Said, frozen=True, tag="claim"):
    """Written before a message is given to the mail server; one without a receipt may have been given, and is given again.

    Attributes:
        at, courier, epoch: as in a lease.
        message: which message; the same each time it is tried.
        what: `step` (a start or a step), `end`, `was-over` (it began and ended before it could be told), `standing` (what is
            open at a start) or `notice` (to operations, about the chain).
        recipient: id in the address book, such as `chair-R07`.
        attempt: 1, 2, 3 ...
        transitions: ids of the transitions that it tells.
    """

    epoch: int
    message: str
    what: MessageKind
    recipient: str
    attempt: int
    transitions: tuple[str, ...] = ()


class Receipt(_Said, frozen=True, tag="receipt"):
    """What became of a claim.

    Attributes:
        at, courier: as in a lease.
        message, recipient, attempt: as in the claim.
        outcome: `accepted` by the mail server, `refused` by it for good, `deferred` (surely not given, tried again), or
            `unknown`: the answer was lost after the data, so it may have been taken.
        code: the server's reply code; 0 without a reply.
        words: the server's words without addresses, or what went wrong.
    """

    message: str
    recipient: str
    attempt: int
    outcome: Outcome
    code: int = 0
    words: str = ""


class Missed(_Said, frozen=True, tag="missed"):
    """A transition that somebody is not told, and why.

    Attributes:
        at, courier, epoch: as in a lease.
        transition: its id.
        recipient: id in the address book.
        reason: `silenced` in Alertmanager until it was over, or `past`: more than a day behind the clock.
    """

    epoch: int
    transition: str
    recipient: str
    reason: MissedReason


class Standing(_Said, frozen=True, tag="standing"):
    """A message of what is open, for what is not told one by one because it is history.

    Attributes:
        at, courier, epoch: as in a lease.
        transitions: ids of those that it tells.
    """

    epoch: int
    transitions: tuple[str, ...]

    @property
    def message(self) -> str:
        """Which message it is."""
        return f"standing/{self.epoch}-{int(self.at)}"


class Notice(_Said, frozen=True, tag="notice"):
    """One message to operations, however many things it is about.

    Attributes:
        at, courier, epoch: as in a lease.
        about: `fired-without-transition`, `resolved-without-transition`, `refused`, `unknown`, or `past`.
        items: alerts (region, norm, scope, begin of the episode, step), or messages or transitions with recipients.
    """

    epoch: int
    about: NoticeAbout
    items: tuple[str, ...]

    @property
    def message(self) -> str:
        """Which message it is."""
        return f"notice/{self.about}/{self.epoch}-{int(self.at)}"


NotificationRecord = Lease | Begun | AlertHeard | Claim | Receipt | Missed | Standing | Notice

_decoder: msgspec.json.Decoder[NotificationRecord] = msgspec.json.Decoder(NotificationRecord)


def notification_key(record: NotificationRecord) -> bytes:
    """Return the key of a record."""
    parts: tuple[object, ...]
    match record:
        case Lease():
            parts = ("taking", record.epoch, record.courier) if record.taking else ("lease",)
        case AlertHeard():
            about = (record.region, record.norm, record.scope, record.since, record.step)
            parts = ("alert", *about, record.status, record.starts_at)
        case Claim():
            parts = ("claim", record.message, record.recipient, record.attempt, record.courier)
        case Receipt():
            parts = ("receipt", record.message, record.recipient, record.attempt, record.courier)
        case Missed():
            parts = ("missed", record.transition, record.recipient)
        case Standing() | Notice():
            parts = (record.message,)
        case Begun():
            parts = ("begun", record.courier)
    return "|".join(map(str, parts)).encode()


def encode_notification(record: NotificationRecord) -> bytes:
    """Return the compact JSON of a record, `kind` first."""
    return orjson.dumps(msgspec.to_builtins(record))


def decode_notification(value: bytes) -> NotificationRecord:
    """Return the record in a value; raises `msgspec.MsgspecError`."""
    return _decoder.decode(value)
