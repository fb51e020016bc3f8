"""Who may do what on an Apache Kafka that denies what nobody allowed: what `ketenwacht topics acl` grants, and no more."""

import contextlib

import orjson
import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ACL, ACLOperation, ACLPermissionType, NewTopic, ResourcePattern, ResourceType
from kafka.errors import (
    GroupAuthorizationFailedError,
    TopicAuthorizationFailedError,
)
from typer.testing import CliRunner

from deploy.cli.main import app
from streams.kafka import KafkaSettings
from streams.topic_admin import apply_topics
from streams.topics import (
    BREACHES,
    CLOSINGS,
    NOTIFICATIONS,
    OCCUPANCY,
    OVERVIEW,
    REFERRALS,
    REGION_STATUS,
    REPORT_PARTITIONS,
    REPORT_TOPICS,
    WAITING_TIMES,
    catalogue,
    dead_letter_topic,
)

pytestmark = pytest.mark.kafka

REPORTS = set(REPORT_TOPICS)
LETTERS = {dead_letter_topic(topic) for topic in REPORT_TOPICS}
DERIVED = {REGION_STATUS, OVERVIEW, BREACHES, CLOSINGS}
PARTS = ("worker", "ticker", "board", "courier", "operator")
SOURCE = "lcps"
ALL = REPORTS | LETTERS | DERIVED | {NOTIFICATIONS}

WRITES = {
    "worker": LETTERS | DERIVED,
    "ticker": REPORTS,
    "board": set(),
    "courier": {NOTIFICATIONS},
    "operator": REPORTS | LETTERS,
    SOURCE: {OCCUPANCY},
}
READS = {
    "worker": REPORTS | {REGION_STATUS},
    "ticker": set(),
    "board": DERIVED | {WAITING_TIMES},
    "courier": {OVERVIEW, BREACHES, NOTIFICATIONS},
    "operator": ALL,
    SOURCE: set(),
}


def acl(guarded, *words, exit_code=0, user="admin"):
    told = CliRunner().invoke(
        app,
        ["topics", "acl", "--producer", f"User:{SOURCE}={OCCUPANCY}", *words],
        env=guarded.environment(user),
    )
    assert told.exit_code == exit_code, told.output
    return told.output


@pytest.fixture(scope="module")
def granted(guarded):
    """The guarded broker, with every part and a source as users that may do what is theirs."""
    guarded.add_users(*PARTS, SOURCE, "stranger")
    acl(guarded, "--apply", "--prune")
    apply_topics(guarded.settings(), catalogue())
    return guarded


def authorized(settings: KafkaSettings) -> dict[str, set[str]]:
    """Return what the broker says that a user may do with each of our topics."""
    with KafkaAdminClient(**settings.admin()) as admin:
        told = admin.describe_topics([topic.name for topic in catalogue()])
    return {each["name"]: set(each["authorized_operations"] or ()) for each in told}


def write(settings: KafkaSettings, topic: str) -> None:
    # Without a number for the producer: who may write nothing would not even get that.
    producer = KafkaProducer(**settings.producer(), enable_idempotence=False)
    try:
        producer.send(topic, key=b"R07", value=b"{}").get(timeout=10)
    finally:
        producer.close()


def read(settings: KafkaSettings, topic: str) -> int:
    """Return how many records come of a topic at least; none of one that is kept out of sight."""
    with KafkaConsumer(**settings.consumer()) as consumer:
        partitions = [TopicPartition(topic, number) for number in range(REPORT_PARTITIONS)]
        consumer.assign(partitions if topic in REPORT_TOPICS else partitions[:1])
        consumer.seek_to_beginning()
        return sum(map(len, consumer.poll(3_000).values()))


def test_there_is_no_topic_that_nobody_thought_of():
    assert {topic.name for topic in catalogue()} == ALL


@pytest.mark.parametrize("who", WRITES)
def test_everybody_may_write_and_read_their_own_and_nothing_else(granted, who):
    may = authorized(granted.settings(who))
    assert {topic for topic, operations in may.items() if "WRITE" in operations} == WRITES[who]
    assert {topic for topic, operations in may.items() if "READ" in operations} == READS[who]
    beyond = {operation for operations in may.values() for operation in operations} - {
        "READ",
        "WRITE",
        "DESCRIBE",
    }
    assert beyond == ({"CREATE", "ALTER_CONFIGS", "DESCRIBE_CONFIGS"} if who == "operator" else set())


@pytest.mark.parametrize(
    ("who", "topic"),
    [
        ("board", OCCUPANCY),
        ("board", BREACHES),
        ("board", NOTIFICATIONS),
        ("courier", BREACHES),
        ("courier", OVERVIEW),
        ("worker", NOTIFICATIONS),
        ("operator", NOTIFICATIONS),
        ("ticker", BREACHES),
        ("ticker", REGION_STATUS),
        ("worker", OCCUPANCY),
        ("operator", BREACHES),
        (SOURCE, REFERRALS),
        (SOURCE, REGION_STATUS),
        (SOURCE, OVERVIEW),
        (SOURCE, dead_letter_topic(OCCUPANCY)),
        ("stranger", OCCUPANCY),
    ],
)
def test_a_record_for_a_topic_of_somebody_else_is_refused(granted, who, topic):
    with pytest.raises(TopicAuthorizationFailedError):
        write(granted.settings(who), topic)


