"""The identity of a message: by it nobody is told twice, and a mail that comes again is seen to be the same."""

import hashlib

from streams.notifications import MessageKind
from streams.status import Transition


def message_of(what: MessageKind, transition: Transition) -> str:
    """Return which message tells a transition: its episode (region, norm, scope, begin), its step or end, and the count.

    >>> at = "2021-11-15T12:00:00Z"
    >>> message_of("step", Transition(at, "R07", "n", "", "active", 1.0, 0.9, "", "info", 1, at, at, f"R07:n:{at}"))
    'R07:n:2021-11-15T12:00:00Z/step-1/0'
    """
    kind = f"step-{transition.step}" if what == "step" else what
    return f"{transition.episode}/{kind}/{transition.count}"


def mail_id(message: str, recipient: str, domain: str) -> str:
    """Return the Message-ID of a message for one recipient: the same each time it is tried."""
    digest = hashlib.sha256(f"{message}\n{recipient}".encode()).hexdigest()
    return f"<{digest[:40]}@{domain}>"


def thread_id(episode: str, recipient: str, domain: str) -> str:
    """Return what all mails about one episode refer to, so that a mail program shows them as one thread."""
    return mail_id(f"{episode}/thread", recipient, domain)
