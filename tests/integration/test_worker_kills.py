"""Two workers, killed with -9 while they work: nothing lost, nothing counted twice, the same transitions."""

import os
import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from agents.pipeline import Pipeline, episode_order
from alerts.norms import load_norms
from streams.log_end import read_all
from streams.player import Player
from streams.replay import with_ticks
from streams.status import Transition, decode_transition
from streams.topic_admin import apply_topics
from streams.topics import BREACHES, REPORT_PARTITIONS, catalogue
from tests.support.streams_of_reports import TICK_SECONDS, dirty_stream
from tests.support.workers import Crew, crew

KILLS = 5
DAYS = 12
TICKS_A_SECOND = 8
OUTCOMES = ("applied", "duplicate", "late", "dead_lettered")


def single_pass(records) -> tuple[list[Transition], dict[str, int], Pipeline]:
    """What one process makes of the same log."""
    pipeline = Pipeline(load_norms())
    transitions = sorted(pipeline.play(with_ticks(records, TICK_SECONDS)), key=episode_order)
    return transitions, {name: getattr(pipeline.counts, name) for name in OUTCOMES}, pipeline


def told(kafka) -> list[Transition]:
    """The transitions on the log, each once; a repeat must be the same to the letter."""
    once: dict[str, bytes] = {}
    for found in read_all(kafka, BREACHES):
        name = decode_transition(found.value).id
        assert once.setdefault(name, found.value) == found.value
    return sorted(map(decode_transition, once.values()), key=episode_order)


def kill_now_and_then(workers: Crew, chance: random.Random, playing) -> int:
    """Kill one of the workers KILLS times; return how many of these hit while records were coming in."""
    hits = 0
    for number in range(KILLS):
        time.sleep(chance.uniform(0.5, 4.0))  # a random moment is the test itself
        hits += not playing.done()
        workers.kill(number % 2)
    return hits


@pytest.mark.timeout(300)
def test_five_kills_change_nothing(fresh_broker, fresh_kafka):
    seed = int(os.environ.get("KETENWACHT_TEST_SEED", time.time_ns() % 1_000_000))
    print(f"KETENWACHT_TEST_SEED={seed}")  # noqa: T201 - pytest shows it when the test fails
    apply_topics(fresh_kafka, catalogue())
    records = dirty_stream(seed, DAYS)
    expected, counts, _ = single_pass(records)
    assert len(expected) > 100
    assert all(counts.values())
    player = Player(fresh_kafka, REPORT_PARTITIONS)
    with crew(fresh_broker.bootstrap, fresh_broker.kind) as workers, ThreadPoolExecutor(1) as thread:
        for _ in range(2):
            workers.hire()
        speed = TICKS_A_SECOND * TICK_SECONDS
        playing = thread.submit(player.play, with_ticks(records, TICK_SECONDS), speed)
        workers.wait_until_judged(records[0].timestamp // 1000, 60)  # so that the kills hit work
        hits = kill_now_and_then(workers, random.Random(seed), playing)
        played = playing.result(120)
        player.close()
        assert hits >= 2
        workers.wait_until_judged(played.last_tick, 120)
        pages = workers.wait_for_counts(len(records), 30)
        assert {name: sum(n for (_, o), n in pages.items() if o == name) for name in OUTCOMES} == counts
        assert told(fresh_kafka) == expected
