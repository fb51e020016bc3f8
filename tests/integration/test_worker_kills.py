"""Two workers under full load, killed with -9 at random moments: nothing lost, nothing told twice or otherwise.

A run that fails tells its seed: repeat it with `--seed`, and keep it in KEPT_SEEDS.
"""

import pytest

from streams.topics import REPORT_PARTITIONS
from tests.support.under_load import MANY, under_load

KILLS = 20
KILLS_LONG = 100
KEPT_SEEDS: tuple[int, ...] = ()


def kills_change_nothing(broker, kafka, seed: int, kills: int) -> None:
    partitions = MANY if broker.kind == "kafka" else REPORT_PARTITIONS
    with under_load(broker, kafka, seed, partitions) as run:
        amid_work = 0
        done = run.done()
        for _ in range(kills):
            run.wait_a_while()
            before, done = done, run.done()
            amid_work += done > before
            run.workers.kill(run.chance.randrange(2))
        assert amid_work >= kills // 4, "the kills hit workers that did nothing"
        run.settle()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("kept", [None, *KEPT_SEEDS])
def test_kills_at_random_moments_change_nothing(fresh_broker, fresh_kafka, seed, kept, long):
    kills_change_nothing(fresh_broker, fresh_kafka, kept or seed, KILLS_LONG if long else KILLS)
