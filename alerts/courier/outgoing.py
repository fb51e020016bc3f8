"""What follows from the ledger at a moment: messages to give, and decisions to write down first."""

from dataclasses import dataclass, field

from streams.notifications import MessageKind, MissedReason, NoticeAbout
from streams.status import Transition


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message that one recipient is to get now.

    Attributes:
        message, what, recipient, attempt: as its claim will have them.
        transitions: what it tells, in the order of the log.
        since: since when it is owed, seconds.
        about, items: of a notice.
    """

    message: str
    what: MessageKind
    recipient: str
    attempt: int
    transitions: tuple[Transition, ...] = ()
    since: float = 0.0
    about: NoticeAbout | None = None
    items: tuple[str, ...] = ()


@dataclass
class Due:
    """What is due.

    Attributes:
        give: messages to give, what was owed first at the front.
        owed: since when each message is owed that waits for its next try or is given now, seconds.
        missed: transition, recipient and reason that are to be written down.
        standing: ids of transitions that a message of what is open has to tell; empty where none is due.
        notices: what operations are to be told.
    """

    give: list[Outgoing] = field(default_factory=list)
    owed: list[float] = field(default_factory=list)
    missed: list[tuple[str, str, MissedReason]] = field(default_factory=list)
    standing: tuple[str, ...] = ()
    notices: list[tuple[NoticeAbout, tuple[str, ...]]] = field(default_factory=list)
