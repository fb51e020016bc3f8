"""The same log gives the same entries and transitions, however it is cut, shared out, stopped or told twice."""

import contextlib
import random
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.domain.country.second_stage import SecondStage, follow
from agents.domain.partition import empty_partition, tick
from agents.engine.members import members_of, partition_of
from agents.engine.snapshot import decode_state, encode_state
from agents.pipeline import Pipeline, order
from alerts.judge import judge
from alerts.judged import JudgeState
from alerts.norms import load_norms
from streams.codec import RefusedError
from streams.regions import REGIONS
from streams.reports import OccupancyReport
from streams.status import decode_entry, decode_transition, encode
from streams.topics import OCCUPANCY, REPORT_TOPICS
from tests.support.bad_records import BAD
from tests.support.drawn_reports import reports
from tests.support.entrance import receive
from tests.support.put_away import Shelf
from tests.support.reports import record
from tests.support.streams_of_reports import TICK_SECONDS, dirty_stream

NORMS = load_norms()
seeds = st.integers(0, 10_000)


def by_tick(seed: int, days: int = 2, chance: random.Random | None = None):
    """The records of a seeded stream, tick by tick; in any order between two ticks if `chance` is given."""
    records = dirty_stream(seed, days, every_hours=6)
    begin = records[0].timestamp // 1000 // TICK_SECONDS + 1
    end = records[-1].timestamp // 1000 // TICK_SECONDS + 1
    for number in range(begin, min(end, begin + days * 24) + 1):
        low, high = (number - 1) * TICK_SECONDS * 1000, number * TICK_SECONDS * 1000
        batch = [one for one in records if low < one.timestamp <= high]
        if chance is not None:
            chance.shuffle(batch)
        yield number * TICK_SECONDS, batch


def through_pipeline(seed: int, chance: random.Random | None = None) -> list:
    pipeline = Pipeline(NORMS)
    told = []
    for at, batch in by_tick(seed, chance=chance):
        for each in batch:
            pipeline.receive(each)
        told += pipeline.tick(at)
    return told


class Cluster:
    """The stages as the agents run them: partitions by key, entries as bytes on one log."""

    def __init__(self, partitions: int) -> None:
        self.partitions = partitions
        self.folds = {
            (topic, number): empty_partition(topic, number, members_of(number, partitions))
            for topic in REPORT_TOPICS
            for number in range(partitions)
        }
        self.second = SecondStage()
        self.judged = JudgeState()
        self.log: list[bytes] = []

    def receive(self, each) -> None:
        fold = self.folds[each.topic, partition_of(each.key, self.partitions)]
        with contextlib.suppress(RefusedError):
            receive(fold, each.key, each.value, each.timestamp)

    def tick(self, at: int, chance: random.Random) -> list:
        """Pass a tick; the partitions get there in any order."""
        written = [[encode(e) for e in tick(fold, at, NORMS)] for fold in self.folds.values()]
        chance.shuffle(written)
        return [move for entries in written for value in entries for move in self.tell(value)]

    def tell(self, value: bytes) -> list:
        """Take one entry of the status log into the second stage and the judge, as bytes."""
        self.log.append(value)
        entry = decode_entry(value)
        told = judge(self.judged, entry, NORMS)[0]
        for following in follow(self.second, entry, NORMS):
            self.log.append(encode(following))
            told += judge(self.judged, decode_entry(encode(following)), NORMS)[0]
        return [decode_transition(encode(one)) for one in told]


@settings(max_examples=4)
@given(seeds)
def test_any_number_of_partitions_gives_the_transitions_of_one_process(seed):
    chance = random.Random(seed)
    expected = sorted(through_pipeline(seed), key=order)
    assert expected
    for partitions in (1, 3, 8):
        cluster = Cluster(partitions)
        told = []
        for at, batch in by_tick(seed):
            for each in batch:
                cluster.receive(each)
            told += cluster.tick(at, chance)
        assert sorted(told, key=order) == expected


