"""The parts of the chain on this machine as processes: their ports, arguments and files, whoever starts them.

All ports are chosen beforehand, so that each part can be told where the others will be.
"""

import os
from pathlib import Path

from alerts.addresses import Addresses, Mail, load_addresses
from alerts.annotations import Links
from alerts.norms import load_norms
from alerts.rules import write_rules
from alerts.texts import load_texts
from deploy.alertmanager.server import AlertmanagerServer
from deploy.child import free_ports
from deploy.kafka.apache import ApacheKafka
from deploy.kafka.broker import Broker, BrokerKind
from deploy.kafka.embedded import EmbeddedBroker
from deploy.own_program import OwnProgram
from deploy.part import Program
from deploy.prometheus.server import PrometheusServer
from deploy.supervisor.carriers import marks
from streams.topics import REPORT_PARTITIONS

WORKERS = 2
_PORTS = 5 + WORKERS


class Chain:
    """Every part but the ticker, none of them started.

    Args:
        folder: configuration, data and logs of all parts.
        run: folder whose stack the parts belong to; they carry its mark.
        broker: `embedded`, or `kafka` for Apache Kafka on the JVM.
        keys_file: the keys that sign ticks and control records; None leaves what the environment says.

    Attributes:
        mailbox_port: where mails are sent to.
        notifications_port: where Alertmanager posts to.
    """

    def __init__(
        self, folder: Path, run: Path, broker: BrokerKind = "embedded", keys_file: Path | None = None
    ) -> None:
        self.folder = folder
        self._run = run
        self._keys_file = keys_file
        at, page, self.mailbox_port, self.notifications_port, prometheus, *workers = free_ports(_PORTS)
        self.broker: Broker = (EmbeddedBroker if broker == "embedded" else ApacheKafka)(folder / "broker", at)
        self.page = self.own("live-page", "board", "--port", "{port}", path="/healthz", port=page)
        self.workers = [self._worker(number, port) for number, port in enumerate(workers, start=1)]
        addresses = self._addresses()
        self.alertmanager = AlertmanagerServer(folder / "alertmanager", addresses, free_ports(1)[0])
        norms = load_norms()
        (folder / "prometheus").mkdir(parents=True, exist_ok=True)
        rules = write_rules(folder / "prometheus" / "rules.yml", norms, load_texts(norms), addresses.links)
        self.prometheus = PrometheusServer(
            folder / "prometheus",
            [rules],
            [self.alertmanager.address],
            targets=[worker.address for worker in self.workers],
            port=prometheus,
        )
        for name, part in self.parts.items():
            part.marks = marks(run, name)

    @property
    def parts(self) -> dict[str, Program]:
        """All of them by name."""
        return {
            "broker": self.broker,
            "live-page": self.page,
            "alertmanager": self.alertmanager,
            "prometheus": self.prometheus,
            **{worker.name: worker for worker in self.workers},
        }

    @property
    def page_url(self) -> str:
        """Where the live page is."""
        return f"http://{self.page.address}/"

    @property
    def urls(self) -> dict[str, str]:
        """Where to look."""
        return {
            "live page": self.page_url,
            "Prometheus": self.prometheus.url,
            "Alertmanager": self.alertmanager.url,
            "mails": str(self.mails),
            "notifications": str(self.notifications),
            "Kafka": self.broker.bootstrap,
        }

    @property
    def mails(self) -> Path:
        """Folder of the mails."""
        return self.folder / "mail"

    @property
    def notifications(self) -> Path:
        """File of the webhook log."""
        return self.folder / "notifications.jsonl"

    def own(self, name: str, *arguments: str, path: str | None = None, port: int | None = None) -> OwnProgram:
        """Return a command of ours that reaches the broker of this chain, whatever the environment says of another one."""
        foreign = dict.fromkeys((name for name in os.environ if name.startswith("KETENWACHT_KAFKA_")), None)
        keys = (
            {}
            if self._keys_file is None
            else {"KETENWACHT_SIGNING_KEYS_FILE": str(self._keys_file.resolve())}
        )
        env = {
            **foreign,
            "KETENWACHT_KAFKA_BOOTSTRAP": self.broker.bootstrap,
            "KETENWACHT_WORKER_LEAVES_GROUP": str(self.broker.may_be_left),
            "KETENWACHT_WORKER_BROKER_CHECKS_TIME": str(self.broker.checks_time),
            **keys,
        }
        return OwnProgram(
            name, self.folder, arguments, {**env, **marks(self._run, name)}, path=path, port=port
        )

    def _worker(self, number: int, port: int) -> OwnProgram:
        return self.own(
            f"worker-{number}",
            *("worker", "--metrics-port", "{port}", "--partitions", str(REPORT_PARTITIONS)),
            *("--session-timeout", str(self.broker.session_seconds)),
            path="/readyz",
            port=port,
        )

    def _addresses(self) -> Addresses:
        production = load_addresses()
        page = self.page_url
        return Addresses(
            Mail(f"127.0.0.1:{self.mailbox_port}", production.mail.sender, require_tls=False),
            f"http://127.0.0.1:{self.notifications_port}/alerts",
            Links(f"{page}#{{region}}", f"{page}#{{region}}", f"{page}runbooks/{{runbook}}#{{heading}}"),
            production.receivers,
        )
