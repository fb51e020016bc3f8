"""The player: how a tick is spread over its partitions."""

from types import SimpleNamespace

import pytest

from agents.domain.partition import empty_partition
from agents.domain.registration import apply_control
from agents.door import Door
from streams import player
from streams.kafka import KafkaSettings
from streams.recording import Record
from streams.registry.file import shipped_lines
from streams.registry.registry import registry_of
from streams.signature import SigningKey, SigningKeys
from streams.ticks import TICK_KEY, decode_tick, sign_tick
from streams.topics import REPORT_TOPICS


@pytest.fixture
def written(monkeypatch):
    """What was sent, and how long was slept in between."""
    log = []

    def producer(**_):
        def send(topic, *, value, key, partition, timestamp_ms, **_):
            log.append((topic, partition, key, decode_tick(value), timestamp_ms))
            return SimpleNamespace(get=lambda **_: None)

        return SimpleNamespace(send=send, flush=lambda **_: None, close=lambda **_: None)

    monkeypatch.setattr(player, "KafkaProducer", producer)
    monkeypatch.setattr(player.time, "sleep", log.append)
    return log


@pytest.fixture
def written_headers(monkeypatch):
    """What was sent, with its headers."""
    log = []

    def producer(**_):
        def send(topic, *, partition, headers, **_):
            log.append((topic, partition, headers))
            return SimpleNamespace(get=lambda **_: None)

        return SimpleNamespace(send=send, flush=lambda **_: None, close=lambda **_: None)

    monkeypatch.setattr(player, "KafkaProducer", producer)
    return log


def test_a_live_tick_comes_to_one_partition_of_every_topic_after_the_other(written):
    player.Player(KafkaSettings(bootstrap="127.0.0.1:1"), 4).tick(60, 0.1)

    pauses = [place for place, item in enumerate(written) if isinstance(item, float)]
    assert [written[place] for place in pauses] == [0.025] * 3
    assert pauses == [len(REPORT_TOPICS) * (number + 1) + number for number in range(3)]
    sent = [item for item in written if not isinstance(item, float)]
    assert sent == [
        (topic, partition, TICK_KEY, 60, 60_000) for partition in range(4) for topic in REPORT_TOPICS
    ]


def test_a_registry_takes_effect_in_every_partition_signed_and_before_what_follows(monkeypatch):
    keys = SigningKeys({"k": SigningKey("k", b"s" * 32)})
    registry = registry_of(shipped_lines())
    states = {
        (topic, number): empty_partition(topic, number, ()) for topic in REPORT_TOPICS for number in range(2)
    }

    def producer(**_):
        def send(topic, *, value, key, partition, timestamp_ms, headers):
            written = Record(topic, key, timestamp_ms, tuple(headers), value)
            apply_control(states[topic, partition], Door(keys).control_of(topic, partition, written))
            return SimpleNamespace(get=lambda **_: None)

        return SimpleNamespace(send=send, flush=lambda **_: None, close=lambda **_: None)

    monkeypatch.setattr(player, "KafkaProducer", producer)
    player.Player(KafkaSettings(bootstrap="127.0.0.1:1"), 2, keys).registry(registry, 1_633_000_000)
    assert {state.registry.digest for state in states.values()} == {registry.digest}


def test_a_tick_that_lies_in_the_future_is_written_as_of_now(written, monkeypatch):
    monkeypatch.setattr(player.time, "time", lambda: 90.5)
    played = player.Player(KafkaSettings(bootstrap="127.0.0.1:1"), 1).play([60, 120])

    assert [(at, timestamp) for _, _, _, at, timestamp in written[:: len(REPORT_TOPICS)]] == [
        (60, 60_000),
        (90, 90_000),
    ]
    assert played.last_tick == 90


def test_ticks_are_signed_for_their_partition(written_headers):
    keys = SigningKeys({"k": SigningKey("k", b"s" * 32, since=120_000)})
    ticks = player.Player(KafkaSettings(bootstrap="127.0.0.1:1"), 2, keys)
    ticks.tick(60)
    assert not any(headers for *_, headers in written_headers)
    written_headers.clear()
    ticks.tick(120)
    for topic, partition, headers in written_headers:
        assert tuple(headers) == sign_tick(topic, partition, 120, keys)
    assert len({tuple(headers) for *_, headers in written_headers}) == 2 * len(REPORT_TOPICS)


def test_a_replayed_tick_waits_for_nothing(written):
    played = player.Player(KafkaSettings(bootstrap="127.0.0.1:1"), 2)
    played.tick(60)
    played.tick(120)

    assert len(written) == 2 * 2 * len(REPORT_TOPICS)
    assert (played.played.ticks, played.played.last_tick) == (2, 120)
