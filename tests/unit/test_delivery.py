"""Batch delivery: what may be committed, and what a batch covers."""

import asyncio
import threading
from contextlib import nullcontext
from types import SimpleNamespace

import faust
import pytest
from aiokafka.consumer.fetcher import FetchError
from aiokafka.errors import GroupAuthorizationFailedError
from aiokafka.structs import TopicPartition
from faust.types import TP

from agents.delivery.acknowledged import Acknowledged
from agents.delivery.batch import Batch, BatchMessage
from agents.delivery.client import PARTITION_RECORDS_MAX, BatchClient
from agents.delivery.producer import PatientProducer
from agents.delivery.transport import BatchTransport

PLACE = TP("care.occupancy", 0)


def test_nothing_is_committed_before_every_stage_has_put_it_away():
    acknowledged = Acknowledged()
    acknowledged.expect("care.region-status", "nation")
    acknowledged.expect("care.region-status", "judge")
    tp = TP("care.region-status", 0)

    assert acknowledged.committable(tp) is None
    acknowledged.note(tp, "judge", 9)
    assert acknowledged.committable(tp) is None
    acknowledged.note(tp, "nation", 5)
    assert acknowledged.committable(tp) == 5
    acknowledged.note(tp, "nation", 4)
    assert acknowledged.committable(tp) == 5
    acknowledged.forget({tp})
    assert acknowledged.committable(tp) is None
    assert list(acknowledged.partitions()) == []


def test_a_batch_gives_what_is_still_needed_of_it():
    records = [SimpleNamespace(offset=offset) for offset in (3, 4, 7)]
    batch = Batch(PLACE, 2, 9, records)

    assert batch.since(0) is records
    assert [each.offset for each in batch.since(4)] == [4, 7]
    assert batch.since(8) == []


def test_a_batch_travels_as_one_message_that_asks_for_no_acknowledgement():
    message = BatchMessage(Batch(PLACE, 2, 9, []), 4)

    assert (message.tp, message.offset, message.generation_id) == (PLACE, 2, 4)
    assert message.tracked
    assert message.ack(None) is False


class Fetcher:
    """As much of aiokafka's fetcher as is drained: positions move as records are taken."""

    def __init__(self, ready, positions) -> None:
        self._closed = False
        self._records = ready
        self.positions = positions
        self._subscriptions = self
        self.subscription = SimpleNamespace(assignment=self)
        self.reassignment_in_progress = False
        self.highwater = 6

    def is_assigned(self, tp) -> bool:
        return tp in self.positions

    def state_value(self, tp):
        return SimpleNamespace(position=self.positions[tp], has_valid_position=True, highwater=self.highwater)

    async def fetched_records(self, partitions, timeout, max_records):  # noqa: ASYNC109 - aiokafka's
        (tp,) = partitions
        assert (timeout, max_records) == (0, PARTITION_RECORDS_MAX)
        held = self._records.pop(tp)
        if isinstance(held, FailedError):
            raise held.error
        records, self.positions[tp] = held.found
        return {tp: records} if records else {}


class Ready:
    def __init__(self, *found) -> None:
        self.found = found
        self._partition_records = SimpleNamespace()

    def has_more(self) -> bool:
        return True


class FailedError(FetchError):
    def __init__(self, error) -> None:
        self.error = error


def drain(fetcher, active=None):
    client = SimpleNamespace(consumer=SimpleNamespace(_is_changelog_tp=lambda _: False))
    return asyncio.run(BatchClient._drain(client, fetcher, active))


def test_a_batch_covers_the_offsets_without_a_record():
    tp, markers = TopicPartition("care.occupancy", 0), TopicPartition("care.occupancy", 1)
    fetcher = Fetcher({tp: Ready(["r7"], 12), markers: Ready([], 6)}, {tp: 5, markers: 5})

    found = drain(fetcher)

    assert found == {
        TP(*tp): Batch(TP(*tp), 5, 12, ["r7"]),
        TP(*markers): Batch(TP(*markers), 5, 6, ()),
    }


def test_nothing_is_taken_of_partitions_that_are_paused_or_gone():
    mine, paused, gone = (TopicPartition("care.occupancy", number) for number in range(3))
    ready = {tp: Ready(["r"], 6) for tp in (mine, paused, gone)}
    fetcher = Fetcher(ready, {mine: 5, paused: 5})

    assert set(drain(fetcher, {mine, gone})) == {TP(*mine)}


def test_an_error_of_one_partition_costs_no_other_its_records():
    good, bad = TopicPartition("care.occupancy", 0), TopicPartition("care.occupancy", 1)
    fetcher = Fetcher({good: Ready(["r"], 6), bad: FailedError(PermissionError("no"))}, {good: 5, bad: 5})

    assert set(drain(fetcher)) == {TP(*good)}
    with pytest.raises(PermissionError):
        drain(fetcher)


