"""Whatever stands in a log is read: honest records as aiokafka reads them, the rest as damaged ones in their place."""

from types import SimpleNamespace

import pytest
from aiokafka.structs import TopicPartition
from hypothesis import given
from hypothesis import strategies as st

from agents.delivery.tolerant import FetchedBatches, TolerantRecords
from streams.batches.bounded import UNPACKED_BYTES_MAX
from streams.batches.reading import batches, read_batch
from streams.codec import RefusedError
from streams.damaged import DamagedRecord, offsets_of
from tests.support.raw_batches import batch, record

PLACE = TopicPartition("care.occupancy", 0)
TWO = (record(0, b"R07", b"a", (b"h", b"1"), (b"n", None)), record(1, None, None))
ODD = record(1, b"R07", b"odd", (b"\xff", b"1"), (b"good", b"2"))


def read(*batches: bytes, begin: int = 0, place: TopicPartition = PLACE) -> tuple[list, int]:
    """What is read of an answer, and where the next fetch begins."""
    reader = TolerantRecords(place, FetchedBatches(b"".join(batches)), [], begin, None, None, True, 0)
    found = list(reader)
    return found, reader.next_fetch_offset


def plain(found) -> list:
    return [
        (each.offset, each.key, "damaged" if isinstance(each, DamagedRecord) else each.value)
        for each in found
    ]


@pytest.mark.parametrize("codec", range(5))
def test_every_codec_is_read(codec):
    found, after = read(batch(*TWO, codec=codec, begin=7), begin=7)
    assert plain(found) == [(7, b"R07", b"a"), (8, None, None)]
    assert list(found[0].headers) == [("h", b"1"), ("n", None)]
    assert after == 9


@pytest.mark.parametrize("codec", range(5))
def test_a_header_name_that_is_no_text_makes_that_record_a_damaged_one_and_no_other(codec):
    found, after = read(batch(TWO[0], ODD, record(2, b"R07", b"c"), codec=codec))
    assert plain(found) == [(0, b"R07", b"a"), (1, b"R07", "damaged"), (2, b"R07", b"c")]
    assert found[1].refusal.reason == "header-name"
    assert found[1].kept == b"odd"
    assert [name.encode(errors="surrogateescape") for name, _ in found[1].headers] == [b"\xff", b"good"]
    assert after == 3
    with pytest.raises(RefusedError, match="header-name"):
        _ = found[1].value


def test_a_record_whose_inside_is_no_record_does_not_hide_those_behind_it():
    found, after = read(batch(TWO[0], b"\x06\0\xff\xff", record(2, b"R07", b"c")))
    assert plain(found) == [(0, b"R07", b"a"), (1, None, "damaged"), (2, b"R07", b"c")]
    assert (found[1].refusal.reason, found[1].kept, found[1].count, after) == (
        "unreadable",
        b"\0\xff\xff",
        1,
        3,
    )


def test_where_lengths_make_no_sense_one_stands_for_the_rest_of_the_batch():
    found, after = read(batch(TWO[0], b"\xff\xff\xff\xff\x7f", b"x", b"y"), batch(*TWO, begin=4))
    assert plain(found) == [(0, b"R07", b"a"), (1, None, "damaged"), (4, b"R07", b"a"), (5, None, None)]
    assert (found[1].count, after) == (3, 6)


@pytest.mark.parametrize("codec", range(1, 5))
def test_a_batch_that_unpacks_to_more_than_a_topic_takes_is_kept_as_size_hash_and_beginning(codec):
    bomb = batch(record(0, b"R07", b"0" * (UNPACKED_BYTES_MAX + 1)), codec=codec)
    found, after = read(bomb, batch(*TWO, begin=1))
    assert plain(found) == [(0, None, "damaged"), (1, b"R07", b"a"), (2, None, None)]
    assert "holds more than" in found[0].refusal.detail
    assert (found[0].cut.bytes, found[0].kept, after) == (len(bomb), bomb[:1000], 3)


@pytest.mark.parametrize("codec", range(1, 8))
def test_packed_bytes_that_are_damaged_or_of_no_codec_stand_for_their_batch(codec):
    data = batch(*TWO, codec=codec, payload=b"\x1f\x8b\x08 no such thing")
    assert [(each.refusal.reason, each.count) for each in read(data)[0]] == [("unreadable", 2)]


@pytest.mark.parametrize("codec", range(1, 5))
def test_packed_bytes_that_end_too_early_stand_for_their_batch(codec):
    whole = batch(*[record(n, b"R07", bytes(range(256)) * 9) for n in range(50)], codec=codec)[61:]
    data = batch(*[b""] * 50, codec=codec, payload=whole[:-20])
    found, after = read(data)
    assert sum(getattr(each, "count", 1) for each in found) == after == 50
    assert isinstance(found[-1], DamagedRecord)


