"""The `ketenwacht` command."""

import typer

from deploy.cli import alerts, importing, kafka, simulate, topics
from deploy.cli.board import board

app = typer.Typer(
    name="ketenwacht",
    help="Streaming monitor with alerting for the Dutch hospital care chain.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
app.add_typer(alerts.app, name="alerts")
app.add_typer(kafka.app, name="kafka")
app.add_typer(topics.app, name="topics")
app.command("import")(importing.import_feed)
app.command("simulate")(simulate.simulate)
app.command()(board)


def main() -> None:
    """Run the command line; exit codes: 0 ok, 1 a check failed, 2 usage."""
    app()
