"""`ketenwacht upgrade`: leave the older format of state, once no worker needs it."""

import time
from typing import Annotated

import orjson
import typer

from agents.engine.formats import FORMAT
from deploy.cli.reach_kafka import Bootstrap, reaching_kafka, signing_keys
from deploy.cli.report_topics import report_partitions
from streams.control import UpgradeFinalize
from streams.control_writer import ControlAt, write_controls
from streams.signature import SignatureError
from streams.topics import REPORT_TOPICS

app = typer.Typer(help="Upgrades of the workers.", no_args_is_help=True)


@app.callback()
def upgrade() -> None:
    """Keep `finalize` a command of its own."""


@app.command()
def finalize(
    bootstrap: Bootstrap = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON.")] = False,
) -> None:
    """Let workers put away their state in the format of this version: nobody needs the one before any more.

    After an upgrade workers go on in the format that they found, so that versions share a group and one step back works. Write
    this once every worker is upgraded and you will not go back. It is a signed control record in each report partition,
    and may be written again. Those who still run the version before set it aside (`not-a-control`).

    Example: ketenwacht upgrade finalize
    """
    keys = signing_keys()
    with reaching_kafka(bootstrap) as kafka:
        control = UpgradeFinalize(at=int(time.time()), format=FORMAT)
        places = [
            (topic, partition) for topic in REPORT_TOPICS for partition in range(report_partitions(kafka))
        ]
        try:
            written = write_controls(kafka, keys, [ControlAt(*place, control) for place in places])
        except SignatureError as error:
            typer.echo(f"KETENWACHT_SIGNING_KEYS_FILE: {error}", err=True)
            raise typer.Exit(1) from error
    if as_json:
        typer.echo(orjson.dumps({"format": FORMAT, "partitions": written}).decode())
    else:
        typer.echo(
            f"{written} partitions: workers put away format {FORMAT} from here on. The version before cannot take it up."
        )