def test_records_that_count_wrongly_stand_where_the_broker_counted_them():
    found, after = read(
        batch(record(5, None, b"a"), record(0, None, b"b"), record(-9, None, b"c"), begin=10), begin=10
    )
    assert plain(found) == [(10, None, b"a"), (11, None, b"b"), (12, None, b"c")]
    assert after == 13


def test_what_was_compacted_away_is_no_damage():
    data = batch(record(1, b"k", b"a"), record(4, b"k", b"b"), delta=6)
    assert (plain(read(data)[0]), read(data)[1]) == ([(1, b"k", b"a"), (4, b"k", b"b")], 7)


def test_a_count_that_is_too_large_stands_for_the_offsets_behind_the_last_record():
    found, after = read(batch(*TWO, delta=9, number=10))
    assert [(each.offset, getattr(each, "count", 1)) for each in found] == [(0, 1), (1, 1), (2, 8)]
    assert after == 10


def test_markers_of_transactions_are_stepped_over():
    assert read(batch(record(0, b"\0\0\0\1", b""), attributes=0x20), batch(*TWO, begin=1))[1] == 3


def test_a_batch_of_another_format_is_damaged():
    data = bytearray(batch(*TWO))
    data[16] = 1
    assert [(each.refusal.reason, each.count) for each in read(bytes(data))[0]] == [("unreadable", 1)]


def test_partitions_that_are_fetched_by_turns_each_come_past_a_checksum_that_does_not_fit():
    data = batch(*TWO, begin=3, spoiled=True)
    places = [TopicPartition("care.absence", number) for number in range(3)]
    looks = [[read(data, begin=3, place=place)[1] for place in places] for _ in range(3)]
    assert looks == [[3] * 3, [3] * 3, [5] * 3]


def test_a_checksum_that_does_not_fit_is_looked_at_three_times():
    data = batch(*TWO, begin=3, spoiled=True) + batch(*TWO, begin=5)
    for _ in range(2):
        assert read(data, begin=3) == ([], 3), "nor is what stands behind it taken before it"
    found, after = read(data, begin=3)
    assert [(each.offset, offsets_of(each)) for each in found] == [(3, 2), (5, 1), (6, 1)]
    assert found[0].refusal.reason == "unreadable"
    assert after == 7


def test_a_fetch_from_the_middle_gives_what_was_not_taken():
    assert plain(read(batch(*TWO, codec=3), begin=1)[0]) == [(1, None, None)]
    assert read(batch(*TWO, payload=b"no", codec=1), begin=1) == ([], 2), (
        "it was taken with the first of its offsets"
    )


@given(
    st.lists(st.binary(max_size=200), max_size=4), st.integers(0, 7), st.integers(0, 255), st.integers(-5, 9)
)
def test_no_bytes_end_a_reader_and_every_offset_is_accounted_for(payloads, codec, attributes, number):
    batches, begin = [], 0
    for payload in payloads:
        batches.append(
            batch(
                begin=begin,
                delta=3,
                number=number,
                codec=codec,
                attributes=attributes & 0xF0,
                payload=payload,
            )
        )
        begin += 4
    found, after = read(*batches)
    assert after == begin
    offsets = [each.offset for each in found]
    assert offsets == sorted(set(offsets))


@given(st.binary(max_size=300))
def test_no_answer_of_a_broker_ends_a_reader(answer):
    read(answer)


@given(st.data())
def test_a_batch_of_which_any_byte_is_other_ends_no_reader(data):
    good = bytearray(batch(*TWO, ODD, codec=data.draw(st.integers(0, 4))))
    at = data.draw(st.integers(61, len(good) - 1))
    good[at] = data.draw(st.integers(0, 255))
    spoilt = batch(b"", b"", b"", payload=bytes(good[61:]), codec=good[22] & 7)
    found, after = read(spoilt)
    assert after == 3
    assert all(0 <= each.offset < 3 for each in found)


def test_a_reader_frees_what_it_read():
    reader = TolerantRecords(PLACE, FetchedBatches(batch(*TWO)), [], 0, None, None, True, 0)
    list(reader)
    assert reader._records_iterator is None
    assert list(reader) == []


def test_what_stands_for_many_offsets_leaves_no_hole():
    from agents.delivery.batch import Batch

    found, _ = read(batch(*TWO, payload=b"no", codec=1))
    assert Batch(PLACE, 0, 2, found).first_missing(0) is None
    later = SimpleNamespace(offset=4)
    assert Batch(PLACE, 0, 5, [*found, later]).first_missing(0) == 2


@given(
    st.lists(st.binary(max_size=60), max_size=4),
    st.integers(0, 4),
    st.sampled_from([0, 0x08, 0x20]),
    st.integers(0, 6),
)
def test_commands_read_the_same_as_workers(values, codec, attributes, number):
    records = [record(delta, b"k", value, (value[:3], value)) for delta, value in enumerate(values)]
    data = batch(*records, b"\x06\0\xff\xff", codec=codec, attributes=attributes, number=number)
    ((head, whole),) = batches(data)
    assert plain(read_batch(head, whole)) == plain(read(data)[0])
