"""The `ketenwacht` command."""

import typer

app = typer.Typer(
    name="ketenwacht",
    help="Streaming monitor with alerting for the Dutch hospital care chain.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)


def main() -> None:
    """Run the command line; exit codes: 0 ok, 1 a check failed, 2 usage."""
    app()
