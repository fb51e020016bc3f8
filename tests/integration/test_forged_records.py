"""Whatever stands in the topics that workers write for each other: it ends nobody, and judgement goes on."""

import time
from collections import Counter
from datetime import timedelta

import msgspec
import pytest
from kafka import KafkaConsumer, KafkaProducer
from kafka.errors import CommitFailedError, KafkaError
from kafka.structs import OffsetAndMetadata

from streams.log_end import log_ends, partitions_of, read_all
from streams.player import Player
from streams.status import Indicator, StatusEntry, encode
from streams.topic_admin import apply_topics
from streams.topics import BREACHES, OCCUPANCY, REGION_STATUS, REPORT_PARTITIONS, REPORT_TOPICS, catalogue
from tests.support.raw_batches import batch, produce
from tests.support.raw_batches import record as raw_record
from tests.support.reports import MONDAY, ic, record
from tests.support.workers import crew

AT = int(MONDAY.timestamp())
HOUR = 3600
SECONDS_MAX = 10
GROUP = "ketenwacht"


def write(kafka, hours: int, occupied: int = 50) -> None:
    player = Player(kafka, REPORT_PARTITIONS)
    player.record(record(ic(occupied, location="L1", at=MONDAY + timedelta(hours=hours))))
    player.tick(AT + hours * HOUR)
    player.close()


@pytest.fixture
def working(fresh_broker, fresh_kafka):
    """A worker that has judged two hours."""
    apply_topics(fresh_kafka, catalogue())
    write(fresh_kafka, 0)
    checks = fresh_broker.kind == "kafka"
    with crew(fresh_broker, snapshot_seconds=0.1, broker_checks_time=checks) as workers:
        workers.hire()
        workers.wait_until_judged(AT, 120)
        write(fresh_kafka, 1)
        workers.wait_until_judged(AT + HOUR, 60)
        yield fresh_broker, fresh_kafka, workers


def sent(kafka, topic: str, *records: tuple[bytes | None, bytes | None], partition: int = 0) -> None:
    producer = KafkaProducer(**kafka.producer())
    for key, value in records:
        try:
            producer.send(topic, key=key, value=value, partition=partition).get(30)
        except KafkaError:
            assert key is None  # which Kafka refuses in a compacted topic
    producer.close()


def goes_on(kafka, workers, hours: int, *, seconds: float = SECONDS_MAX) -> None:
    """The next tick is judged in time, by whoever was there, and every report was counted once."""
    write(kafka, hours)
    began = time.monotonic()
    workers.wait_until_judged(AT + hours * HOUR, seconds)
    assert time.monotonic() - began < seconds
    assert workers.workers[0].exit_code is None, workers.tail()
    counts = workers.wait_for_counts(hours + 1, 30)
    assert counts[OCCUPANCY, "applied"] == hours + 1


def test_entries_that_no_stage_wrote_are_passed_over(working):
    broker, kafka, workers = working
    beds = Indicator("beds_occupied", {"label": "total", "unit": "ic"}, 5, AT)
    entry = StatusEntry("fold", OCCUPANCY, 0, "R07", AT + HOUR + 5, [beds])
    other = msgspec.structs.replace
    wrong = [
        b"", b"\xff", b"{}", b"[" * 10_000, b"null", encode(entry)[:-1],
        encode(other(entry, topic="care.nothing")),
        encode(other(entry, region="R99")),
        encode(other(entry, region="NL", stage="nation", partition=-1, topic="joined.beds")),
        encode(other(entry, at=10**15)),
        encode(other(entry, at=int(time.time()) + 23 * HOUR)),
        encode(other(entry, after=AT + 10**9)),
        encode(other(entry, indicators=[other(beds, name="none")])),
        encode(other(entry, indicators=[other(beds, observed_at=10**17)])),
    ]  # fmt: skip
    sent(kafka, REGION_STATUS, *[(b"R07", value) for value in wrong], (None, b"x"), (b"R07", None))
    for data in (
        batch(raw_record(0, b"R07", encode(entry), (b"\xff", b"1"))),
        batch(raw_record(0, b"R07", b"0"), codec=1, payload=b"no gzip"),
        batch(raw_record(0, b"R07", b"0" * 12_000_000), codec=1),
        batch(raw_record(0, b"R07", b"0"), spoiled=True),
        batch(raw_record(0, b"R07", b"0"), delta=1000, number=1001),
        batch(raw_record(0, None, None)),
    ):
        produce(broker.bootstrap, REGION_STATUS, 0, data)
    goes_on(kafka, workers, 2)
    assert "is passed over" in workers.log.read_text()
    workers.kill(0)
    goes_on(kafka, workers, 3, seconds=60)


