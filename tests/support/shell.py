"""A shell without Faust and broker: a stage that counts, and a diary of what was done in which order."""

import asyncio
from types import SimpleNamespace

from faust.types import TP

from agents.delivery.batch import Batch
from agents.engine.shell import Shell
from agents.engine.snapshot import SnapshotStore
from agents.engine.stage import Outgoing
from agents.engine.turns import Turns

PLACE = TP("source", 0)


class Stage:
    """Counts what it handled; its state is that number. A record `tick` is a barrier."""

    name = "stage"
    source = "source"
    from_beginning = False
    finalized = 0

    def __init__(self) -> None:
        self.handled = 0
        self.at_barrier = True
        self.lost = []

    def make(self, _partition, pieces):
        self.handled = int(pieces["count"]) if pieces else 0
        self.at_barrier = True
        return self

    def dropped(self, partition) -> None:
        self.partition = partition

    def urgency(self, records, start):
        return 0 if records[start].value == b"tick" else None

    def handle(self, records, start):
        outgoing = []
        for index in range(start, len(records)):
            self.handled += 1
            if records[index].value.startswith(b"bad"):
                self.handled += 1000  # half done
                raise KeyError(records[index].value)
            outgoing.append(Outgoing("out", b"R07", records[index].value, 1000))
            if records[index].value == b"tick":
                self.at_barrier = True
                return index + 1, outgoing
        self.at_barrier = False
        return len(records), outgoing

    def pieces(self):
        return {"count": b"%d" % self.handled}

    whole = pieces

    def pass_over(self, record, _error):
        return [Outgoing("letters", None, record.value, 1000)]

    def lose(self, begin, end):
        self.lost.append((begin, end))


class App:
    """What the shell touches of Faust, with a diary of what happened in which order."""

    def __init__(self) -> None:
        self.diary: list[object] = []
        self.producer = self.consumer = self
        self.should_stop = self.rebalancing = self.in_recovery = False
        self.end = 0
        self.earliest = 0
        recovery = SimpleNamespace(active_offsets={})
        self.tables = SimpleNamespace(recovery=recovery, actives_ready=True)
        self.consumer_generation_id = 1
        self.written = 0
        self.undeliverable = False
        self.held_up: asyncio.Event | None = None
        self.crashed = None

    async def send(self, topic, key, value, _partition, _timestamp, _headers):
        async def delivered():
            if self.held_up is not None:
                await self.held_up.wait()
            if self.undeliverable:
                raise ConnectionError("gone")
            self.diary.append(("delivered", topic, key if topic == "changelog" else value))
            self.written += 1
            return SimpleNamespace(offset=self.written)

        return asyncio.ensure_future(delivered())

    def acknowledge(self, tp, _stage, next_offset) -> None:
        self.diary.append(("acknowledged", tp, next_offset))

    async def earliest_offsets(self, *partitions):
        return dict.fromkeys(partitions, self.earliest)

    async def seek_wait(self, places) -> None:
        self.diary.append(("seek", dict(places)))

    async def crash(self, error) -> None:
        self.crashed = error

    def assignment(self):
        return {PLACE, TP("changelog", 0)}

    def said(self, kind):
        return [one[1:] for one in self.diary if one[0] == kind]


def build(snapshot_at: int | None = None, seconds: float = 0.0) -> tuple[App, Shell]:
    app, data = App(), {}
    if snapshot_at is not None:
        records, key, head = SnapshotStore(0).save(snapshot_at, {"count": b"%d" % snapshot_at})
        data = {**records, key: head}
    table = SimpleNamespace(
        data=SimpleNamespace(data=data, _key_partition={}),
        changelog_topic=SimpleNamespace(get_topic_name=lambda: "changelog"),
    )
    return app, Shell(app, table, Stage(), seconds, Turns())


def batch(begin: int, *values: bytes, end: int | None = None) -> SimpleNamespace:
    records = [SimpleNamespace(offset=begin + n, value=value) for n, value in enumerate(values)]
    return SimpleNamespace(value=Batch(PLACE, begin, begin + len(values) if end is None else end, records))


async def feed(shell: Shell, *events) -> None:
    async def stream():
        for each in events:
            yield each
            await settle(shell)

    await shell.run(stream())


async def settle(shell: Shell) -> None:
    for held in list(shell.held.values()):
        if held.saving is not None:
            await held.saving
