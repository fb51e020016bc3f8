"""What was given to whom: the claims and receipts of each message and recipient, folded in the order of the log."""

from collections import defaultdict
from dataclasses import dataclass, field

from streams.notifications import Claim, MessageKind, Outcome, Receipt

UNKNOWNS_MAX = 3
"""So often a message is given again whose answer was lost after the data; then it stays unknown, and operations hear of it."""

_FIRST_RETRY, _LAST_RETRY = 5.0, 300.0


@dataclass
class Delivery:
    """One message to one recipient.

    Attributes:
        message, what, recipient: as in its claims.
        transitions: ids of what any of its claims tells.
        claimed: when each attempt was claimed, seconds.
        receipts: what became of each attempt.
    """

    message: str
    what: MessageKind
    recipient: str
    transitions: set[str] = field(default_factory=set)
    claimed: dict[int, float] = field(default_factory=dict)
    receipts: dict[int, Receipt] = field(default_factory=dict)

    def count(self, outcome: Outcome) -> int:
        """Return how many attempts had this outcome."""
        return sum(each.outcome == outcome for each in self.receipts.values())

    @property
    def attempts(self) -> int:
        """How many attempts there were."""
        return max((*self.claimed, *self.receipts), default=0)

    @property
    def outcome(self) -> Outcome | None:
        """What is known of it; None while a claim without a receipt is the last that was heard."""
        if self.count("accepted"):
            return "accepted"
        last = self.receipts.get(self.attempts)
        return last.outcome if last else None

    @property
    def settled(self) -> bool:
        """Whether it is tried no more."""
        return self.outcome in {"accepted", "refused"} or self.count("unknown") >= UNKNOWNS_MAX

    @property
    def heard(self) -> bool:
        """Whether the recipient may have it: the server took it, or nobody knows."""
        told = self.count("accepted") or self.count("unknown")
        return bool(told) or bool(self.claimed.keys() - self.receipts.keys())

    @property
    def refused(self) -> bool:
        """Whether the server refused it for good, and never may have taken it."""
        return self.outcome == "refused" and not self.heard

    @property
    def retry_at(self) -> float:
        """When it may be tried again, seconds: later each time that the server puts it off itself."""
        last = self.receipts.get(self.attempts)
        if last is None or last.code == 0:
            return 0.0
        put_off = sum(each.code > 0 for each in self.receipts.values())
        return float(last.at + min(_LAST_RETRY, _FIRST_RETRY * 2.0 ** min(put_off - 1, 10)))


class Deliveries:
    """All of them, by message and recipient, and by the transitions that they tell."""

    def __init__(self) -> None:
        self.by_message: dict[tuple[str, str], Delivery] = {}
        self._of_transition: dict[str, dict[tuple[str, str], Delivery]] = defaultdict(dict)

    def claim(self, record: Claim) -> Delivery:
        """Take a claim."""
        place = record.message, record.recipient
        found = self.by_message.get(place)
        if found is None:
            found = self.by_message[place] = Delivery(record.message, record.what, record.recipient)
        found.claimed[record.attempt] = record.at
        found.transitions.update(record.transitions)
        for each in record.transitions:
            self._of_transition[each][place] = found
        return found

    def receipt(self, record: Receipt) -> Delivery | None:
        """Take a receipt; None where nothing of the sort was claimed. What was accepted stays so."""
        found = self.by_message.get((record.message, record.recipient))
        if found is not None:
            before = found.receipts.get(record.attempt)
            if before is None or before.outcome != "accepted":
                found.receipts[record.attempt] = record
        return found

    def telling(self, transition: str) -> list[Delivery]:
        """Return those that tell a transition."""
        return list(self._of_transition.get(transition, {}).values())
