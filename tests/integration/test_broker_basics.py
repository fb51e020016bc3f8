"""What the project needs of a broker, on each broker it runs on."""

import asyncio
import time
import uuid

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka import TopicPartition as AioPartition
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import InvalidTimestampError, KafkaError, UnknownTopicOrPartitionError

from streams.log_end import log_ends, partitions_of, read_all
from streams.topic_admin import apply_topics, check_topics
from streams.topics import MESSAGE_BYTES_MAX, OCCUPANCY, Topic, catalogue, dead_letter_topic


def new_topic(settings, partitions=3, **more) -> str:
    """Create a topic with a name nobody else has; return the name."""
    name = f"test.{uuid.uuid4().hex[:12]}"
    apply_topics(settings, [Topic(name, "a test", "report", partitions, 1 << 30, **more)])
    return name


def produce(settings, topic, values, partition=0, **config):
    """Write values to one partition, many to a batch, and wait until all are there."""
    with KafkaProducer(**settings.producer() | {"linger_ms": 50} | config) as producer:
        sent = [producer.send(topic, value=value, partition=partition) for value in values]
        return [each.get(20).offset for each in sent]


def test_the_whole_catalogue_is_created_once_and_then_agrees(fresh_kafka):
    topics = catalogue()
    assert apply_topics(fresh_kafka, topics) == [topic.name for topic in topics]
    assert check_topics(fresh_kafka, topics, replication=1) == []
    assert apply_topics(fresh_kafka, topics) == []


def test_a_missing_topic_and_another_partition_count_are_told(kafka):
    name = new_topic(kafka, partitions=3)
    wanted = [
        Topic(name, "a test", "report", 4, 1 << 30),
        Topic(f"{name}.absent", "a test", "report", 1, 1 << 30),
    ]
    assert check_topics(kafka, wanted) == [
        f"{name}.absent: missing",
        f"{name}: 3 partitions, catalogue says 4",
    ]
    assert check_topics(kafka, [Topic(name, "a test", "report", 3, 1 << 30)], replication=3) == [
        f"{name}: 1 copies, 3 wanted"
    ]


def test_another_retention_is_told_and_put_right(kafka):
    name = new_topic(kafka)
    wanted = Topic(name, "a test", "report", 3, 2 << 30)
    assert check_topics(kafka, [wanted]) == [
        f"{name}: retention.bytes is 1073741824, catalogue says 2147483648"
    ]
    assert apply_topics(kafka, [wanted]) == []
    assert check_topics(kafka, [wanted]) == []


def test_a_topic_nobody_created_is_not_made_by_writing_to_it(broker, kafka):
    name = f"test.{uuid.uuid4().hex[:12]}"
    with KafkaProducer(**kafka.producer() | {"max_block_ms": 500}) as producer:
        if broker.kind == "kafka":
            with pytest.raises(KafkaError):
                producer.send(name, value=b"x").get(2)
        else:  # it makes one whatever the client asks: create topics first, from the catalogue
            producer.send(name, value=b"x").get(2)
    with KafkaAdminClient(**kafka.admin()) as admin:
        assert (name in admin.list_topics()) == (broker.kind == "embedded")


def test_key_headers_timestamp_and_null_values_come_back_byte_for_byte(kafka):
    topic = new_topic(kafka)
    headers = [("ce_id", b"a-1"), ("ce_id", b"twice"), ("empty", b""), ("bytes", b"\xff\x00")]
    with KafkaProducer(**kafka.producer()) as producer:
        one = {"key": b"R07", "value": b"\xff\x00{", "partition": 2, "headers": headers}
        producer.send(topic, **one, timestamp_ms=1_636_000_000_123).get(20)
        producer.send(topic, key=b"R07", value=None, partition=2, timestamp_ms=1).get(20)
    first, second = read_all(kafka, topic)
    assert (first.topic, first.partition, first.offset) == (topic, 2, 0)
    assert (first.key, first.value, first.timestamp) == (b"R07", b"\xff\x00{", 1_636_000_000_123)
    assert first.headers == tuple(headers)
    assert (second.offset, second.value, second.timestamp) == (1, None, 1)


def test_records_go_to_the_partition_that_was_named_in_the_order_sent(kafka):
    topic = new_topic(kafka, partitions=4)
    with KafkaProducer(**kafka.producer() | {"linger_ms": 20}) as producer:
        for number in range(400):
            producer.send(topic, value=b"%d" % number, partition=number % 4)
        producer.flush(20)
    read = list(read_all(kafka, topic))
    assert len(read) == 400
    for partition in range(4):
        mine = [each for each in read if each.partition == partition]
        assert [each.offset for each in mine] == list(range(100))
        assert [int(each.value) for each in mine] == list(range(partition, 400, 4))


def test_records_of_years_ago_stay_because_topics_are_kept_by_size(broker, kafka):
    by_size, by_time = new_topic(kafka, partitions=1), new_topic(kafka, partitions=1)
    year = ConfigResource(ConfigResourceType.TOPIC, by_time, {"retention.ms": "31536000000"})
    with KafkaAdminClient(**kafka.admin()) as admin:
        admin.alter_configs([year])
    with KafkaProducer(**kafka.producer()) as producer:
        for topic in (by_size, by_time):
            producer.send(topic, value=b"november 2021", timestamp_ms=1_636_000_000_000).get(20)
    if broker.kind == "kafka":  # the local node checks every second, production every five minutes
        deadline = time.monotonic() + 20
        while list(read_all(kafka, by_time)):
            assert time.monotonic() < deadline, "kept by time, it should have gone"
    assert [each.value for each in read_all(kafka, by_size)] == [b"november 2021"]


