"""docker-compose.yml and what it mounts, checked as far as that goes without an engine."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import typer
import yaml

from agents.settings import WorkerSettings
from deploy.cli.main import app
from deploy.compose import webhook_log
from deploy.webhook import WebhookLog
from streams.kafka import KafkaSettings
from streams.signing_keys import SigningSettings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service and "command" in service}
DEFAULT = re.compile(r"^\$\{\w+:-(.+)\}$")
ONCE = {"rights", "topics", "simulator", "player"}  # they end by themselves


def test_every_service_that_stays_has_a_health_check_that_asks_something():
    assert {name for name, service in SERVICES.items() if service["restart"] == "no"} == ONCE
    for name in SERVICES.keys() - ONCE:
        check = SERVICES[name]["healthcheck"]
        assert check["test"][0] in {"CMD", "CMD-SHELL"}, name
        assert check.keys() >= {"interval", "timeout", "retries"}, name


def test_images_are_pinned_and_kafka_is_the_one_that_the_tests_run():
    for name, service in SERVICES.items():
        assert re.search(r":v?\d+\.\d+\.\d+$", service["image"]), name
    pom = (ROOT / "deploy/kafka/pom.xml").read_text()
    version = re.search(r"<kafka.version>(.+)</kafka.version>", pom)[1]
    assert SERVICES["kafka"]["image"] == f"apache/kafka:{version}"


def test_a_worker_that_ends_is_started_again_and_its_health_is_its_readiness():
    workers = {name: service for name, service in OURS.items() if name.startswith("worker-")}
    assert len(workers) == 2
    for name, service in workers.items():
        assert service["restart"] == "unless-stopped", name  # exit status 75 too: it stood still
        port = service["environment"]["KETENWACHT_WORKER_METRICS_PORT"]
        assert f"http://127.0.0.1:{port}/readyz" in service["healthcheck"]["test"][-1], name


def test_ports_are_on_loopback_and_none_is_taken_twice():
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert all(re.fullmatch(r"127\.0\.0\.1:\d+:\d+", port) for port in ports)
    assert len({port.split(":")[1] for port in ports}) == len(ports)


def test_nothing_runs_as_root_or_gains_rights_and_only_kafka_writes_to_its_image():
    for name, service in SERVICES.items():
        assert re.fullmatch(r"[1-9]\d*:\d+|appuser", service["user"]), name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["read_only"] == (name != "kafka"), name
        assert not {"privileged", "network_mode", "pid", "cap_add"} & service.keys(), name


def test_there_is_no_password_in_the_file_and_no_default_one():
    for name, service in SERVICES.items():
        for key, value in service.get("environment", {}).items():
            if re.search(r"JAAS", key):
                given = re.findall(r'(?:password|user_\w+)="([^"]*)"', value)
                for secret in given:
                    asked = re.fullmatch(r"\$\$\{secret:/run/secrets:(\w+)\}", secret)
                    assert asked, f"{name}: {key}"
                    assert asked[1] in service["secrets"], f"{name}: {key}"
            elif re.search(r"PASSWORD|TOKEN|_KEY(?!STORE)", key):
                assert key.endswith("_FILE"), f"{name}: {key}"
                assert value.removeprefix("/run/secrets/") in service["secrets"], f"{name}: {key}"
    for name, secret in COMPOSE["secrets"].items():
        assert re.fullmatch(r"\$\{[A-Z_]+:\?[^}]+\}(/\w+)?", secret["file"]), name
        assert any(name in service.get("secrets", []) for service in SERVICES.values()), name


def test_every_part_comes_in_over_tls_as_itself_with_a_password_of_its_own():
    kafka = SERVICES["kafka"]["environment"]
    doors = dict(each.split(":") for each in kafka["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].split(","))
    assert set(doors.values()) == {"SASL_SSL"}
    assert kafka["KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND"] == "false"
    who = {name: service["environment"] for name, service in OURS.items() if "environment" in service}
    assert who.keys() == OURS.keys() - {"simulator"}
    for name, environment in who.items():
        user = environment["KETENWACHT_KAFKA_USERNAME"]
        assert user == {"rights": "admin", "topics": "operator", "player": "operator"}.get(
            name, name.partition("-")[0]
        )
        assert environment["KETENWACHT_KAFKA_SECURITY_PROTOCOL"] == "SASL_SSL", name
        assert environment["KETENWACHT_KAFKA_PASSWORD_FILE"] == f"/run/secrets/kafka_{user}_password", name
        signs = {"signing_keys"} if "KETENWACHT_SIGNING_KEYS_FILE" in environment else set()
        assert set(SERVICES[name]["secrets"]) == {"kafka_ca", f"kafka_{user}_password"} | signs, name


def test_alertmanager_finds_the_secrets_and_the_log_that_its_configuration_names():
    config = ROOT / "alerts/generated/alertmanager/alertmanager.yml"
    text = config.read_text()
    named = set(re.findall(r"/run/secrets/(\w+)", text))
    assert named == set(SERVICES["alertmanager-1"]["secrets"])
    hooks = set(re.findall(r"url: (\S+)", text))
    assert hooks == {f"http://webhook-log:{webhook_log.PORT}/alerts"}


def test_the_webhook_log_is_healthy_while_the_heartbeat_comes(tmp_path):
    file = tmp_path / "heartbeat"
    log = WebhookLog(tmp_path / "log")
    webhook_log.note_heartbeat(log, file)
    assert not file.exists()
    log.take(b'{"receiver": "heartbeat", "alerts": []}')
    webhook_log.note_heartbeat(log, file)
    assert file.exists()
    log._heartbeat -= webhook_log.HEARTBEAT_AGE_MAX_S + 1
    webhook_log.note_heartbeat(log, file)
    assert not file.exists()
    assert SERVICES["webhook-log"]["healthcheck"]["test"][-1] == str(webhook_log.HEARTBEAT)


def test_the_example_names_every_variable_that_compose_asks_for():
    asked = set(re.findall(r"\$\{([A-Z_]+)", TEXT))
    lines = (ROOT / ".env.example").read_text().splitlines()
    named = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert asked | {"COMPOSE_PROFILES"} == named.keys()
    assert not any(value for name, value in named.items() if name in asked), "no default secrets"


def test_services_wait_for_what_they_need():
    for name, service in SERVICES.items():
        for needed, how in service.get("depends_on", {}).items():
            if needed in ONCE:
                assert how == {"condition": "service_completed_successfully"}, name
            else:
                assert how == {"condition": "service_healthy"}, name
                assert "healthcheck" in SERVICES[needed]
    for name in OURS.keys() - {"rights", "topics", "simulator"}:
        assert SERVICES[name]["depends_on"].keys() >= {"kafka", "topics"}, name


MOUNTS = sorted(
    {volume for service in SERVICES.values() for volume in service.get("volumes", []) if volume[0] == "."}
)


@pytest.mark.parametrize("mount", MOUNTS)
def test_mounted_files_exist_and_cannot_be_written_to(mount):
    assert mount.endswith(":ro")
    source = mount.split(":")[0]
    assert (ROOT / source).exists()


def test_every_volume_is_written_by_one_service():
    volumes = [volume for service in SERVICES.values() for volume in service.get("volumes", [])]
    written = [volume.split(":")[0] for volume in volumes if volume[0] != "." and volume[-3:] != ":ro"]
    assert sorted(written) == sorted(COMPOSE["volumes"])


def test_live_and_demo_time_never_run_together():
    assert SERVICES["ticker"]["profiles"] == ["live"]
    assert SERVICES["simulator"]["profiles"] == SERVICES["player"]["profiles"] == ["demo"]
    assert "COMPOSE_PROFILES=live\n" in (ROOT / ".env.example").read_text()


@pytest.mark.parametrize("name", OURS)
def test_our_services_give_commands_and_options_that_exist(name):
    command = typer.main.get_command(app)
    arguments = [DEFAULT.sub(r"\1", argument) for argument in OURS[name]["command"]]
    while hasattr(command, "commands") and not (command.invoke_without_command and not arguments):
        command = command.commands[arguments.pop(0)]
    # Refuses unknown options; a file that only the container has is not looked for.
    own = [__file__ if argument.startswith("/recordings") else argument for argument in arguments]
    command.make_context(name, own)


def test_our_services_set_variables_that_are_read():
    fields = [
        (KafkaSettings, "KETENWACHT_KAFKA_"),
        (SigningSettings, "KETENWACHT_"),
        (WorkerSettings, "KETENWACHT_WORKER_"),
    ]
    known = {prefix + field.upper() for model, prefix in fields for field in model.model_fields}
    for name, service in OURS.items():
        assert service.get("environment", {}).keys() <= known, name


def test_prometheus_scrapes_and_alerts_services_that_exist():
    file = ROOT / "deploy/compose/prometheus.yml"
    config = yaml.safe_load(file.read_text())
    subprocess.run(["promtool", "check", "config", "--syntax-only", file], check=True)
    jobs = {job["job_name"]: job for job in config["scrape_configs"]}
    (scraped,) = jobs["ketenwacht-worker"]["static_configs"]
    workers = [name for name in OURS if name.startswith("worker-")]
    port = OURS["worker-1"]["environment"]["KETENWACHT_WORKER_METRICS_PORT"]
    assert scraped["targets"] == [f"{name}:{port}" for name in workers]
    assert len(workers) == 2
    assert OURS["worker-1"] == OURS["worker-2"]
    (alerted,) = config["alerting"]["alertmanagers"][0]["static_configs"]
    pair = [name for name in SERVICES if name.startswith("alertmanager-")]
    assert alerted["targets"] == [f"{name}:9093" for name in pair]
    assert len(pair) == 2
    for name in pair:
        peers = {each for each in SERVICES[name]["command"] if "--cluster.peer=" in each}
        assert peers == {f"--cluster.peer={peer}:9094" for peer in pair}
    assert "external_labels" not in config["global"], "they would make two alerts of one"


def test_both_of_a_pair_are_alike_but_for_port_and_volume():
    for kind in ("prometheus", "alertmanager"):
        one, two = (dict(SERVICES[f"{kind}-{number}"]) for number in (1, 2))
        for service in (one, two):
            service.pop("ports")
            service["volumes"] = [each for each in service["volumes"] if each.startswith("./")]
        assert one == two


def test_grafana_is_provisioned_from_mounted_files():
    folder = ROOT / "deploy/grafana/provisioning"
    (source,) = yaml.safe_load((folder / "datasources/prometheus.yml").read_text())["datasources"]
    host, port = source["url"].removeprefix("http://").split(":")
    assert (host in SERVICES, port) == (True, "9090")
    (provider,) = yaml.safe_load((folder / "dashboards/ketenwacht.yml").read_text())["providers"]
    mounts = [volume.split(":")[1] for volume in SERVICES["grafana"]["volumes"]]
    assert provider["options"]["path"] in mounts


def test_the_image_is_built_from_hashes_for_an_ordinary_user():
    text = (ROOT / "deploy/Dockerfile").read_text()
    assert set(re.findall(r"^FROM (\S+)", text, re.MULTILINE)) == {"python:3.11-slim-bookworm"}
    assert "--require-hashes" in text
    assert text.index("USER 10001:10001") < text.index("ENTRYPOINT")
    copied = [
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE)
        for source in line.split()[:-1]
    ]
    allowed = (ROOT / ".dockerignore").read_text().splitlines()
    assert [source for source in copied if f"!{source}" not in allowed] == []
    assert [source for source in copied if not (ROOT / source).exists()] == []


def test_docker_compose_accepts_the_file(tmp_path):
    plugin = ["docker", "compose"]
    if (
        shutil.which("docker") is None
        or subprocess.run([*plugin, "version"], capture_output=True, check=False).returncode
    ):
        pytest.skip("docker compose is not installed here; the other tests read the file")
    secret = tmp_path / "secret"
    secret.write_text("x")
    asked = re.findall(r"\$\{([A-Z_]+)", TEXT)
    env = {**os.environ, **dict.fromkeys(asked, str(secret))}
    subprocess.run([*plugin, "config", "--quiet"], cwd=ROOT, env=env, check=True)
