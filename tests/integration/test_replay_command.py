"""`ketenwacht replay` asks the cluster before it writes: partitions, and whether its time has passed; on both brokers."""

from datetime import timedelta

import pytest
from typer.testing import CliRunner

from deploy.cli.main import app
from deploy.cli.report_topics import last_tick
from streams.control import CONTROL_KEY, decode_control
from streams.log_end import log_ends, partitions_of, read_all
from streams.recording import Record, RecordingHeader, write_recording
from streams.registry.draft import registry_of_records
from streams.registry.load import registry_of_recording
from streams.registry.registry import registry_of
from streams.signature import SigningKeys
from streams.ticks import TICK_KEY, encode_tick
from streams.topic_admin import apply_topics
from streams.topics import OCCUPANCY, REPORT_TOPICS, catalogue, dead_letter_topic
from tests.support.reports import MONDAY, ic, record

HOUR = 3600


@pytest.fixture
def recording(tmp_path):
    path = tmp_path / "full.jsonl.gz"
    write_recording(
        path,
        RecordingHeader(name="proef", tick_seconds=HOUR),
        [record(ic(95)), record(ic(90, at=MONDAY + timedelta(hours=6)))],
    )
    return path


def replay(kafka, recording, *words, exit_code=0):
    told = CliRunner().invoke(app, ["replay", str(recording), "--bootstrap", kafka.bootstrap, *words])
    assert told.exit_code == exit_code, (told.output, told.exception)
    return told.output


def test_every_partition_that_is_there_gets_the_ticks_however_many_there_are(fresh_kafka, recording):
    apply_topics(fresh_kafka, catalogue(2))
    assert "2 records" in replay(fresh_kafka, recording)

    ends = log_ends(fresh_kafka, partitions_of(fresh_kafka, *REPORT_TOPICS))
    assert len(ends) == 2 * len(REPORT_TOPICS)
    assert min(ends.values()) > 0
    assert last_tick(fresh_kafka, SigningKeys()) >= MONDAY.timestamp()


def test_the_registry_of_a_recording_takes_effect_before_its_first_record(fresh_kafka, tmp_path):
    apply_topics(fresh_kafka, catalogue(2))
    path, records = tmp_path / "registered.jsonl", [record(ic(95))]
    lines = registry_of_records(records, "X", "test")
    write_recording(path, RecordingHeader(name="proef", tick_seconds=HOUR, registry=lines), records)
    digest = registry_of_recording(lines).digest
    assert f"registry {digest} took effect" in " ".join(replay(fresh_kafka, path).split())

    first = {}
    for found in read_all(fresh_kafka, *REPORT_TOPICS):
        first.setdefault((found.topic, found.partition), found)
    assert len(first) == 2 * len(REPORT_TOPICS)
    assert {found.key for found in first.values()} == {CONTROL_KEY}
    held = {registry_of(decode_control(found.value).lines).digest for found in first.values()}
    assert held == {digest}


def test_another_number_than_said_is_refused_before_anything_is_written(fresh_kafka, recording):
    apply_topics(fresh_kafka, catalogue(2))
    assert "have 2 partitions, not 4" in replay(fresh_kafka, recording, "--partitions", "4", exit_code=2)
    assert not any(log_ends(fresh_kafka, partitions_of(fresh_kafka, OCCUPANCY)).values())


def test_topics_that_are_not_there_are_named_with_what_to_do(fresh_kafka, recording):
    told = replay(fresh_kafka, recording, exit_code=1)
    assert "care.occupancy" in told
    assert "ketenwacht topics apply" in told


def test_topics_that_are_past_the_recording_are_left_alone(fresh_kafka, recording):
    apply_topics(fresh_kafka, catalogue(2))
    replay(fresh_kafka, recording)
    before = log_ends(fresh_kafka, partitions_of(fresh_kafka, *REPORT_TOPICS))

    assert "nothing of it would be judged" in " ".join(replay(fresh_kafka, recording, exit_code=2).split())
    assert log_ends(fresh_kafka, partitions_of(fresh_kafka, *REPORT_TOPICS)) == before


def test_a_record_that_poses_as_a_tick_is_a_dead_letter_and_moves_no_clock(fresh_kafka, tmp_path):
    apply_topics(fresh_kafka, catalogue(2))
    good = record(ic(95))
    jump = encode_tick(good.timestamp // 1000 + 40 * HOUR)
    posing = Record(OCCUPANCY, TICK_KEY, good.timestamp, (("number", b"7"),), jump)
    path = tmp_path / "posing.jsonl"
    write_recording(path, RecordingHeader(name="proef", tick_seconds=HOUR), [good, posing])

    told = replay(fresh_kafka, path)
    assert "2 records" in told
    assert "1 of the records posed as a tick" in told
    assert jump not in {each.value for each in read_all(fresh_kafka, *REPORT_TOPICS)}
    (letter,) = read_all(fresh_kafka, dead_letter_topic(OCCUPANCY))
    assert (letter.key, letter.value) == (TICK_KEY, jump)
    assert dict(letter.headers)["dlq-first-seen"] == b"%d" % good.timestamp
    assert (letter.headers[0], dict(letter.headers)["dlq-reason"]) == (("number", b"7"), b"not-a-tick")

    requeue = ["dlq", "requeue", OCCUPANCY, "--reason", "not-a-tick", "--bootstrap", fresh_kafka.bootstrap]
    again = CliRunner().invoke(app, requeue)
    assert again.exit_code == 1
    assert "1 left where they are" in again.output
    assert jump not in {each.value for each in read_all(fresh_kafka, *REPORT_TOPICS)}
