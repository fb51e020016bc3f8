"""Snapshots that an earlier commit stored, and what follows from them: one folder a format in `snapshots`.

`changelogs.xz` holds the changelogs of every stage, `rest.jsonl.xz` the stream from there on, as a recording.
`python -m tests.golden.store` makes a folder for today's format.
"""

import lzma
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import orjson
from aiokafka.structs import ConsumerRecord

from agents.engine.stage import Outgoing
from alerts.norms import load_norms
from streams.calendar import date_of, local_day
from streams.recording import Record, read_recording
from streams.replay import with_ticks
from streams.ticks import TICK_KEY, decode_tick
from streams.topics import REGION_STATUS
from tests.golden.workers import PARTITIONS, PARTS, Changelogs, Workers
from tests.support.stages import consumed

_OFTEN_MET = 3

FOLDERS = Path(__file__).with_name("snapshots")

Log = Sequence[Record | int]
"""Records and ticks, in order."""


class Stored(msgspec.Struct):
    """What is kept beside the rest of the stream.

    Attributes:
        changelogs: the changelog of each stage.
        passed: last tick that each topic had passed, seconds; they differ, as they do when a worker is killed.
        until: last tick of the rest, seconds.
    """

    changelogs: Changelogs
    passed: dict[str, int]
    until: int


@dataclass(frozen=True, slots=True)
class StoredState:
    """Snapshots of one format.

    Attributes:
        name: of its folder.
        long: played with `--long` only.
        at_hand: it always is.
    """

    name: str
    long: bool = False
    at_hand: bool = True

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return FOLDERS / self.name

    def outputs(self, place: Path) -> Iterator[tuple[str, bytes]]:
        """Take the snapshots up with today's code, play the rest, and yield what is written, by topic and week."""
        stored = msgspec.msgpack.decode(
            lzma.decompress((self.folder / "changelogs.xz").read_bytes()), type=Stored
        )
        rest = place / "rest.jsonl"
        rest.write_bytes(lzma.decompress((self.folder / "rest.jsonl.xz").read_bytes()))
        header, records = read_recording(rest)
        log = list(with_ticks(records, header.tick_seconds, stored.until))
        yield from as_files(Workers(load_norms(), stored.changelogs).play(arrivals(log, stored.passed)))


def stored_states() -> list[StoredState]:
    """Return the snapshots of every format that is kept; those that an upgrade rarely meets are for `--long`."""
    names = [folder.name for folder in sorted(FOLDERS.iterdir())]
    return [StoredState(name, long=name in names[:-_OFTEN_MET]) for name in names]


def arrivals(log: Log, after: dict[str, int] | None = None) -> dict[tuple[str, int], list[ConsumerRecord]]:
    """Return what arrives in each report partition; of a topic only what comes after its tick in `after`."""
    found = {part: consumed(log, *part, PARTITIONS) for part in PARTS}
    return {part: _after(records, (after or {}).get(part[0])) for part, records in found.items()}


def _after(records: list[ConsumerRecord], tick: int | None) -> list[ConsumerRecord]:
    for index, record in enumerate(records):
        if record.key == TICK_KEY and decode_tick(record.value) == tick:
            return records[index + 1 :]
    return records  # it passed that tick before the rest begins


def as_files(written: Iterable[Outgoing]) -> Iterator[tuple[str, bytes]]:
    """Yield what was written as files of lines, key and value: by topic, of status entries by theirs, and by week."""
    lines: dict[str, list[bytes]] = defaultdict(list)
    for each in written:
        topic = each.topic
        if topic == REGION_STATUS:
            topic += f"-{orjson.loads(each.value or b'')['topic']}"
        year, week, _ = date_of(local_day(each.timestamp // 1000)).isocalendar()
        lines[f"{topic}-{year}-W{week:02}.jsonl"].append(b"%b\t%b\n" % (each.key, each.value or b"null"))
    for name in sorted(lines):
        yield name, b"".join(lines[name])
