"""`ketenwacht monitor`: the integral monitor of a month."""

from pathlib import Path
from typing import Annotated

import orjson
import typer

from alerts.norms import NormsError, load_norms
from dashboards.reports.live import NothingKnownError, read_live
from dashboards.reports.monitor import monitor_document
from dashboards.reports.monitor_text import monitor_lines
from dashboards.reports.months import month_end
from dashboards.reports.recorded import play_months
from dashboards.reports.registry import RegistryError, load_registry
from deploy.cli.reach_kafka import Bootstrap, reaching_kafka
from streams.recording import RecordingError


def monitor(
    recording: Annotated[
        Path | None, typer.Option("--recording", exists=True, dir_okay=False, help="From a recording.")
    ] = None,
    month: Annotated[
        str | None, typer.Option("--month", metavar="2021-11", help="Default: the newest month.")
    ] = None,
    before: Annotated[
        int, typer.Option("--before", help="Also give this many months before as a series.", min=0, max=60)
    ] = 0,
    registry: Annotated[
        Path | None,
        typer.Option("--registry", exists=True, dir_okay=False, help="Indicators instead of our own."),
    ] = None,
    norms: Annotated[
        Path | None, typer.Option("--norms", exists=True, dir_okay=False, help="Norms instead of our own.")
    ] = None,
    bootstrap: Bootstrap = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON.")] = False,
) -> None:
    """Tell the indicators of the NZa's integral monitor, per region and for the country.

    Of a recording, or of the live system. As known at the end of the month (Dutch time); production is regular and catch-up care together.
    What is not known is null with the reason, never 0.

    Examples: ketenwacht monitor --recording golf.jsonl.gz --month 2021-11 --before 1 --json

    Exit codes: 0 done, 1 recording, registry or norms cannot be used, 2 usage.
    """
    try:
        indicators = load_registry(registry)
        rules = load_norms(norms)
        if month is not None:
            month_end(month)
        if recording is not None:
            months = play_months(recording, rules, month, before)
        else:
            with reaching_kafka(bootstrap) as kafka:
                months = read_live(kafka).months(month, before)
    except (NormsError, NothingKnownError, RecordingError, RegistryError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    document = monitor_document(indicators, months, before)
    if as_json:
        typer.echo(orjson.dumps(document).decode())
        return
    for line in monitor_lines(document):
        typer.echo(line)
