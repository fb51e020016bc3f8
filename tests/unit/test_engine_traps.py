"""What silently went wrong when Faust was tried first: each trap once, so that nobody falls into it again."""

import asyncio
import subprocess
import sys
from types import SimpleNamespace

import pytest
from aiokafka.structs import ConsumerRecord
from faust.types import TP

from agents.app import create_app
from agents.delivery.batch import Batch, BatchMessage
from agents.delivery.consumer import BatchConsumer
from agents.delivery.schema import BatchSchema
from agents.fold_reports import FoldReports
from agents.judge_status import JudgeStatus
from agents.settings import WorkerSettings
from agents.sum_nation import SumNation
from alerts.norms import load_norms
from streams.batches.records import ReadRecord
from streams.damaged import unreadable
from streams.kafka import KafkaSettings
from streams.topics import OCCUPANCY, REPORT_PARTITIONS, REPORT_TOPICS, catalogue
from tests.support.stages import consumed, on_status_log, through
from tests.support.wave import Wave

NORMS = load_norms()
PLACE = TP(OCCUPANCY, 0)
_LOOPLESS = """
import asyncio

made = []
policy = asyncio.get_event_loop_policy()
new = policy.new_event_loop
policy.new_event_loop = lambda: made.append(1) or new()

from pathlib import Path
import agents.worker
from agents.app import create_app
from agents.settings import WorkerSettings
from alerts.norms import load_norms
from streams.kafka import KafkaSettings

agents = create_app(WorkerSettings(), KafkaSettings(), load_norms(), Path("/nowhere"))
assert not made, "an event loop was made"
assert "flow_control" not in vars(agents.app), "flow control is bound to a loop that will not run"
if %r:
    agents.app.loop
    assert made
    agents.app.flow_control
    assert "flow_control" in vars(agents.app)
"""


@pytest.mark.parametrize("touched", [False, True])
def test_no_loop_is_pinned_before_the_worker_runs(touched):
    """Faust binds flow control to the loop of whoever touches it first; with another one the worker hangs, silently."""
    done = subprocess.run(
        [sys.executable, "-c", _LOOPLESS % touched], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr


class Consumer(BatchConsumer):
    """As much of a consumer as hands batches over."""

    def __init__(self) -> None:
        self.delivered: list[object] = []
        self.app = SimpleNamespace(rebalancing=False, consumer_generation_id=1, should_stop=False)
        self.flow_active = True
        self.suspend_flow = asyncio.Event()
        self._buffered_partitions = set()

    def _is_changelog_tp(self, tp) -> bool:
        return tp.topic.endswith("-changelog")

    async def callback(self, message) -> None:
        self.delivered.append(message)

    async def wait_first(self, *waiting) -> None:
        first, *others = map(asyncio.ensure_future, waiting)
        await first
        for other in others:
            other.cancel()


def batch_of(tp: TP, *records: object) -> dict[TP, Batch]:
    return {tp: Batch(tp, 0, len(records), records)}


async def _turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0.001)


def test_nothing_is_queued_that_the_end_of_a_recovery_would_clear():
    """Faust empties every queue after it has sought back: what waits in one by then is never read again."""

    async def run() -> None:
        consumer = Consumer()
        consumer.app.rebalancing = True
        handing = asyncio.ensure_future(consumer._hand_over(batch_of(PLACE, "r"), {PLACE}))
        await _turns(20)
        assert consumer.delivered == []
        consumer.app.rebalancing = False
        await handing
        assert [message.batch.tp for message in consumer.delivered] == [PLACE]

    asyncio.run(run())


def test_what_was_fetched_before_the_group_was_divided_anew_is_not_handed_over():
    async def run() -> None:
        consumer = Consumer()
        consumer.app.rebalancing = True
        handing = asyncio.ensure_future(consumer._hand_over(batch_of(PLACE, "r"), {PLACE}))
        await _turns(5)
        consumer.app.consumer_generation_id = 2
        consumer.app.rebalancing = False
        await handing
        assert consumer.delivered == []

    asyncio.run(run())


def test_changelogs_are_delivered_while_partitions_are_being_taken():
    changelog = TP("ketenwacht-judge-changelog", 0)

    async def run() -> None:
        consumer = Consumer()
        consumer.app.rebalancing = True
        written = ReadRecord(0, 1000, b"a", b"1", ())
        nobodys = ReadRecord(1, 1000, None, b"1", ())  # ends Faust, which wants a key
        damaged = unreadable(2, 1000, b"bytes", "no record")
        await consumer._hand_over(batch_of(changelog, written, nobodys, damaged), {changelog})
        taken = [(each.offset, each.key, each.value) for each in consumer.delivered]
        assert taken == [(0, b"a", b"1"), (1, b"-", None), (2, b"-", None)]
        assert {each.tp for each in consumer.delivered} == {changelog}

    asyncio.run(run())


def test_a_queue_that_is_full_does_not_hold_up_the_division_of_a_group():
    async def run() -> None:
        consumer = Consumer()
        blocked = asyncio.Event()

        async def full(_message) -> None:
            await blocked.wait()

        async def wait_first(*waiting) -> None:
            tasks = [asyncio.ensure_future(each) for each in waiting]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()

        consumer.callback, consumer.wait_first = full, wait_first
        handing = asyncio.ensure_future(consumer._hand_over(batch_of(PLACE, "r"), {PLACE}))
        await _turns(5)
        assert not handing.done()
        consumer.suspend_flow.set()
        await asyncio.wait_for(handing, 5)

    asyncio.run(run())


@pytest.mark.parametrize("value", [b"", b"\xff\x00", b"{", None])
def test_faust_decodes_nothing_so_nothing_is_undecodable(value):
    """A stock agent crashes on such a value and is started again five seconds later: eight held the rest up 35 s."""
    record = ConsumerRecord(OCCUPANCY, 0, 0, 0, 0, value, value, None, 0, 0, ())
    message = BatchMessage(Batch(PLACE, 0, 1, [record]), 1)
    assert BatchSchema().loads_value(None, message) is message.batch
    assert BatchSchema().loads_key(None, message) is None


def test_every_partition_that_is_named_when_writing_is_in_the_catalogue():
    """An explicit partition of a topic that makes itself is an error; and one that is kept for ever fills a disk."""
    topics = {topic.name: topic for topic in catalogue()}
    log = list(Wave(3, 1).items(30))
    folds = [
        (FoldReports(name, REPORT_PARTITIONS, NORMS), consumed(log, name, 0, 1)) for name in REPORT_TOPICS
    ]
    said = [each for fold, records in folds for each in through(fold.make(0, {}), records, ())]
    status = on_status_log(said)
    for stage in (SumNation(NORMS), JudgeStatus(NORMS)):
        said += through(stage.make(0, {}), status, ())
    written = {(each.topic, each.partition) for each in said}
    assert {topic for topic, _ in written} > {"care.region-status", "care.breaches", "care.occupancy.dlq"}
    for topic, partition in written:
        assert partition is not None
        assert partition < topics[topic].partitions
    for topic in topics.values():
        assert {"retention.ms", "retention.bytes"} <= topic.config.keys()


def test_a_worker_asks_the_group_for_as_much_time_as_it_was_told(tmp_path):
    agents = create_app(WorkerSettings(session_timeout_s=2), KafkaSettings(), NORMS, tmp_path)
    assert agents.app.conf.broker_session_timeout == 2
    assert agents.app.conf.broker_heartbeat_interval < 1