def test_a_record_from_the_future_is_refused_by_apache_kafka_alone(broker, kafka):
    topic = new_topic(kafka, partitions=1)
    tomorrow = round((time.time() + 86_400) * 1000)
    with KafkaProducer(**kafka.producer()) as producer:
        sent = producer.send(topic, value=b"x", timestamp_ms=tomorrow)
        if broker.kind == "kafka":
            with pytest.raises(InvalidTimestampError):
                sent.get(20)
        else:
            assert sent.get(20).offset == 0


def test_committed_offsets_outlive_the_consumer(kafka):
    topic = new_topic(kafka, partitions=1)
    produce(kafka, topic, [b"%d" % number for number in range(10)])
    assert asyncio.run(_read_and_commit(kafka, topic, 4)) == [0, 1, 2, 3]
    assert asyncio.run(_read_and_commit(kafka, topic, 6)) == [4, 5, 6, 7, 8, 9]


async def _read_and_commit(kafka, topic, count) -> list[int]:
    """Join the group named after the topic, as a worker does, read on, commit and leave."""
    async with (
        asyncio.timeout(60),
        AIOKafkaConsumer(topic, **kafka.aio_consumer(), group_id=topic) as consumer,
    ):
        seen = [int((await consumer.getone()).value) for _ in range(count)]
        await consumer.commit({AioPartition(topic, 0): seen[-1] + 1})
        return seen


def test_the_true_log_end_is_found_behind_batches_of_many_records(broker, kafka):
    topic = new_topic(kafka, partitions=3)
    empty, batches, single = partitions_of(kafka, topic)
    assert log_ends(kafka, [empty, batches, single]) == {empty: 0, batches: 0, single: 0}
    for _ in range(3):
        produce(kafka, topic, [b"x" * 20] * 200, batches.partition, batch_size=1_000_000)
    produce(kafka, topic, [b"y"], single.partition)
    expected = {empty: 0, batches: 600, single: 1}
    assert log_ends(kafka, [empty, batches, single]) == expected
    assert log_ends(kafka, [batches]) == {batches: 600}
    assert len(list(read_all(kafka, topic))) == 601
    assert log_ends(kafka, [empty, batches, single]) == expected, "after all was read"
    with KafkaConsumer(**kafka.consumer()) as consumer:
        told = consumer.end_offsets([batches])[batches]
    # If this fails for the embedded broker, it was mended: `log_end` can go.
    assert (told == 600) == (broker.kind == "kafka")


def test_log_ends_refuse_partitions_that_do_not_exist(kafka):
    topic = new_topic(kafka, partitions=1)
    with pytest.raises(UnknownTopicOrPartitionError, match=rf"{topic}\[7\]"):
        log_ends(kafka, [TopicPartition(topic, 0), TopicPartition(topic, 7)])
    with pytest.raises(UnknownTopicOrPartitionError):
        list(read_all(kafka, f"{topic}.absent"))


def test_reading_all_of_an_empty_topic_gives_nothing_and_does_not_wait(kafka):
    topic = new_topic(kafka)
    started = time.monotonic()
    assert list(read_all(kafka, topic)) == []
    assert time.monotonic() - started < 3


def test_two_megabytes_go_through_byte_for_byte(kafka):
    topic = new_topic(kafka, partitions=2)
    giant = bytes(range(256)) * 8_000
    assert produce(kafka, topic, [b"before", giant, b"after"], partition=1) == [0, 1, 2]
    assert [each.value for each in read_all(kafka, topic)] == [b"before", giant, b"after"]


async def _there_and_back(kafka, topic, value):
    async with AIOKafkaProducer(**kafka.aio_producer()) as producer:
        await producer.send_and_wait(topic, value=value, headers=HEADERS)
    async with AIOKafkaConsumer(topic, **kafka.aio_consumer()) as consumer:
        async with asyncio.timeout(20):
            return await consumer.getone()


HEADERS = [("dlq-reason", b"too large"), ("dlq-exception", b"e" * 1_000)]


def test_the_largest_record_that_a_topic_takes_fits_its_dead_letter_topic(fresh_kafka):
    apply_topics(fresh_kafka, catalogue())
    value = b"x" * (MESSAGE_BYTES_MAX - 100)  # with its batch it fills the limit of care.occupancy
    read = asyncio.run(_there_and_back(fresh_kafka, dead_letter_topic(OCCUPANCY), value))
    assert read.value == value
    assert list(read.headers) == HEADERS


def test_an_emptied_kafka_has_neither_topics_nor_groups(broker, kafka, request):
    topic = new_topic(kafka, partitions=1)
    produce(kafka, topic, [b"x"])
    fresh = asyncio.run(_emptied_under_a_member(kafka, topic, request))
    assert (fresh.bootstrap == broker.bootstrap) == (broker.kind == "kafka")
    with KafkaAdminClient(**fresh.admin()) as admin:
        assert [name for name in admin.list_topics() if not name.startswith("__")] == []
        assert admin.list_groups() == []


async def _emptied_under_a_member(kafka, topic, request):
    """Return the settings of the emptied broker, emptied while a member was still in its group."""
    async with (
        asyncio.timeout(60),
        AIOKafkaConsumer(topic, **kafka.aio_consumer(), group_id=topic) as consumer,
    ):
        assert (await consumer.getone()).value == b"x"
        await consumer.commit()
        return await asyncio.to_thread(request.getfixturevalue, "fresh_kafka")
