"""A port that a command was told to listen on: asked for before anything else, so that it is named when it is in use."""

import typer

from deploy.listening import PortTakenError, check_free


def require_free(port: int, host: str) -> None:
    """Return if the port is free; one in use ends with exit code 1, an address that is not of this machine with 2."""
    try:
        check_free(port, host)
    except PortTakenError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    except OSError as error:
        typer.echo(f"{host}:{port}: one cannot listen there ({error.strerror})", err=True)
        raise typer.Exit(2) from error
