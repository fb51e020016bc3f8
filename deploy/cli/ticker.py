"""`ketenwacht ticker`: the time, and how it is mended after a clock that ran ahead."""

import contextlib
import time
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from kafka import TopicPartition
from kafka.errors import InvalidTimestampError, KafkaError

from deploy.cli.reach_kafka import Bootstrap, reaching_kafka, signing_keys
from deploy.cli.report_topics import last_tick, report_partitions
from deploy.cli.unfailing_output import let_output_fail
from deploy.dead_mans_switch import DeadMansSwitch
from streams.calendar import iso
from streams.control import TickerReset
from streams.control_writer import ControlAt, write_controls
from streams.kafka import KafkaSettings
from streams.log_end import newest_records
from streams.player import Player
from streams.status import decode_entry
from streams.ticks import AHEAD_MS_MAX, SPREAD_SECONDS, TIMESTAMP_AHEAD_MS_MAX
from streams.topics import REGION_STATUS, REPORT_TOPICS

app = typer.Typer()

Partitions = Annotated[int | None, typer.Option(min=1, help="Partitions of the report topics.")]

_CLOCK_AHEAD = (
    f"the broker refuses ticks of this clock: it is more than {TIMESTAMP_AHEAD_MS_MAX // 1000} s ahead of its own; "
    "set the clock right"
)

_STILL_SECONDS = 180.0
"""More than any wait for a broker may last (`streams.player`): who stands still for so long waits for something else."""

_AHEAD_SECONDS = (AHEAD_MS_MAX + TIMESTAMP_AHEAD_MS_MAX) // 1000
_MARGIN_SECONDS = 3600
"""For ticks that are on their way: no partition may have passed the second that a reset names."""


@app.callback(invoke_without_command=True)
def ticker(
    context: typer.Context,
    bootstrap: Bootstrap = None,
    partitions: Partitions = None,
    seconds: Annotated[int, typer.Option("--every", min=1, help="Seconds between ticks.")] = 1,
    progress: Annotated[
        Path | None,
        typer.Option(help="Touch this file after every tick that the broker took.", dir_okay=False),
    ] = None,
) -> None:
    """Write a tick to every partition of every report topic, every second, until stopped.

    Two tickers are harmless: a partition passes each second once. One whose clock is more than 10 s ahead of the broker's
    writes nothing, and says so; where workers know signing keys, one without them has no effect. It waits 2 minutes for a
    broker that is away.

    Exit codes: 0 it was interrupted, 1 the broker is away for longer or refuses, 2 a wrong setting, 75 it stood still; after 1
    and 75 start it again.

    Example: ketenwacht ticker --bootstrap 127.0.0.1:9092
    """
    if context.invoked_subcommand is not None:
        return
    let_output_fail()
    keys = signing_keys()
    with reaching_kafka(bootstrap) as kafka, DeadMansSwitch("the ticker", _STILL_SECONDS + seconds) as switch:
        player = Player(kafka, report_partitions(kafka, partitions), keys)
        try:
            while True:
                switch.press()
                try:
                    player.tick(int(time.time()) // seconds * seconds, SPREAD_SECONDS)
                    player.flush()
                    if progress is not None:
                        progress.touch()
                except InvalidTimestampError:
                    typer.echo(_CLOCK_AHEAD, err=True)
                time.sleep(seconds - time.time() % seconds)
        except KeyboardInterrupt:
            pass
        finally:
            with contextlib.suppress(
                KafkaError
            ):  # nobody misses a tick that was not taken; why it ends is said already
                player.close()


@app.command()
def reset(bootstrap: Bootstrap = None) -> None:
    """Let the time begin again as it is now, after a clock had run ahead and was set right.

    Until the time is where the wrong clock was, nothing would be judged. Writes a control record to every partition of
    every report topic; judging goes on from the next tick. What was told is not told again, and a breach that only the
    wrong time made ends by itself. Does nothing while the time is not ahead.

    Example: ketenwacht ticker reset --bootstrap 127.0.0.1:9092
    """
    keys = signing_keys()
    now = int(time.time())
    with reaching_kafka(bootstrap) as kafka:
        count = report_partitions(kafka)
        judged, named = _newest(kafka)
        reached = max(judged, last_tick(kafka, keys))
        if reached <= now + _AHEAD_SECONDS:
            typer.echo(f"the time is {iso(reached)}, and here it is {iso(now)}: not ahead, nothing is done")
            return
        control = TickerReset(at=now, after=max(reached, named) + _MARGIN_SECONDS)
        places = [(topic, number) for topic in REPORT_TOPICS for number in range(count)]
        written = write_controls(kafka, keys, (ControlAt(*place, control) for place in places))
    typer.echo(f"the time had come to {iso(reached)}; it begins again at {iso(now)}, in {written} partitions")


def _newest(kafka: KafkaSettings) -> tuple[int, int]:
    """Return the second of the newest status entry and the one that an earlier reset named; 0 without any."""
    for record in newest_records(kafka, [TopicPartition(REGION_STATUS, 0)]):
        with contextlib.suppress(msgspec.MsgspecError):  # no entry: workers pass over it as well
            entry = decode_entry(record.value or b"")
            return entry.at, entry.after
    return 0, 0
