"""`ketenwacht backup` and `ketenwacht restore`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import orjson
import typer

from deploy.backup.bring_back import bring_back
from deploy.backup.files import NORMS, BackupError, Manifest
from deploy.backup.save import save
from deploy.cli.reach_kafka import Bootstrap, reaching_kafka
from streams.rights import APP_ID

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Of the backup.")]
Json = Annotated[bool, typer.Option("--json", help="JSON.")]


def backup(
    folder: Folder,
    norms: Annotated[
        Path | None,
        typer.Option("--norms", exists=True, dir_okay=False, help="The workers' norms file; it is copied."),
    ] = None,
    app_id: Annotated[
        str,
        typer.Option("--app-id", envvar="KETENWACHT_WORKER_APP_ID", help="Consumer group of the workers."),
    ] = APP_ID,
    bootstrap: Bootstrap = None,
    as_json: Json = False,
) -> None:
    """Save all topics, the snapshots of the workers and what is registered, into a folder that is not there yet.

    Workers, tickers and sources may run meanwhile. Passwords and signing keys are not in it.

    Exit codes: 0 done, 1 it cannot be made, 2 usage.

    Example: ketenwacht backup /var/backups/ketenwacht-2026-12-01 --norms norms.toml
    """
    try:
        with reaching_kafka(bootstrap) as kafka:
            made = save(
                kafka, folder, app_id, datetime.now(UTC), norms, lambda topic: typer.echo(topic, err=True)
            )
    except (BackupError, OSError) as error:
        _refuse(error)
    _tell(made, as_json=as_json, next_step=f"`ketenwacht restore {folder}` brings it into an empty cluster")


def restore(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", exists=True, file_okay=False, help="Of the backup.")
    ],
    replication: Annotated[int, typer.Option(min=1, help="Copies of each partition.")] = 1,
    bootstrap: Bootstrap = None,
    as_json: Json = False,
) -> None:
    """Bring a backup into a cluster without topics of ours; then start workers and ticker, and they go on.

    Each record gets the offset that it had, since snapshots say by offsets where they go on. Nobody may write meanwhile.

    Exit codes: 0 done, 1 it cannot be brought back, 2 usage.

    Example: ketenwacht restore /var/backups/ketenwacht-2026-12-01 --replication 3
    """
    try:
        with reaching_kafka(bootstrap) as kafka:
            made = bring_back(kafka, folder, replication, lambda place: typer.echo(place, err=True))
    except (BackupError, OSError) as error:
        _refuse(error)
    norms = f" --norms {folder / NORMS}" if (folder / NORMS).exists() else ""
    _tell(made, as_json=as_json, next_step=f"KETENWACHT_WORKER_APP_ID={made.app_id} ketenwacht worker{norms}")


def _tell(made: Manifest, *, as_json: bool, next_step: str) -> None:
    records = sum(one.count for one in made.partitions)
    if as_json:
        told = {"at": made.at, "app_id": made.app_id, "partitions": len(made.partitions), "records": records}
        typer.echo(orjson.dumps(told).decode())
    else:
        typer.echo(f"{records} records of {len(made.partitions)} partitions, of {made.at}; next: {next_step}")


def _refuse(error: Exception) -> NoReturn:
    typer.echo(str(error), err=True)
    raise typer.Exit(1) from error
