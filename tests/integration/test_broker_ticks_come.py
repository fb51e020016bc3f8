"""The ticker's health check, on each broker."""

import threading

from kafka import KafkaProducer

from deploy.compose.ticks_come import silent_partitions
from streams.log_end import partitions_of
from streams.ticks import TICK_KEY, encode_tick
from streams.topic_admin import apply_topics
from streams.topics import REPORT_TOPICS, catalogue


def test_partitions_without_ticks_are_named_and_none_when_all_get_them(fresh_kafka):
    apply_topics(fresh_kafka, catalogue())
    partitions = partitions_of(fresh_kafka, *REPORT_TOPICS)
    assert silent_partitions(fresh_kafka, patience=0.1) == set(partitions)
    dead, *alive = partitions

    def tick_until(stopped, some):
        with KafkaProducer(**fresh_kafka.producer()) as producer:
            at = 1_636_000_000
            while not stopped.wait(0.05):
                at += 1
                for topic, partition in some:
                    value = encode_tick(at)
                    producer.send(topic, key=TICK_KEY, value=value, partition=partition)

    for some, silent in ((alive, {dead}), (partitions, set())):
        stopped = threading.Event()
        ticker = threading.Thread(target=tick_until, args=(stopped, some))
        ticker.start()
        try:
            assert silent_partitions(fresh_kafka, patience=3) == silent
        finally:
            stopped.set()
            ticker.join()
