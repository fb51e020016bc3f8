"""Every command that connects does its work over TLS, as the user whose part it is, on a broker that denies the rest.

The list of commands is held against the command line itself: a new one must be put here, with the part it is.
"""

import sys
import time
from datetime import timedelta

import orjson
import pytest
from typer.testing import CliRunner

from deploy.child import ChildProcess, free_ports
from deploy.cli.main import app
from deploy.compose.ticks_come import silent_partitions
from deploy.part import answers
from deploy.reference.commands import commands
from streams.recording import Record, RecordingHeader, write_recording
from streams.topics import OCCUPANCY
from tests.support.reports import MONDAY, ic, record

PARTS = ("worker", "ticker", "board", "courier", "operator")
CONNECTS = {
    "topics apply": ("operator", []),
    "topics check": ("operator", []),
    "topics acl": ("admin", ["--check"]),
    "doctor": ("operator", []),
    "dlq list": ("operator", ["--json"]),
    "dlq show": ("operator", [OCCUPANCY, "0"]),
    "dlq requeue": ("operator", [OCCUPANCY, "--offset", "0"]),
    "record": ("operator", ["{folder}/recorded.jsonl"]),
    "replay": ("operator", ["{folder}/second.jsonl"]),
    "registry apply": ("operator", ["open"]),
    "registry unknown": ("operator", []),
    "topics skip": ("operator", [OCCUPANCY, "0", "0"]),
    "suspect list": ("operator", []),
    "upgrade finalize": ("operator", []),
    "backup": ("admin", ["{folder}/saved-again"]),  # the snapshots are the workers' alone
    "restore": ("admin", ["{folder}/saved"]),
    "suspect confirm": ("operator", ["R07", "A", "ic total", "2021-11-15", "0", "--by", "beheer"]),
    "status": ("board", ["--json"]),
    "report": ("board", ["R07", "-o", "{folder}/r07.html"]),
    "monitor": ("board", []),
    "board": ("board", ["--port", "{port}"]),
    "courier": ("courier", ["--port", "{port}"]),
    "alerts log": ("operator", []),
    "worker": ("worker", ["--metrics-port", "{port}"]),
    "ticker reset": ("operator", []),
    "ticker": ("ticker", []),
}
"""Command, who runs it, and its arguments; in this order, because a ticker ends the time of recordings."""

FOR_EVER = ("board", "courier", "worker", "ticker")
REFUSED = {
    "topics skip": "handled already",
    "suspect confirm": "reports no suspect",
    "restore": "holds records already",
}
"""What these say of what they are asked here."""

LOCAL = {
    # A broker of their own on loopback, whatever the environment says (tests/integration/test_stack_command.py).
    "demo", "up", "down", "ps", "bench", "kafka up", "kafka down", "kafka status",
    # Files, Prometheus, Grafana or the live page.
    "import", "simulate", "backtest", "score", "bemiddeling", "topics list", "validate", "norms list", "norms check",
    "alerts build", "alerts check", "alerts reconcile", "alerts drill",
    "dashboards build", "dashboards check", "dashboards push",
    "registry list", "registry check", "registry add", "registry retire", "suspect count",
}  # fmt: skip


