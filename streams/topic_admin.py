"""Makes the topics of a cluster agree with the catalogue, and tells where they do not."""

from collections.abc import Iterable, Mapping
from typing import Any

from kafka import KafkaAdminClient, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import TopicAlreadyExistsError

from streams.kafka import KafkaSettings
from streams.topics import REPORT_PARTITIONS, Topic, catalogue


def apply_topics(settings: KafkaSettings, topics: Iterable[Topic], replication: int = 1) -> list[str]:
    """Create the topics that are missing, set the configuration that differs; return what was created.

    Idempotent. Partition counts and replication of existing topics stay as they are: adding partitions
    would send a region's records to another partition, so `check_topics` reports it for a person.

    Raises:
        kafka.errors.KafkaError: the broker cannot be reached or refuses.
    """
    wanted = {topic.name: topic for topic in topics}
    with KafkaAdminClient(**settings.admin()) as admin:
        there = set(admin.list_topics())
        created = [name for name in wanted if name not in there and _create(admin, wanted[name], replication)]
        if created:
            admin.wait_for_topics(created, timeout_ms=round(settings.request_timeout_s * 1000))
        kept = [topic for name, topic in wanted.items() if name in there]
        for topic, name, value, _ in _config_differences(admin, kept):
            admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, {name: value})])
    return created


def live_partitions(settings: KafkaSettings) -> int | None:
    """Return how many partitions the report topics of a cluster have, the most where they differ; None without any.

    Raises:
        kafka.errors.KafkaError: the broker cannot be reached.
    """
    with KafkaAdminClient(**settings.admin()) as admin:
        there = set(admin.list_topics())
        kept = [topic for topic in catalogue() if topic.kind == "report" and topic.name in there]
        return max((len(each["partitions"]) for each in _describe(admin, kept)), default=None)


def handled_up_to(settings: KafkaSettings, group: str, partition: TopicPartition) -> int:
    """Return the offset before which a group has put away everything of a partition; 0 where it said nothing yet.

    Raises:
        kafka.errors.KafkaError: the broker cannot be reached, or one may not ask about the group.
    """
    with KafkaAdminClient(**settings.admin()) as admin:
        told = admin.list_group_offsets({group: [partition]}).get(group, {})
        return max((each.offset for each in told.values()), default=0)


def what_producers_set(partitions: int | None) -> str | None:
    """Return what producers must set to write to report topics of so many partitions; None where nothing."""
    if partitions is None or partitions <= REPORT_PARTITIONS:
        return None
    return (
        f"report topics have {partitions} partitions: producers must choose by the murmur2 hash of the key, as Java and "
        "kafka-python do; librdkafka, confluent-kafka and kcat with partitioner=murmur2_random (docs/producers.md)"
    )


def check_topics(
    settings: KafkaSettings, topics: Iterable[Topic], replication: int | None = None
) -> list[str]:
    """Return the differences between cluster and catalogue as sentences; none means all is well.

    Args:
        settings: how to reach the cluster.
        topics: what should be there.
        replication: copies that each partition should have at least; None does not look.

    Raises:
        kafka.errors.KafkaError: the broker cannot be reached.
    """
    wanted = {topic.name: topic for topic in topics}
    with KafkaAdminClient(**settings.admin()) as admin:
        there = set(admin.list_topics())
        kept = [topic for name, topic in wanted.items() if name in there]
        found = {each["name"]: each for each in _describe(admin, kept)}
        differences = [f"{name}: missing" for name in wanted if name not in there]
        for topic in kept:
            differences += _shape_differences(topic, found[topic.name], replication)
        differences += [
            f"{topic}: {name} is {actual}, catalogue says {value}"
            for topic, name, value, actual in _config_differences(admin, kept)
        ]
    return sorted(differences)


def _create(admin: Any, topic: Topic, replication: int) -> bool:
    shape = {
        "num_partitions": topic.partitions,
        "replication_factor": replication,
        "configs": topic.config,
    }
    try:
        admin.create_topics({topic.name: shape})
    except TopicAlreadyExistsError:
        return False  # someone else was a moment earlier
    return True


def _describe(admin: Any, topics: list[Topic]) -> list[Mapping[str, Any]]:
    return list(admin.describe_topics([topic.name for topic in topics])) if topics else []


def _shape_differences(topic: Topic, actual: Mapping[str, Any], replication: int | None) -> list[str]:
    partitions = actual["partitions"]
    differences = []
    if len(partitions) != topic.partitions:
        differences.append(f"{topic.name}: {len(partitions)} partitions, catalogue says {topic.partitions}")
    fewest = min((len(each["replica_nodes"]) for each in partitions), default=0)
    if replication is not None and fewest < replication:
        differences.append(f"{topic.name}: {fewest} copies, {replication} wanted")
    return differences


def _config_differences(admin: Any, topics: list[Topic]) -> list[tuple[str, str, str, str | None]]:
    """Return (topic, setting, wanted, actual) for every setting that differs."""
    if not topics:
        return []
    resources = [ConfigResource(ConfigResourceType.TOPIC, topic.name) for topic in topics]
    # All of them: the embedded broker drops the connection when asked for some by name, and calls what
    # was set a default.
    actual = admin.describe_configs(resources, config_filter="all")["topic"]
    return [
        (topic.name, name, value, told)
        for topic in topics
        for name, value in topic.config.items()
        if (told := actual[topic.name].get(name, {}).get("value")) != value
    ]
