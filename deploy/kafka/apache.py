"""Apache Kafka itself on this machine: one KRaft node on the JVM, the reference for every test."""

import base64
import shutil
import subprocess
import tempfile
import uuid
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.child import free_ports
from deploy.kafka.artifacts import jars, java
from deploy.kafka.broker import BrokerFailed, BrokerKind
from deploy.kafka.process import BrokerProcess

START_TIMEOUT_S = 60.0
LOGGING = Path(__file__).with_name("log4j2.properties")


class ApacheKafka:
    """One Apache Kafka node, broker and controller in one process, on free loopback ports.

    Args:
        folder: where data and log go, kept at stop; a temporary folder, removed at stop, if None.
        port: listen here; a free port if None.
        heap_mb: upper limit of the JVM's heap, MiB.
        full_speed: let the JVM compile for throughput, for measurements; it starts slower.
    """

    kind: BrokerKind = "kafka"

    def __init__(
        self,
        folder: Path | None = None,
        port: int | None = None,
        heap_mb: int = 384,
        *,
        full_speed: bool = False,
    ) -> None:
        self.bootstrap = ""
        self._port = port
        self._heap_mb = heap_mb
        self._full_speed = full_speed
        self._given = folder
        self._folder: Path | None = None
        self._process: BrokerProcess | None = None

    @property
    def pid(self) -> int | None:
        """Process id while it runs, else None."""
        return self._process.pid if self._process and self._process.running() else None

    @property
    def log(self) -> Path | None:
        """File with what the broker wrote."""
        return self._process.log if self._process else None

    def start(self) -> None:
        """Format the storage if it is new, start the node, return when it answers (about 4 s).

        Raises:
            KafkaUnavailable: Java or Kafka's jars cannot be had here.
            BrokerFailed: it did not start; nothing is left running.
        """
        command = [*self._java(), "-cp", f"{jars()}/*"]
        self._folder = self._given or Path(tempfile.mkdtemp(prefix="ketenwacht-kafka-"))
        self._folder.mkdir(parents=True, exist_ok=True)
        port, controller = free_ports(2)
        self.bootstrap = f"127.0.0.1:{self._port or port}"
        settings = self._folder / "server.properties"
        data = self._folder / "data"
        settings.write_text(server_properties(self.bootstrap, f"127.0.0.1:{controller}", data))
        try:
            if not (data / "meta.properties").exists():
                _format(command, settings)
            self._process = BrokerProcess(
                [*command, "kafka.Kafka", str(settings)], log=self._folder / "kafka.log"
            )
            self._process.wait_until_it_answers(self.bootstrap, START_TIMEOUT_S)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Shut it down cleanly; data in a folder that was given stay."""
        if self._process:
            self._process.stop(grace=20)
        if self._folder and self._given is None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _java(self) -> list[str]:
        # The machine is shared with all the other parts: a small heap, the serial collector, and the quick
        # compiler only, which takes 3.4 s of processor time to the first answer instead of 5.6 s.
        heap = [f"-Xmx{self._heap_mb}m", "-Xms128m", "-XX:+UseSerialGC", "-XX:-UsePerfData"]
        quick = [] if self._full_speed else ["-XX:TieredStopAtLevel=1"]
        return [java(), *heap, *quick, f"-Dlog4j2.configurationFile={LOGGING}"]


def server_properties(bootstrap: str, controller: str, data: Path) -> str:
    """Return the settings of a single node: one copy of everything, nothing waits for a second."""
    settings = {
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
    return "".join(f"{name}={value}\n" for name, value in settings.items())


def _format(command: list[str], settings: Path) -> None:
    cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    done = subprocess.run(
        [*command, "kafka.tools.StorageTool", "format", f"--cluster-id={cluster}", "-c", str(settings)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BrokerFailed(f"formatting Kafka's storage failed:\n{done.stdout}{done.stderr}")
