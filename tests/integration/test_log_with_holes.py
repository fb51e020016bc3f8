"""Offsets without a record: transaction markers within a log and at its end, and records that expired unread."""

import asyncio

import pytest
from aiokafka import AIOKafkaProducer
from kafka import KafkaAdminClient, KafkaProducer, TopicPartition

from agents.engine.members import partition_of
from streams.calendar import iso
from streams.log_end import log_ends
from streams.player import Player
from streams.ticks import TICK_KEY, encode_tick
from streams.topic_admin import apply_topics
from streams.topics import OCCUPANCY, REGION_STATUS, REPORT_TOPICS, catalogue
from tests.support.reports import MONDAY, ic, record
from tests.support.under_load import wait_until_committed
from tests.support.workers import crew

# The embedded broker has neither transactions nor a way to delete records.
pytestmark = pytest.mark.parametrize(
    "broker", [pytest.param("kafka", marks=pytest.mark.kafka)], indirect=True
)

AT = int(MONDAY.timestamp())
PARTITIONS = 2
HOME = TopicPartition(OCCUPANCY, partition_of(b"R07", PARTITIONS))


def play(kafka, reports: int, tick: int) -> None:
    player = Player(kafka, PARTITIONS)
    for number in range(reports):
        player.record(record(ic(50, location=f"L{tick}-{number}")))
    player.tick(tick)
    player.close()


async def in_transactions(kafka, reports: int, tick: int) -> None:
    """Write each report and each tick in a transaction of its own: every second offset is a marker."""
    producer = AIOKafkaProducer(**kafka.aio_producer(), transactional_id="a-feed")
    await producer.start()
    try:
        for number in range(reports):
            each = record(ic(50, location=f"T{number}"))
            async with producer.transaction():
                await producer.send(each.topic, each.value, each.key, HOME.partition, each.timestamp)
        for topic in REPORT_TOPICS:
            for partition in range(PARTITIONS):
                async with producer.transaction():
                    await producer.send(topic, encode_tick(tick), TICK_KEY, partition, tick * 1000)
    finally:
        await producer.stop()


def test_transaction_markers_are_neither_a_hole_in_the_delivery_nor_a_standstill(fresh_broker, fresh_kafka):
    """The last offset of every report partition is a marker: committed is what lies behind it."""
    apply_topics(fresh_kafka, catalogue(PARTITIONS))
    with crew(fresh_broker, report_partitions=PARTITIONS, snapshot_seconds=0) as workers:
        workers.hire()
        asyncio.run(in_transactions(fresh_kafka, 10, AT))
        workers.wait_until_judged(AT, 60)
        counts = workers.wait_for_counts(10, 20)
        assert counts[OCCUPANCY, "applied"] == 10
        wait_until_committed(fresh_kafka, 60)
        play(fresh_kafka, 3, AT + 3600)
        workers.wait_until_judged(AT + 3600, 30)
        workers.wait_for_counts(13, 20)
        said = workers.log.read_text()
        assert "reading again" not in said
        stepped_over = said.count("this log has offsets without a record, they are stepped over")
        assert stepped_over == len(REPORT_TOPICS), "who knows it of one partition does not wait at the next"


def test_records_that_expired_unread_stop_neither_the_rest_nor_the_commits(fresh_broker, fresh_kafka):
    apply_topics(fresh_kafka, catalogue(PARTITIONS))
    with crew(fresh_broker, report_partitions=PARTITIONS, snapshot_seconds=0) as workers:
        workers.hire()
        play(fresh_kafka, 5, AT)
        workers.wait_until_judged(AT, 60)
        workers.wait_for_counts(5, 20)
        workers.dismiss(0)
        play(fresh_kafka, 7, AT + 3600)
        with KafkaAdminClient(**fresh_kafka.admin()) as admin:
            admin.delete_records({HOME: 10})
        play(fresh_kafka, 3, AT + 7200)
        workers.hire()
        workers.wait_until_judged(AT + 7200, 60)
        counts = workers.wait_for_counts(5 + 7 + 3, 20)  # offsets 6 up to 9 are gone: four reports
        assert (counts[OCCUPANCY, "applied"], counts[OCCUPANCY, "lost"]) == (11, 4)
        (lost,) = [labels for name, labels, _ in workers.samples() if name == "ketenwacht_lost_offsets"]
        assert lost == {
            "topic": OCCUPANCY, "partition": str(HOME.partition), "begin": "6", "end": "10", "after": iso(AT),
        }  # fmt: skip
        wait_until_committed(fresh_kafka, 60)
        assert "records expired before they were read" in workers.log.read_text()


def test_what_expired_of_the_status_log_unread_is_counted_by_stage_and_told(fresh_broker, fresh_kafka):
    apply_topics(fresh_kafka, catalogue(PARTITIONS))
    log = TopicPartition(REGION_STATUS, 0)
    with crew(fresh_broker, report_partitions=PARTITIONS, snapshot_seconds=0) as workers:
        workers.hire()
        play(fresh_kafka, 5, AT)
        workers.wait_until_judged(AT, 60)
        wait_until_committed(fresh_kafka, 60)
        workers.dismiss(0)
        end = log_ends(fresh_kafka, [log])[log]
        with KafkaProducer(**fresh_kafka.producer()) as producer:
            for _ in range(3):  # what another worker said while this one stood still
                producer.send(REGION_STATUS, b"an entry", b"R07", partition=0)
        with KafkaAdminClient(**fresh_kafka.admin()) as admin:
            admin.delete_records({log: end + 3})
        play(fresh_kafka, 3, AT + 3600)
        workers.hire()
        workers.wait_until_judged(AT + 3600, 60)
        lost = {
            labels["stage"]: (labels, value)
            for name, labels, value in workers.samples()
            if name == "ketenwacht_lost_status_offsets"
        }
        counted = {
            labels["stage"]: value
            for name, labels, value in workers.samples()
            if name == "ketenwacht_status_entries_lost_total"
        }
    assert counted == {"nation": 3, "judge": 3}
    place = {"begin": str(end), "end": str(end + 3), "after": iso(AT)}
    assert lost == {stage: ({"stage": stage, **place}, 3) for stage in ("nation", "judge")}
