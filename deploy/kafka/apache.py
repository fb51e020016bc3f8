"""Apache Kafka itself on this machine: one KRaft node on the JVM, the reference for every test."""

import base64
import subprocess
import uuid
from pathlib import Path

from typing_extensions import override

from deploy.kafka.artifacts import jars, java
from deploy.kafka.broker import Broker
from deploy.kafka.process import BrokerFailed
from deploy.part import Launch

LOGGING = Path(__file__).with_name("log4j2.properties")


class ApacheKafka(Broker):
    """One Apache Kafka node, broker and controller in one process; it answers after about 4 s.

    Args:
        folder: where data and log go, kept at stop; a temporary folder, removed at stop, if None.
        port: listen here; a free port if None.
        heap_mb: upper limit of the JVM's heap, MiB.
        full_speed: let the JVM compile for throughput, for measurements; it starts slower.
    """

    kind = "kafka"
    session_seconds = 6.0
    start_seconds = 60.0
    grace_seconds = 20.0

    def __init__(
        self,
        folder: Path | None = None,
        port: int | None = None,
        heap_mb: int = 384,
        *,
        full_speed: bool = False,
    ) -> None:
        super().__init__(folder, port)
        self._heap_mb = heap_mb
        self._full_speed = full_speed

    @override
    def _launch(self, folder: Path, another_port: int) -> Launch:
        command = [*self._java(), "-cp", f"{jars()}/*"]
        settings = folder / "server.properties"
        data = folder / "data"
        lines = [
            f"{name}={value}\n" for name, value in self.properties(f"127.0.0.1:{another_port}", data).items()
        ]
        settings.write_text("".join(lines))
        if not (data / "meta.properties").exists():
            _format(command, settings, self.format_arguments())
        return Launch([*command, "kafka.Kafka", str(settings)], log=folder / "kafka.log")

    def properties(self, controller: str, data: Path) -> dict[str, str]:
        """Return the settings of the node: one copy of everything, nothing waits for a second."""
        return server_properties(self.bootstrap, controller, data)

    def format_arguments(self) -> list[str]:
        """Return what the storage is formatted with, beside the cluster's id."""
        return []

    def _java(self) -> list[str]:
        # The machine is shared with all the other parts: a small heap, the serial collector, and the quick
        # compiler only, which takes 3.4 s of processor time to the first answer instead of 5.6 s.
        heap = [f"-Xmx{self._heap_mb}m", "-Xms128m", "-XX:+UseSerialGC", "-XX:-UsePerfData"]
        quick = [] if self._full_speed else ["-XX:TieredStopAtLevel=1"]
        return [java(), *heap, *quick, f"-Dlog4j2.configurationFile={LOGGING}"]


def server_properties(bootstrap: str, controller: str, data: Path) -> dict[str, str]:
    """Return the settings of a single node that asks nobody who they are."""
    return {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@{controller}",
        "listeners": f"BROKER://{bootstrap},CONTROLLER://{controller}",
        "advertised.listeners": f"BROKER://{bootstrap}",
        "listener.security.protocol.map": "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "inter.broker.listener.name": "BROKER",
        "controller.listener.names": "CONTROLLER",
        "log.dirs": str(data),
        # Topics come from the catalogue; a typing error must not make one.
        "auto.create.topics.enable": "false",
        "default.replication.factor": "1",
        "offsets.topic.num.partitions": "4",
        "offsets.topic.replication.factor": "1",
        "transaction.state.log.num.partitions": "4",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "share.coordinator.state.topic.num.partitions": "1",
        "share.coordinator.state.topic.replication.factor": "1",
        "share.coordinator.state.topic.min.isr": "1",
        # A group starts at once, and a killed member is missed within seconds.
        "group.initial.rebalance.delay.ms": "0",
        "group.min.session.timeout.ms": "1000",
        # What retention will remove, it removes at once: tests meet it here, not first in production.
        "log.retention.check.interval.ms": "1000",
        "log.initial.task.delay.ms": "1000",
        "log.cleaner.dedupe.buffer.size": "8388608",
    }


def _format(command: list[str], settings: Path, more: list[str]) -> None:
    cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    done = subprocess.run(
        [
            *command,
            "kafka.tools.StorageTool",
            "format",
            f"--cluster-id={cluster}",
            "-c",
            str(settings),
            *more,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BrokerFailed(f"formatting Kafka's storage failed:\n{done.stdout}{done.stderr}")
