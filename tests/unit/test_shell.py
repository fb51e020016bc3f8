"""The shell around a stage: deliver, then snapshot, then acknowledge; never over a gap, never twice."""

import asyncio
from collections import namedtuple
from types import SimpleNamespace

from faust.transport.consumer import Consumer
from faust.transport.drivers import aiokafka as driver

from agents.engine import shell as shell_module
from agents.engine.shell import Shell
from agents.engine.snapshot import pack, unpack
from agents.engine.stage import Outgoing
from agents.engine.transport import TrueEndThread, _NothingRead

TP = namedtuple("TP", "topic partition")  # noqa: PYI024 - as Faust's


class Stage:
    """Counts what it handled; its state is that number."""

    name = "stage"
    source = "source"

    def __init__(self, handled: int = 0) -> None:
        self.handled = handled
        self.at_barrier = True

    def make(self, _partition, state):
        self.handled = int(state) if state else 0
        return self

    def dropped(self, partition) -> None:
        self.partition = partition

    def handle(self, record):
        self.handled += 1
        return [Outgoing("out", record.key, record.value, record.timestamp)]

    def dump(self) -> bytes:
        return b"%d" % self.handled


class App:
    """What the shell touches of Faust, with a diary of what happened in which order."""

    def __init__(self) -> None:
        self.diary: list[object] = []
        self.producer = self.consumer = self
        self.should_stop = self.rebalancing = self.in_recovery = False
        self.end = 0

    async def send(self, topic, _key, value, _partition, _timestamp, _headers):
        async def delivered() -> None:
            self.diary.append(("delivered", topic, value if topic == "out" else unpack(value).next_offset))

        return asyncio.ensure_future(delivered())

    async def earliest_offsets(self, tp):
        return {tp: 0}

    async def seek_wait(self, places) -> None:
        self.diary.append(("seek", dict(places)))

    def assignment(self):
        return {TP("source", 0), TP("changelog", 0)}

    def highwater(self, _tp) -> int:
        return self.end


def build(stage: Stage, snapshot: bytes | None = None) -> tuple[App, Shell]:
    app = App()
    data = {} if snapshot is None else {b"partition-0": snapshot}
    holder = SimpleNamespace(get=data.get, data=data)
    topic = SimpleNamespace(get_topic_name=lambda: "changelog")
    return app, Shell(app, SimpleNamespace(data=holder, changelog_topic=topic), stage, 0.0)


def event(app: App, offset: int):
    message = SimpleNamespace(
        topic="source", partition=0, offset=offset, timestamp=1.0, key=b"R07", value=b"%d" % offset,
        headers=[("a", b"1")], tp=TP("source", 0),
    )  # fmt: skip
    return SimpleNamespace(message=message, ack=lambda: app.diary.append(("ack", offset)))


async def feed(shell: Shell, *events) -> None:
    async def stream():
        for each in events:
            yield each

    await shell.run(stream())


def test_deliver_then_snapshot_then_acknowledge():
    app, shell = build(Stage())
    asyncio.run(feed(shell, event(app, 0), event(app, 1)))
    assert app.diary == [
        ("delivered", "out", b"0"), ("delivered", "changelog", 1), ("ack", 0),
        ("delivered", "out", b"1"), ("delivered", "changelog", 2), ("ack", 1),
    ]  # fmt: skip


def test_nothing_is_acknowledged_before_a_barrier():
    stage = Stage()
    stage.at_barrier = False
    app, shell = build(stage)
    asyncio.run(feed(shell, event(app, 0), event(app, 1)))
    assert not [one for one in app.diary if one[0] == "ack"]
    assert not [one for one in app.diary if one[1] == "changelog"]


def test_what_the_snapshot_holds_is_passed_over():
    stage = Stage()
    app, shell = build(stage, pack(5, b"5"))
    asyncio.run(feed(shell, event(app, 3), event(app, 4), event(app, 5), event(app, 4)))
    assert stage.handled == 6
    assert [one for one in app.diary if one[0] == "ack"] == [("ack", 3), ("ack", 4), ("ack", 5), ("ack", 4)]


def test_a_gap_is_read_again_and_never_stepped_over():
    stage = Stage()
    app, shell = build(stage, pack(5, b"5"))
    asyncio.run(feed(shell, event(app, 8), event(app, 9)))
    assert stage.handled == 5
    assert app.diary == [("seek", {TP("source", 0): 5})]
    asyncio.run(feed(shell, *(event(app, offset) for offset in (5, 6, 7, 8))))
    assert stage.handled == 9


def test_a_snapshot_of_another_format_is_computed_again():
    import zlib

    import msgspec

    stage = Stage()
    app, shell = build(stage, zlib.compress(msgspec.msgpack.encode((99, 5, b"5"))))
    asyncio.run(feed(shell, event(app, 0)))
    assert stage.handled == 1


async def _watch(app: App, shell: Shell, until) -> None:
    watching = asyncio.ensure_future(shell.watch())
    async with asyncio.timeout(10):
        while not until():  # noqa: ASYNC110 - nothing tells but the diary
            await asyncio.sleep(0)
    app.should_stop = True
    await watching


def test_a_partition_that_stands_still_before_its_end_is_read_again(monkeypatch):
    monkeypatch.setattr(shell_module, "_WATCH_SECONDS", 0.001)
    monkeypatch.setattr(shell_module, "_SEEK_AGAIN_SECONDS", 0.02)
    app, shell = build(Stage(), pack(5, b"5"))
    app.end = 9
    asyncio.run(_watch(app, shell, lambda: app.diary))
    assert app.diary[0] == ("seek", {TP("source", 0): 5})


def test_a_partition_at_its_end_is_left_alone(monkeypatch):
    monkeypatch.setattr(shell_module, "_WATCH_SECONDS", 0.001)
    monkeypatch.setattr(shell_module, "_SEEK_AGAIN_SECONDS", 0.0)
    app, shell = build(Stage(), pack(5, b"5"))
    app.end = 5
    looked = iter(range(50))
    asyncio.run(_watch(app, shell, lambda: next(looked, None) is None))
    assert app.diary == []


def test_the_places_in_faust_that_we_override_are_still_there():
    assert callable(driver.AIOKafkaConsumerThread._highwaters)
    assert TrueEndThread._highwaters is not driver.AIOKafkaConsumerThread._highwaters
    import inspect

    drain = inspect.getsource(Consumer._drain_messages)
    assert "self._read_offset.__getitem__" in drain
    assert "self._read_offset.__setitem__" in drain
    noted = _NothingRead()
    noted["tp"] = 5
    noted.update({"tp": 6})
    assert noted["tp"] is None
