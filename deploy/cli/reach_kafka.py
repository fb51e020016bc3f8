"""The door to Kafka for every command: environment and options become settings and keys, failures become words."""

import contextlib
from collections.abc import Iterator
from typing import Annotated

import typer
from kafka.errors import KafkaError
from pydantic import ValidationError

from streams.kafka import KafkaSettings
from streams.signature import SigningKeys
from streams.signing_keys import SigningKeysError, SigningSettings

Bootstrap = Annotated[
    str | None,
    typer.Option("--bootstrap", help="host:port of Kafka; else KETENWACHT_KAFKA_BOOTSTRAP."),
]


@contextlib.contextmanager
def reaching_kafka(bootstrap: str | None) -> Iterator[KafkaSettings]:
    """Give the settings; wrong ones end with exit code 2, a broker that fails us with 1."""
    try:
        settings = KafkaSettings(bootstrap=bootstrap) if bootstrap else KafkaSettings()
    except ValidationError as error:
        for each in error.errors():
            name = ".".join(str(part) for part in each["loc"]) or "settings"
            typer.echo(f"Kafka {name}: {each['msg']}", err=True)
        raise typer.Exit(2) from error
    try:
        yield settings
    except (KafkaError, TimeoutError, OSError) as error:
        typer.echo(f"Kafka at {settings.bootstrap}: {error}", err=True)
        raise typer.Exit(1) from error


def signing_keys() -> SigningKeys:
    """Return the keys that sign ticks and control records; a file that cannot be used ends with exit code 2."""
    try:
        return SigningSettings().keys()
    except SigningKeysError as error:
        typer.echo(f"KETENWACHT_SIGNING_KEYS_FILE: {error}", err=True)
        raise typer.Exit(2) from error
