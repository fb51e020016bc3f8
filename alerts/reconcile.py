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

_Times = dict[_Key, dict[str, set[str]]]
"""When each receiver heard that it began to fire: more than once where the breach came back."""


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
    payloads does not matter: an alert says in its annotation `episode_since` to which episode it belongs, and `startsAt`
    tells apart those of a breach that came back.
    """
    firing, resolved = _heard(payloads)
    told = []
    seen: set[str] = set()
    taken: dict[tuple[str, int], int] = {}
    for transition in transitions:
        if transition.id in seen or not _is_told(transition):
            continue
        seen.add(transition.id)
        if transition.state == "resolved":
            told.append(_told_of_end(transition, firing, resolved, taken))
        else:
            first = taken.setdefault((transition.episode, transition.step), transition.count)
            receivers = _hearing(firing, _key(transition, transition.step), 1 + transition.count - first)
            told.append(Told(transition, "sent" if receivers else "missed", tuple(sorted(receivers))))
    return Reconciliation(tuple(told))


def _is_told(transition: Transition) -> bool:
    return transition.state in {"active", "reopened", "step"} or (
        transition.state == "resolved" and transition.step > 0
    )


def _hearing(heard: _Times, key: _Key, times: int) -> set[str]:
    """Return who heard of an alert so many times."""
    return {name for name, begins in heard.get(key, {}).items() if len(begins) >= times}


def _told_of_end(
    transition: Transition, firing: _Times, resolved: _Times, taken: Mapping[tuple[str, int], int]
) -> Told:
    times = {
        step: 1 + transition.count - taken.get((transition.episode, step), 0)
        for step in range(1, transition.step + 1)
    }
    steps = [step for step in times if _hearing(firing, _key(transition, step), times[step])]
    heard = {step: _hearing(resolved, _key(transition, step), times[step]) for step in steps}
    missing = tuple(step for step in steps if not heard[step])
    receivers = tuple(sorted({name for names in heard.values() for name in names}))
    return Told(transition, "missed" if missing or not steps else "sent", receivers, missing)


def _heard(payloads: Iterable[Mapping[str, Any]]) -> tuple[_Times, _Times]:
    firing: _Times = defaultdict(lambda: defaultdict(set))
    resolved: _Times = defaultdict(lambda: defaultdict(set))
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
                heard[key][str(payload.get("receiver", ""))].add(alert.get("startsAt", ""))
    return firing, resolved


def _key(transition: Transition, step: int) -> _Key:
    return transition.region, transition.norm, transition.scope, transition.since, str(step)
