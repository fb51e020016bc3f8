"""The Kafka of docker-compose.yml without an engine: its properties on a real node, its parts with their own secrets."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml
from kafka import KafkaAdminClient
from kafka.admin import ScramMechanism, UserScramCredentialUpsertion
from typer.testing import CliRunner
from typing_extensions import override

from deploy.child import ChildProcess, free_ports
from deploy.cli.main import app
from deploy.compose.ticks_come import silent_partitions
from deploy.kafka.apache import ApacheKafka
from deploy.part import answers
from streams.kafka import KafkaSettings
from streams.knock import knock
from tests.integration.test_commands_over_tls import start

pytestmark = pytest.mark.kafka

ROOT = Path(__file__).parents[2]
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
NO_PROPERTIES = {"KAFKA_HEAP_OPTS"}


class ComposeKafka(ApacheKafka):
    """A node with the properties that the image makes of the variables; other addresses and folders, nothing else."""

    def __init__(self, folder: Path, secrets: Path) -> None:
        super().__init__(folder)
        self.secrets = secrets
        self.host = ""

    def moved(self, text: str) -> str:
        """Return a value with what only the containers have put in place, as compose and the network do it."""
        controller = f"127.0.0.1:{self._controller.rpartition(':')[2]}"
        for there, here in (
            ("$$", "$"),
            ("/run/secrets", str(self.secrets)),
            ("INSIDE://:29092", f"INSIDE://{self.bootstrap}"),
            ("kafka:29092", self.bootstrap),
            ("HOST://:9092", f"HOST://{self.host}"),
            ("127.0.0.1:9092", self.host),
            ("CONTROLLER://:9093", f"CONTROLLER://{controller}"),
            ("kafka:9093", controller),
        ):
            text = text.replace(there, here)
        return text

    @override
    def properties(self, controller: str, data: Path) -> dict[str, str]:
        self._controller, self.host = controller, f"127.0.0.1:{free_ports(1)[0]}"
        given = SERVICES["kafka"]["environment"]
        # As the image names them: one underscore a dot, two an underscore, three a hyphen.
        named = {
            name.removeprefix("KAFKA_").lower().replace("_", ".").replace("...", "-").replace("..", "_"): str(
                value
            )
            for name, value in given.items()
            if name not in NO_PROPERTIES
        }
        assert named["log.dirs"] == "/var/lib/kafka/data"
        return {name: self.moved(value) for name, value in named.items()} | {"log.dirs": str(data)}

    def environment(self, service: str) -> dict[str, str]:
        """Return the variables of one of our services."""
        return {name: self.moved(str(value)) for name, value in SERVICES[service]["environment"].items()}

    @override
    def client(self):
        return self.kafka("rights").admin()

    def kafka(self, service: str) -> KafkaSettings:
        """Return how one of our services reaches it."""
        prefix = "KETENWACHT_KAFKA_"
        given = self.environment(service)
        return KafkaSettings(
            **{name.removeprefix(prefix).lower(): given[name] for name in given if name.startswith(prefix)}
        )


@pytest.fixture(scope="module")
def composed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compose")
    secrets = folder / "secrets"
    for _ in range(2):  # the second time nothing is other
        subprocess.run(["sh", ROOT / "deploy/compose/secrets.sh", secrets], check=True, capture_output=True)
    with ComposeKafka(folder / "kafka", secrets) as running:
        yield running


def run(composed, service: str) -> str:
    told = CliRunner().invoke(app, SERVICES[service]["command"], env=composed.environment(service))
    assert told.exit_code == 0, (told.output, told.exception)
    return told.output


def test_the_parts_do_their_work_as_compose_starts_them(composed, tmp_path, until):
    assert "granted" in run(composed, "rights")
    assert "created care.occupancy" in run(composed, "topics")
    assert run(composed, "rights") == "cluster and rights agree\n", "as at the second start"

    parts: list[ChildProcess] = []
    try:
        for service in ("worker-1", "ticker", "board"):
            words = [word for word in SERVICES[service]["command"] if word not in {"--host", "0.0.0.0"}]
            environment = composed.environment(service)
            port = str(free_ports(1)[0])
            words = [port if word == "8300" else word for word in words]
            if service == "worker-1":
                environment |= {
                    "KETENWACHT_WORKER_METRICS_HOST": "127.0.0.1",
                    "KETENWACHT_WORKER_METRICS_PORT": port,
                }
            part = start(tmp_path / f"{service}.log", environment, *words)
            parts.append(part)
            if service != "ticker":
                place = "/readyz" if service == "worker-1" else "/healthz"
                part.wait_until(lambda port=int(port), place=place: answers(port, place), 60, service)
        own = composed.kafka("ticker")
        until(lambda: not silent_partitions(own, 3), "its health check, as the ticker itself")
        assert all(part.running() for part in parts)
    finally:
        for part in parts:
            part.stop()
    said = "".join(part.tail() for part in parts)
    for file in composed.secrets.glob("*_password"):
        assert file.read_text() not in said


def test_there_is_no_other_door_and_no_door_without_a_user(composed):
    told = CliRunner().invoke(app, ["topics", "check", "--bootstrap", composed.bootstrap])
    assert told.exit_code == 2
    assert "speaks TLS" in told.stderr


def test_the_secrets_are_for_one_part_each_and_the_folder_for_nobody_else(composed):
    assert composed.secrets.stat().st_mode & 0o077 == 0
    passwords = [file.read_text() for file in composed.secrets.glob("*_password")]
    assert len(set(passwords)) == len(passwords) == 5
    assert not [secret for secret in passwords if len(secret) != 48 or "\n" in secret]
    assert (composed.secrets / "ca.key").stat().st_mode & 0o077 == 0


def test_a_source_comes_in_from_outside_with_a_user_made_while_it_runs(composed):
    password = "een-wachtwoord-voor-de-bron"  # noqa: S105
    made = UserScramCredentialUpsertion("lcps", ScramMechanism.SCRAM_SHA_512, password=password.encode())
    with KafkaAdminClient(**composed.client()) as admin:
        assert not any(admin.alter_user_scram_credentials([made]).values())
    source = KafkaSettings(
        bootstrap=composed.host,
        security_protocol="SASL_SSL",
        username="lcps",
        password=password,
        ssl_cafile=composed.secrets / "kafka_ca",
    )
    knock(source)
    with KafkaAdminClient(**source.admin()) as admin:
        assert admin.list_topics() == [], "and may do nothing until somebody allows it"


def test_the_tools_of_the_broker_come_in_as_its_super_user():
    text = (ROOT / "deploy/compose/kafka-client.properties").read_text()
    assert set(re.findall(r"/run/secrets[:/](\w+)", text)) <= set(SERVICES["kafka"]["secrets"])
    assert 'username="admin"' in text
    assert SERVICES["kafka"]["environment"]["KAFKA_SUPER_USERS"] == "User:admin"
