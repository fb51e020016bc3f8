"""Recordings: what is written comes back, byte for byte, and ticks stand where they belong."""

import gzip
import os
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from streams import replay
from streams.recording import (
    Record,
    RecordingError,
    RecordingHeader,
    read_recording,
    write_recording,
)
from streams.replay import TICKS_MAX, stretches, with_ticks
from streams.topics import OCCUPANCY

HEADER = RecordingHeader(name="proef", tick_seconds=60, truth=[{"norm": "x"}])
raw = st.one_of(st.none(), st.binary(max_size=30), st.text(max_size=20).map(str.encode))
names = st.text("abcdefgh-_", min_size=1, max_size=9)
records = st.lists(
    st.builds(
        Record,
        topic=st.just(OCCUPANCY),
        key=raw,
        timestamp=st.integers(1, 10**13),
        headers=st.dictionaries(names, st.binary(max_size=9), max_size=3).map(lambda one: tuple(one.items())),
        value=raw,
    ),
    max_size=6,
)


@given(records, st.sampled_from(["a.jsonl", "a.jsonl.gz"]))
def test_what_is_written_comes_back_sorted_by_time(tmp_path_factory, written, name):
    path = tmp_path_factory.mktemp("recording") / name
    assert write_recording(path, HEADER, written) == len(written)
    header, read = read_recording(path)
    assert header == HEADER
    assert list(read) == sorted(written, key=lambda record: record.timestamp)


@given(records)
def test_without_headers_everything_else_is_the_same(tmp_path_factory, written):
    path = tmp_path_factory.mktemp("recording") / "a.jsonl.gz"
    write_recording(path, HEADER, written)
    bare = [structs.replace(record, headers=()) for record in read_recording(path)[1]]
    assert list(read_recording(path, headers=False)[1]) == bare


def test_a_line_that_another_program_wrote_is_read_as_well_as_one_of_ours(tmp_path):
    path = tmp_path / "a.jsonl"
    write_recording(path, HEADER, [])
    line = b'{"value":"x","topic":"t","more":[1],"key":null,"timestamp":"61000","headers":{"a":null}}\n\n \n'
    path.write_bytes(path.read_bytes() + line)
    assert list(read_recording(path)[1]) == [Record("t", None, 61_000, (("a", b""),), b"x")]


def test_the_same_records_give_the_same_bytes(tmp_path):
    paths = [tmp_path / "1.jsonl.gz", tmp_path / "2.jsonl.gz"]
    for path in paths:
        write_recording(path, HEADER, [Record(OCCUPANCY, b"R07", 1, (), b"\xff")])
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_gzip_without_its_name_is_still_read(tmp_path):
    path = tmp_path / "a.jsonl.gz"
    write_recording(path, HEADER, [Record(OCCUPANCY, None, 1, (), None)])
    other = path.rename(tmp_path / "a.txt")
    assert len(list(read_recording(other)[1])) == 1


@pytest.mark.parametrize(
    "line", [b'{"ketenwacht_recording":2,"name":"x","tick_seconds":1}', b'{"name":"x","tick_seconds":0}']
)
def test_a_header_that_cannot_be_used_is_refused(tmp_path, line):
    path = tmp_path / "a.jsonl"
    path.write_bytes(line + b"\n")
    with pytest.raises(RecordingError, match=r"a\.jsonl"):
        read_recording(path)


@pytest.mark.parametrize("kind", ["plain", "gzip", "pipe"])
@pytest.mark.parametrize("good", [0, 3, 5_000])
def test_a_wrong_line_is_named_by_its_number_blank_lines_counted(tmp_path, kind, good):
    whole = tmp_path / "whole"
    write_recording(whole, HEADER, at(*range(60, 60 + good)))
    text = whole.read_bytes().replace(b"\n", b"\n\n", 1) + b"\n{}\n"
    path = tmp_path / "a.jsonl"
    if kind == "pipe":
        os.mkfifo(path)
        Thread(target=path.write_bytes, args=(text,), daemon=True).start()
    else:
        path.write_bytes(gzip.compress(text) if kind == "gzip" else text)
    _, read = read_recording(path)
    with pytest.raises(RecordingError, match=rf"a\.jsonl, line {good + 4}: no record"):
        list(read)


def at(*moments: int) -> list[Record]:
    return [Record(OCCUPANCY, b"R07", moment * 1000, (), b"{}") for moment in moments]


def shape(log) -> list[int | str]:
    return [item if isinstance(item, int) else f"r{item.timestamp // 1000}" for item in log]


def test_a_tick_stands_after_all_up_to_it_and_before_all_later():
    assert shape(with_ticks(at(60, 61, 120, 121, 300), 60)) == [
        "r60", 60, "r61", "r120", 120, "r121", 180, 240, "r300", 300,
    ]  # fmt: skip


def test_a_log_can_be_cut_at_any_second_with_a_last_tick_there():
    assert shape(with_ticks(at(61, 121), 60, until=100)) == ["r61", 100]
    assert shape(with_ticks(at(61, 121), 60, until=121)) == ["r61", 120, "r121", 121]
    assert shape(with_ticks(at(61), 60, until=200)) == ["r61", 120, 180, 200]
    assert shape(with_ticks(at(61), 60, until=60)) == []
    assert shape(with_ticks([], 60)) == []


@given(st.lists(st.integers(1, 10_000), max_size=20), st.integers(40, 700))
def test_ticks_and_records_are_all_there_and_in_order(moments, step):
    log = list(with_ticks(at(*sorted(moments)), step))
    assert [item for item in log if not isinstance(item, int)] == at(*sorted(moments))
    ticks = [item for item in log if isinstance(item, int)]
    assert all(tick % step == 0 for tick in ticks)
    assert ticks == sorted(set(ticks))
    for tick in ticks:
        place = log.index(tick)
        assert all(isinstance(one, int) or one.timestamp <= tick * 1000 for one in log[:place])
        assert all(isinstance(one, int) or one.timestamp > tick * 1000 for one in log[place:])


@given(st.lists(st.integers(1, 400), max_size=12), st.integers(40, 90), st.none() | st.integers(300, 500))
def test_it_makes_no_difference_how_many_records_are_looked_at_together(moments, step, until):
    records = at(*sorted(moments))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replay, "STRETCH_MAX", 3)
        few = list(stretches(records, step, until))
    assert all(isinstance(item, int) or 1 <= len(item) <= 3 for item in few)
    one_by_one = [one for item in few for one in ([item] if isinstance(item, int) else item)]
    assert one_by_one == list(with_ticks(records, step, until))


@pytest.mark.parametrize("together", [1, 2, 1000])
def test_records_out_of_order_are_refused_after_those_before_them(together, monkeypatch):
    monkeypatch.setattr(replay, "STRETCH_MAX", together)
    log = with_ticks(at(100, 120, 60), 60)
    assert shape([next(log), next(log)]) == ["r100", "r120"]
    with pytest.raises(RecordingError, match="out of order at 60000 ms"):
        next(log)


def test_a_record_thousands_of_years_on_is_refused_before_millions_of_ticks():
    log = with_ticks(at(60, 60 + TICKS_MAX + 2), 1)
    assert shape([next(log)]) == ["r60"]
    with pytest.raises(RecordingError, match="wrong time"):
        next(log)
