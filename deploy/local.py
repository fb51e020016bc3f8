"""The whole chain on this machine: broker, workers, Prometheus, Alertmanager, mailbox, live page.

Everything listens on free loopback ports and keeps its files in one folder. The parts are started from the
reader's end to the writer's, so that nobody misses the first breach, and stopped the other way round.
"""

import contextlib
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from typing_extensions import override

from alerts.addresses import Addresses, Mail, load_addresses
from alerts.annotations import Links
from alerts.norms import load_norms
from alerts.rules import write_rules
from alerts.texts import load_texts
from deploy.alertmanager.server import AlertmanagerServer
from deploy.child import ChildProcess, free_ports
from deploy.kafka.apache import ApacheKafka
from deploy.kafka.broker import Broker, BrokerKind
from deploy.kafka.embedded import EmbeddedBroker
from deploy.mailbox import Mail as Letter
from deploy.mailbox import Mailbox
from deploy.part import Part, answers
from deploy.prometheus.server import PrometheusServer
from deploy.webhook import WebhookLog
from streams.kafka import KafkaSettings
from streams.topic_admin import apply_topics
from streams.topics import REPORT_PARTITIONS, catalogue

WORKERS = 2
_READY_SECONDS = 60.0


class LocalStack(Part):
    """Every part of the chain, started and stopped as one.

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
        self._say = say
        self._keys_file = keys_file
        self._stopping = contextlib.ExitStack()
        self.mailbox = Mailbox(folder / "mail", on_mail)
        self.webhook = WebhookLog(folder / "notifications.jsonl", on_payload)
        self.broker: Broker = (
            EmbeddedBroker(folder / "broker") if broker == "embedded" else ApacheKafka(folder / "broker")
        )
        self.workers: list[ChildProcess] = []
        self.metrics_ports: list[int] = []
        self.prometheus: PrometheusServer
        self.alertmanager: AlertmanagerServer
        self.board_url = ""

    @property
    def kafka(self) -> KafkaSettings:
        """How to reach the broker."""
        return KafkaSettings.own(self.broker.bootstrap)

    @property
    def urls(self) -> dict[str, str]:
        """Where to look."""
        return {
            "live page": self.board_url,
            "Prometheus": self.prometheus.url,
            "Alertmanager": self.alertmanager.url,
            "mails": str(self.mailbox.folder),
            "notifications": str(self.webhook.path),
            "Kafka": self.broker.bootstrap,
        }

    @override
    def stop(self) -> None:
        self._stopping.close()

    @override
    def _start(self) -> None:
        self._say("broker")
        self._keep(self.broker)
        apply_topics(self.kafka, catalogue())
        self._say("mailbox and webhook log")
        self._keep(self.mailbox)
        self._keep(self.webhook)
        self._say("live page")
        self._start_board()
        self._say("Alertmanager and Prometheus")
        addresses = self._addresses()
        self.alertmanager = AlertmanagerServer(self.folder / "alertmanager", addresses)
        self._keep(self.alertmanager)
        norms = load_norms()
        (self.folder / "prometheus").mkdir(parents=True, exist_ok=True)
        rules = write_rules(
            self.folder / "prometheus" / "rules.yml", norms, load_texts(norms), addresses.links
        )
        self.metrics_ports = free_ports(WORKERS)
        self.prometheus = PrometheusServer(
            self.folder / "prometheus",
            [rules],
            [self.alertmanager.address],
            targets=[f"127.0.0.1:{port}" for port in self.metrics_ports],
        )
        self._keep(self.prometheus)
        self._say(f"{WORKERS} workers")
        for number, port in enumerate(self.metrics_ports, start=1):
            self._start_worker(number, port)
        for number, (worker, port) in enumerate(zip(self.workers, self.metrics_ports, strict=True), start=1):
            worker.wait_until(partial(answers, port, "/readyz"), _READY_SECONDS, f"worker {number}")
        # Alerts of the first seconds of a Prometheus are lost for a minute: let nothing breach before it is heard.
        self.prometheus.wait_until_heard()

    def _keep(self, part: Part) -> None:
        part.start()
        self._stopping.callback(part.stop)

    def _child(self, name: str, *arguments: str) -> ChildProcess:
        child = ChildProcess(
            [sys.executable, "-m", "deploy.cli.main", *arguments],
            self.folder / f"{name}.log",
            {
                "KETENWACHT_KAFKA_BOOTSTRAP": self.broker.bootstrap,
                "KETENWACHT_KAFKA_SECURITY_PROTOCOL": "PLAINTEXT",  # whatever it is for another broker
                "KETENWACHT_WORKER_LEAVES_GROUP": str(self.broker.may_be_left),
                "KETENWACHT_WORKER_BROKER_CHECKS_TIME": str(self.broker.checks_time),
                "PYTHONUNBUFFERED": "1",
                **(
                    {}
                    if self._keys_file is None
                    else {"KETENWACHT_SIGNING_KEYS_FILE": str(self._keys_file.resolve())}
                ),
            },
        )
        self._stopping.callback(child.stop)
        return child

    def _start_worker(self, number: int, port: int) -> None:
        worker = self._child(
            f"worker-{number}",
            "worker",
            "--metrics-port",
            str(port),
            "--partitions",
            str(REPORT_PARTITIONS),
            "--session-timeout",
            str(self.broker.session_seconds),
        )
        self.workers.append(worker)

    def _start_board(self) -> None:
        port = free_ports(1)[0]
        board = self._child("board", "board", "--port", str(port))
        board.wait_until(lambda: answers(port, "/healthz"), _READY_SECONDS, "the live page")
        self.board_url = f"http://127.0.0.1:{port}/"

    def _addresses(self) -> Addresses:
        production = load_addresses()
        page = self.board_url
        return Addresses(
            Mail(self.mailbox.address, production.mail.sender, require_tls=False),
            self.webhook.url,
            Links(f"{page}#{{region}}", f"{page}#{{region}}", f"{page}runbooks/{{runbook}}#{{heading}}"),
            production.receivers,
        )

    def metrics(self) -> str:
        """Return the metrics pages of all workers that answer, one after the other."""
        return "".join(_fetch(f"http://127.0.0.1:{port}/metrics") for port in self.metrics_ports)


def _fetch(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 - our own loopback pages
            return str(response.read().decode())
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return ""
