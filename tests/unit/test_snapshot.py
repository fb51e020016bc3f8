"""Snapshots in pieces: only what changed is written, and a worker that dies in between leaves the last one whole."""

import random
import zlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents import partition_image
from agents.domain.losses import EntriesLost
from agents.domain.region import FOLDINGS
from agents.domain.speakers.speakers import Speakers
from agents.engine.formats import FORMAT, READABLE, WRITTEN
from agents.engine.snapshot import SnapshotStore
from agents.judge_status import JudgeImage
from agents.sum_nation import PIECES

OTHER_PARTITION = {b"10/head": b"x", b"10/0/a": b"x"}


def write(changelog, store, next_offset, pieces, only=None):
    """Save, and write the records in order; only the first `only` of them."""
    records, key, head = store.save(next_offset, pieces)
    written = [*records.items(), (key, head)]
    for name, value in written[:only]:
        changelog[name] = value
        if value is None:
            del changelog[name]
    return len(written)


def taken_up(changelog):
    store = SnapshotStore(1)
    return store, store.load({**changelog, **OTHER_PARTITION})


def test_what_was_saved_is_taken_up_again():
    changelog = {}
    store = SnapshotStore(1)
    write(changelog, store, 5, {"a": b"1", "b": b"x" * 2000})
    write(changelog, store, 9, {"a": b"2"})

    again, pieces = taken_up(changelog)

    assert pieces == {"a": b"2", "b": b"x" * 2000}
    assert again.next_offset == 9


def test_only_what_changed_is_written():
    store = SnapshotStore(1)
    assert write({}, store, 5, {"a": b"1", "b": b"2"}) == 3
    assert write({}, store, 6, {"b": b"3"}) == 2


def test_a_piece_that_is_gone_does_not_come_back():
    changelog = {}
    store = SnapshotStore(1)
    write(changelog, store, 5, {"a": b"1", "b": b"2"})
    write(changelog, store, 7, {"a": None})
    write(changelog, store, 8, {"b": b"3"})
    assert taken_up(changelog)[1] == {"b": b"3"}
    store, _ = taken_up(changelog)
    write(changelog, store, 9, {"a": b"4"})
    assert taken_up(changelog)[1] == {"a": b"4", "b": b"3"}


def test_without_a_head_there_is_no_snapshot():
    changelog = {}
    store = SnapshotStore(1)
    write(changelog, store, 5, {"a": b"1"}, only=1)
    assert taken_up(changelog)[1] == {}


def test_a_format_that_is_not_known_is_computed_again():
    changelog = {}
    write(changelog, SnapshotStore(1), 5, {"a": b"1"})
    changelog[b"1/head"] = msgspec.msgpack.encode((FORMAT + 1, 5, 1, 0))
    store, pieces = taken_up(changelog)
    assert (pieces, store.next_offset) == ({}, None)
    changelog[b"1/head"] = b"\xc1"
    assert taken_up(changelog)[1] == {}


JUNK = [
    b"",
    b"\xc1",
    msgspec.msgpack.encode((9, True, b"not zlib")),
    msgspec.msgpack.encode((9, False, b"forged")),
]


@pytest.mark.parametrize("junk", JUNK)
def test_what_stands_over_a_piece_leaves_no_snapshot_and_ends_no_worker(junk):
    changelog = {}
    write(changelog, SnapshotStore(1), 9, {"a": b"1"})
    store, pieces = taken_up({**changelog, b"1/0/a": junk})
    assert (store.next_offset, pieces) == (None, {})
    assert store.gone


@pytest.mark.parametrize("junk", JUNK)
@pytest.mark.parametrize(
    "key", [b"1/old", b"1/0/\xff", b"1/x/a", b"1/0/new", b"1/1/a", b"1/00/a", b"1/+1/b", b"1/"]
)
def test_what_stands_beside_the_pieces_costs_nothing(key, junk):
    changelog = {}
    store = SnapshotStore(1)
    write(changelog, store, 5, {"a": b"0", "b": b"x" * 2000})
    write(changelog, store, 7, {"a": b"1"})
    write(changelog, store, 9, {"a": b"2"})  # in the first place again; the second has the one before
    store, pieces = taken_up({**changelog, key: junk})
    assert (store.next_offset, pieces) == (9, {"a": b"2", "b": b"x" * 2000})
    write(changelog, store, 11, {"a": b"3"})
    assert taken_up(changelog)[1] == {"a": b"3", "b": b"x" * 2000}