def test_every_command_is_known_here_and_those_that_take_an_address_connect():
    known = {name.removeprefix("ketenwacht "): command for name, command in commands()}
    assert set(known) == set(CONNECTS) | LOCAL
    takes = {
        name for name, command in known.items() if any(each.name == "bootstrap" for each in command.params)
    }
    assert takes == set(CONNECTS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("over-tls")


@pytest.fixture(scope="module")
def chain(guarded, folder):
    """The guarded broker with every part as a user, topics, a worker, and a day of reports that it has judged."""
    guarded.add_users(*PARTS)
    for number, name in enumerate(("first", "second")):
        at = MONDAY + timedelta(days=number)
        good = [record(ic(95 + hour % 2, at=at + timedelta(hours=hour))) for hour in range(12)]
        bad = Record(OCCUPANCY, b"R07", good[-1].timestamp, (), b'{"geen":"melding"}')
        write_recording(
            folder / f"{name}.jsonl", RecordingHeader(name="proef", tick_seconds=3600), [*good, bad]
        )
    said = run(guarded, "admin", "topics", "acl", "--apply", "--prune")
    said += run(guarded, "operator", "topics", "apply")
    port = free_ports(1)[0]
    # As containers do it: the password in a file.
    secret = folder / "worker.secret"
    secret.write_text(guarded.passwords["worker"] + "\n")
    environment = guarded.environment("worker") | {"KETENWACHT_KAFKA_PASSWORD_FILE": str(secret)}
    environment["KETENWACHT_KAFKA_PASSWORD"] = ""
    worker = start(folder / "worker.log", environment, "worker", "--metrics-port", str(port))
    try:
        worker.wait_until(lambda: answers(port, "/readyz"), 60, "the worker")
        said += run(guarded, "operator", "replay", str(folder / "first.jsonl"))
        deadline = time.monotonic() + 60
        while not (
            known := orjson.loads(run(guarded, "board", "status", "--json"))["regions"]["R07"]["indicators"]
        ):
            assert time.monotonic() < deadline, worker.tail()
            time.sleep(0.2)
        assert known
        said += run(guarded, "admin", "backup", str(folder / "saved"))
        yield guarded
    finally:
        worker.stop()
    assert not [secret for secret in guarded.passwords.values() if secret in said + worker.tail()]


def run(guarded, who, *words, exit_code=0, **wrong):
    told = CliRunner().invoke(app, list(words), env=guarded.environment(who) | wrong)
    assert told.exit_code == exit_code, (words, told.output, told.exception)
    return told.output


def start(log, environment, *words) -> ChildProcess:
    argv = [sys.executable, "-m", "deploy.cli.main", *words]
    return ChildProcess(argv, log, {**environment, "PYTHONUNBUFFERED": "1"})


@pytest.mark.kafka
@pytest.mark.parametrize("name", CONNECTS)
def test_it_does_its_work_as_its_own_user_and_shows_no_secret(chain, folder, name, until):
    who, arguments = CONNECTS[name]
    port = free_ports(1)[0]
    words = [*name.split(), *(word.format(folder=folder, port=port) for word in arguments)]
    if name not in FOR_EVER:
        refused = REFUSED.get(name, "")
        said = run(chain, who, *words, exit_code=int(bool(refused)))
        assert refused in said
    else:
        child = start(folder / f"another-{name}.log", chain.environment(who), *words)
        try:
            if name == "ticker":
                until(
                    lambda: not silent_partitions(chain.settings("operator"), 3), "ticks in every partition"
                )
            else:
                place = "/readyz" if name == "worker" else "/healthz"
                child.wait_until(lambda: answers(port, place), 60, name)
            assert child.running()
        finally:
            child.stop()
        said = child.tail()
        assert "Authorization" not in said
        assert "no connection" not in said
    assert [secret for secret in chain.passwords.values() if secret in said] == []


@pytest.mark.kafka
@pytest.mark.parametrize("name", [name for name in CONNECTS if name not in FOR_EVER])
def test_with_a_wrong_password_it_says_which_setting_within_ten_seconds(chain, folder, name):
    """Those that run for ever: tests/integration/test_wrong_settings.py."""
    who, arguments = CONNECTS[name]
    words = [*name.split(), *(word.format(folder=folder) for word in arguments)]
    began = time.monotonic()
    said = run(
        chain, who, *words,
        exit_code=2, KETENWACHT_KAFKA_PASSWORD="verkeerd-4711",  # noqa: S106
    )  # fmt: skip
    assert time.monotonic() - began < 10
    assert "KETENWACHT_KAFKA_PASSWORD" in said
    assert "verkeerd-4711" not in said
