"""`ketenwacht board`: the live page."""

import asyncio
import contextlib
import signal
from typing import Annotated

import typer

from agents.calm_log import keep_calm
from alerts.norms import load_norms
from alerts.texts import load_texts
from dashboards.board.server import Board, serve
from dashboards.board.source import KafkaSource
from deploy.cli.free_port import require_free
from deploy.cli.reach_kafka import Bootstrap, reaching_kafka, signing_keys, source_keys
from deploy.cli.unfailing_output import let_output_fail
from deploy.dead_mans_switch import DeadMansSwitch
from streams.kafka import KafkaSettings
from streams.signature import SigningKeys


def board(
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.", min=0, max=65535)] = 0,
    host: Annotated[
        str, typer.Option(help="Address to listen on; another than loopback only inside a container.")
    ] = "127.0.0.1",
    bootstrap: Bootstrap = None,
) -> None:
    """Serve the live page: every region on a map with its breaches, as they change.

    Prints the address of the page, then serves until Ctrl-C. While Kafka is away it shows what it has, says that nothing new
    comes, and tries again.

    Exit codes: 0 it was interrupted, 1 the port is taken, 2 a wrong setting, 75 it stood still; after 75 start it again.

    Example: ketenwacht board --port 8300
    """
    let_output_fail()
    keys, of_sources = signing_keys(), source_keys()
    require_free(port, host)
    with reaching_kafka(bootstrap) as settings, contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(settings, port, host, keys, of_sources))


async def _serve(
    settings: KafkaSettings, port: int, host: str, keys: SigningKeys, of_sources: SigningKeys
) -> None:
    serving = asyncio.current_task()
    if serving is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, serving.cancel)
    keep_calm("aiokafka")
    norms = load_norms()
    # More than any wait for the brokers may last: to connect to each, and be told the topics.
    still_seconds = 60.0 + 2 * settings.request_timeout_s * (len(settings.servers) + 1)
    with DeadMansSwitch("the page", still_seconds) as switch, contextlib.suppress(asyncio.CancelledError):
        source = KafkaSource(settings, switch.press)
        page = Board(source, norms, load_texts(norms), keys=keys, source_keys=of_sources)
        await serve(page, port, ready=lambda url: print(url, flush=True), host=host)  # noqa: T201 - the command's output
