"""Whether Alertmanager keeps an alert silent, by what it says of its alerts and silences."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from alerts.courier.matching import AlertKey


@dataclass(frozen=True, slots=True)
class Silences:
    """What Alertmanagers said; without any answer nothing is silenced: that is not known, and somebody must hear.

    Attributes:
        alerts: alerts that are suppressed by a silence, as `/api/v2/alerts` has them.
        silences: silences, as `/api/v2/silences` has them.
    """

    alerts: tuple[Mapping[str, Any], ...] = ()
    silences: tuple[Mapping[str, Any], ...] = ()

    def hold(self, key: AlertKey, labels: Mapping[str, str]) -> bool:
        """Return whether an alert is silenced.

        Args:
            key: its episode.
            labels: those that the alert would have; a silence may name others, and is found by `alerts` then.
        """
        own = {"region": key.region, "norm": key.norm, "scope": key.scope, "step": labels["step"]}
        if any(_is_silenced(alert) and _has(alert.get("labels") or {}, own) for alert in self.alerts):
            return True
        return any(
            _is_active(each) and _matches(each.get("matchers") or (), labels) for each in self.silences
        )


def _is_silenced(alert: Mapping[str, Any]) -> bool:
    return bool((alert.get("status") or {}).get("silencedBy"))


def _has(labels: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    return all(labels.get(name, "") == value for name, value in wanted.items())


def _is_active(silence: Mapping[str, Any]) -> bool:
    return (silence.get("status") or {}).get("state") == "active"


def _matches(matchers: Iterable[Mapping[str, Any]], labels: Mapping[str, str]) -> bool:
    """Return whether all matchers match, as Alertmanager does: a label that is not there is empty, a pattern is whole."""
    found = list(matchers)
    return bool(found) and all(_one(each, labels.get(str(each.get("name")), "")) for each in found)


def _one(matcher: Mapping[str, Any], value: str) -> bool:
    wanted = str(matcher.get("value", ""))
    if matcher.get("isRegex"):
        try:
            same = re.fullmatch(wanted, value) is not None
        except re.error:
            return False  # a pattern of Go that Python does not know silences nobody here
    else:
        same = wanted == value
    return same == bool(matcher.get("isEqual", True))
