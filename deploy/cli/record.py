"""`ketenwacht record`: what stands in the report topics, as a file that gives what the workers gave."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.live_log import live_log
from deploy.cli.reach_kafka import Bootstrap, reaching_kafka, signing_keys
from streams.recorded_log import write_log


def record(
    output: Annotated[Path, typer.Argument(metavar="RECORDING", help="File to write, .gz is packed.")],
    bootstrap: Bootstrap = None,
) -> None:
    """Write what the report topics hold now to a recording: every partition as it stands, with ticks and control records.

    `backtest`, `status --recording` and `replay` make of it what the workers made, if nothing had been taken away in front
    of it. Where ticks are signed, use the keys of the workers: what is not signed did not count.

    Example: ketenwacht record today.jsonl.gz
    """
    keys = signing_keys()
    with reaching_kafka(bootstrap) as kafka:
        header, logs = live_log(kafka, keys)
    try:
        written = write_log(output, header, logs)
    except OSError as error:
        typer.echo(f"{output}: cannot be written ({error.strerror})", err=True)
        raise typer.Exit(2) from error
    typer.echo(f"{written} records")
