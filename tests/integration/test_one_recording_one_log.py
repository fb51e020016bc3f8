"""One recording gives one breach log, byte for byte that of `backtest`, however it is played and by whom.

Each value of each circumstance stands in a row at least once; `--long` runs the whole product.
"""

import itertools
import os
import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from streams.player import Player
from streams.recording import Record, RecordingHeader, read_recording, write_recording
from streams.replay import with_ticks
from streams.topic_admin import apply_topics
from streams.topics import catalogue
from tests.support.single_pass import on_topics
from tests.support.under_load import wait_until_committed
from tests.support.wave import TICK_SECONDS, Wave
from tests.support.workers import crew

TICKS = 36
SLOW = TICKS * TICK_SECONDS / 4
"""So many times faster than life: the recording takes four seconds, and comes in many small batches."""


@dataclass(frozen=True)
class Played:
    """Circumstances that must not matter.

    Attributes:
        partitions: of each report topic.
        workers: how many.
        slow: in many small batches, or as fast as it can be written.
        hash_seed: of the workers' interpreters.
        zone: their time zone.
        shuffled: the reports between two ticks come in another order.
        fetch_bytes: how much of a partition a worker takes at a time.
    """

    partitions: int
    workers: int
    slow: bool
    hash_seed: str
    zone: str
    shuffled: bool
    fetch_bytes: int


LARGE, SMALL = 4_000_000, 3_000
ROWS = {
    "embedded": [
        Played(1, 1, True, "0", "Europe/Amsterdam", False, LARGE),
        Played(8, 2, False, "1", "Pacific/Auckland", True, SMALL),
    ],
    "kafka": [
        Played(3, 2, False, "random", "UTC", True, LARGE),
        Played(1, 2, True, "1", "Pacific/Auckland", True, SMALL),
    ],
}
PRODUCT = [
    Played(*row)
    for row in itertools.product(
        (1, 3, 8), (1, 2), (True, False), ("random",), ("Pacific/Auckland", "UTC"), (True,), (LARGE, SMALL)
    )
]


def pytest_generate_tests(metafunc):
    if "row" in metafunc.fixturenames:
        rows = PRODUCT if metafunc.config.getoption("long") else ROWS["embedded"]
        metafunc.parametrize("row", range(len(rows)))


def shuffled(records: list[Record], chance: random.Random) -> list[Record]:
    """The same records, those between two ticks in any order; the moments at which they come stay."""
    result = []
    for _, group in itertools.groupby(records, lambda each: -(-each.timestamp // (TICK_SECONDS * 1000))):
        between = list(group)
        moments = [each.timestamp for each in between]
        chance.shuffle(between)
        result += [
            Record(each.topic, each.key, at, each.headers, each.value)
            for at, each in zip(moments, between, strict=True)
        ]
    return result


@pytest.fixture(scope="module")
def recording(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("recording") / "wave.jsonl.gz"
    records = [item for item in Wave(11, 5).items(TICKS) if not isinstance(item, int)]
    write_recording(path, RecordingHeader(name="wave", tick_seconds=TICK_SECONDS), records)
    return path


def backtest(recording: Path, **env: str) -> list[bytes]:
    command = [sys.executable, "-m", "deploy.cli.main", "backtest", str(recording), "--json"]
    done = subprocess.run(command, env=os.environ | env, capture_output=True, check=True, timeout=120)
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def expected(recording) -> list[bytes]:
    lines = backtest(recording, PYTHONHASHSEED="1", TZ="UTC")
    assert len(lines) > 50
    return lines


@pytest.mark.parametrize(("hash_seed", "zone"), [("0", "Pacific/Auckland"), ("random", "Europe/Amsterdam")])
def test_a_backtest_says_the_same_under_any_hash_seed_and_in_any_zone(recording, expected, hash_seed, zone):
    assert backtest(recording, PYTHONHASHSEED=hash_seed, TZ=zone) == expected


def test_workers_say_what_the_backtest_says(fresh_broker, fresh_kafka, recording, expected, row, seed, long):
    played = (PRODUCT if long else ROWS[fresh_broker.kind])[row]
    print(played)  # noqa: T201 - pytest shows it when the test fails
    apply_topics(fresh_kafka, catalogue(played.partitions))
    records = list(read_recording(recording)[1])
    if played.shuffled:
        records = shuffled(records, random.Random(seed))
    env = {
        "PYTHONHASHSEED": played.hash_seed,
        "TZ": played.zone,
        "CONSUMER_MAX_FETCH_SIZE": str(played.fetch_bytes),  # Faust reads it itself
    }
    settings = {"report_partitions": played.partitions, "snapshot_seconds": 0.5}
    with crew(fresh_broker, env=env, own_interpreter=True, **settings) as workers:
        for _ in range(played.workers):
            workers.hire()
        player = Player(fresh_kafka, played.partitions)
        end = player.play(with_ticks(records, TICK_SECONDS), SLOW if played.slow else None).last_tick
        player.close()
        workers.wait_until_judged(end, 90)
        wait_until_committed(fresh_kafka, 60)
    assert sorted(on_topics(fresh_kafka).breaches) == sorted(expected)
