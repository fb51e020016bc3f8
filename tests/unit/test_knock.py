"""Knocking concludes nothing from silence; what answers is tried on Apache Kafka in tests/integration."""

import socket
import threading
import time

import pytest

from streams import knock
from streams.kafka import KafkaSettingError, KafkaSettings


@pytest.fixture
def door(monkeypatch):
    """A port that accepts connections and never says a word."""
    monkeypatch.setattr(knock, "_ANSWER_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"127.0.0.1:{listening.getsockname()[1]}"


WORD = "geheim"
PROTOCOLS = ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]


def settings(address, protocol):
    return KafkaSettings(bootstrap=address, security_protocol=protocol, username="wacht", password=WORD)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_nothing_is_concluded_from_silence(door, protocol):
    began = time.monotonic()
    knock.knock(settings(f"{door},{door}", protocol))
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_nothing_is_concluded_from_a_door_that_is_shut(protocol):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        knock.knock(settings(f"127.0.0.1:{taken.getsockname()[1]},nowhere.invalid:9092", protocol))


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x15\x03\x03\x00\x02\x02\x50"])
def test_nothing_is_concluded_from_who_hangs_up(protocol, said):
    """Also not from bytes that look like an alert of TLS: only a handshake is a sign of TLS."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def hang_up():
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                connection.sendall(said)
                connection.close()

        thread = threading.Thread(target=hang_up, daemon=True)
        thread.start()
        knock.knock(settings(f"127.0.0.1:{listening.getsockname()[1]}", protocol))
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def test_all_addresses_together_take_a_stated_time(door, monkeypatch):
    monkeypatch.setattr(knock, "_ALL_SECONDS", 0.5)
    began = time.monotonic()
    knock.knock(settings(",".join([door] * 50), "PLAINTEXT"))
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ({"ssl_cafile": "none.pem"}, "KETENWACHT_KAFKA_SSL_CAFILE: none.pem"),
        (
            {"ssl_certfile": "c.pem", "ssl_keyfile": "k.pem"},
            "KETENWACHT_KAFKA_SSL_CERTFILE and KETENWACHT_KAFKA_SSL_KEYFILE: c.pem and k.pem",
        ),
    ],
)
def test_a_file_that_holds_no_certificate_is_named(files, named):
    with pytest.raises(KafkaSettingError) as refused:
        knock.knock(KafkaSettings(bootstrap="127.0.0.1:1", security_protocol="SSL", **files))
    assert str(refused.value).startswith(named)
