"""The door to Kafka for every command: environment and options become settings and keys, failures become words."""

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer
from kafka.errors import (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    KafkaError,
    TopicAuthorizationFailedError,
)
from pydantic import ValidationError
from pydantic_settings import BaseSettings

from alerts.norms import NormsError, load_norms
from streams.kafka import KafkaSettingError, KafkaSettings
from streams.signature import SigningKeys
from streams.signing_keys import SigningKeysError, SigningSettings

if TYPE_CHECKING:
    from agents.settings import WorkerSettings

Bootstrap = Annotated[
    str | None,
    typer.Option("--bootstrap", help="host:port of Kafka; else KETENWACHT_KAFKA_BOOTSTRAP."),
]

_SIGNING = "KETENWACHT_SIGNING_KEYS_FILE"
_SOURCES = "KETENWACHT_SOURCE_KEYS_FILE"
NORMS_FILE = "KETENWACHT_WORKER_NORMS_FILE"


@contextlib.contextmanager
def reaching_kafka(bootstrap: str | None) -> Iterator[KafkaSettings]:
    """Give the settings; wrong ones end with exit code 2 and name the variable, a broker that fails us with 1.

    A broker is asked once whether it agrees with them, so that a wrong password, authority or protocol is told at once.
    """
    from streams.knock import knock  # noqa: PLC0415 - takes a moment to import

    try:
        settings = kafka_settings(bootstrap)
        knock(settings)
    except KafkaSettingError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    try:
        yield settings
    except (
        TopicAuthorizationFailedError,
        GroupAuthorizationFailedError,
        ClusterAuthorizationFailedError,
    ) as error:
        typer.echo(
            f"Kafka at {settings.bootstrap}: {error}\n"
            f"{settings.username or 'nobody'} may not do this; `ketenwacht topics acl` tells who may do what",
            err=True,
        )
        raise typer.Exit(1) from error
    except (KafkaError, TimeoutError, OSError) as error:
        typer.echo(f"Kafka at {settings.bootstrap}: {error}", err=True)
        raise typer.Exit(1) from error


def signing_keys() -> SigningKeys:
    """Return the keys that sign ticks and control records; a file that cannot be used ends with exit code 2."""
    return _keys_in(_SIGNING, SigningSettings().keys)


def source_keys() -> SigningKeys:
    """Return the keys of the sources that sign; a file that cannot be used ends with exit code 2."""
    return _keys_in(_SOURCES, SigningSettings().source_keys)


def worker_settings(**said: Any) -> "WorkerSettings":
    """Return the settings of a worker, with what is said in place of the environment; wrong ones end with exit code 2."""
    from agents.settings import WorkerSettings  # noqa: PLC0415 - the floor below is only for these commands

    try:
        return WorkerSettings(**said)
    except ValidationError as error:
        typer.echo(told_in_a_line(error, WorkerSettings), err=True)
        raise typer.Exit(2) from error


def setting_faults() -> list[str]:
    """Return in a line each what is wrong with the settings that a chain of our own reads."""
    from agents.settings import WorkerSettings  # noqa: PLC0415 - as above

    faults = []
    try:
        load_norms(WorkerSettings().norms_file)
    except ValidationError as error:
        faults.append(told_in_a_line(error, WorkerSettings))
    except (NormsError, OSError) as error:
        faults.append(f"{NORMS_FILE}: {error}")
    for variable, read in (
        (_SIGNING, SigningSettings().keys),
        (_SOURCES, SigningSettings().source_keys),
    ):
        try:
            read()
        except SigningKeysError as error:
            faults.append(f"{variable}: {error}")
    return faults


def check_settings() -> None:
    """End with exit code 2 if a setting that a chain of our own reads cannot be used, before anything is started."""
    faults = setting_faults()
    if faults:
        typer.echo("; ".join(faults), err=True)
        raise typer.Exit(2)


def _keys_in(variable: str, read: Callable[[], SigningKeys]) -> SigningKeys:
    try:
        return read()
    except SigningKeysError as error:
        typer.echo(f"{variable}: {error}", err=True)
        raise typer.Exit(2) from error


def kafka_settings(bootstrap: str | None) -> KafkaSettings:
    """Return the settings of the environment, with another address if one is given.

    Raises:
        KafkaSettingError: one cannot be used.
    """
    try:
        return KafkaSettings(bootstrap=bootstrap) if bootstrap else KafkaSettings()
    except ValidationError as error:
        raise KafkaSettingError(told_in_a_line(error, KafkaSettings)) from None


def told_in_a_line(error: ValidationError, model: type[BaseSettings]) -> str:
    """Return in a line which variables cannot be used and why; no value, which may be a secret."""
    prefix = model.model_config.get("env_prefix", "")
    said = []
    for each in error.errors():
        variables = [f"{prefix}{part}".upper() for part in each["loc"]]
        said.append(": ".join([*variables, each["msg"].removeprefix("Value error, ")]))
    return "; ".join(said)
