"""A recording of a log as it stood (version 2): each partition in its own order, with offsets, control records and ticks.

The first line is the header; then, partition by partition, one JSON object a record as in version 1 (`streams.recording`), with
`partition` and `offset`, or a run of ticks: `{"ticks": [first, last, step], "topic": ..., "partition": ...}`. What posed as a
tick or control record and did not count has `"counts": false`.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import msgspec
import orjson

from streams.control import CONTROL_KEY, TickerReset, decode_control
from streams.moments import after_of, comes_after, moment_of, place_of
from streams.recording import (
    Record,
    RecordingError,
    RecordingHeader,
    line_of,
    lines_of,
    read_header,
    record_in,
)
from streams.ticks import LATEST_TICK
from streams.whole_file import whole_file

VERSION = 2


class Recorded(msgspec.Struct, frozen=True, gc=False):
    """A record and where it stood; `counts` is false where it posed as a tick or control record."""

    record: Record
    offset: int
    counts: bool = True


@dataclass
class PartitionLog:
    """One partition of a report topic; `items` are records, and runs of ticks in seconds."""

    topic: str
    partition: int
    items: list[Recorded | range] = field(default_factory=list)

    @property
    def place(self) -> str:
        """How the header names it."""
        return f"{self.topic}/{self.partition}"

    def tick(self, at: int) -> None:
        """Add a tick."""
        last = self.items[-1] if self.items else None
        if isinstance(last, range) and at > last[-1] and (len(last) == 1 or at == last[-1] + last.step):
            self.items[-1] = range(last[0], at + 1, at - last[-1])
        else:
            self.items.append(range(at, at + 1))


class Stretch(NamedTuple):
    """Records of a partition and the tick behind them, None at the end of its log; `moment` is what it then has passed."""

    moment: int
    log: PartitionLog
    records: list[Recorded]
    tick: int | None


def in_order(logs: Sequence[PartitionLog]) -> Iterator[Stretch]:
    """Yield all partitions tick by tick, those that pass the same one behind each other."""
    numbered = [
        ((place_of(each.moment), number, each) for each in _stretches(log)) for number, log in enumerate(logs)
    ]
    for _, _, stretch in heapq.merge(*numbered, key=lambda each: each[:2]):
        yield stretch


def _stretches(log: PartitionLog) -> Iterator[Stretch]:
    last = 0
    records: list[Recorded] = []
    for item in log.items:
        if isinstance(item, range):
            for at in item:
                moment = moment_of(after_of(last), at)
                last = moment if comes_after(moment, last) else last
                yield Stretch(last, log, records, at)
                records = []
            continue
        records.append(item)
        control = (
            decode_control(item.record.value) if item.counts and item.record.key == CONTROL_KEY else None
        )
        if isinstance(control, TickerReset):
            moment = moment_of(control.after, control.at)
            last = moment if comes_after(moment, last) else last
    if records:
        yield Stretch(last, log, records, None)


def logs_up_to(logs: Iterable[PartitionLog], until: int) -> list[PartitionLog]:
    """Return the logs as they stood at a second: without ticks and records of later times."""
    return [
        PartitionLog(log.topic, log.partition, [each for item in log.items for each in _up_to(item, until)])
        for log in logs
    ]


def _up_to(item: Recorded | range, until: int) -> Iterator[Recorded | range]:
    if isinstance(item, range):
        if item[0] <= until:
            yield range(item[0], min(item[-1], until) + 1, item.step)
    elif item.record.timestamp <= until * 1000:
        yield item


def write_log(path: Path, header: RecordingHeader, logs: Iterable[PartitionLog]) -> int:
    """Write partitions as they stood, and return how many records they hold; gzip if the name ends in `.gz`."""
    first = msgspec.structs.replace(header, ketenwacht_recording=VERSION)
    with whole_file(path) as out:
        return _write(out, first, logs)


def _write(out: BinaryIO, header: RecordingHeader, logs: Iterable[PartitionLog]) -> int:
    out.write(orjson.dumps(msgspec.to_builtins(header)) + b"\n")
    count = 0
    for log in logs:
        place = {"topic": log.topic, "partition": log.partition}
        for item in log.items:
            if isinstance(item, range):
                line: Mapping[str, Any] = {"ticks": [item[0], item[-1], item.step], **place}
            else:
                count += 1
                line = {**line_of(item.record), "partition": log.partition, "offset": item.offset}
                line |= {} if item.counts else {"counts": False}
            out.write(orjson.dumps(line) + b"\n")
    return count


def is_log(path: Path) -> bool:
    """Return whether a file is a recording of version 2.

    Raises:
        RecordingError: it is no recording.
        OSError: it cannot be opened.
    """
    return read_header(path).ketenwacht_recording == VERSION


def read_log(path: Path) -> tuple[RecordingHeader, list[PartitionLog]]:
    """Return the header and the partitions of a recording of version 2, whole.

    Raises:
        RecordingError: it is none, or a line of it cannot be read.
        OSError: the file cannot be opened.
    """
    header = read_header(path)
    logs: dict[tuple[str, int], PartitionLog] = {}
    for number, line in enumerate(lines_of(path), start=1):
        if number == 1:
            continue
        try:
            said = orjson.loads(line)
            place = str(said["topic"]), int(said["partition"])
            log = logs.setdefault(place, PartitionLog(*place))
            if "ticks" in said:
                log.items.append(_run(*said["ticks"]))
            else:
                log.items.append(
                    Recorded(record_in(said), int(said["offset"]), bool(said.get("counts", True)))
                )
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
            raise RecordingError(
                f"{path.name}, line {number}: neither a record nor a run of ticks ({error!r}); correct it or take it out"
            ) from error
    return header, list(logs.values())


def _run(first: int, last: int, step: int) -> range:
    if not 0 < first <= last < LATEST_TICK or step < 1 or (last - first) % step:
        raise ValueError(f"no ticks from {first} to {last} by {step}")
    return range(first, last + 1, step)


def records_by_time(logs: Iterable[PartitionLog]) -> list[Record]:
    """Return the reports of all partitions by their timestamps, as version 1 holds them."""
    found = [
        each.record
        for log in logs
        for each in log.items
        if isinstance(each, Recorded) and not (each.counts and each.record.key == CONTROL_KEY)
    ]
    return sorted(found, key=lambda record: record.timestamp)
