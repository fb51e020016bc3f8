"""`ketenwacht kafka` and `ketenwacht topics`, run as an operator runs them."""

import json
import os
import signal
import socket
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from msgspec import structs
from typer.testing import CliRunner

from deploy.child import free_ports
from deploy.cli.main import app
from deploy.kafka.apache import ApacheKafka
from deploy.kafka.detached import DetachedBroker
from deploy.kafka.embedded import EmbeddedBroker
from deploy.kafka.process import BrokerFailed, BrokerProcess
from streams.topic_admin import apply_topics, live_partitions
from streams.topics import catalogue


def ketenwacht(*arguments, **env):
    """Run the command in this process; the exit code is in `exit_code`."""
    return CliRunner().invoke(app, [str(each) for each in arguments], env=env)


def program(*arguments, **env):
    """Run the command as a process of its own, which ends while what it started goes on."""
    path = Path(sys.executable).with_name("ketenwacht")
    return subprocess.run(
        [path, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=150,
        env={**os.environ, **env},
    )


@pytest.mark.kafka
def test_apache_kafka_starts_whatever_name_its_cluster_drew(monkeypatch):
    drawn = uuid.UUID("f8000000-0000-4000-8000-000000000000")
    monkeypatch.setattr("deploy.kafka.apache.uuid.uuid4", lambda: drawn)
    with ApacheKafka() as broker:  # in base64 it begins with a hyphen, as one in 64 does
        assert broker.pid is not None


@pytest.mark.kafka
def test_kafka_goes_up_once_keeps_its_data_and_goes_down(tmp_path):
    run = ("--run", str(tmp_path))
    try:
        up = program("kafka", "up", *run)
        assert up.returncode == 0, up.stderr
        told = json.loads(ketenwacht("kafka", "status", "--json", *run).stdout)
        assert told["running"]
        assert told["bootstrap"] in up.stdout
        env = {"KETENWACHT_KAFKA_BOOTSTRAP": told["bootstrap"]}
        assert json.loads(ketenwacht("topics", "apply", "--json", **env).stdout)["created"]

        again = ketenwacht("kafka", "up", *run)
        assert f"process {told['pid']}" in again.stdout, "a second up starts nothing"
        assert ketenwacht("kafka", "down", *run).exit_code == 0
        host, port = told["bootstrap"].split(":")
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((host, int(port)), timeout=5)
        assert ketenwacht("kafka", "status", *run).exit_code == 1

        port = free_ports(1)[0]
        assert f"127.0.0.1:{port}" in program("kafka", "up", "--port", str(port), *run).stdout
        check = ketenwacht("topics", "check", "--bootstrap", f"127.0.0.1:{port}")
        assert check.exit_code == 0, check.stdout
        (tmp_path / "kafka.json").unlink()
        beside = ketenwacht("kafka", "up", *run)
        assert (beside.exit_code, "has these data" in beside.stderr) == (1, True)
    finally:
        down = ketenwacht("kafka", "down", "--wipe", *run)
    assert down.exit_code == 0
    assert down.stdout.startswith("stopped Apache Kafka"), "also what no state remembers"
    assert list(tmp_path.iterdir()) == []


def test_topics_tell_what_is_missing_then_agree(fresh_broker):
    at = ("--bootstrap", fresh_broker.bootstrap)
    check = ketenwacht("topics", "check", "--json", *at)
    names = sorted(topic.name for topic in catalogue())
    assert check.exit_code == 1
    assert json.loads(check.stdout)["differences"] == sorted(f"{name}: missing" for name in names)
    apply = ketenwacht("topics", "apply", "--json", *at)
    assert sorted(json.loads(apply.stdout)["created"]) == names
    assert ketenwacht("topics", "check", *at).exit_code == 0
    assert ketenwacht("topics", "check", "--partitions", "7", *at).exit_code == 1


def test_a_cluster_that_was_made_with_more_partitions_keeps_them_and_says_what_producers_set(
    fresh_broker, fresh_kafka
):
    at = ("--bootstrap", fresh_broker.bootstrap)
    apply_topics(fresh_kafka, catalogue(4)[:3])  # as one from before the other topics were there
    assert ketenwacht("topics", "apply", *at).exit_code == 0
    assert live_partitions(fresh_kafka) == 4
    check = ketenwacht("topics", "check", *at)
    assert check.exit_code == 0, check.stdout
    for said in (check.stdout, json.loads(ketenwacht("topics", "check", "--json", *at).stdout)["producers"]):
        assert "report topics have 4 partitions" in said
        assert "partitioner=murmur2_random" in said
    assert "partitioner=murmur2_random" in ketenwacht("doctor", *at).stdout
    wanted = ketenwacht("topics", "check", "--partitions", "1", *at)
    assert wanted.exit_code == 1
    assert "care.occupancy: 4 partitions, catalogue says 1" in wanted.stdout


def test_topics_apply_says_what_it_set_and_what_it_left(fresh_broker):
    at = ("--bootstrap", fresh_broker.bootstrap)
    assert "created care.occupancy" in ketenwacht("topics", "apply", *at).stdout
    assert ketenwacht("topics", "apply", *at).stdout == "all topics were there, as in the catalogue\n"
    left = ketenwacht("topics", "apply", "--partitions", "3", *at)
    assert left.exit_code == 0
    assert "not changed: care.occupancy: 1 partitions, catalogue says 3" in left.stdout
    told = json.loads(ketenwacht("topics", "apply", "--partitions", "3", "--json", *at).stdout)
    assert "care.occupancy: 1 partitions, catalogue says 3" in told["unchanged"]
    assert (told["created"], told["changed"]) == ([], [])


@pytest.mark.parametrize("command", [("kafka", "up"), ("board",), ("worker",)], ids=" ".join)
def test_a_port_that_is_in_use_is_named_whoever_listens_on_it(tmp_path, command):
    with EmbeddedBroker() as other:
        option = "--metrics-port" if command == ("worker",) else "--port"
        run = ("--run", tmp_path) if command == ("kafka", "up") else ("--bootstrap", other.bootstrap)
        told = ketenwacht(*command, option, other.port, *run)
    assert told.exit_code == 1
    assert told.stderr == f"port {other.port} is in use; name another one, or 0 for a free one\n"
    assert list(tmp_path.iterdir()) == [] or not (tmp_path / "kafka.json").exists()


def test_a_broker_is_not_ready_because_another_answers_at_its_port(tmp_path):
    with EmbeddedBroker() as other:
        process = BrokerProcess(["sleep", "60"], tmp_path / "log")
        try:
            with pytest.raises(BrokerFailed, match=f"the broker at {other.bootstrap} was not ready"):
                process.wait_until_it_answers(other.bootstrap, timeout=1)
        finally:
            process.stop()


def test_wrong_settings_are_a_usage_error_and_an_absent_broker_is_a_failure():
    wrong = ketenwacht("topics", "check", "--bootstrap", "nonsense")
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "host:port expected" in wrong.stderr
    at = f"127.0.0.1:{free_ports(1)[0]}"
    # In a process of its own: kafka-python leaves the socket of a refused connection to the collector.
    absent = program("topics", "check", "--bootstrap", at, KETENWACHT_KAFKA_REQUEST_TIMEOUT_S="1")
    assert absent.returncode == 1
    assert at in absent.stderr


def test_a_worker_says_in_a_line_what_it_lacks_and_believes_nobody_the_number_of_partitions(fresh_broker):
    at = ("worker", "--bootstrap", fresh_broker.bootstrap)
    early = program(*at)
    assert early.returncode == 1
    assert "make the topics with `ketenwacht topics apply`" in early.stderr

    assert ketenwacht("topics", "apply", "--bootstrap", fresh_broker.bootstrap).exit_code == 0
    for told in (program(*at, "--partitions", "2"), program(*at, KETENWACHT_WORKER_REPORT_PARTITIONS="2")):
        assert told.returncode == 2
        assert "report topics have 1 partitions, not 2" in told.stderr

    nowhere = f"127.0.0.1:{free_ports(1)[0]}"
    alone = program("worker", "--bootstrap", nowhere, KETENWACHT_KAFKA_REQUEST_TIMEOUT_S="1")
    assert alone.returncode == 1
    assert nowhere in alone.stderr
    for each in (early, alone):
        assert "Traceback" not in each.stderr


def test_a_broker_that_dies_at_the_start_is_told_with_its_last_words(tmp_path):
    process = BrokerProcess(["sh", "-c", "echo no room left >&2; exit 3"], tmp_path / "log")
    with pytest.raises(BrokerFailed, match=r"ended with code 3:\nno room left"):
        process.wait_until_it_answers(f"127.0.0.1:{free_ports(1)[0]}", timeout=10)


def test_a_broker_that_ignores_the_request_to_end_is_ended(tmp_path):
    script = "trap '' TERM; echo ready; while :; do sleep 0.1; done"
    process = BrokerProcess(["sh", "-c", script], tmp_path / "log")
    while process.tail() != "ready":
        assert process.running()
    process.stop(grace=0.2)
    assert not process.running()


def test_a_remembered_process_is_not_mistaken_for_a_later_one_with_its_number(tmp_path):
    state = tmp_path / "kafka.json"
    with EmbeddedBroker() as broker:
        known = DetachedBroker.of(broker)
        known.save(state)
        assert DetachedBroker.load(state) == known
        other = structs.replace(known, born=known.born + 1)
        other.save(state)
        assert DetachedBroker.load(state) is None
        other.stop()
        assert broker.pid is not None, "it was left alone"
        known.save(state)
        os.kill(known.pid, signal.SIGKILL)
        while broker.pid is not None:
            pass
        assert DetachedBroker.load(state) is None