@settings(max_examples=6)
@given(seeds)
def test_the_order_between_two_ticks_changes_nothing(seed):
    chance = random.Random(seed)
    said = []
    for shuffled in (None, chance):
        fold = empty_partition(OCCUPANCY, 0, tuple(REGIONS))
        entries = []
        for at, batch in by_tick(seed, chance=shuffled):
            for each in batch:
                if each.topic == OCCUPANCY:
                    try:
                        receive(fold, each.key, each.value, each.timestamp)
                    except RefusedError:
                        continue
            entries += [encode(entry) for entry in tick(fold, at, NORMS)]
        said.append((entries, fold.counts))
    assert said[0][0] == said[1][0]
    assert said[0][1].total == said[1][1].total
    assert through_pipeline(seed) == through_pipeline(seed, chance)


@settings(max_examples=6)
@given(seeds, st.data())
def test_a_stage_put_away_at_any_tick_goes_on_as_if_it_never_was(seed, data):
    cluster, whole = Cluster(3), Cluster(3)
    shelves = {key: Shelf() for key in cluster.folds}
    ticks = list(by_tick(seed))
    stops = data.draw(st.sets(st.integers(0, len(ticks) - 1), min_size=1, max_size=4))
    for number, (at, batch) in enumerate(ticks):
        for each in batch:
            cluster.receive(each)
            whole.receive(each)
        if number in stops:
            for key, fold in cluster.folds.items():
                shelves[key].put(fold)
                cluster.folds[key] = shelves[key].take()
            cluster.second = decode_state(encode_state(cluster.second), SecondStage)
            cluster.judged = decode_state(encode_state(cluster.judged), JudgeState)
        assert cluster.tick(at, random.Random(1)) == whole.tick(at, random.Random(1))
    assert cluster.log == whole.log
    assert cluster.folds == whole.folds


@settings(max_examples=6)
@given(seeds, st.data())
def test_a_prefix_of_the_status_log_told_twice_tells_nothing_new(seed, data):
    cluster = Cluster(3)
    expected = []
    for at, batch in by_tick(seed):
        for each in batch:
            cluster.receive(each)
        expected += cluster.tick(at, random.Random(1))
    regional = [value for value in cluster.log if decode_entry(value).stage == "fold"]
    again = Cluster(3)
    told = []
    cut = data.draw(st.integers(1, len(regional)))
    back = data.draw(st.integers(0, cut))
    for value in [*regional[:cut], *regional[back:cut], *regional[cut:]]:
        told += again.tell(value)
    assert told == expected


@given(st.data())
def test_every_record_is_counted_once_whatever_its_bytes(data):
    fold = empty_partition(OCCUPANCY, 0, ("R07",))
    at = int(datetime(2021, 11, 1, tzinfo=UTC).timestamp())
    received = refused = 0
    for number in range(data.draw(st.integers(0, 25))):
        choice = data.draw(st.sampled_from(["report", "bad", "bytes", "tick"]))
        if choice == "tick":
            at += data.draw(st.sampled_from([0, 3600, 86_400 * 15]))
            tick(fold, at, NORMS)
            continue
        if choice == "report":
            one = record(data.draw(reports(OccupancyReport, at, number)))
            key, value = one.key, one.value
        elif choice == "bad":
            bad = data.draw(st.sampled_from([bad for bad in BAD if bad.topic == OCCUPANCY]))
            key, value = bad.key, bad.value
        else:
            key, value = data.draw(st.sampled_from([None, b"R07", b"R08"])), data.draw(st.binary(max_size=99))
        received += 1
        try:
            receive(fold, key, value, at * 1000)
        except RefusedError:
            refused += 1
        counts = fold.counts
        assert counts.applied + counts.duplicate + counts.late + counts.dead_lettered == received
        assert counts.dead_lettered == refused
