"""`python -m tests.golden.store` keeps snapshots as today's code stores them, for later code to take up.

One folder a format: it refuses to write over one. The stream is the autumn wave up to its middle. A seventh of the
locations and sources reports no more from two weeks before and comes back a week after, another seventh never does;
long after the last report ticks go on, until everybody is stale. Pieces are stored unpacked, which a worker reads as
well: packed once, as a whole, they take a seventh.
"""

import lzma
import sys
import tempfile
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import orjson

from agents.engine import formats, snapshot
from alerts.norms import load_norms
from streams.calendar import iso, seconds
from streams.recording import Record, RecordingHeader, read_recording, write_recording
from streams.replay import with_ticks
from streams.topics import BREACHES, CLOSINGS, OVERVIEW, REPORT_TOPICS
from tests.golden.recordings import ketenwacht
from tests.golden.stored_state import Log, Stored, StoredState, arrivals, as_files
from tests.golden.workers import Changelogs, Workers

DAY = 86_400
TICK_SECONDS = 43_200
CUT = seconds(datetime(2021, 11, 22, 12, tzinfo=UTC))
"""The last tick before the workers stop; half of the topics did not come to it."""
STALE_FROM, STALE_TO = CUT - 14 * DAY, CUT + 7 * DAY
LAST_REPORT = CUT + 12 * DAY
UNTIL = CUT + 100 * DAY
_PASSED = {
    topic: CUT - TICK_SECONDS * (place >= len(REPORT_TOPICS) // 2)
    for place, topic in enumerate(REPORT_TOPICS)
}
_LESS = 7


def main() -> None:
    """Write the folder of today's format, after its snapshots gave what workers give that went on."""
    state = StoredState(f"format-{formats.FORMAT}")
    state.folder.mkdir(parents=True)  # never a second time
    snapshot._SMALL = sys.maxsize
    log = _stream()
    workers, changelogs = _stopped(log)
    rest = log[_index(log, CUT - TICK_SECONDS) :]
    stored = Stored(changelogs, _PASSED, UNTIL)
    _write(state.folder / "changelogs.xz", msgspec.msgpack.encode(stored))
    with tempfile.TemporaryDirectory() as place:
        recording = Path(place) / "rest.jsonl"
        header = RecordingHeader(name="the rest of a stream", tick_seconds=TICK_SECONDS)
        write_recording(recording, header, [item for item in rest if not isinstance(item, int)])
        _write(state.folder / "rest.jsonl.xz", recording.read_bytes())
        taken_up = dict(state.outputs(Path(place)))
    went_on = as_files(workers.play(arrivals(rest, _PASSED)))
    if _remembered(taken_up.items()) != _remembered(went_on):
        raise SystemExit(f"{state.name}: what was taken up gives something else than what went on")
    if not _is_worth_it(taken_up):
        raise SystemExit(
            f"{state.name}: too few breaches were open, or nobody was stale: choose another stream"
        )


def _is_worth_it(files: dict[str, bytes]) -> bool:
    """Return whether breaches and silence were open when it was stored, and ended afterwards, each in both ways."""
    breaches, overviews = _told(files, BREACHES), _told(files, OVERVIEW)
    from_before = {one["episode"] for one in breaches if one["episode"][-20:] < iso(CUT)}
    ended = {one["episode"]: one.get("reason") for one in breaches if one["state"] == "resolved"}
    reasons = [ended[episode] for episode in from_before if episode in ended]
    stale = {one["region"] for one in overviews if one["at"] == iso(CUT) and one.get("silent")}
    heard_again = {one["region"] for one in overviews if one["at"] > iso(CUT) and not one.get("silent")}
    return min(reasons.count("supply-ended"), len(reasons) - reasons.count("supply-ended")) >= 5 and bool(
        stale & heard_again
    )


def _told(files: dict[str, bytes], topic: str) -> list[dict[str, Any]]:
    lines = [line for name, data in files.items() if name.startswith(topic) for line in data.splitlines()]
    return [orjson.loads(line.partition(b"\t")[2]) for line in lines]


def _remembered(files: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    """Return the files without closings: whoever takes the judge up may write some again (`alerts/closing.py`)."""
    return {name: data for name, data in files if not name.startswith(CLOSINGS)}


def _stream() -> Log:
    with tempfile.TemporaryDirectory() as place:
        recording = Path(place) / "recording.jsonl.gz"
        ketenwacht("simulate", "najaarsgolf", "-o", recording)
        _, records = read_recording(recording, headers=False)
        return list(with_ticks(filter(_reported, records), TICK_SECONDS, UNTIL))


def _reported(record: Record) -> bool:
    at = record.timestamp // 1000
    group = zlib.crc32(_who(record)) % _LESS
    stale = (group == 0 and STALE_FROM < at < STALE_TO) or (group == 1 and at > STALE_FROM)
    return at <= LAST_REPORT and not stale


def _who(record: Record) -> bytes:
    try:
        report = orjson.loads(record.value or b"")
        return f"{report.get('location') or report['source']}".encode()
    except (ValueError, KeyError, AttributeError):  # dirt, which the scenario brings as well
        return record.key or b""


def _stopped(log: Log) -> tuple[Workers, Changelogs]:
    """Return workers that stopped in the middle of a tick, put away a week before and then."""
    changelogs: Changelogs = {}
    workers = Workers(load_norms(), changelogs)
    week_before = _index(log, CUT - 7 * DAY)
    workers.play(arrivals(log[:week_before]))
    workers.put_away()
    first, second = _index(log, CUT - TICK_SECONDS), _index(log, CUT)
    arrived = arrivals(log[week_before:first])
    for part, records in arrivals(log[first:second]).items():
        if _PASSED[part[0]] == CUT:
            arrived[part] += records
    workers.play(arrived)
    workers.put_away()
    return workers, changelogs


def _index(log: Log, tick: int) -> int:
    """Return the index after a tick."""
    return log.index(tick) + 1


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(lzma.compress(data, preset=9))


if __name__ == "__main__":
    main()
