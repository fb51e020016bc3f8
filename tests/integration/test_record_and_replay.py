"""What is recorded of a log gives what its workers gave: reports out of order, a registry, a skip, a reset, forged ticks."""

from datetime import timedelta

import orjson
import pytest
from typer.testing import CliRunner

from agents.pipeline import episode_order
from alerts.norms import load_norms
from deploy.cli.main import app
from deploy.cli.played import played
from deploy.kafka.embedded import EmbeddedBroker
from streams.control import TickerReset
from streams.control_writer import ControlAt, write_controls
from streams.log_end import read_all
from streams.player import Player
from streams.recorded_log import read_log
from streams.recording import Record
from streams.registry.load import load_registry
from streams.replay import with_ticks
from streams.signing_keys import SigningSettings
from streams.status import encode
from streams.ticks import TICK_KEY, encode_tick
from streams.topic_admin import apply_topics
from streams.topics import OCCUPANCY, REPORT_PARTITIONS, REPORT_TOPICS, catalogue
from tests.integration.conftest import settings_for
from tests.support.reports import MONDAY, ic
from tests.support.reports import record as record_of
from tests.support.single_pass import on_topics
from tests.support.streams_of_reports import TICK_SECONDS, dirty_stream
from tests.support.workers import crew

KEY = "k1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"


@pytest.fixture
def signed(tmp_path, monkeypatch):
    """A file with signing keys, for the workers and for every command."""
    file = tmp_path / "signing_keys"
    file.write_text(KEY + "\n")
    file.chmod(0o600)
    monkeypatch.setenv("KETENWACHT_SIGNING_KEYS_FILE", str(file))
    return {"KETENWACHT_SIGNING_KEYS_FILE": str(file)}


def ketenwacht(kafka, *words: object) -> str:
    done = CliRunner().invoke(app, [*map(str, words), "--bootstrap", kafka.bootstrap])
    assert done.exit_code == 0, done.output
    return done.output


def play(kafka, items) -> int:
    player = Player(kafka, REPORT_PARTITIONS, SigningSettings().keys())
    last = player.play(items).last_tick
    player.close()
    return last


def written_there(kafka, tmp_path, workers, until) -> int:
    """Write a log in which everything happens that a recording must keep; return its last tick."""
    items = list(with_ticks(dirty_stream(7, 1, every_hours=2), TICK_SECONDS))
    ticks = [n for n, item in enumerate(items) if isinstance(item, int)]
    third, half = ticks[len(ticks) // 3] + 1, ticks[len(ticks) // 2] + 1
    play(kafka, items[:third])
    at = items[third - 1]
    workers.wait_until_judged(at, 60)
    moment = MONDAY.fromtimestamp(at + 1, MONDAY.tzinfo)
    # Behind the tick, and older than it; in a file that is sorted by time it would stand in front.
    late = record_of(ic(97, at=moment - timedelta(hours=1), location="late", source="late"))
    doomed = record_of(ic(99, at=moment, location="doomed", source="doomed"))
    before = workers.counts().total()
    play(kafka, [late, doomed])
    until(lambda: workers.counts().total() == before + 2, "both reports")
    offset = max(found.offset for found in read_all(kafka, OCCUPANCY))
    ketenwacht(kafka, "topics", "skip", OCCUPANCY, 0, offset)
    until(lambda: workers.counts()[OCCUPANCY, "skipped"] == 1, "the skip")
    forged = Record(
        OCCUPANCY, TICK_KEY, (at + 30 * TICK_SECONDS) * 1000, (), encode_tick(at + 30 * TICK_SECONDS)
    )
    player = Player(kafka, REPORT_PARTITIONS)
    player.record(forged)
    player.close()
    last = play(kafka, items[third:half])
    workers.wait_until_judged(last, 60)
    # The time begins again an hour ago, and who may say what is known from there on.
    places = [(topic, 0) for topic in REPORT_TOPICS]
    reset = TickerReset(at=last - 3600, after=last + 3600)
    write_controls(kafka, SigningSettings().keys(), [ControlAt(*place, reset) for place in places])
    own = tmp_path / "own.jsonl"
    line = {
        "line": "source", "id": "known", "publisher": "proef", "topics": list(REPORT_TOPICS), "locations": ["any"],
        "owner": "beheer", "date": "2026-11-30",
    }  # fmt: skip
    own.write_bytes(orjson.dumps(line) + b"\n")
    player = Player(kafka, REPORT_PARTITIONS, SigningSettings().keys())
    player.tick(last - 1800)
    player.registry(load_registry(str(own)), last - 1700)
    player.close()
    rest = items[half:]
    return play(kafka, rest)


def test_a_recording_gives_what_the_workers_gave(fresh_broker, fresh_kafka, signed, tmp_path, until):
    apply_topics(fresh_kafka, catalogue())
    with crew(fresh_broker, env=signed, snapshot_seconds=0.2) as workers:
        workers.hire()
        last = written_there(fresh_kafka, tmp_path, workers, until)
        workers.wait_until_judged(last, 60)
        path = tmp_path / "taken.jsonl.gz"
        ketenwacht(fresh_kafka, "record", path)
        header, _ = read_log(path)
        assert header.skipped.keys() == {f"{OCCUPANCY}/0"}
        pipeline, playing, _ = played(path, load_norms())
        transitions = sorted(playing, key=episode_order)
        counts = workers.wait_for_counts(pipeline.counts.total, 30)
    made = on_topics(fresh_kafka)
    assert len(made.breaches) > 10
    assert [encode(each) for each in transitions] == made.breaches
    assert {region: encode(overview) for region, overview in pipeline.overviews.items()} == made.overviews
    for outcome in ("applied", "duplicate", "late", "dead_lettered", "skipped"):
        live = sum(count for (_, name), count in counts.items() if name == outcome)
        assert live == getattr(pipeline.counts, outcome), outcome
    assert counts[OCCUPANCY, "skipped"] == 1

    # Workers that never saw the first log, on a broker of their own, make the same of a replay.
    with EmbeddedBroker() as other, crew(other, env=signed, snapshot_seconds=0.2) as workers:
        kafka = settings_for(other)
        apply_topics(kafka, catalogue())
        ketenwacht(kafka, "replay", path)
        workers.hire()
        workers.wait_until_judged(last, 60)
        counts = workers.wait_for_counts(
            pipeline.counts.total - 1, 30
        )  # the forged tick is a dead letter at once
        assert counts[OCCUPANCY, "skipped"] == 1
        again = on_topics(kafka)
    assert again.breaches == made.breaches
    assert again.overviews == made.overviews