def test_what_is_allowed_is_not_refused_and_what_is_not_cannot_be_read(granted):
    write(granted.settings(SOURCE), OCCUPANCY)
    write(granted.settings("ticker"), REFERRALS)
    write(granted.settings("worker"), BREACHES)
    assert read(granted.settings("board"), BREACHES)
    assert read(granted.settings("worker"), OCCUPANCY)
    for who, topic in (
        ("ticker", OCCUPANCY),
        (SOURCE, OCCUPANCY),
        ("board", OCCUPANCY),
        ("stranger", BREACHES),
    ):
        # Of a topic that they may not even see, the client waits for the place instead.
        with contextlib.suppress(TopicAuthorizationFailedError):
            assert not read(granted.settings(who), topic), who


def test_nobody_but_the_workers_joins_their_group(granted):
    for who in ("board", "courier", "ticker", "operator", SOURCE):
        with KafkaConsumer(**granted.settings(who).consumer(), group_id="ketenwacht") as consumer:
            consumer.subscribe([BREACHES if who in {"board", "courier"} else OCCUPANCY])
            with pytest.raises(GroupAuthorizationFailedError):
                consumer.poll(5_000)


def test_a_worker_makes_and_writes_its_changelogs_alone_and_makes_no_other_topic(granted):
    changelog = "ketenwacht-proef-changelog"
    with KafkaAdminClient(**granted.settings("worker").admin()) as admin:
        admin.create_topics([NewTopic(changelog, 1, 1)])
        with pytest.raises(TopicAuthorizationFailedError):
            admin.create_topics([NewTopic("care.proef", 1, 1)])
    write(granted.settings("worker"), changelog)
    for who in ("ticker", "board", "courier", "operator", SOURCE):
        with pytest.raises(TopicAuthorizationFailedError):
            write(granted.settings(who), changelog)


def test_only_a_super_user_grants_rights(granted):
    for who in (*PARTS, SOURCE):
        told = acl(granted, "--apply", user=who, exit_code=1)
        assert f"{who} may not do this" in told


def test_the_second_time_nothing_is_left_to_grant(granted):
    assert acl(granted, "--check") == "cluster and rights agree\n"
    assert orjson.loads(acl(granted, "--apply", "--json")) == {
        "missing": [], "extra": [], "wider": [], "applied": True, "pruned": False,
    }  # fmt: skip


def test_a_source_that_is_no_longer_named_is_seen_and_its_right_taken_away(granted):
    granted.add_users("gestopt")
    former = ["--producer", f"User:gestopt={OCCUPANCY}"]
    acl(granted, *former, "--apply")
    write(granted.settings("gestopt"), OCCUPANCY)

    line = f"User:gestopt from *: allow write topic {OCCUPANCY}"
    assert acl(granted, "--check", exit_code=1) == f"extra    {line}\n"
    assert acl(granted, "--apply") == f"extra    {line}\n", "nothing is taken away that nobody said to"
    assert acl(granted, "--apply", "--prune") == f"removed  {line}\n"
    with pytest.raises(TopicAuthorizationFailedError):
        write(granted.settings("gestopt"), OCCUPANCY)
    assert acl(granted, "--check") == "cluster and rights agree\n"


def test_a_right_over_more_than_ours_is_told_and_left_alone(granted):
    wide = ACL(
        "User:iedereen",
        "*",
        ACLOperation.WRITE,
        ACLPermissionType.ALLOW,
        ResourcePattern(ResourceType.TOPIC, "*"),
    )
    with KafkaAdminClient(**granted.settings().admin()) as admin:
        admin.create_acls([wide])
        told = "wider    User:iedereen from *: allow write topic *\n"
        assert acl(granted, "--check", exit_code=1) == told
        assert acl(granted, "--apply", "--prune") == told
        ((_, taken, _),) = admin.delete_acls([wide])
    assert taken == [wide]


@pytest.mark.parametrize("broker", ["kafka"], indirect=True)
def test_without_an_authorizer_that_is_what_is_said(broker):
    told = CliRunner().invoke(app, ["topics", "acl", "--check", "--bootstrap", broker.bootstrap])
    assert told.exit_code == 1
    assert "no authorizer: everybody may do everything" in told.stderr


def test_a_user_who_sees_no_topic_is_told_about_rights_too(granted):
    told = CliRunner().invoke(app, ["ticker"], env=granted.environment("stranger"))
    assert told.exit_code == 1
    assert "there is no topic care.occupancy that `stranger` may see" in told.stderr
