"""Compare what happened to breaches with what people were told: every transition was sent, or was missed.

An alert that begins and ends while a receiver is down is never sent, and nobody can see that in Alertmanager.
The log of transitions knows what should have been said, the webhook log what was. Both are read as data; no
clock is asked. `pending` is said to nobody, and so is the end of what never became active.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from streams.status import Transition

Outcome = Literal["sent", "missed"]
_Key = tuple[str, str, str, str, str]
"""Region, norm, scope, begin of the episode, and step: one alert in the life of one episode."""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one transition.

    Attributes:
        transition: the transition.
        outcome: `sent`, or `missed` when nobody heard it. An end is missed when nobody who heard of a step
            heard that it ended.
        receivers: who heard it, in order of name.
        missing_steps: for an end: steps that were heard of, but not their end.
    """

    transition: Transition
    outcome: Outcome
    receivers: tuple[str, ...] = ()
    missing_steps: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Every transition that people should hear, in the order of the log."""

    told: tuple[Told, ...]

    @property
    def sent(self) -> int:
        """How many were heard."""
        return sum(each.outcome == "sent" for each in self.told)

    @property
    def missed(self) -> tuple[Told, ...]:
        """Those that were not."""
        return tuple(each for each in self.told if each.outcome == "missed")


def reconcile(transitions: Iterable[Transition], payloads: Iterable[Mapping[str, Any]]) -> Reconciliation:
    """Hold the log of transitions against Alertmanager's payloads.

    Repeats of a transition count once. Drills and alerts on the chain itself are left aside. The order of the
    payloads does not matter: an alert says in its annotation `episode_since` to which episode it belongs.
    """
    firing, resolved = _heard(payloads)
    told = []
    seen: set[str] = set()
    for transition in transitions:
        if transition.id in seen or not _is_told(transition):
            continue
        seen.add(transition.id)
        if transition.state == "resolved":
            told.append(_told_of_end(transition, firing, resolved))
        else:
            receivers = firing.get(_key(transition, transition.step), set())
            told.append(Told(transition, "sent" if receivers else "missed", tuple(sorted(receivers))))
    return Reconciliation(tuple(told))


def _is_told(transition: Transition) -> bool:
    return transition.state in {"active", "step"} or (transition.state == "resolved" and transition.step > 0)


def _told_of_end(
    transition: Transition, firing: Mapping[_Key, set[str]], resolved: Mapping[_Key, set[str]]
) -> Told:
    steps = [step for step in range(1, transition.step + 1) if _key(transition, step) in firing]
    heard = {step: resolved.get(_key(transition, step), set()) for step in steps}
    missing = tuple(step for step in steps if not heard[step])
    receivers = tuple(sorted({name for names in heard.values() for name in names}))
    return Told(transition, "missed" if missing or not steps else "sent", receivers, missing)


def _heard(
    payloads: Iterable[Mapping[str, Any]],
) -> tuple[Mapping[_Key, set[str]], Mapping[_Key, set[str]]]:
    firing: dict[_Key, set[str]] = defaultdict(set)
    resolved: dict[_Key, set[str]] = defaultdict(set)
    for payload in payloads:
        for alert in payload["alerts"]:
            labels = alert["labels"]
            if "norm" in labels and "step" in labels and "drill" not in labels:
                since = alert["annotations"].get("episode_since", "")
                key = (
                    labels.get("region", ""),
                    labels["norm"],
                    labels.get("scope", ""),
                    since,
                    labels["step"],
                )
                heard = resolved if alert["status"] == "resolved" else firing
                heard[key].add(str(payload.get("receiver", "")))
    return dict(firing), dict(resolved)


def _key(transition: Transition, step: int) -> _Key:
    return transition.region, transition.norm, transition.scope, transition.since, str(step)
