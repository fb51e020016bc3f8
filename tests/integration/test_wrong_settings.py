"""A wrong password, authority or protocol: each is told at once, with the setting to look at, by an Apache Kafka that asks."""

import asyncio
import itertools
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from agents.engine.reach import Reach
from streams.kafka import KafkaSettingError
from streams.knock import knock, knocking

pytestmark = pytest.mark.kafka

PROTOCOL = "KETENWACHT_KAFKA_SECURITY_PROTOCOL"
TLS = {"SSL", "SASL_SSL"}
SASL = {"SASL_PLAINTEXT", "SASL_SSL"}
SECONDS = 10
WRONG = "verkeerd-4711"


@pytest.fixture
def unknown_authority(guarded):
    return guarded.certificates / "stranger.pem"


@pytest.mark.parametrize("door", sorted(TLS | SASL | {"PLAINTEXT"}))
@pytest.mark.parametrize("protocol", sorted(TLS | SASL | {"PLAINTEXT"}))
def test_every_protocol_at_every_door(guarded, door, protocol):
    settings = guarded.settings(bootstrap=guarded.doors[door], security_protocol=protocol)
    if door == protocol:
        knock(settings)
        return
    began = time.monotonic()
    with pytest.raises(KafkaSettingError) as told:
        knock(settings)
    assert time.monotonic() - began < SECONDS
    said = str(told.value)
    assert guarded.doors[door] in said
    assert f"{PROTOCOL} is {protocol}; " in said
    if (door in TLS) == (protocol in TLS):
        assert f"set it to {door}" in said
    elif door in TLS:
        assert "speaks TLS" in said
    else:
        assert "does not speak TLS" in said


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"password": WRONG}, "KETENWACHT_KAFKA_PASSWORD (or KETENWACHT_KAFKA_PASSWORD_FILE)"),
        ({"username": "niemand"}, "KETENWACHT_KAFKA_USERNAME"),
        ({"sasl_mechanism": "PLAIN"}, "KETENWACHT_KAFKA_SASL_MECHANISM"),
        ({"ssl_cafile": None}, "KETENWACHT_KAFKA_SSL_CAFILE (the authorities of this system)"),
    ],
    ids=["password", "user", "mechanism", "authority"],
)
def test_what_is_refused_names_the_setting_and_no_secret(guarded, wrong, named):
    with pytest.raises(KafkaSettingError) as told:
        knock(guarded.settings(**wrong))
    assert named in str(told.value)
    assert WRONG not in str(told.value)
    assert guarded.passwords["admin"] not in str(told.value)


def test_a_certificate_for_another_name_is_told_from_one_of_another_authority(guarded, unknown_authority):
    elsewhere = guarded.bootstrap.replace("127.0.0.1", "localhost")
    with pytest.raises(KafkaSettingError, match=r"another name .*look at KETENWACHT_KAFKA_BOOTSTRAP"):
        knock(guarded.settings(bootstrap=elsewhere))
    with pytest.raises(KafkaSettingError, match=rf"KETENWACHT_KAFKA_SSL_CAFILE .{unknown_authority}"):
        knock(guarded.settings(ssl_cafile=unknown_authority))


@pytest.mark.parametrize("command", ["worker", "ticker", "board", "courier"])
@pytest.mark.parametrize("wrong", ["password", "authority", "plaintext-to-tls", "tls-to-plaintext"])
def test_what_runs_for_ever_does_not_begin_with_a_wrong_setting(guarded, unknown_authority, command, wrong):
    variables, named = {
        "password": ({"KETENWACHT_KAFKA_PASSWORD": WRONG}, "KETENWACHT_KAFKA_PASSWORD"),
        "authority": ({"KETENWACHT_KAFKA_SSL_CAFILE": str(unknown_authority)}, "KETENWACHT_KAFKA_SSL_CAFILE"),
        "plaintext-to-tls": ({PROTOCOL: "PLAINTEXT"}, PROTOCOL),
        "tls-to-plaintext": ({"KETENWACHT_KAFKA_BOOTSTRAP": guarded.doors["PLAINTEXT"]}, PROTOCOL),
    }[wrong]
    # So that it would wait longer than this test, were the answer not what ends it; most of what it takes is to start Python.
    variables["KETENWACHT_KAFKA_REQUEST_TIMEOUT_S"] = "600"
    told = subprocess.run(
        [Path(sys.executable).with_name("ketenwacht"), command],
        env={**os.environ, **guarded.environment(), **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert told.returncode == 2
    assert named in told.stderr
    for secret in (WRONG, guarded.passwords["admin"]):
        assert secret not in told.stdout + told.stderr


def test_a_worker_whose_password_was_changed_says_which_setting_once(guarded, monkeypatch):
    """Kafka lets go of nobody whose password is changed; it is told when the connection is made again."""
    monkeypatch.setattr("agents.engine.reach._ASK_SECONDS", 0.01)
    looks = itertools.count(1)
    thrice = threading.Event()

    async def look(settings):
        try:
            await knocking(settings)
        finally:
            if next(looks) == 3:
                thrice.set()

    monkeypatch.setattr("agents.engine.reach.knocking", look)

    async def watch_for_a_while() -> None:
        watching = asyncio.create_task(Reach(guarded.settings(password=WRONG)).watch())
        async with asyncio.timeout(SECONDS):
            await asyncio.to_thread(thrice.wait)
        watching.cancel()

    with capture_logs() as told:
        asyncio.run(watch_for_a_while())
    (wrong,) = [line for line in told if line["event"] == "a setting is wrong"]
    assert "KETENWACHT_KAFKA_PASSWORD" in wrong["error"]
    assert WRONG not in repr(told)
