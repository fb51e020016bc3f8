"""A day of reports on a broker: its two halves, how it is played, and what the workers told of it."""

from collections.abc import Iterable
from typing import Any

from kafka import KafkaAdminClient

from agents.pipeline import episode_order
from streams.kafka import KafkaSettings
from streams.log_end import read_all
from streams.player import Player
from streams.replay import with_ticks
from streams.status import Transition, decode_transition
from streams.topics import BREACHES, REPORT_PARTITIONS
from tests.support.streams_of_reports import TICK_SECONDS, dirty_stream


def halves() -> tuple[list[Any], list[Any]]:
    """Return a day of reports and ticks in two halves, the first of which ends with a tick."""
    items = list(with_ticks(dirty_stream(7, 1, every_hours=2), TICK_SECONDS))
    half = next(n for n, item in enumerate(items) if n > len(items) // 2 and isinstance(item, int)) + 1
    return items[:half], items[half:]


def play(kafka: KafkaSettings, items: Iterable[Any]) -> int:
    """Write reports and ticks; return the last tick."""
    player = Player(kafka, REPORT_PARTITIONS)
    played = player.play(items)
    player.close()
    return played.last_tick


def reports(items: Iterable[Any]) -> int:
    """Return how many of these are reports."""
    return sum(not isinstance(item, int) for item in items)


def told(kafka: KafkaSettings) -> list[Transition]:
    """Return the transitions that were told, each once."""
    once = {one.id: one for one in (decode_transition(found.value) for found in read_all(kafka, BREACHES))}
    return sorted(once.values(), key=episode_order)


def changelogs(kafka: KafkaSettings) -> list[str]:
    """Return the names of the changelog topics."""
    with KafkaAdminClient(**kafka.admin()) as admin:
        return sorted(name for name in admin.list_topics() if name.endswith("-changelog"))
