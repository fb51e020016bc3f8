"""The last progress of each part: asked of the part itself, or read from what it left behind."""

import re
import urllib.request
from datetime import datetime
from pathlib import Path

import orjson

from alerts.metrics import LAST_TICK
from deploy.supervisor.handle import PartState, StackState
from deploy.supervisor.listener import HEARTBEAT
from deploy.supervisor.stack import TICKED

_TIMEOUT_S = 2.0
_EVALUATED = "prometheus_rule_group_last_evaluation_timestamp_seconds"


def progress_of(part: PartState, stack: StackState) -> float | None:
    """Return when a part last did its work, Unix seconds; None where nothing is known of it.

    Workers and the live page: the newest tick that they passed. Ticker and broker: the newest tick that was written.
    Prometheus: the last evaluation of its rules. Alertmanager and notifications: the last heartbeat or notification that
    came through. Mailbox: the newest mail.
    """
    folder = Path(stack.folder)
    match part.part:
        case "ticker" | "broker":
            return _changed(folder / TICKED)
        case "mailbox":
            return max(filter(None, map(_changed, (folder / "mail").glob("*.eml"))), default=None)
        case "alertmanager" | "notifications":
            told = (_changed(folder / HEARTBEAT), _changed(Path(stack.urls.get("notifications", ""))))
            return max(filter(None, told), default=None)
        case "live-page":
            return _page_clock(f"http://{part.address}/healthz")
        case "prometheus":
            return _newest(f"http://{part.address}/metrics", _EVALUATED)
        case _:
            return _newest(f"http://{part.address}/metrics", LAST_TICK.name)


def _changed(file: Path) -> float | None:
    try:
        return file.stat().st_mtime if file.is_file() else None
    except OSError:
        return None


def _page_clock(url: str) -> float | None:
    told = orjson.loads(_fetch(url) or "{}").get("clock", {}).get("reported_at")
    return None if told is None else datetime.fromisoformat(told).timestamp()


def _newest(url: str, metric: str) -> float | None:
    """Return the greatest sample of a metric on a page; 0 is none."""
    samples = re.findall(rf"^{metric}(?:{{.*}})? (\S+)$", _fetch(url), re.MULTILINE)
    return max((float(value) for value in samples if float(value) > 0), default=None)


def _fetch(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=_TIMEOUT_S) as response:  # noqa: S310 - our own loopback pages
            return str(response.read().decode())
    except (OSError, ValueError):
        return ""
