"""The door to Kafka for every command: environment and options become settings and keys, failures become words."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Annotated

import typer
from kafka.errors import (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    KafkaError,
    TopicAuthorizationFailedError,
)
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from streams.kafka import KafkaSettingError, KafkaSettings
from streams.signature import SigningKeys
from streams.signing_keys import SigningKeysError, SigningSettings

Bootstrap = Annotated[
    str | None,
    typer.Option("--bootstrap", help="host:port of Kafka; else KETENWACHT_KAFKA_BOOTSTRAP."),
]


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
    return _keys_in("KETENWACHT_SIGNING_KEYS_FILE", SigningSettings().keys)


def source_keys() -> SigningKeys:
    """Return the keys of the sources that sign; a file that cannot be used ends with exit code 2."""
    return _keys_in("KETENWACHT_SOURCE_KEYS_FILE", SigningSettings().source_keys)


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
        raise KafkaSettingError("\n".join(_said(each) for each in error.errors())) from None


def _said(error: ErrorDetails) -> str:
    said = error["msg"].removeprefix("Value error, ")
    fields = [KafkaSettings.variable(str(part)) for part in error["loc"]]
    return ": ".join([*fields, said])
