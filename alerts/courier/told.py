"""Who was told of each transition, when, by which way and with which answer; or that it was missed, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from alerts.courier.deliveries import Delivery
from alerts.courier.facts import Patience
from alerts.courier.ledger import Ledger
from alerts.norms import Norms
from streams.calendar import iso
from streams.notifications import NotificationRecord
from streams.status import Transition

TransitionOutcome = Literal["told", "missed", "waiting", "history"]


@dataclass(frozen=True, slots=True)
class Telling:
    """One recipient of one transition.

    Attributes:
        recipient: id in the address book.
        way: `mail`.
        message: which message tells it.
        what: `step`, `end`, `was-over` or `standing`.
        outcome: `accepted`, `refused`, `unknown`, `deferred`, or `claimed` where no receipt came.
        at: when that was known, ISO 8601 UTC.
        attempts: how often it was tried.
        code, words: the mail server's answer.
    """

    recipient: str
    way: str
    message: str
    what: str
    outcome: str
    at: str
    attempts: int
    code: int
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """What became of a transition that people should hear.

    Attributes:
        transition: the transition.
        outcome: `told` if each of those who should hear it may have it, `missed` if one of them surely has not, `waiting` if
            that is not decided, `history` if it was over or known before the first courier began.
        reason: why it was missed: `refused`, `past`, `silenced`, or `nobody-heard` of an end of which nobody knew the begin.
        told: who was told, or tried.
    """

    transition: Transition
    outcome: TransitionOutcome
    reason: str
    told: tuple[Telling, ...]


def told_rows(
    transitions: Iterable[tuple[int, Transition]], records: Iterable[NotificationRecord], norms: Norms
) -> list[Row]:
    """Return what became of each transition, in the order of the log.

    Args:
        transitions: of `care.breaches`, each with its offset.
        records: of `care.notifications`, in order.
        norms: for who should hear what.
    """
    ledger = Ledger(norms, Patience())
    for offset, each in transitions:
        ledger.transition(each, offset, 0.0, 0.0)
    for record in records:
        ledger.record(record)
    return [_row(each, ledger) for each in ledger.facts.openings.by_id.values()]


def _row(transition: Transition, ledger: Ledger) -> Row:
    deliveries = sorted(
        ledger.facts.deliveries.telling(transition.id), key=lambda each: (each.recipient, each.message)
    )
    told = tuple(_telling(each) for each in deliveries)
    outcome, reason = _outcome(transition, ledger, deliveries)
    return Row(transition, outcome, reason, told)


def _outcome(
    transition: Transition, ledger: Ledger, deliveries: list[Delivery]
) -> tuple[TransitionOutcome, str]:
    facts = ledger.facts
    heard = {each.recipient for each in deliveries if each.heard}
    if facts.begin is None or facts.openings.offsets[transition.id] < facts.begin:
        return ("told" if heard else "history"), ""
    owed = ledger.hearers(transition)
    if transition.state == "resolved" and not owed:
        return _outcome_of_unheard(transition, ledger)
    failed = {each.recipient: "refused" for each in deliveries if each.refused}
    missed = {who: each.reason for (told, who), each in facts.missed.items() if told == transition.id}
    silent = {**missed, **failed}
    lacking = [silent.get(each, "") for each in owed if each not in heard]
    if not lacking:
        return "told", ""
    known = next((reason for reason in lacking if reason), "")
    return ("missed", known) if known else ("waiting", "")


def _outcome_of_unheard(end: Transition, ledger: Ledger) -> tuple[TransitionOutcome, str]:
    """Return what became of an end of which nobody heard the begin: what became of that."""
    deliveries = ledger.facts.deliveries
    before = ledger.facts.openings.of_transition(end).starts
    found = [_outcome(each, ledger, deliveries.telling(each.id)) for each in before]
    outcomes = {outcome for outcome, _ in found}
    if "waiting" in outcomes:
        return "waiting", ""
    if outcomes == {"history"}:
        return "history", ""
    return "missed", next((reason for _, reason in found if reason), "nobody-heard")


def _telling(delivery: Delivery) -> Telling:
    last = delivery.receipts.get(delivery.attempts)
    accepted = next((each for each in delivery.receipts.values() if each.outcome == "accepted"), last)
    at = accepted.at if accepted else max(delivery.claimed.values())
    return Telling(
        delivery.recipient,
        "mail",
        delivery.message,
        delivery.what,
        accepted.outcome if accepted else "claimed",
        iso(int(at)),
        delivery.attempts,
        accepted.code if accepted else 0,
        accepted.words if accepted else "",
    )
