"""The whole chain for one run in the foreground, such as the demo: it lives as long as who started it.

Everything listens on free loopback ports and keeps its files in one folder. The parts are started from the
reader's end to the writer's, so that nobody misses the first breach, and stopped the other way round. Nothing starts a part
again here; `deploy.supervisor` does.
"""

import contextlib
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from typing_extensions import override

from deploy.chain import WORKERS, Chain
from deploy.kafka.broker import BrokerKind
from deploy.mailbox import Mail as Letter
from deploy.mailbox import Mailbox
from deploy.own_program import OwnProgram
from deploy.part import Part
from deploy.webhook import WebhookLog
from streams.kafka import KafkaSettings
from streams.topic_admin import apply_topics
from streams.topics import catalogue


class LocalStack(Part):
    """Every part of the chain but a ticker, started and stopped as one; mailbox and webhook log are threads of ours.

    Args:
        folder: configuration, data and logs of all parts.
        broker: `embedded`, or `kafka` for Apache Kafka on the JVM.
        say: told what is being started, for people.
        keys_file: the keys that sign ticks and control records; None leaves what the environment says.
        on_mail: called for each mail that arrives, in the mail server's thread.
        on_payload: called for each notification of Alertmanager, in the server's thread.
    """

    def __init__(
        self,
        folder: Path,
        broker: BrokerKind = "embedded",
        *,
        say: Callable[[str], None] = lambda _: None,
        keys_file: Path | None = None,
        on_mail: Callable[[Letter], None] | None = None,
        on_payload: Callable[[Mapping[str, Any]], None] | None = None,
    ) -> None:
        self.folder = folder
        self.chain = Chain(folder, folder, broker, keys_file)
        self._say = say
        self._stopping = contextlib.ExitStack()
        self.mailbox = Mailbox(self.chain.mails, on_mail, self.chain.mailbox_port)
        self.webhook = WebhookLog(self.chain.notifications, on_payload, self.chain.notifications_port)

    @property
    def kafka(self) -> KafkaSettings:
        """How to reach the broker."""
        return KafkaSettings.own(self.chain.broker.bootstrap)

    @property
    def workers(self) -> list[OwnProgram]:
        """The workers."""
        return self.chain.workers

    @property
    def urls(self) -> dict[str, str]:
        """Where to look."""
        return self.chain.urls

    @override
    def stop(self) -> None:
        self._stopping.close()

    @override
    def _start(self) -> None:
        chain = self.chain
        self._say("broker")
        self._keep(chain.broker)
        apply_topics(self.kafka, catalogue())
        self._say("mailbox and webhook log")
        self._keep(self.mailbox)
        self._keep(self.webhook)
        self._say("live page")
        self._keep(chain.page)
        self._say("Alertmanager and Prometheus")
        self._keep(chain.alertmanager)
        self._keep(chain.prometheus)
        self._say(f"{WORKERS} workers")
        for worker in chain.workers:
            self._stopping.callback(worker.stop)
            worker.begin()
        for worker in chain.workers:
            worker.wait_until_ready()
        # Alerts of the first seconds of a Prometheus are lost for a minute: let nothing breach before it is heard.
        chain.prometheus.wait_until_heard()

    def _keep(self, part: Part) -> None:
        part.start()
        self._stopping.callback(part.stop)

    def metrics(self) -> str:
        """Return the metrics pages of all workers that answer, one after the other."""
        return "".join(_fetch(f"http://{worker.address}/metrics") for worker in self.workers)


def _fetch(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 - our own loopback pages
            return str(response.read().decode())
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return ""
