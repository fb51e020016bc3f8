"""`ketenwacht topics skip`: past one record that cannot be handled."""

import time
from typing import Annotated

import orjson
import typer
from kafka import TopicPartition

from deploy.cli.reach_kafka import Bootstrap, reaching_kafka, signing_keys
from deploy.cli.report_topics import report_partitions
from streams.control import Skip
from streams.control_writer import ControlAt, write_controls
from streams.log_end import log_begins, log_ends
from streams.rights import APP_ID
from streams.signature import SignatureError
from streams.topic_admin import handled_up_to
from streams.topics import REPORT_TOPICS, catalogue

AppId = Annotated[
    str, typer.Option("--app-id", envvar="KETENWACHT_WORKER_APP_ID", help="Consumer group of the workers.")
]


def skip(
    topic: Annotated[str, typer.Argument(help="A report topic.")],
    partition: Annotated[int, typer.Argument(min=0, help="Its partition.")],
    offset: Annotated[
        int, typer.Argument(min=0, help="Where the record stands, as the log of a worker says.")
    ],
    bootstrap: Bootstrap = None,
    app_id: AppId = APP_ID,
    as_json: Annotated[bool, typer.Option("--json", help="JSON.")] = False,
) -> None:
    """Get past one record that cannot be handled: that ends workers, or at which they stand still.

    Writes a signed control record to that partition. Who takes the partition looks for it first, and goes on behind the
    record as if it had never come; it is counted as skipped, and its bytes stay in the topic. What is handled already
    stays so, and is refused here.

    Exit code 1 if it is handled already, 2 if there is no such record.

    Example: ketenwacht topics skip care.occupancy 0 184467
    """
    _refuse_other_topics(topic)
    keys = signing_keys()
    with reaching_kafka(bootstrap) as kafka:
        count = report_partitions(kafka)
        if partition >= count:
            _refuse(f"{topic} has {count} partitions, from 0 to {count - 1}; there is no {partition}")
        place = TopicPartition(topic, partition)
        begin, end = log_begins(kafka, [place])[place], log_ends(kafka, [place])[place]
        if not begin <= offset < end:
            held = f"it holds {begin} to {end - 1}" if begin < end else "it holds none"
            _refuse(f"no record stands at {offset} of {topic}/{partition}: {held}")
        handled = handled_up_to(kafka, app_id, place)
        if offset < handled:
            _refuse(
                f"the record at {offset} of {topic}/{partition} is handled already, the workers have put away everything "
                f"before {handled}; let its source correct what it says",
                1,
            )
        try:
            write_controls(
                kafka, keys, [ControlAt(topic, partition, Skip(at=int(time.time()), offset=offset))]
            )
        except SignatureError as error:
            _refuse(f"KETENWACHT_SIGNING_KEYS_FILE: {error}", 1)
    if as_json:
        typer.echo(orjson.dumps({"topic": topic, "partition": partition, "offset": offset}).decode())
        return
    typer.echo(
        f"{topic}/{partition}: workers skip the record at {offset}; it stays in the topic and counts as skipped.\n"
        "Whoever ended at it, or stands still, goes on once it has started again (a worker that stands still ends after "
        "KETENWACHT_WORKER_STALL_SECONDS; start it again where nothing does).\n"
        'Look at ketenwacht_reports_total{outcome="skipped"}. Should it be among `dlq list --reason skip-too-late`, '
        "a worker had handled it by then."
    )


def _refuse_other_topics(topic: str) -> None:
    if topic in REPORT_TOPICS:
        return
    known = {each.name: each.summary for each in catalogue()}
    what = f"{topic} carries no reports ({known[topic]})" if topic in known else f"there is no topic {topic}"
    _refuse(f"{what}; records can be skipped in {', '.join(REPORT_TOPICS)}")


def _refuse(why: str, code: int = 2) -> None:
    typer.echo(why, err=True)
    raise typer.Exit(code)
