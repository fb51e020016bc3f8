"""What a command must know of the report topics of a cluster before it writes to them."""

import contextlib

import typer
from kafka.errors import UnknownTopicOrPartitionError

from streams.kafka import KafkaSettings
from streams.log_end import newest_records, partitions_of
from streams.signature import Signed, SigningKeys
from streams.ticks import TICK_KEY, TickError, tick_that_counts
from streams.topics import REPORT_TOPICS


def report_partitions(kafka: KafkaSettings, said: int | None = None) -> int:
    """Return how many partitions the report topics have.

    A partition that gets no ticks is never judged, and one that is not there cannot be written to: so the cluster is
    asked, and nobody's word is taken for it.

    Raises:
        typer.Exit: topics are missing (1), differ from each other (1), or from what was said (2).
    """
    try:
        found = partitions_of(kafka, *REPORT_TOPICS)
    except UnknownTopicOrPartitionError as error:
        seen = f" that `{kafka.username}` may see" if kafka.username else ""
        why = (
            f"{kafka.bootstrap}: there is no topic {error.args[0]}{seen}; make the topics with `ketenwacht topics apply`"
            + (", grant rights with `ketenwacht topics acl`" if seen else "")
        )
        typer.echo(why, err=True)
        raise typer.Exit(1) from error
    counts: dict[str, int] = {topic: sum(each.topic == topic for each in found) for topic in REPORT_TOPICS}
    if len(set(counts.values())) > 1:
        told = ", ".join(f"{topic} {count}" for topic, count in counts.items())
        typer.echo(
            f"{kafka.bootstrap}: report topics differ in partitions ({told}); see `topics check`", err=True
        )
        raise typer.Exit(1)
    count = counts[REPORT_TOPICS[0]]
    if said is not None and said != count:
        typer.echo(f"{kafka.bootstrap}: report topics have {count} partitions, not {said}", err=True)
        raise typer.Exit(2)
    return count


def last_tick(kafka: KafkaSettings, keys: SigningKeys) -> int:
    """Return the newest tick that counts at the end of a report topic, in seconds; 0 without one."""
    ticks: list[int] = [0]
    for found in newest_records(kafka, partitions_of(kafka, *REPORT_TOPICS)):
        if found.key == TICK_KEY:
            written = Signed(found.topic, found.partition, found.timestamp, found.key, found.value)
            with contextlib.suppress(TickError):  # no tick: a record like any other
                ticks.append(tick_that_counts(written, found.headers, keys))
    return max(ticks)
