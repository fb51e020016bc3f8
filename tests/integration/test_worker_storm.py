"""Workers that join and leave ten times under full load, in peace and by -9: the result of a single pass."""

import pytest

from streams.topics import REPORT_PARTITIONS
from tests.support.under_load import MANY, UnderLoad, under_load

DISTURBANCES = 10
DISTURBANCES_LONG = 50
MOST, FEWEST = 3, 1


def disturb(run: UnderLoad) -> str:
    """Let a worker come or go; return what was done."""
    workers = run.workers
    number = run.chance.randrange(len(workers.workers))
    choices = [workers.dismiss, workers.lose] if len(workers.workers) > FEWEST else []
    if len(workers.workers) < MOST:
        choices += [lambda _: workers.hire()] * 2
    choice = run.chance.choice(choices)
    choice(number)
    return getattr(choice, "__name__", "")


@pytest.mark.timeout(600)
def test_workers_that_join_and_leave_change_nothing(fresh_broker, fresh_kafka, seed, long):
    partitions = REPORT_PARTITIONS if fresh_broker.kind == "kafka" else MANY
    with under_load(fresh_broker, fresh_kafka, seed, partitions) as run:
        for _ in range(DISTURBANCES_LONG if long else DISTURBANCES):
            run.wait_a_while()
            disturb(run)
        run.settle()
