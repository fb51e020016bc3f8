"""Saves what a cluster holds, also while everything runs.

Snapshots are read first, then what the stages wrote, then the reports: so whatever a snapshot counts on is there as well, and
what is brought back goes on as after a crash. A stage then writes again, identical, what it wrote after its snapshot.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from shutil import copyfile, rmtree
from tempfile import mkdtemp

import msgspec
from kafka import KafkaAdminClient, TopicPartition

from agents.engine.formats import FORMAT
from agents.engine.snapshot import SnapshotStore
from deploy.backup.files import LAYOUT, MANIFEST, NORMS, BackupError, Manifest, Stored, digest, write_row
from streams.kafka import KafkaSettings
from streams.log_end import LogRecord, log_begins, log_ends, partitions_of, read_all
from streams.topics import catalogue
from streams.whole_file import whole_file

_ORDER = ("derived", "dead-letter", "report")


def save(
    kafka: KafkaSettings,
    folder: Path,
    app_id: str,
    at: datetime,
    norms: Path | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Manifest:
    """Write a backup into a folder that is not there yet; it appears once it is whole.

    Args:
        kafka: the cluster.
        folder: where to.
        app_id: of the workers, whose snapshots are saved.
        at: when, for the manifest.
        norms: the workers' norms file, if they have one of their own; it is copied.
        say: told of each topic once it is written.

    Raises:
        BackupError: the folder is there, the cluster has no topics of ours, or a snapshot is not whole.
        kafka.errors.KafkaError: the cluster cannot be reached.
        OSError: a file cannot be written.
    """
    if folder.exists():
        raise BackupError(f"{folder} is there already; name another folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
    try:
        stored: list[Stored] = []
        changelogs, topics, partitions = _topics(kafka, app_id)
        for topic in [*changelogs, *topics]:
            stored += _save_topic(kafka, beside, topic, whole=topic in changelogs)
            say(topic)
        manifest = Manifest(LAYOUT, at.isoformat(timespec="seconds"), app_id, partitions, FORMAT, stored)
        if norms is not None:
            copyfile(norms, beside / NORMS)
        with whole_file(beside / MANIFEST) as out:
            out.write(msgspec.json.format(msgspec.json.encode(manifest)))
        beside.rename(folder)
    finally:
        rmtree(beside, ignore_errors=True)
    return manifest


def _topics(kafka: KafkaSettings, app_id: str) -> tuple[list[str], list[str], int]:
    with KafkaAdminClient(**kafka.admin()) as admin:
        there = set(admin.list_topics())
    ours = {topic.name: topic for topic in catalogue() if topic.name in there}
    if not ours:
        raise BackupError("the cluster has no topics of ours; is it the right one?")
    changelogs = sorted(
        name for name in there if name.startswith(f"{app_id}-") and name.endswith("-changelog")
    )
    topics = sorted(ours, key=lambda name: (_ORDER.index(ours[name].kind), name))
    reports = [name for name in topics if ours[name].kind == "report"]
    return changelogs, topics, len(partitions_of(kafka, *reports[:1]))


def _save_topic(kafka: KafkaSettings, folder: Path, topic: str, *, whole: bool) -> Iterator[Stored]:
    places = partitions_of(kafka, topic)
    begins, ends = log_begins(kafka, places), log_ends(kafka, places)
    newest: dict[int, dict[bytes, bytes]] = defaultdict(dict)
    counts = dict.fromkeys(places, 0)
    with ExitStack() as files:
        outs = {place: files.enter_context(whole_file(folder / _name(place))) for place in places}
        for record in read_all(kafka, topic):
            place = TopicPartition(record.topic, record.partition)
            if record.offset < ends[place]:
                write_row(outs[place], record)
                counts[place] += 1
                if whole:
                    _note(newest[record.partition], record)
    for partition, records in newest.items():
        store = SnapshotStore(partition)
        store.load(records)
        if store.gone:
            raise BackupError(f"{topic}, partition {partition}: no whole snapshot ({store.gone}); try again")
    for place in places:
        file = _name(place)
        yield Stored(
            topic, place.partition, begins[place], ends[place], counts[place], file, digest(folder / file)
        )


def _note(records: dict[bytes, bytes], record: LogRecord) -> None:
    if record.key is None:
        return
    if record.value is None:
        records.pop(record.key, None)
    else:
        records[record.key] = record.value


def _name(place: TopicPartition) -> str:
    return f"{place.topic}-{place.partition}.gz"
