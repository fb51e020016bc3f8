"""What each recipient is to be told of an episode: one thing after the other, so that nobody hears of an end first.

An end goes to whoever heard of a start or a step. Who heard of none is told once that it was over.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from alerts.courier.deliveries import Delivery
from alerts.courier.facts import Facts
from alerts.courier.hearers import Hearers
from alerts.courier.identity import message_of
from alerts.courier.openings import Opening
from alerts.courier.outgoing import Due, Outgoing
from alerts.courier.readiness import Readinesses, is_past
from alerts.courier.silence import Silences
from alerts.norms import Norms
from streams.notifications import MessageKind, MissedReason
from streams.status import Transition


@dataclass
class Moment:
    """One look at what is due.

    Attributes:
        now: seconds.
        silences: what Alertmanager keeps silent, if it was asked.
        due: what was found so far.
        history: ids of transitions that nobody may be told one by one, though they stand.
        busy: episode and recipient of whom something earlier is not settled.
    """

    now: float
    silences: Silences | None
    due: Due
    history: dict[str, None] = field(default_factory=dict)
    busy: set[tuple[str, str]] = field(default_factory=set)


class Plan:
    """The plan of each episode."""

    def __init__(self, facts: Facts, norms: Norms) -> None:
        self._facts = facts
        self._hearers = Hearers(norms)
        self._ready = Readinesses(facts, norms)

    def asks(self, episode: str, now: float) -> bool:
        """Return whether it depends on what Alertmanager keeps silent."""
        return any(
            self._ready.asks(start, now) and self._untold(start)
            for opening in self._facts.openings.of(episode)
            for start in opening.starts
        )

    def hearers(self, transition: Transition) -> tuple[str, ...]:
        """Return who hears a start or a step."""
        return self._hearers.of(transition)

    def episode(self, episode: str, look: Moment) -> bool:
        """Add what is due of an episode; return whether anything of it is still to come."""
        # All of them are looked at, not up to the first that answers.
        left = [self._opening(opening, look) for opening in self._facts.openings.of(episode)]
        return any(left)

    def _untold(self, start: Transition) -> list[str]:
        return [each for each in self._hearers.of(start) if not self._facts.told(start.id, each)]

    def _opening(self, opening: Opening, look: Moment) -> bool:
        untold: dict[str, list[Transition]] = {}
        for start in opening.starts:
            for recipient in self._untold(start):
                untold.setdefault(recipient, []).append(start)
        given: dict[str, dict[str, Delivery]] = {}
        for each in (*opening.starts, *([opening.end] if opening.end else [])):
            for delivery in self._facts.deliveries.telling(each.id):
                given.setdefault(delivery.recipient, {})[delivery.message] = delivery
        left = [
            self._party(opening, each, untold.get(each, []), list(given.get(each, {}).values()), look)
            for each in dict.fromkeys((*given, *untold))
        ]
        return any(left)

    def _party(
        self, opening: Opening, recipient: str, untold: list[Transition], given: list[Delivery], look: Moment
    ) -> bool:
        place = (opening.episode, recipient)
        if place in look.busy:
            return True
        for delivery in given:
            if delivery.settled or delivery.what == "standing":
                continue
            if opening.end and delivery.what == "step" and not delivery.heard:
                continue  # surely not given, and over by now: "was over" says it all
            told = [each for each in self._told_by(delivery) if not self._passed(each, recipient, look)]
            if told:
                look.busy.add(place)
                self._give(delivery.what, told[-1], recipient, tuple(told), look, delivery)
                return True
        if opening.end is not None:
            return self._over(opening.end, recipient, untold, given, look)
        return self._open(recipient, untold, look)

    def _told_by(self, delivery: Delivery) -> list[Transition]:
        known = self._facts.openings
        found = [known.by_id[each] for each in delivery.transitions if each in known.by_id]
        return sorted(found, key=lambda each: known.offsets[each.id])

    def _open(self, recipient: str, untold: list[Transition], look: Moment) -> bool:
        for start in untold:
            ready = self._ready.of(start, look.now, look.silences)
            if ready == "due":
                look.busy.add((start.episode, recipient))
                self._give("step", start, recipient, (start,), look)
                return True
            if ready in {"history", "past"}:
                look.history[start.id] = None
                if ready == "past":
                    self._miss(start, recipient, "past", look)
        return bool(untold)

    def _over(
        self, end: Transition, recipient: str, untold: list[Transition], given: list[Delivery], look: Moment
    ) -> bool:
        if self._facts.told(end.id, recipient):
            return False
        place = (end.episode, recipient)
        if any(each.heard for each in given):
            if self._passed(end, recipient, look, *untold):
                look.history[end.id] = None
                return True
            look.busy.add(place)
            self._give("end", end, recipient, (*untold, end), look)
            return True
        tellable = []
        for start in untold:
            ready = self._ready.of(start, look.now, look.silences)
            if ready == "waiting":
                look.busy.add(place)
                return True
            if ready == "due":
                tellable.append(start)
            elif ready != "history":
                self._miss(start, recipient, ready, look)
        if not tellable or self._passed(end, recipient, look, *tellable):
            return False
        look.busy.add(place)
        self._give("was-over", end, recipient, (*tellable, end), look)
        return True

    def _give(
        self,
        what: MessageKind,
        about: Transition,
        recipient: str,
        told: tuple[Transition, ...],
        look: Moment,
        before: Delivery | None = None,
    ) -> None:
        message = before.message if before else message_of(what, about)
        before = before or self._facts.deliveries.by_message.get((message, recipient))
        since = self._facts.openings.seen[told[-1].id]
        look.due.owed.append(since)
        if before is None or before.retry_at <= look.now:
            attempt = before.attempts + 1 if before else 1
            look.due.give.append(Outgoing(message, what, recipient, attempt, told, since))

    def _passed(self, transition: Transition, recipient: str, look: Moment, *before: Transition) -> bool:
        """Return whether a transition is past, and say that it is missed with what would have been told with it."""
        if not is_past(transition, look.now, self._facts):
            return False
        for each in (*before, transition):
            self._miss(each, recipient, "past", look)
        return True

    def _miss(self, transition: Transition, recipient: str, reason: MissedReason, look: Moment) -> None:
        if (transition.id, recipient) not in self._facts.missed:
            look.due.missed.append((transition.id, recipient, reason))

    def standings(self, look: Moment) -> None:
        """Add the messages of what is open that are due, and what another one has to tell."""
        facts, covered = self._facts, set[str]()
        for record in facts.standings:
            if look.now - record.at > facts.patience.past:
                continue
            covered |= set(record.transitions)
            items: dict[str, list[Transition]] = {}
            for each in record.transitions:
                for recipient in self._owed_to(each, record.message):
                    items.setdefault(recipient, []).append(facts.openings.by_id[each])
            for recipient, told in items.items():
                delivery = facts.deliveries.by_message.get((record.message, recipient))
                if delivery and delivery.settled:
                    continue
                look.due.owed.append(record.at)
                if delivery is None or delivery.retry_at <= look.now:
                    attempt = delivery.attempts + 1 if delivery else 1
                    look.due.give.append(
                        Outgoing(record.message, "standing", recipient, attempt, tuple(told), record.at)
                    )
        if facts.is_live(look.now):
            look.due.standing = tuple(each for each in look.history if each not in covered)

    def _owed_to(self, transition_id: str, message: str) -> Iterator[str]:
        """Yield whom a message of what is open still has to tell a transition."""
        facts = self._facts
        transition = facts.openings.by_id.get(transition_id)
        if transition is None:
            return
        opening = facts.openings.of_transition(transition)
        if transition.state == "resolved":
            parties = {
                each.recipient
                for one in opening.starts
                for each in facts.deliveries.telling(one.id)
                if each.heard
            }
        else:
            parties = set() if opening.end else set(self._hearers.of(transition))
        for recipient in sorted(parties):
            own = facts.deliveries.by_message.get((message, recipient))
            again = own is not None and transition_id in own.transitions
            if again or not facts.told(transition_id, recipient):
                yield recipient
