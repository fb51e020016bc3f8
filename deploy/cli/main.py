"""The `ketenwacht` command."""

import typer

from deploy.cli import (
    alerts,
    backtest,
    backup,
    bench,
    dashboards,
    dead_letters,
    demo,
    doctor,
    importing,
    kafka,
    mediation,
    norms,
    record,
    registry,
    replay,
    simulate,
    stack,
    suspect,
    ticker,
    topics,
    upgrade,
    worker,
)
from deploy.cli.board import board
from deploy.cli.courier import courier
from deploy.cli.monitor import monitor
from deploy.cli.ps import ps
from deploy.cli.report import report
from deploy.cli.score import score
from deploy.cli.validate import validate

app = typer.Typer(
    name="ketenwacht",
    help="Streaming monitor with alerting for the Dutch hospital care chain.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
app.add_typer(alerts.app, name="alerts")
app.add_typer(dashboards.app, name="dashboards")
app.add_typer(kafka.app, name="kafka")
app.add_typer(topics.app, name="topics")
app.add_typer(ticker.app, name="ticker")
app.add_typer(norms.app, name="norms")
app.add_typer(registry.app, name="registry")
app.add_typer(suspect.app, name="suspect")
app.add_typer(dead_letters.app, name="dlq")
app.add_typer(upgrade.app, name="upgrade")
app.command("import")(importing.import_feed)
app.command("simulate")(simulate.simulate)
app.command()(validate)
app.command()(demo.demo)
app.command()(stack.up)
app.command()(stack.down)
app.command()(ps)
app.command(hidden=True)(stack.stack)
app.command()(doctor.doctor)
app.command()(backtest.backtest)
app.command()(backtest.status)
app.command()(score)
app.command()(monitor)
app.command()(report)
app.command()(mediation.bemiddeling)
app.command()(bench.bench)
app.command()(replay.replay)
app.command()(record.record)
app.command()(backup.backup)
app.command()(backup.restore)
app.command()(worker.worker)
app.command()(board)
app.command()(courier)


def main() -> None:
    """Run the command line; exit codes: 0 ok, 1 a check failed, 2 usage."""
    app()


if __name__ == "__main__":
    main()
