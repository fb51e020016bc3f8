"""Which episode and step an alert is about, whichever labels say it.

Today the labels are region, norm, scope and step, and the annotation `episode_since` says the episode; they will be region, norm,
scope, episode and step. Both are read here, and nowhere else.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from streams.notifications import AlertHeard

TEXT_MAX = 500
"""Longer labels are of none of our alerts."""

_DIGITS = 3
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class AlertKey(NamedTuple):
    """An episode as an alert and a transition say it; `since` is empty where an alert does not."""

    region: str
    norm: str
    scope: str
    since: str


def heard_alerts(payload: Mapping[str, Any], at: float, courier: str) -> Iterator[AlertHeard]:
    """Yield the alerts about norms in a payload of Alertmanager; drills and alerts on the chain itself are left aside.

    Args:
        payload: the body of a post.
        at: when it came, seconds.
        courier: whom it came to.

    Raises:
        ValueError: it is no payload of Alertmanager.
    """
    alerts = payload.get("alerts")
    if not isinstance(alerts, list):
        raise ValueError("no Alertmanager payload: expected an object with a list `alerts`")  # noqa: TRY004 - wrong input
    for alert in alerts:
        try:
            labels, status = alert["labels"], alert["status"]
            annotations = alert.get("annotations") or {}
            starts_at = str(alert.get("startsAt", ""))
            if "norm" not in labels or "drill" in labels or not str(labels.get("step", "")).isascii():
                continue
            step = int(labels["step"][:_DIGITS])
            texts = [str(labels.get(name, "")) for name in ("region", "norm", "scope")]
        except (AttributeError, KeyError, TypeError, ValueError):
            continue  # not one of ours
        if step > 0 and status in {"firing", "resolved"} and max(map(len, (*texts, starts_at))) <= TEXT_MAX:
            region, norm, scope = texts
            since = _since(labels, annotations, region, norm, scope)
            yield AlertHeard(at, courier, region, norm, scope, since, step, status, starts_at)


def _since(
    labels: Mapping[str, Any], annotations: Mapping[str, Any], region: str, norm: str, scope: str
) -> str:
    episode = str(labels.get("episode", ""))
    begin = ":".join(filter(None, (region, norm, scope))) + ":"
    said = episode.removeprefix(begin) if episode else str(annotations.get("episode_since", ""))
    found = _MOMENT.match(said)
    return found[0] if found else ""