def changelogs(kafka) -> list[str]:
    consumer = KafkaConsumer(**kafka.consumer())
    found = [name for name in consumer.topics() if name.endswith("-changelog")]
    consumer.close()
    return sorted(found)


def test_what_others_write_to_a_changelog_ends_nobody_and_changes_no_state(working):
    broker, kafka, workers = working
    before = Counter((each.key, each.value) for each in read_all(kafka, BREACHES))
    workers.lose(0)
    topics = changelogs(kafka)
    assert len(topics) == len(REPORT_TOPICS) + 2
    for topic in topics:
        for partition in partitions_of(kafka, topic):
            number = b"%d" % partition.partition
            spoiled = [
                (number + b"/head", b"\xff"), (number + b"/0/partition", b"no piece"), (number + b"/x/judge", b"\x93\x01\xc3\xc4\x01x"),
                (number + b"/\xff/judge", b"\x93\x01\xc3\xc4\x01x"), (b"", b""), (b"judge", None), (None, b"no key"),
            ]  # fmt: skip
            sent(kafka, topic, *spoiled, partition=partition.partition)
            odd = batch(raw_record(0, b"a", b"b", (b"\xff", b"1")))
            produce(broker.bootstrap, topic, partition.partition, odd)
            produce(
                broker.bootstrap,
                topic,
                partition.partition,
                batch(raw_record(0, b"a", b""), codec=1, payload=b"no"),
            )
    workers.hire()
    goes_on(kafka, workers, 2, seconds=60)
    after = Counter((each.key, each.value) for each in read_all(kafka, BREACHES))
    assert before.keys() <= after.keys()


OFFSETS = {
    "beyond the end": lambda end: end + 1000,
    "at the end": lambda end: end,
    "before the begin": lambda _: 0,
    "in the middle": lambda end: end // 2,
}


def commit(kafka, where: str) -> None:
    """Commit offsets of the workers' group, as anybody can while it has no member."""
    ends = log_ends(kafka, partitions_of(kafka, *REPORT_TOPICS, REGION_STATUS))
    consumer = KafkaConsumer(**kafka.consumer(), group_id=GROUP)
    consumer.assign(list(ends))
    offsets = {place: OffsetAndMetadata(OFFSETS[where](end), "", -1) for place, end in ends.items()}
    deadline = time.monotonic() + 30
    while True:
        try:
            consumer.commit(offsets)
            break
        except CommitFailedError:  # a member that left is one for a moment more
            assert time.monotonic() < deadline
            time.sleep(0.2)
    consumer.close()


@pytest.mark.parametrize("where", OFFSETS)
def test_group_offsets_that_another_committed_lose_nothing_and_count_nothing_twice(
    where, fresh_broker, fresh_kafka
):
    apply_topics(fresh_kafka, catalogue())
    for hours in range(3):
        write(fresh_kafka, hours)
    commit(fresh_kafka, where)
    with crew(fresh_broker, snapshot_seconds=0.1) as workers:
        workers.hire()
        workers.wait_until_judged(AT + 2 * HOUR, 60)
        goes_on(fresh_kafka, workers, 3)
        workers.dismiss(0)
        write(fresh_kafka, 4)
        if (
            fresh_broker.kind == "kafka"
        ):  # the embedded broker takes none from outside once a group had members
            commit(fresh_kafka, where)
        workers.hire()
        workers.wait_until_judged(AT + 4 * HOUR, 60)
        goes_on(fresh_kafka, workers, 5)
