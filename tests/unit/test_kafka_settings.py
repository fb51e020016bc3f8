import ssl
import subprocess

import pytest
from aiokafka import codec as aiokafka_codec
from kafka import codec as kafka_codec
from pydantic import ValidationError

from agents.app import create_app
from agents.settings import WorkerSettings
from alerts.norms import load_norms
from streams.kafka import KafkaSettings
from streams.topics import MESSAGE_BYTES_MAX, catalogue

SECRET = "correct horse"  # noqa: S105 - not a real one


def sasl(**more):
    known = {"security_protocol": "SASL_SSL", "username": "wacht", "password": SECRET}
    return KafkaSettings(**known | more)


def test_the_environment_fills_what_is_not_given(monkeypatch):
    monkeypatch.setenv("KETENWACHT_KAFKA_BOOTSTRAP", "kafka-1:9092,kafka-2:9092")
    monkeypatch.setenv("KETENWACHT_KAFKA_CLIENT_ID", "bewaker")
    settings = KafkaSettings()
    assert settings.servers == ["kafka-1:9092", "kafka-2:9092"]
    assert settings.producer()["client_id"] == "bewaker"
    assert KafkaSettings(bootstrap="other:1").servers == ["other:1"]


def test_a_password_is_never_shown(monkeypatch):
    settings = sasl()
    shown = f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    assert SECRET not in shown
    assert settings.producer()["sasl_plain_password"] == SECRET
    monkeypatch.setenv("KETENWACHT_KAFKA_PASSWORD", SECRET)
    with pytest.raises(ValidationError) as error:
        KafkaSettings(security_protocol="SASL_SSL")
    assert SECRET not in str(error.value)


def test_what_a_worker_hands_to_faust_shows_no_password(tmp_path):
    app = create_app(WorkerSettings(), sasl(), load_norms(), tmp_path).app
    assert app.conf.broker_credentials.password == SECRET
    assert (
        SECRET
        not in f"{app!r} {app.conf!r} {app.conf.broker_credentials!r} {app.transport!r} {app.conf.broker}"
    )


@pytest.mark.parametrize("bootstrap", ["", "host", "host:", ":9092", "a:1,,b:2", "a:1 b:2", "h:x"])
def test_an_address_without_host_and_port_is_refused(bootstrap):
    with pytest.raises(ValidationError, match="host:port expected"):
        KafkaSettings(bootstrap=bootstrap)


def test_sasl_without_a_password_and_half_a_certificate_are_refused():
    with pytest.raises(ValidationError, match="SASL_PLAINTEXT needs KETENWACHT_KAFKA_USERNAME"):
        KafkaSettings(security_protocol="SASL_PLAINTEXT", username="wacht")
    with pytest.raises(ValidationError, match="go together"):
        KafkaSettings(security_protocol="SSL", ssl_certfile="cert.pem")


def test_both_libraries_get_the_same_way_in_and_tls_checks_the_host():
    settings = sasl(sasl_mechanism="SCRAM-SHA-256")
    for arguments in (
        settings.producer(),
        settings.consumer(),
        settings.admin(),
        settings.aio_producer(),
        settings.aio_consumer(),
    ):
        assert arguments["security_protocol"] == "SASL_SSL"
        assert arguments["sasl_mechanism"] == "SCRAM-SHA-256"
        assert arguments["sasl_plain_username"] == "wacht"
        assert arguments["ssl_context"].check_hostname
        assert arguments["ssl_context"].verify_mode is ssl.CERT_REQUIRED


def test_plain_text_carries_neither_tls_nor_a_user():
    arguments = KafkaSettings().producer()
    assert arguments["ssl_context"] is None
    assert not [name for name in arguments if name.startswith("sasl")]


def test_a_client_certificate_is_loaded(tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=wacht"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    settings = KafkaSettings(
        security_protocol="SSL",
        ssl_cafile=certificate,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
    context = settings.ssl_context()
    assert [each["subject"] for each in context.get_ca_certs()] == [((("commonName", "wacht"),),)]


def test_a_producer_may_send_the_largest_record_that_any_topic_takes():
    largest = max(int(topic.config["max.message.bytes"]) for topic in catalogue())
    assert largest > MESSAGE_BYTES_MAX
    assert KafkaSettings().producer()["max_request_size"] > largest
    assert KafkaSettings().aio_producer()["max_request_size"] > largest


def test_checksums_are_not_computed_in_python():
    from kafka.record import util

    assert util.crc32c_c is not None, "three times slower writing, six times slower reading"


@pytest.mark.parametrize("codec", ["gzip", "snappy", "lz4", "zstd"])
@pytest.mark.parametrize("client", [aiokafka_codec, kafka_codec])
def test_every_codec_of_kafka_is_there_for_workers_and_commands(client, codec):
    assert getattr(client, f"has_{codec}")()
    encode, decode = (getattr(client, f"{codec}_{way}") for way in ("encode", "decode"))
    assert decode(encode(b"a report" * 1000)) == b"a report" * 1000
