"""A bare loop on confluent-kafka (librdkafka), no recovery: the fastest client there is for Python.

After https://docs.confluent.io/kafka-clients/python/current/overview.html: `consume` takes records by the batch,
and librdkafka commits by itself.
"""

from confluent_kafka import Consumer, KafkaException

from deploy.bench.job import Newest, accept, digest
from deploy.bench.work import Outcome, Stopwatch, Work
from streams.ticks import TICK_KEY


def run(work: Work) -> Outcome:
    """Read the topic and keep the newest statements."""
    consumer = Consumer(
        {
            "bootstrap.servers": work.bootstrap,
            "group.id": work.group,
            "session.timeout.ms": round(work.session_seconds * 1000),
            "heartbeat.interval.ms": round(work.session_seconds * 200),
            "auto.offset.reset": "earliest",
        }
    )
    held = Newest()
    watch = Stopwatch()
    consumer.subscribe([work.topic])
    left = work.records
    while left:
        messages = consumer.consume(num_messages=5_000, timeout=0.2)
        if messages and not watch.running:
            watch.start()
        for message in messages:
            if message.error() is not None:
                raise KafkaException(message.error())
            key = message.key()
            if key != TICK_KEY:
                held.fold(*accept(key, message.value()))
                left -= 1
    watch.stop()
    return watch.outcome(work.records, held.figures, digest(held.rows()))
