"""A recording of a log as it stood: what is read is what was written, and partitions pass their ticks together."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.pipeline import Pipeline
from alerts.norms import load_norms
from streams.control import CONTROL_KEY, Skip, TickerReset, encode_control
from streams.recorded_log import (
    PartitionLog,
    Recorded,
    in_order,
    is_log,
    read_log,
    records_by_time,
    write_log,
)
from streams.recording import Record, RecordingError, RecordingHeader, read_recording, write_recording
from streams.status import encode
from streams.ticks import TICK_KEY
from streams.topics import OCCUPANCY, REFERRALS, REPORT_TOPICS
from tests.support.reports import MONDAY, ic, record
from tests.support.single_pass import single_pass
from tests.support.wave import Wave

NORMS = load_norms()
AT = int(MONDAY.timestamp())
HEADER = RecordingHeader(name="proef", tick_seconds=60, partitions=1, skipped={f"{OCCUPANCY}/0": [2]})
BYTES = st.none() | st.binary(max_size=8)
ITEMS = st.lists(
    st.builds(Record, st.just(OCCUPANCY), BYTES, st.integers(0, 2**40), st.just((("a", b"\xff"),)), BYTES)
)


@given(st.lists(st.integers(1, 50) | ITEMS, max_size=8), st.sampled_from([".jsonl", ".jsonl.gz"]))
def test_what_is_read_is_what_was_written(tmp_path_factory, drawn, suffix):
    log, offset, ticks = PartitionLog(OCCUPANCY, 0), 0, []
    for each in drawn:
        if isinstance(each, int):
            log.tick(each)
            ticks.append(each)
        else:
            for one in each:
                log.items.append(Recorded(one, offset, counts=offset % 3 > 0))
                offset += 1
    assert [at for item in log.items if isinstance(item, range) for at in item] == ticks
    path = tmp_path_factory.mktemp("log") / f"log{suffix}"
    assert write_log(path, HEADER, [log]) == offset
    header, logs = read_log(path)
    assert (header.skipped, header.partitions, is_log(path)) == (HEADER.skipped, 1, True)
    assert logs == ([log] if log.items else [])


def test_a_run_of_ticks_is_one_line(tmp_path):
    log = PartitionLog(OCCUPANCY, 0)
    for at in (10, 20, 30, 31, 7):
        log.tick(at)
    write_log(path := tmp_path / "a.jsonl", HEADER, [log])
    _, *lines = map(orjson.loads, path.read_bytes().splitlines())
    assert [line["ticks"] for line in lines] == [[10, 30, 10], [31, 31, 1], [7, 7, 1]]


@pytest.mark.parametrize(
    "line",
    [
        b'{"ticks":[1,2],"topic":"a","partition":0}',
        b'{"ticks":[2,1,1],"topic":"a","partition":0}',
        b'{"ticks":[1,4,2],"topic":"a","partition":0}',
        b'{"ticks":[1,5000000000,1],"topic":"a","partition":0}',
        b'{"topic":"a","partition":0}',
        b"[]",
        b"{",
    ],
)
def test_a_line_that_is_neither_is_named(tmp_path, line):
    path = tmp_path / "wrong.jsonl"
    path.write_bytes(b'{"ketenwacht_recording":2,"name":"x","tick_seconds":1}\n' + line + b"\n")
    with pytest.raises(RecordingError, match=r"wrong.jsonl, line 2: neither a record nor a run of ticks"):
        read_log(path)


def test_who_reads_the_first_version_is_told_what_reads_the_second(tmp_path):
    write_log(path := tmp_path / "a.jsonl", HEADER, [])
    with pytest.raises(RecordingError, match=r"a log as it stood \(2\) is for `backtest`"):
        read_recording(path)
    write_recording(path, HEADER, [])
    assert not is_log(path)
    assert b"skipped" not in path.read_bytes()


def control(what) -> Record:
    return Record(OCCUPANCY, CONTROL_KEY, what.at * 1000, (), encode_control(what))


def test_after_a_reset_the_seconds_that_come_again_pass_together():
    one, other = PartitionLog(OCCUPANCY, 0), PartitionLog(REFERRALS, 0)
    for log in (one, other):
        log.tick(100)
        reset = control(TickerReset(at=50, after=200))
        log.items.append(Recorded(reset, 1))
        log.tick(60)
    one.tick(70)
    passed = [(stretch.log.topic, stretch.tick) for stretch in in_order([one, other])]
    assert passed == [(OCCUPANCY, 100), (REFERRALS, 100), (OCCUPANCY, 60), (REFERRALS, 60), (OCCUPANCY, 70)]


def as_logs(items) -> list[PartitionLog]:
    """What the topics hold when a log of records and ticks was written."""
    logs = {topic: PartitionLog(topic, 0) for topic in REPORT_TOPICS}
    for each in items:
        if isinstance(each, int):
            for log in logs.values():
                log.tick(each)
        else:
            log = logs[each.topic]
            log.items.append(Recorded(each, len(log.items)))
    return list(logs.values())


def test_a_log_as_it_stood_gives_what_the_same_records_and_ticks_give():
    items = list(Wave(3, 2).items(30))
    pipeline = Pipeline(NORMS, header=RecordingHeader(name="x", tick_seconds=1))
    transitions = list(pipeline.play_logs(as_logs(items)))
    made = single_pass(items)
    assert len(transitions) == len(made.breaches) > 5
    assert {name: getattr(pipeline.counts, name) for name in made.counts} == made.counts
    assert {region: encode(overview) for region, overview in pipeline.overviews.items()} == made.overviews
    assert sorted(map(encode, transitions)) == sorted(made.breaches)


def test_what_was_skipped_there_is_skipped_and_what_did_not_count_does_not():
    log = PartitionLog(OCCUPANCY, 0)
    for offset, each in enumerate(
        [
            record(ic(50)),
            record(ic(99, source="other", location="B")),
            control(Skip(at=AT, offset=1)),
            control(TickerReset(at=AT, after=AT + 9)),
            Record(OCCUPANCY, TICK_KEY, AT * 1000, (), b'{"tick":5}'),
            control(Skip(at=AT, offset=0)),
        ]
    ):
        log.items.append(Recorded(each, offset, counts=offset not in {3, 4}))
    log.tick(AT)
    pipeline = Pipeline(
        NORMS, header=RecordingHeader(name="x", tick_seconds=1, skipped={f"{OCCUPANCY}/0": [1]})
    )
    list(pipeline.play_logs([log]))
    counts = pipeline.counts
    assert (counts.applied, counts.skipped, counts.dead_lettered) == (1, 1, 3)
    assert [refusal.reason for _, refusal in pipeline.refused] == [
        "not-a-control",
        "not-a-tick",
        "skip-too-late",
    ]
    assert pipeline.partitions[OCCUPANCY].last_tick == AT
    assert len(records_by_time([log])) == 4
