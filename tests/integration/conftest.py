"""One suite, two brokers: every test that asks for `broker` runs on both.

A broker is started when the first test wants it and lives for the session; tests on it use topic names
of their own. `fresh_broker` is an empty one: for tests that use the fixed names of the catalogue.
"""

import functools
import os
import time
from collections.abc import Iterator

import pytest
from kafka import KafkaAdminClient
from kafka.admin import MemberToRemove
from kafka.errors import KafkaError

from deploy.kafka.apache import ApacheKafka
from deploy.kafka.artifacts import KafkaUnavailable, jars, java
from deploy.kafka.broker import Broker
from deploy.kafka.embedded import EmbeddedBroker
from streams.kafka import KafkaSettings
from tests.support.guarded_kafka import GuardedKafka

KINDS = [
    pytest.param("embedded", id="embedded"),
    pytest.param("kafka", id="kafka", marks=pytest.mark.kafka),
]


@functools.cache
def missing_kafka() -> KafkaUnavailable | None:
    """Return why Apache Kafka cannot be had here; asked once, because Maven may take its time to say no."""
    try:
        java()
        jars()
    except KafkaUnavailable as reason:
        return reason
    return None


def pytest_collection_modifyitems(config, items) -> None:
    """Leave out on Apache Kafka what its module names for both brokers otherwise (`ON_BOTH`), unless there is time for all."""
    if config.getoption("long"):
        return
    left_out = [
        item
        for item in items
        if item.get_closest_marker("kafka")
        and hasattr(item.module, "ON_BOTH")
        and item.originalname not in item.module.ON_BOTH
    ]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def pytest_runtest_setup(item) -> None:
    """Skip what needs Apache Kafka where there is none: here, so that all are told in one line with their count."""
    reason = missing_kafka() if item.get_closest_marker("kafka") else None
    if reason is not None and os.environ.get("CI") == "true":
        raise reason  # there nothing is skipped
    if reason is not None:
        pytest.skip(f"no Apache Kafka here: {reason}")


@pytest.fixture(scope="session", params=KINDS)
def broker(request) -> Iterator[Broker]:
    """A running broker, shared by the session: use topic names of your own."""
    with EmbeddedBroker() if request.param == "embedded" else ApacheKafka() as running:
        yield running


@pytest.fixture(scope="session")
def guarded(tmp_path_factory) -> Iterator[GuardedKafka]:
    """An Apache Kafka with TLS, SCRAM and an authorizer that denies what nobody allowed."""
    with GuardedKafka(tmp_path_factory.mktemp("guarded") / "kafka") as running:
        yield running


@pytest.fixture
def kafka(broker) -> KafkaSettings:
    """Settings for the shared broker."""
    return settings_for(broker)


@pytest.fixture
def fresh_broker(broker) -> Iterator[Broker]:
    """A broker without a topic or group: for tests that use the catalogue's names."""
    if broker.kind == "embedded":
        with EmbeddedBroker() as own:  # a new process is there in 0.2 s
            yield own
    else:
        empty(settings_for(broker))  # a new node would take 4 s, this takes 0.2 s
        yield broker


@pytest.fixture
def fresh_kafka(fresh_broker) -> KafkaSettings:
    """Settings for the emptied broker."""
    return settings_for(fresh_broker)


def settings_for(broker: Broker) -> KafkaSettings:
    return KafkaSettings(bootstrap=broker.bootstrap, request_timeout_s=20)


def empty(settings: KafkaSettings) -> None:
    """Remove every group and topic; members of killed workers are told to leave first."""
    with KafkaAdminClient(**settings.admin()) as admin:
        deadline = time.monotonic() + 20
        while left := _groups(admin) + _topics(admin):
            if time.monotonic() > deadline:
                raise TimeoutError(f"could not remove {left}")
            for group in _groups(admin):
                _remove_group(admin, group)
            if topics := _topics(admin):
                admin.delete_topics(topics, raise_errors=False)


def _topics(admin) -> list[str]:
    return [name for name in admin.list_topics() if not name.startswith("__")]


def _groups(admin) -> list[str]:
    return [each["group_id"] for each in admin.list_groups()]


def _remove_group(admin, group: str) -> None:
    members = admin.describe_groups([group])[group]["members"]
    leaving = [MemberToRemove(member_id=each["member_id"]) for each in members]
    try:
        admin.remove_group_members(group, leaving)
        admin.delete_groups([group])
    except KafkaError:
        return  # a member was just joining or leaving: the caller looks again
