"""Secrets from files, as containers give them: for every secret of every settings model."""

import pytest
from pydantic import SecretStr, ValidationError

from deploy.reference.settings import MODELS
from streams.kafka import KafkaSettings
from streams.secret_files import SecretsFromFiles, secret_fields

SECRET = "geheim-9d1f"  # noqa: S105
SECRETS = [(model, name) for _, _, model in MODELS for name in secret_fields(model)]
NEEDED = {"KETENWACHT_KAFKA_USERNAME": "wacht"}


@pytest.fixture(params=SECRETS, ids=lambda each: f"{each[0].__name__}.{each[1]}")
def secret(request, monkeypatch):
    """A model, its field and the variable of the file; the environment has what else it needs."""
    model, name = request.param
    for variable, value in NEEDED.items():
        monkeypatch.setenv(variable, value)
    return model, name, f"{model.model_config['env_prefix']}{name.upper()}"


def test_there_are_secrets():
    assert len(SECRETS) >= 2


def test_every_secret_has_a_setting_for_its_file(secret):
    model, name, _ = secret
    assert issubclass(model, SecretsFromFiles)
    assert f"{name}_file" in model.model_fields


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (SECRET, SECRET),
        (SECRET + "\n", SECRET),
        (SECRET + "\r\n", SECRET),
        (f" {SECRET}\n\n", f" {SECRET}\n"),
    ],
)
def test_the_newline_at_the_end_is_none_of_the_secret(secret, monkeypatch, tmp_path, written, read):
    model, name, variable = secret
    (tmp_path / "secret").write_bytes(written.encode())
    monkeypatch.setenv(f"{variable}_FILE", str(tmp_path / "secret"))
    settings = model()
    assert getattr(settings, name) == SecretStr(read)
    assert SECRET not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"


def test_both_ways_at_once_are_refused_without_showing_either(secret, monkeypatch, tmp_path):
    model, _, variable = secret
    (tmp_path / "secret").write_text(SECRET)
    monkeypatch.setenv(variable, SECRET)
    monkeypatch.setenv(f"{variable}_FILE", str(tmp_path / "secret"))
    with pytest.raises(ValidationError, match=f"both {variable} and {variable}_FILE are set") as refused:
        model()
    assert SECRET not in str(refused.value)


def test_a_variable_that_is_empty_counts_as_not_set(secret, monkeypatch, tmp_path):
    model, name, variable = secret
    (tmp_path / "secret").write_text(SECRET)
    monkeypatch.setenv(variable, "")
    monkeypatch.setenv(f"{variable}_FILE", str(tmp_path / "secret"))
    assert getattr(model(), name) == SecretStr(SECRET)


@pytest.mark.parametrize(
    ("content", "why"),
    [(None, "cannot be read"), (b"", "is empty"), (b"\n", "is empty"), (b"geheim-\xff", "is no UTF-8 text")],
)
def test_a_file_without_a_secret_is_named(secret, monkeypatch, tmp_path, content, why):
    model, _, variable = secret
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv(f"{variable}_FILE", str(path))
    with pytest.raises(ValidationError) as refused:
        model()
    assert f"{variable}_FILE: {path} {why}" in str(refused.value)
    assert "geheim" not in str(refused.value)


def test_a_broker_of_our_own_needs_nothing_of_the_environment(monkeypatch):
    for name, value in {
        "SECURITY_PROTOCOL": "SASL_SSL",
        "USERNAME": "wacht",
        "PASSWORD_FILE": "nowhere",
        "SSL_CAFILE": "nowhere",
        "SSL_CERTFILE": "nowhere",
    }.items():
        monkeypatch.setenv(f"KETENWACHT_KAFKA_{name}", value)
    own = KafkaSettings.own("127.0.0.1:1")
    assert own.consumer()["security_protocol"] == "PLAINTEXT"
    assert own.ssl_context() is None
