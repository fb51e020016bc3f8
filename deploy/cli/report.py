"""`ketenwacht report`: the regional report as one HTML file."""

from pathlib import Path
from typing import Annotated

import typer

from alerts.norms import load_norms
from alerts.texts import load_texts
from dashboards.reports.chapters import load_chapters
from dashboards.reports.live import NothingKnownError, read_live
from dashboards.reports.page import report_page
from dashboards.reports.recorded import play_to
from deploy.cli.moments import moment
from deploy.cli.reach_kafka import Bootstrap, reaching_kafka
from streams.recording import RecordingError
from streams.regions import REGIONS
from streams.whole_file import whole_file


def report(
    region: Annotated[str, typer.Argument(metavar="REGION", help="R01...R11, or NL for the country.")],
    recording: Annotated[
        Path | None, typer.Option("--recording", exists=True, dir_okay=False, help="From a recording.")
    ] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="TIME", help="As known then, ISO 8601.")] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE.html", help="Default: regiorapportage-REGION.html."),
    ] = None,
    bootstrap: Bootstrap = None,
) -> None:
    """Write the report of a region (regiorapportage) as one HTML file, to read or to print as PDF.

    As the live system knows it now, or as a recording knew it at its end or at TIME.

    Example: ketenwacht report R07 --recording golf.jsonl.gz --at 2021-11-22T12:00 -o zuidwest.html

    Exit codes: 0 done, 1 the recording cannot be used or nothing was known then, 2 usage.
    """
    if region not in REGIONS:
        raise typer.BadParameter(f"there is no region `{region}`; use one of {', '.join(REGIONS)}")
    if recording is None and at is not None:
        raise typer.BadParameter("--at needs --recording; the live system knows only now")
    rules = load_norms()
    try:
        if recording is not None:
            told = play_to(recording, rules, None if at is None else moment(at))
        else:
            with reaching_kafka(bootstrap) as kafka:
                told = read_live(kafka).told()
    except (NothingKnownError, RecordingError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    written = output or Path(f"regiorapportage-{region}.html")
    page = report_page(region, told, rules, load_texts(rules), load_chapters())
    try:
        with whole_file(written) as out:
            out.write(page.encode())
    except OSError as error:
        typer.echo(f"{written}: cannot be written ({error.strerror})", err=True)
        raise typer.Exit(2) from error
    typer.echo(str(written))
