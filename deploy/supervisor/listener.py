"""The mailbox and the webhook log as processes of their own, until SIGTERM.

Run as `python -m deploy.supervisor.listener mailbox FOLDER PORT` or `... notifications FILE PORT`. Beside the file of the
notifications stands `heartbeat`, as old as the last heartbeat that came through Prometheus and Alertmanager.
"""

import os
import signal
import sys
import threading
import time
from pathlib import Path

from deploy.listening import taken
from deploy.mailbox import Mailbox
from deploy.part import Part
from deploy.webhook import WebhookLog

HEARTBEAT = "heartbeat"
_LOOK_SECONDS = 1.0


def main(kind: str, place: Path, port: int) -> int:
    """Take mails or notifications until SIGTERM or Ctrl-C; return the exit status."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    part: Part = Mailbox(place, port=port) if kind == "mailbox" else WebhookLog(place, port=port)
    try:
        part.start()
    except OSError:
        print(taken(port), file=sys.stderr)  # noqa: T201 - what its log says
        return 1
    while not stopped.wait(_LOOK_SECONDS):
        if isinstance(part, WebhookLog):
            note_heartbeat(part, place.with_name(HEARTBEAT))
    part.stop()
    return 0


def note_heartbeat(log: WebhookLog, file: Path) -> None:
    """Make `file` as old as the last heartbeat; nothing happens before the first."""
    age = log.heartbeat_age()
    if age is not None:
        file.touch()
        os.utime(file, (time.time() - age,) * 2)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
