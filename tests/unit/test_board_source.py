"""The live page's readers: each turn is told, whatever Kafka does, and nothing is left open."""

import asyncio
import contextlib
from types import SimpleNamespace

import pytest
from aiokafka.errors import KafkaConnectionError
from aiokafka.structs import TopicPartition

from dashboards.board import source
from dashboards.board.source import KafkaSource
from streams.kafka import KafkaSettings

SETTINGS = KafkaSettings(bootstrap="127.0.0.1:1")


class Consumer:
    """What `AIOKafkaConsumer` is to the source."""

    def __init__(self, made, *, reachable=True, brings=True):
        made.append(self)
        self.reachable = reachable
        self.brings = brings
        self.stopped = False
        self.place = TopicPartition("care.overview", 0)

    async def start(self):
        if not self.reachable:
            raise KafkaConnectionError("nobody there")

    async def stop(self):
        self.stopped = True

    async def topics(self):
        return {"care.overview", "care.breaches", "care.region-status", "care.waiting-times", "care.closings"}

    def subscribe(self, _):
        """Nothing to do."""

    def assignment(self):
        return {self.place}

    async def offsets_for_times(self, times):
        return dict.fromkeys(times)

    async def seek_to_beginning(self, _):
        """Nothing to do."""

    async def end_offsets(self, places):
        return dict.fromkeys(places, 9)

    async def position(self, _):
        return 4

    async def getmany(self, **_):
        await asyncio.sleep(0)
        return {self.place: []} if self.brings else {}


@pytest.fixture
def consumers(monkeypatch):
    """Makes the source use such consumers; returns those that it made."""

    def use(**how):
        made = []
        monkeypatch.setattr(source, "AIOKafkaConsumer", lambda **_: Consumer(made, **how))
        monkeypatch.setattr(source, "_RETRY_SECONDS", 0.0)
        return made

    return use


async def read_until(board, holds):
    sink = SimpleNamespace(waits=lambda *_: None)
    reading = asyncio.create_task(board.read(sink))
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110 - it looks between any two steps
            await asyncio.sleep(0)
    reading.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await reading


def test_readers_that_find_no_broker_try_again_and_leave_nothing_open(consumers):
    made, moved = consumers(reachable=False), []

    asyncio.run(read_until(KafkaSource(SETTINGS, lambda: moved.append(1)), lambda: len(moved) >= 3))

    assert len(made) >= 3 * 4
    assert all(each.stopped for each in made)


def test_readers_that_go_round_say_so_also_where_nothing_comes(consumers):
    made, moved = consumers(), []

    asyncio.run(read_until(KafkaSource(SETTINGS, lambda: moved.append(1)), lambda: len(moved) >= 10))

    assert len(made) == 4


def test_one_reader_that_hangs_is_enough_to_say_nothing_any_more(consumers):
    made, moved, turns = consumers(), [], []

    async def hang(**_):
        await asyncio.Event().wait()

    board = KafkaSource(SETTINGS, lambda: moved.append(1))
    turn = board._turn
    board._turn = lambda reader: (turns.append(reader), turn(reader))

    async def scene():
        def one_hangs():
            if len(made) == 4 and not hanging:
                made[2].getmany = hang
                hanging.append(len(turns))
            return hanging and len(turns) > hanging[0] + 200

        hanging = []
        await read_until(board, one_hangs)

    asyncio.run(scene())

    assert len(moved) <= 3, "once when they began, and what was on its way"


def test_readers_whose_fetches_died_begin_anew(consumers, monkeypatch):
    monkeypatch.setattr(source, "_SILENT_SECONDS", 0.01)
    made = consumers(brings=False)

    asyncio.run(read_until(KafkaSource(SETTINGS), lambda: len(made) > 4))

    assert all(each.stopped for each in made[:4])
