"""The second stage says the same whatever the order of its entries, and however it is stopped and told again."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.domain.country.second_stage import SecondStage, follow
from agents.engine.snapshot import decode_state, encode_state
from agents.sum_nation import SumNation
from alerts.norms import load_norms
from streams.joins import JOINS, STATUS_SOURCES
from streams.log_end import LogRecord
from streams.regions import NL, REGIONS
from streams.status import decode_entry, encode
from streams.topics import REGION_STATUS, REPORT_TOPICS
from tests.support.drawn_status import BEGIN, HOUR, drawn, entries

NORMS = load_norms()
TICKS = 30
seeds = st.integers(0, 10_000)


def by_source(said) -> dict[str, list[bytes]]:
    """What was said of each topic and join, in order: that order is part of the result."""
    found = {source: [] for source in STATUS_SOURCES}
    for entry in said:
        found[entry.topic].append(encode(entry))
    return found


def followed(log, state=None) -> list:
    state = SecondStage() if state is None else state
    return [told for entry in log for told in follow(state, entry, NORMS)]


@settings(max_examples=5)
@given(seeds)
def test_neither_the_order_of_entries_nor_the_partitions_change_what_is_said(seed):
    chance = random.Random(seed)
    said = drawn(chance, TICKS)
    expected = by_source(followed(entries(chance, said, 1)))
    assert all(any(b'"indicators":[{' in value for value in expected[join]) for join in JOINS)
    for partitions in (1, 4):
        assert by_source(followed(entries(chance, said, partitions))) == expected


@settings(max_examples=5)
@given(seeds)
def test_at_each_tick_of_the_country_every_source_names_each_of_its_regions_once(seed):
    chance = random.Random(seed)
    named = {}
    for entry in followed(entries(chance, drawn(chance, TICKS), 3)):
        assert len({entry.region, *entry.also}) == 1 + len(entry.also)
        named.setdefault((entry.topic, entry.at), []).extend([entry.region, *entry.also])
    ticks = [BEGIN + number * HOUR for number in range(1, TICKS + 1)]
    for source in STATUS_SOURCES:
        everyone = sorted(REGIONS if source in JOINS else [NL])
        assert [sorted(named.pop((source, at))) for at in ticks] == [everyone] * TICKS
    assert not named


def handled(stage, records) -> list[bytes]:
    """What a stage says to all records: it takes some of them at a time."""
    start, told = 0, []
    while start < len(records):
        start, more = stage.handle(records, start)
        told += [each.value for each in more]
    return told


@settings(max_examples=5)
@given(seeds, st.data())
def test_a_stage_put_away_in_pieces_anywhere_goes_on_as_if_it_never_was(seed, data):
    chance = random.Random(seed)
    log = list(entries(chance, drawn(chance, TICKS), 3))
    records = [LogRecord(REGION_STATUS, 0, n, e.at * 1000, b"", encode(e), ()) for n, e in enumerate(log)]
    whole = handled(SumNation(NORMS).make(0, {}), records)
    assert len(whole) > TICKS
    stops = sorted(data.draw(st.sets(st.integers(1, len(log) - 1), min_size=1, max_size=6)))
    stage, pieces, told = SumNation(NORMS).make(0, {}), {}, []
    for begin, end in zip([0, *stops], [*stops, len(log)], strict=True):
        told += handled(stage, records[begin:end])
        pieces |= stage.pieces()
        stage = SumNation(NORMS).make(0, pieces)
    assert told == whole
    assert stage.pieces() == {}


@settings(max_examples=5)
@given(seeds, st.data())
def test_entries_told_again_after_a_crash_say_nothing_new(seed, data):
    chance = random.Random(seed)
    log = list(entries(chance, drawn(chance, TICKS), 3))
    cut = data.draw(st.integers(1, len(log)))
    back = data.draw(st.integers(0, cut))
    again = [*log[:cut], *log[back:cut], *log[cut:]]
    assert list(map(encode, followed(again))) == list(map(encode, followed(log)))


def test_nothing_piles_up_while_a_partition_stands_still_and_nothing_happens():
    state = SecondStage()
    moving = [name for name in (*REGIONS, "NL-unplaced") if name != "R07"]
    sizes = []
    for number in range(1, 2001):
        for topic in REPORT_TOPICS:
            value = b'{"stage":"fold","topic":"%s","partition":0,"region":"R01","at":%d,"also":%s}' % (
                topic.encode(),
                BEGIN + number,
                str(moving[1:]).replace("'", '"').encode(),
            )
            assert follow(state, decode_entry(value), NORMS) == []
        if number in (10, 2000):
            sizes.append(len(encode_state(state)))
    assert sizes[1] - sizes[0] < 100
    held_up = [decode_entry(b'{"stage":"fold","topic":"%s","partition":1,"region":"R07","at":%d}' % (topic.encode(), BEGIN + number)) for number in range(1, 2001) for topic in REPORT_TOPICS]  # fmt: skip
    said = followed(held_up, decode_state(encode_state(state), SecondStage))
    assert len(said) == 2000 * len(STATUS_SOURCES)
