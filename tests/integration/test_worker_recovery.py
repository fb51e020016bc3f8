"""What a worker takes up again: the whole changelog, one snapshot in it, or a snapshot older than the commit."""

import asyncio

import msgspec
import pytest
from aiokafka.structs import TopicPartition
from kafka import KafkaConsumer, KafkaProducer
from kafka import TopicPartition as Partition

from agents.delivery.log_end import true_ends
from agents.engine.snapshot import Head
from agents.pipeline import Pipeline, episode_order
from alerts.norms import load_norms
from streams.log_end import read_all
from streams.status import decode_transition
from streams.topic_admin import apply_topics
from streams.topics import BREACHES, OVERVIEW, REPORT_PARTITIONS, Topic, catalogue
from tests.support.day_on_a_broker import changelogs, halves, play, reports, told
from tests.support.workers import crew

EVERY_TICK, ONLY_ONE = 0.0, 60.0


@pytest.fixture
def log(fresh_kafka):
    """A log of a day in two halves, and the transitions that one process makes of the whole."""
    apply_topics(fresh_kafka, catalogue())
    before, after = halves()
    transitions = sorted(Pipeline(load_norms()).play([*before, *after]), key=episode_order)
    assert len(transitions) > 20
    return before, after, transitions


def write_again(kafka) -> int:
    """Append the first snapshot of each changelog partition as its newest; return the largest step back."""
    written: dict[Partition, list] = {}
    for found in read_all(kafka, *changelogs(kafka)):
        written.setdefault(Partition(found.topic, found.partition), []).append(found)
    producer = KafkaProducer(**kafka.producer())
    back = 0
    for partition, found in written.items():
        heads = [n for n, one in enumerate(found) if one.key.endswith(b"/head")]
        if not heads:
            continue  # on a machine that is short of time a worker may stop before its first snapshot is whole
        old, newest = (msgspec.msgpack.decode(found[n].value, type=Head) for n in (heads[0], heads[-1]))
        back = max(back, newest.next_offset - old.next_offset)
        for one in found[: heads[0] + 1]:
            producer.send(partition.topic, key=one.key, value=one.value, partition=partition.partition)
    producer.flush()
    producer.close()
    return back


def test_a_snapshot_older_than_the_commit_is_read_on_from_the_log(fresh_broker, fresh_kafka, log):
    before, after, expected = log
    half = play(fresh_kafka, before)
    with crew(fresh_broker, snapshot_seconds=EVERY_TICK) as workers:
        workers.hire()
        workers.wait_until_judged(half, 60)
        workers.wait_for_counts(reports(before), 20)
        workers.dismiss(0)  # in peace, so that everything is committed
        assert write_again(fresh_kafka) > 10
        workers.hire()
        # Nothing new has come: no record shows the gap between snapshot and commit.
        workers.wait_for_counts(reports(before), 60)
        workers.wait_until_judged(half, 30)
        end = play(fresh_kafka, after)
        workers.wait_until_judged(end, 30)
        workers.wait_for_counts(reports(before) + reports(after), 20)
    assert told(fresh_kafka) == expected


def test_a_changelog_of_one_snapshot_is_taken_up(fresh_broker, fresh_kafka, log):
    before, after, expected = log
    with crew(fresh_broker, snapshot_seconds=ONLY_ONE) as workers:
        workers.hire().url  # noqa: B018 - it has begun, and gets no further
        workers.kill(0)
        half = play(fresh_kafka, before)
        workers.wait_until_judged(half, 60)
        kept = list(read_all(fresh_kafka, *changelogs(fresh_kafka)))
        fold = [each for each in kept if "fold-occupancy" in each.topic and each.key.endswith(b"/head")]
        assert len(fold) == REPORT_PARTITIONS  # one snapshot each, at the first tick
        workers.kill(0)
        end = play(fresh_kafka, after)
        workers.wait_until_judged(end, 60)
        workers.wait_for_counts(reports(before) + reports(after), 20)
    assert told(fresh_kafka) == expected


def test_recovery_asks_for_the_true_end_of_a_changelog(broker, kafka):
    """The embedded broker answers "latest" with the start of its last batch + 1; recovery must not believe it."""
    topic = f"log-end-{broker.kind}"
    partition = Partition(topic, 0)
    apply_topics(kafka, [Topic(topic, "snapshots", "derived", 1, -1)])
    producer = KafkaProducer(**kafka.producer(), linger_ms=200)
    for number in range(50):
        producer.send(topic, key=b"partition-0", value=b"%d" % number, partition=0)
    producer.flush()
    producer.close()
    real = sum(found.partition == 0 for found in read_all(kafka, topic))
    assert real == 50
    arguments = {"bootstrap_servers": kafka.bootstrap}
    ends = asyncio.run(true_ends(arguments, [TopicPartition(topic, 0)]))
    assert ends == {TopicPartition(topic, 0): 50}
    if broker.kind == "embedded":
        consumer = KafkaConsumer(**kafka.consumer())
        stock = consumer.end_offsets([partition])[partition]
        consumer.close()
        assert stock < 50, "the embedded broker has been mended: recovery may trust it"


@pytest.mark.parametrize("broker", ["embedded"], indirect=True)
def test_a_worker_recovers_the_end_that_the_broker_does_not_tell(fresh_broker, fresh_kafka, log):
    """One batch of snapshots ends the changelog, so a recovery up to the told end would stop at its first."""
    before, after, expected = log
    half = play(fresh_kafka, before)
    with crew(fresh_broker, snapshot_seconds=EVERY_TICK) as workers:
        workers.hire()
        workers.wait_until_judged(half, 60)
        workers.dismiss(0)
        overviews = sum(1 for _ in read_all(fresh_kafka, OVERVIEW))
        (judge,) = (name for name in changelogs(fresh_kafka) if "-judge-" in name)
        kept = list(read_all(fresh_kafka, judge))
        producer = KafkaProducer(**fresh_kafka.producer(), linger_ms=500)
        for found in [kept[0], *kept[-30:]]:
            producer.send(judge, key=found.key, value=found.value, partition=0)
        producer.flush()
        producer.close()
        workers.hire()
        end = play(fresh_kafka, after)
        workers.wait_until_judged(end, 60)
    assert told(fresh_kafka) == expected
    again = [
        each.id for each in (decode_transition(found.value) for found in read_all(fresh_kafka, BREACHES))
    ]
    assert len(again) == len(set(again)), "the judge went back to an old snapshot and told everything twice"
    assert overviews > 0
