"""The webhook log as a container: a line for each notification, and a file while the heartbeat comes.

Prometheus sends the dead man's alert all the time; while Alertmanager passes it on, `HEARTBEAT` is there.
docker compose takes its absence as unhealthy: then no other alert would arrive either.
Run as `python -m deploy.compose.webhook_log`; ends on SIGTERM.
"""

import signal
import threading
from pathlib import Path

from deploy.webhook import WebhookLog

LOG = Path("/notifications/notifications.jsonl")
HEARTBEAT = Path("/tmp/heartbeat")  # noqa: S108 - a tmpfs of the container's own
HEARTBEAT_AGE_MAX_S = 60.0
PORT = 9911


def note_heartbeat(log: WebhookLog, file: Path) -> None:
    """Make `file` if the heartbeat came within the last minute, else remove it."""
    age = log.heartbeat_age()
    if age is not None and age <= HEARTBEAT_AGE_MAX_S:
        file.touch()
    else:
        file.unlink(missing_ok=True)


def main() -> None:
    """Take notifications until SIGTERM or Ctrl-C."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    every_address = "0.0.0.0"  # noqa: S104 - of the container; compose publishes no port of it
    with WebhookLog(LOG, port=PORT, host=every_address) as log:
        while not stopped.wait(1.0):
            note_heartbeat(log, HEARTBEAT)


if __name__ == "__main__":
    main()
