"""The report topics of a cluster as they stand: every partition in its order, with ticks and control records."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from deploy.cli.report_topics import report_partitions
from streams.control import CONTROL_KEY, Skip, control_that_counts
from streams.kafka import KafkaSettings
from streams.log_end import LogRecord, read_all
from streams.recorded_log import PartitionLog, Recorded
from streams.recording import Record, RecordingHeader
from streams.signature import Signed, SigningKeys
from streams.ticks import TICK_KEY, tick_that_counts
from streams.topics import REPORT_TOPICS, dead_letter_topic


def live_log(kafka: KafkaSettings, keys: SigningKeys) -> tuple[RecordingHeader, list[PartitionLog]]:
    """Return what the report topics hold now, as a recording of version 2 holds it.

    Raises:
        typer.Exit: topics are missing, or differ from each other.
        kafka.errors.KafkaError: the broker cannot be reached.
        TimeoutError: it does not answer.
    """
    partitions = report_partitions(kafka)
    logs, skips = _as_they_stand(read_all(kafka, *REPORT_TOPICS), keys)
    header = RecordingHeader(
        name="recorded from Kafka",
        tick_seconds=_step(logs),
        origin="record",
        partitions=partitions,
        skipped=_skipped(kafka, skips),
    )
    return header, logs


Skips = dict[tuple[str, int, int], int]
"""What each skip skips, by where the skip stands: topic, partition, offset."""


def _as_they_stand(found: Iterable[LogRecord], keys: SigningKeys) -> tuple[list[PartitionLog], Skips]:
    logs: dict[tuple[str, int], PartitionLog] = {}
    skips: Skips = {}
    for each in found:
        place = each.topic, each.partition
        log = logs.setdefault(place, PartitionLog(*place))
        written = Signed(*place, each.timestamp, each.key, each.value)
        counts = True
        try:
            if each.key == TICK_KEY:
                log.tick(tick_that_counts(written, each.headers, keys))
                continue
            if each.key == CONTROL_KEY:
                control = control_that_counts(written, each.headers, keys)
                if isinstance(control, Skip) and control.offset < each.offset:
                    skips[(*place, each.offset)] = control.offset
        except ValueError:
            counts = False
        own = Record(each.topic, each.key, each.timestamp, each.headers, each.value)
        log.items.append(Recorded(own, each.offset, counts))
    return [logs[place] for place in sorted(logs)], skips


def _skipped(kafka: KafkaSettings, skips: Skips) -> dict[str, list[int]]:
    """Return the offsets that were skipped, by topic/partition: without those of skips that came too late."""
    if skips:
        for letter in read_all(kafka, *sorted({dead_letter_topic(topic) for topic, _, _ in skips})):
            why = dict(letter.headers)
            if why.get("dlq-reason") == b"skip-too-late":
                place = [why[f"dlq-source-{part}"] or b"" for part in ("topic", "partition", "offset")]
                skips.pop((place[0].decode(), int(place[1]), int(place[2])), None)
    skipped: dict[str, list[int]] = {}
    for (topic, partition, _), offset in sorted(skips.items()):
        skipped.setdefault(f"{topic}/{partition}", []).append(offset)
    return skipped


def _step(logs: Iterable[PartitionLog]) -> int:
    steps = (after - before for log in logs for before, after in pairwise(_ticks(log)) if after > before)
    return min(steps, default=1)


def _ticks(log: PartitionLog) -> Iterator[int]:
    for item in log.items:
        if isinstance(item, range):
            yield from item
