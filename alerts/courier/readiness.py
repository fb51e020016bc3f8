"""Whether a transition may be told by itself: brought or waited for, not silenced, and no history."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from alerts.courier.facts import Facts
from alerts.courier.openings import key_of
from alerts.courier.silence import Silences
from alerts.norms import Norms
from alerts.rules import BREACH_ALERT
from streams.status import Transition

Readiness = Literal["due", "waiting", "silenced", "history", "past"]


class Readinesses:
    """The readiness of starts and steps, and what is known of silences; that alone is kept, for some seconds."""

    def __init__(self, facts: Facts, norms: Norms) -> None:
        self._facts = facts
        self._norms = norms
        self._audible: set[str] = set()
        self._silenced: dict[str, float] = {}

    def asks(self, transition: Transition, now: float) -> bool:
        """Return whether it depends on what Alertmanager keeps silent, and that is not known."""
        return (
            not self._is_brought(transition)
            and transition.id not in self._audible
            and self._facts.openings.seen[transition.id] + self._facts.patience.brought <= now
            and self._silenced.get(transition.id, 0.0) <= now
        )

    def of(self, transition: Transition, now: float, silences: Silences | None) -> Readiness:
        """Return how far a start or a step is; `silences` if Alertmanager was asked just now."""
        facts = self._facts
        if not self._is_brought(transition):
            if facts.openings.seen[transition.id] + facts.patience.brought > now:
                return "waiting"
            if self.asks(transition, now):
                if silences is None:
                    return "silenced" if transition.id in self._silenced else "waiting"
                if silences.hold(key_of(transition), self._labels(transition)):
                    self._silenced[transition.id] = now + facts.patience.asked
                else:
                    self._audible.add(transition.id)
            if transition.id not in self._audible:
                return "silenced"
        if facts.begin is None or facts.openings.offsets[transition.id] < facts.begin:
            return "history"
        return "past" if is_past(transition, now, facts) else "due"

    def _is_brought(self, transition: Transition) -> bool:
        openings = self._facts.openings.of(transition.episode)
        first = min(
            (one.count for one in openings if one.reached >= transition.step), default=transition.count
        )
        return self._facts.brought.told_of(transition, first)

    def _labels(self, transition: Transition) -> Mapping[str, str]:
        """Return the labels that its alert has, as far as the log tells them."""
        labels = {
            "alertname": BREACH_ALERT,
            "region": transition.region,
            "norm": transition.norm,
            "scope": transition.scope,
            "step": str(transition.step),
            "severity": transition.severity,
        }
        norm = self._norms.by_id.get(transition.norm)
        if norm is not None and 0 < transition.step <= len(norm.steps):
            labels |= {"role": norm.steps[transition.step - 1].role, "audience": norm.audience}
        return labels


def is_past(transition: Transition, now: float, facts: Facts) -> bool:
    """Return whether a transition is too far behind the clock to be told."""
    return not facts.patience.replay and now - moment(transition) > facts.patience.past


def moment(transition: Transition) -> float:
    """Return when it became known, seconds."""
    return datetime.fromisoformat(transition.at).timestamp()