def test_what_ends_the_membership_of_a_group_is_raised_from_the_fetch_that_waits():
    """aiokafka tells those who wait for records, and nobody else: unheard, a worker would wait for ever."""
    fetcher = Fetcher({}, {})
    fetcher.fetch_context = nullcontext

    def told_while_it_waits():
        waiter = asyncio.get_running_loop().create_future()
        waiter.set_exception(GroupAuthorizationFailedError("no"))
        return waiter

    fetcher._create_fetch_waiter = told_while_it_waits

    with pytest.raises(GroupAuthorizationFailedError):
        asyncio.run(client_of(fetcher).getmany(None, timeout=0.01))


def client_of(fetcher):
    client = BatchClient.__new__(BatchClient)
    client.consumer = SimpleNamespace(flow_active=True, _is_changelog_tp=lambda _: False)
    client._consumer = SimpleNamespace(_fetcher=fetcher, _closed=False)
    client.told = []
    client._asking = SimpleNamespace(
        active=None,
        came=lambda records, *, all_there_is: client.told.append((records, all_there_is)),
    )
    return client


@pytest.mark.parametrize(("end", "all_there_is"), [(6, True), (7, False), (None, False)])
def test_a_fetch_tells_whether_the_broker_has_more(end, all_there_is):
    tp = TopicPartition("care.occupancy", 0)
    fetcher = Fetcher({tp: Ready(["r5"], 6)}, {tp: 5})
    fetcher.fetch_context, fetcher.highwater = nullcontext, end
    client = client_of(fetcher)

    asyncio.run(client.getmany(None, timeout=0.01))

    assert client.told == [({TP(*tp): 1}, all_there_is)]


def test_a_fetch_asks_for_what_is_taken_from():
    tp = TopicPartition("care.occupancy", 0)
    fetcher = Fetcher({tp: Ready(["r5"], 6)}, {tp: 5})
    fetcher.fetch_context = nullcontext
    client = client_of(fetcher)

    asyncio.run(client.getmany({TP(*tp)}, timeout=0.01))

    assert client._asking.active == {TP(*tp)}


def test_a_fetch_that_waits_over_a_rebalance_takes_nothing_before_the_flow_goes_on():
    """What it took of a changelog then, a recovery would wait for in vain."""
    tp = TopicPartition("ketenwacht-fold-occupancy-changelog", 0)
    fetcher = Fetcher({}, {tp: 5})
    fetcher.fetch_context = nullcontext
    client = client_of(fetcher)

    def comes_after_the_stop():
        waiter = asyncio.get_running_loop().create_future()
        client.consumer.flow_active = False
        fetcher._records[tp] = Ready(["r5"], 6)
        waiter.set_result(None)
        return waiter

    fetcher._create_fetch_waiter = comes_after_the_stop

    assert asyncio.run(client.getmany(None, timeout=5.0)) == {}
    assert fetcher.positions[tp] == 5


def test_the_client_lives_in_the_loop_of_the_worker_and_ends_nothing_else_there():
    class Client(BatchClient):
        async def on_start(self):
            self.started_in = asyncio.get_running_loop(), threading.current_thread()

        async def on_thread_stop(self):
            self.stopped_in = asyncio.get_running_loop()

    async def lives_and_dies():
        app = faust.App("in-the-loop", broker="kafka://127.0.0.1:1")
        consumer = SimpleNamespace(
            transport=SimpleNamespace(app=app), app=app, RebalanceListener=lambda _: None
        )
        client = Client(consumer, loop=asyncio.get_running_loop())
        somebody_else = asyncio.create_task(asyncio.sleep(60))
        await client.start()
        await client.stop()
        await asyncio.sleep(0)
        still_there = not somebody_else.done()
        somebody_else.cancel()
        here = asyncio.get_running_loop()
        return client.started_in == (here, threading.current_thread()), client.stopped_in is here, still_there

    assert asyncio.run(lives_and_dies()) == (True, True, True)


def test_a_client_that_cannot_start_says_so_to_whoever_started_it():
    class Client(BatchClient):
        async def on_start(self):
            raise ConnectionError("no broker")

        async def on_thread_stop(self):
            pass

        def on_crash(self, *_, **__):
            pass

    async def start():
        app = faust.App("in-the-loop", broker="kafka://127.0.0.1:1")
        consumer = SimpleNamespace(
            transport=SimpleNamespace(app=app), app=app, RebalanceListener=lambda _: None
        )
        async with asyncio.timeout(10):
            await Client(consumer, loop=asyncio.get_running_loop()).start()

    with pytest.raises(ConnectionError, match="no broker"):
        asyncio.run(start())


def test_records_outlive_an_outage_although_a_lost_request_is_sent_again_soon():
    async def made():
        app = faust.App("patient", broker="kafka://127.0.0.1:1", producer_request_timeout=30.0)
        producer = PatientProducer(BatchTransport(app.conf.broker_consumer, app))._new_producer()
        await producer.stop()
        return producer

    producer = asyncio.run(made())

    assert producer.client._request_timeout_ms == 30_000
    assert producer._request_timeout_ms == 86_400_000
    assert producer._message_accumulator._batch_ttl == 86_400