def test_the_format_of_before_is_written_until_it_is_left():
    changelog = {}
    store = SnapshotStore(1, format=FORMAT - 1)
    write(changelog, store, 5, {"a": b"1"})
    store, _ = taken_up(changelog)
    assert store.format == FORMAT - 1
    assert not store.finalize(0)
    write(changelog, store, 7, {"a": b"2"})
    assert msgspec.msgpack.decode(changelog[b"1/head"])[0] == FORMAT - 1
    assert store.finalize(FORMAT + 5)
    write(changelog, store, 9, {"a": b"3"})
    assert msgspec.msgpack.decode(changelog[b"1/head"])[0] == FORMAT
    assert taken_up(changelog)[0].format == FORMAT


@pytest.mark.parametrize("older", sorted(READABLE - set(WRITTEN)))
def test_a_format_from_long_ago_is_taken_up_and_left(older):
    changelog = {}
    write(changelog, SnapshotStore(1, format=older), 5, {"a": b"1"})
    store, pieces = taken_up(changelog)
    assert (store.format, pieces) == (FORMAT, {"a": b"1"})


def test_a_state_of_another_shape_has_another_format():
    """A snapshot of the shape before would be taken for one of this: raise FORMAT, then note the new shape here."""
    places = [kind for kind in partition_image._PLACES.values() if kind is not None]
    bodies = [folding.state for folding in FOLDINGS.values()]
    own = [partition_image._Whole, partition_image._Region, partition_image._Registered, Speakers]
    kinds = [*own, *bodies, *places, *PIECES.values(), EntriesLost, JudgeImage]
    shape = "".join(_shape(msgspec.inspect.type_info(kind)) for kind in kinds)
    assert (FORMAT, zlib.crc32(shape.encode())) == (21, 55286637)


def _shape(info) -> str:
    """Return what decides how a type is written: names and order of fields, and their types."""
    if isinstance(info, msgspec.inspect.StructType):
        fields = ",".join(f"{field.encode_name}:{_shape(field.type)}" for field in info.fields)
        return f"{'[' if info.array_like else '{'}{fields}]"
    if isinstance(info, msgspec.inspect.NamedTupleType):  # written as any tuple
        return f"TupleType({','.join(_shape(field.type) for field in info.fields)})"
    inside = [
        getattr(info, name, None) for name in ("item_type", "item_types", "key_type", "value_type", "types")
    ]
    parts = [part for one in inside if one for part in (one if isinstance(one, tuple) else (one,))]
    return f"{type(info).__name__}({','.join(_shape(part) for part in parts)})"


def test_a_piece_that_another_worker_wrote_over_is_noticed():
    changelog = {}
    store = SnapshotStore(1)
    write(changelog, store, 5, {"a": b"1", "b": b"1"})
    fenced_off, _ = taken_up(changelog)
    write(changelog, store, 8, {"a": b"8", "b": b"8"})
    write(changelog, fenced_off, 6, {"a": b"6"}, only=1)
    store, pieces = taken_up(changelog)
    assert (pieces, store.next_offset) == ({}, None)


@given(st.integers(0, 10_000))
def test_a_worker_that_dies_at_any_record_leaves_a_whole_snapshot(seed):
    chance = random.Random(seed)
    changelog, truth = {}, {0: {}}
    store, state, offset = SnapshotStore(1), {}, 0
    for _ in range(12):
        offset += chance.randint(1, 3)
        changed = {name: chance.choice([b"%d" % offset, None]) for name in "abcd" if chance.random() < 0.5}
        state = {name: body for name, body in {**state, **changed}.items() if body is not None}
        dies = chance.random() < 0.3
        strays = len(store._strays)
        only = chance.randint(0, strays + len(changed)) if dies else None
        written = write(changelog, store, offset, changed, only)
        dies = dies and only < written
        if not dies:
            truth[offset] = state
            continue
        store, state = taken_up(changelog)
        offset = store.next_offset or 0
        assert state == truth[offset] == truth[max(truth)]
        truth = {offset: state}
    assert taken_up(changelog)[1] == truth[max(truth)]
