"""A producer with its default settings and the region as key is right, whatever library it is: every region is applied."""

import json
import shutil
import subprocess

from confluent_kafka import Producer
from kafka import KafkaProducer

from deploy.kafka.artifacts import jars, java
from deploy.kafka.broker import Broker
from streams.codec import encode_report
from streams.kafka import KafkaSettings
from streams.log_end import read_all
from streams.player import Player
from streams.regions import REGIONS
from streams.topic_admin import apply_topics, check_topics, live_partitions, what_producers_set
from streams.topics import OCCUPANCY, catalogue, dead_letter_topic
from tests.support.reports import MONDAY, beds
from tests.support.workers import crew

AT = int(MONDAY.timestamp())


def reports(library: str) -> list[tuple[str, bytes]]:
    """Return a report of each region by a library: key and value."""
    return [
        (region, encode_report(beds(region=region, location=region if region == "NL" else library)))
        for region in REGIONS
    ]


def kafka_python(bootstrap: str, said: list[tuple[str, bytes]]) -> None:
    with KafkaProducer(bootstrap_servers=bootstrap) as producer:
        for key, value in said:
            producer.send(OCCUPANCY, key=key.encode(), value=value)


def confluent(bootstrap: str, said: list[tuple[str, bytes]], **settings: str) -> None:
    producer = Producer({"bootstrap.servers": bootstrap} | settings)
    for key, value in said:
        producer.produce(OCCUPANCY, key=key, value=value)
    assert producer.flush(20) == 0


def as_lines(said: list[tuple[str, bytes]]) -> bytes:
    return b"".join(b"%s|%s\n" % (key.encode(), value) for key, value in said)


def run(argv: list[str], said: list[tuple[str, bytes]]) -> None:
    done = subprocess.run(argv, input=as_lines(said), capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()


def kcat(bootstrap: str, said: list[tuple[str, bytes]]) -> None:
    program = shutil.which("kcat")
    assert program, "apt-get install kcat"
    run([program, "-P", "-b", bootstrap, "-t", OCCUPANCY, "-K", "|"], said)


def java_client(bootstrap: str, said: list[tuple[str, bytes]]) -> None:
    console = [java(), "-cp", f"{jars()}/*", "org.apache.kafka.tools.ConsoleProducer"]
    keyed = ["--reader-property", "parse.key=true", "--reader-property", "key.separator=|"]
    run([*console, "--bootstrap-server", bootstrap, "--topic", OCCUPANCY, *keyed], said)


PRODUCERS = {
    "embedded": (kafka_python, confluent),
    "kafka": (kafka_python, confluent, kcat, java_client),
}
"""By broker: the embedded one is for Python."""


def written_by_all(broker: Broker) -> int:
    """Let every producer write a report of each region; return how many there are."""
    for producer in PRODUCERS[broker.kind]:
        producer(broker.bootstrap, reports(producer.__name__))
    return len(PRODUCERS[broker.kind]) * len(REGIONS)


def test_each_region_is_applied_whatever_library_wrote_it(fresh_broker, fresh_kafka):
    apply_topics(fresh_kafka, catalogue())
    written = written_by_all(fresh_broker)
    # The country is one location, whoever tells of it: the same again is a duplicate.
    repeated = len(PRODUCERS[fresh_broker.kind]) - 1
    with crew(fresh_broker) as workers:
        workers.hire()
        player = Player(fresh_kafka, 1)
        player.tick(AT + 3600)
        player.close()
        counts = workers.wait_for_counts(written, 60)
    assert +counts == {(OCCUPANCY, "applied"): written - repeated, (OCCUPANCY, "duplicate"): repeated}
    assert not list(read_all(fresh_kafka, dead_letter_topic(OCCUPANCY)))
    assert what_producers_set(live_partitions(fresh_kafka)) is None


def test_on_a_cluster_with_more_partitions_what_fell_elsewhere_is_kept_and_producers_are_told(
    fresh_broker, fresh_kafka: KafkaSettings
):
    apply_topics(fresh_kafka, catalogue(4))
    written = written_by_all(fresh_broker)
    with crew(fresh_broker, report_partitions=4) as workers:
        workers.hire()
        counts = workers.wait_for_counts(written, 60)
    letters = list(read_all(fresh_kafka, dead_letter_topic(OCCUPANCY)))
    assert counts.total() == written
    assert counts[OCCUPANCY, "dead_lettered"] == len(letters) > 0
    by = {json.loads(letter.value)["location"] for letter in letters} - {"NL"}
    assert by == {"confluent", "kcat"} & {producer.__name__ for producer in PRODUCERS[fresh_broker.kind]}
    told = what_producers_set(live_partitions(fresh_kafka))
    assert "partitioner=murmur2_random" in told
    assert check_topics(fresh_kafka, catalogue(4)) == []


def test_librdkafka_with_the_setting_that_it_is_told_is_right_on_more_partitions(fresh_broker, fresh_kafka):
    apply_topics(fresh_kafka, catalogue(4))
    confluent(fresh_broker.bootstrap, reports("confluent"), partitioner="murmur2_random")
    with crew(fresh_broker, report_partitions=4) as workers:
        workers.hire()
        counts = workers.wait_for_counts(len(REGIONS), 60)
    assert +counts == {(OCCUPANCY, "applied"): len(REGIONS)}
