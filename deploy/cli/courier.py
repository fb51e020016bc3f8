"""`ketenwacht courier`: brings care alerts to people by mail, with evidence."""

import asyncio
import contextlib
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from pydantic import ValidationError

from alerts.addresses import Addresses, AddressesError, Mail, load_addresses
from alerts.norms import NormsError, load_norms
from alerts.texts import TextsError, load_texts
from deploy.cli.free_port import require_free
from deploy.cli.reach_kafka import Bootstrap, reaching_kafka, told_in_a_line
from deploy.courier.courier import Courier
from deploy.courier.journal import LogGoneError
from deploy.courier.settings import CourierSettings, is_loopback


def courier(
    port: Annotated[
        int | None, typer.Option(help="Port of the webhook; 0 takes a free one.", min=0, max=65535)
    ] = None,
    host: Annotated[
        str | None, typer.Option(help="Address to listen on; another than loopback only inside a container.")
    ] = None,
    addresses: Annotated[
        Path | None, typer.Option(help="Addresses instead of alerts/addresses.toml.", exists=True)
    ] = None,
    replay: Annotated[
        bool,
        typer.Option("--replay", help="Tell the past as well; only to a mail server on this machine."),
    ] = False,
    bootstrap: Bootstrap = None,
) -> None:
    """Bring care alerts to people by mail, and write down what the mail server said of each.

    What is true it takes from care.breaches; Alertmanager posts to its webhook, whose address it prints. A second one stands by.
    `/healthz` says how it is. Works until Ctrl-C.

    Example: ketenwacht courier --port 9912
    """
    said: dict[str, Any] = {"port": port, "host": host, "addresses_file": addresses, "replay": replay or None}
    settings = _settings({name: value for name, value in said.items() if value is not None})
    book = _address_book(settings)
    if settings.replay and not is_loopback(book.mail.smarthost):
        _end(f"the past is told only to a mail server on this machine, and {book.mail.smarthost} is none")
    try:
        norms = load_norms(settings.norms_file)
        texts = load_texts(norms)
    except (NormsError, TextsError, OSError) as error:
        _end(str(error))
    require_free(settings.port, settings.host)
    with reaching_kafka(bootstrap) as kafka, contextlib.suppress(KeyboardInterrupt):
        gone = ""
        try:
            asyncio.run(_run(lambda: Courier(settings, kafka, norms, texts, book)))
        except* LogGoneError as errors:
            gone = f"{_first(errors)}; start the courier again"
        if gone:
            typer.echo(gone, err=True)
            raise typer.Exit(1)


def _first(error: BaseException) -> BaseException:
    """Return what was raised, out of the groups of tasks that it came through."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


async def _run(make: Callable[[], Courier]) -> None:
    working = asyncio.current_task()
    if working is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, working.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await make().run(ready=lambda url: print(url, flush=True))  # noqa: T201 - the command's output


def _settings(said: dict[str, Any]) -> CourierSettings:
    try:
        return CourierSettings(**said)
    except ValidationError as error:
        _end(told_in_a_line(error, CourierSettings))


def _address_book(settings: CourierSettings) -> Addresses:
    try:
        book = load_addresses(settings.addresses_file)
    except (AddressesError, OSError) as error:
        _end(f"KETENWACHT_COURIER_ADDRESSES_FILE: {error}")
    if settings.smarthost is None:
        return book
    local = Mail(settings.smarthost, book.mail.sender, require_tls=False)
    return Addresses(local, book.webhook, book.links, book.receivers)


def _end(why: str) -> NoReturn:
    typer.echo(why, err=True)
    raise typer.Exit(2)
