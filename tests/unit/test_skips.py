"""A record that is skipped: as if it had never come, whoever holds the partition, and whatever else goes wrong there."""

import asyncio
from dataclasses import replace
from types import SimpleNamespace

import msgspec
import pytest

from agents.delivery.tolerant import FetchedBatches, OnlyWithKey, TolerantRecords
from agents.door import Door
from agents.engine.skips import Skips
from agents.engine.stage import HandledAlreadyError
from agents.fold_reports import FoldReports
from alerts.norms import load_norms
from streams.control import CONTROL_KEY, Skip, encode_control
from streams.damaged import DamagedRecord, unreadable
from streams.log_end import LogRecord
from streams.signature import Signed, SigningKey, SigningKeys
from streams.status import decode_entry
from streams.ticks import TICK_KEY, encode_tick
from streams.topics import OCCUPANCY
from tests.support.raw_batches import batch as raw_batch
from tests.support.raw_batches import record as raw_record
from tests.support.reports import MONDAY, ic
from tests.support.reports import record as record_of
from tests.support.shell import PLACE, Stage, batch, build, feed

AT = int(MONDAY.timestamp())
KEYS = SigningKeys({"k1": SigningKey("k1", b"x" * 32)})
NORMS = load_norms()


class SkippingStage(Stage):
    """Says by a record `skip N` that the one at N is skipped."""

    def __init__(self) -> None:
        super().__init__()
        self.skipped: list[tuple[int, bytes | None]] = []

    def make(self, partition, pieces):
        self.skipped = (
            msgspec.msgpack.decode(pieces["skipped"], type=list[tuple]) if "skipped" in pieces else []
        )
        return super().make(partition, pieces)

    def pieces(self):
        return super().pieces() | {"skipped": msgspec.msgpack.encode(self.skipped)}

    whole = pieces

    def skip(self, offset, record) -> None:
        damaged = record is None or isinstance(record, DamagedRecord)
        self.skipped.append((offset, None if damaged else record.value))

    def handle(self, records, start):
        value = records[start].value
        if not value.startswith(b"skip"):
            ends = [n for n in range(start, len(records)) if records[n].value.startswith(b"skip")]
            return super().handle(records[: min(ends, default=len(records))], start)
        offset = int(value.split()[1])
        if offset not in [skipped for skipped, _ in self.skipped]:
            raise HandledAlreadyError(offset)
        return start + 1, []


def skipping(known: set[int], later: set[int] = frozenset(), snapshot_at: int | None = None):
    """A shell whose log holds these skips, and others by the time that it is looked at once more."""
    app, shell = build(snapshot_at, seconds=60.0)
    stage = shell.factory = shell.taking.factory = SkippingStage()
    told = [known]

    async def ahead(_tp, _start, _others, **_):
        return frozenset(told[0])

    async def again(_tp, _start, _others, **_):
        told[0] = known | later
        return frozenset(told[0])

    fake = SimpleNamespace(ahead=ahead, again=again, forget=lambda: None, position=lambda _: None)
    shell.skips = shell.taking.skips = fake
    return app, shell, stage


def told(app) -> list[bytes]:
    return [value for topic, value in app.said("delivered") if topic == "out"]


@pytest.mark.parametrize("place", range(6))
def test_what_is_to_be_skipped_is_never_shown_to_the_stage(place):
    values = [b"a", b"b", b"tick", b"c", b"d", b"tick"]
    app, shell, stage = skipping({place})
    asyncio.run(feed(shell, batch(0, *values), batch(6, b"skip %d" % place, b"tick")))
    assert told(app) == [*values[:place], *values[place + 1 :], b"tick"]
    assert stage.skipped == [(place, values[place])]
    assert not app.said("seek")


def test_a_skip_in_a_stretch_that_is_in_doubt_counts_once():
    app, shell, stage = skipping({2})
    whole = batch(0, b"a", b"bad 1", b"b", b"bad 3", b"tick", b"skip 2")
    asyncio.run(feed(shell, whole, whole, whole, batch(6, b"tick")))
    assert stage.skipped == [(2, b"b")]
    letters = [value for topic, value in app.said("delivered") if topic == "letters"]
    assert letters[-2:] == [b"bad 1", b"bad 3"]
    assert shell.held[0].next_offset == 7


def test_an_offset_at_which_nothing_stands_is_skipped_all_the_same():
    _, shell, stage = skipping({1})
    shell.holes.are_real = True
    hole = batch(0, b"a", b"b", end=3)
    hole.value.records[1].offset = 2
    asyncio.run(feed(shell, hole, batch(3, b"skip 1", b"tick")))
    assert stage.skipped == [(1, None)]
    assert stage.handled == 3


def test_of_a_damaged_batch_all_that_cannot_be_told_apart_is_skipped():
    _, shell, stage = skipping({2, 3})
    damaged = unreadable(1, 0, b"xyz", "of no use", 3)
    event = batch(0, b"a", end=4)
    event.value.records.append(damaged)
    asyncio.run(feed(shell, event, batch(4, b"tick")))
    assert [offset for offset, _ in stage.skipped] == [2, 3]
    assert shell.held[0].next_offset == 5
    assert stage.handled == 2


def test_who_is_past_it_goes_back_once_if_no_snapshot_holds_it():
    app, shell, stage = skipping(set(), {1}, snapshot_at=0)
    whole = batch(0, b"a", b"b", b"skip 1", b"tick")
    asyncio.run(feed(shell, whole, whole))
    assert app.said("seek") == [({PLACE: 0},)]
    assert stage.skipped == [(1, b"b")]
    assert not [1 for topic, _ in app.said("delivered") if topic == "letters"]


def test_what_a_snapshot_holds_is_not_skipped_and_the_skip_is_put_aside():
    app, shell, stage = skipping(set(), {1}, snapshot_at=2)
    asyncio.run(feed(shell, batch(2, b"skip 1", b"tick")))
    assert not app.said("seek")
    assert not stage.skipped
    assert [value for topic, value in app.said("delivered") if topic == "letters"] == [b"skip 1"]


def test_a_skip_that_is_never_found_again_sends_nobody_back_twice():
    app, shell, _ = skipping(set(), set())
    whole = batch(0, b"a", b"skip 0", b"tick")
    asyncio.run(feed(shell, whole, whole))
    assert len(app.said("seek")) == 1
    assert [value for topic, value in app.said("delivered") if topic == "letters"] == [b"skip 0"]


def test_what_cannot_even_be_fetched_is_passed_when_the_partition_stands_still():
    app, shell, stage = skipping(set(), {2, 3})

    async def run():
        await feed(shell, batch(0, b"a", b"tick"))
        await shell.read_again(PLACE)

    asyncio.run(run())
    assert [offset for offset, _ in stage.skipped] == [2, 3]
    assert app.said("seek")[-1] == ({PLACE: 4},)


def control(offset: int, at: int, **signed_for) -> LogRecord:
    value = encode_control(Skip(at=AT, offset=offset))
    place = {"topic": OCCUPANCY, "partition": 0} | signed_for
    headers = KEYS.sign(Signed(place["topic"], place["partition"], AT * 1000, CONTROL_KEY, value))
    return LogRecord(OCCUPANCY, 0, at, AT * 1000, CONTROL_KEY, value, headers)


@pytest.mark.parametrize(
    ("found", "offset"),
    [
        (control(3, 7), 3),
        (control(7, 7), None),
        (control(8, 7), None),
        (control(3, 7, partition=1), None),
        (control(3, 7, topic="care.referrals"), None),
        (replace(control(3, 7), headers=()), None),
        (replace(control(3, 7), value=b"{"), None),
    ],
)
def test_only_what_is_signed_for_its_place_and_names_what_stands_before_it_is_a_skip(found, offset):
    assert FoldReports(OCCUPANCY, 1, NORMS, Door(KEYS)).skipped_by(0, found) == offset


def in_log(*records) -> list[LogRecord]:
    found = []
    for offset, each in enumerate(records):
        if isinstance(each, int):
            value = encode_tick(each)
            headers = KEYS.sign(Signed(OCCUPANCY, 0, each * 1000, TICK_KEY, value))
            found.append(LogRecord(OCCUPANCY, 0, offset, each * 1000, TICK_KEY, value, headers))
        elif isinstance(each, LogRecord):
            found.append(replace(each, offset=offset))
        else:
            found.append(LogRecord(OCCUPANCY, 0, offset, each.timestamp, each.key, each.value, ()))
    return found


def test_a_skipped_report_is_counted_and_everything_is_said_again_from_the_skip_on():
    factory = FoldReports(OCCUPANCY, 1, NORMS, Door(KEYS))
    first, second, tick, skip, then = in_log(
        record_of(ic(50)), record_of(ic(99, source="other")), AT, control(1, 3), AT + 60
    )
    stage, clean = factory.make(0, {}), factory.make(0, {})
    for each in (stage, clean):
        each.handle([first], 0)
    stage.skip(1, second)
    written, expected = stage.handle([tick], 0)[1], clean.handle([tick], 0)[1]
    assert written == expected
    assert stage.handle([skip], 0) == (1, [])
    stage = factory.make(0, stage.whole())
    again, said = [
        next(decode_entry(each.value).indicators for each in entries if each.key == b"R07")
        for entries in (stage.handle([then], 0)[1], written)
    ]
    assert again == said
    assert (stage.state.counts.applied, stage.state.counts.skipped, stage.state.counts.total) == (1, 1, 2)


def test_ticks_and_control_records_are_skipped_and_not_counted_unless_they_only_pose_as_such():
    stage = FoldReports(OCCUPANCY, 1, NORMS, Door(KEYS)).make(0, {})
    tick, other = in_log(AT, control(0, 1))
    for offset, each in enumerate((tick, other)):
        stage.skip(offset, each)
    assert stage.state.counts.skipped == 0
    for offset, each in enumerate((replace(tick, headers=()), replace(other, headers=())), 2):
        stage.skip(offset, each)
    stage.skip(4, unreadable(4, 0, b"", "of no use", 5))
    assert (stage.state.counts.skipped, stage.state.skipped) == (7, [0, 1, 2, 3, 4])


@pytest.mark.parametrize("codec", range(5))
def test_a_batch_without_the_key_is_passed_over_and_one_with_it_is_read(codec):
    without = raw_batch(raw_record(0, b"R07", b"x" * 300), raw_record(1, b"tick", b"y"), codec=codec)
    within = raw_batch(raw_record(0, b"R07", b"x" * 300), raw_record(1, CONTROL_KEY, b"y"), codec=codec)
    only = OnlyWithKey(CONTROL_KEY)
    assert [only.may_stand_in(memoryview(each)) for each in (without, within)] == [False, True]
    read = TolerantRecords(PLACE, FetchedBatches(without), [], 0, only, None, True, 0)
    assert (list(read), read.next_fetch_offset) == ([], 2)


def test_partitions_of_a_topic_are_looked_at_together_and_once(monkeypatch):
    looked: list[dict] = []

    class Ahead:
        def __init__(self, *_) -> None:
            self.positions = {}

        async def records(self, starts):
            looked.append(dict(starts))
            for tp in starts:
                yield tp, 5
                await asyncio.sleep(0)

    monkeypatch.setattr("agents.engine.skips.LookAhead", Ahead)
    other = PLACE._replace(partition=1)
    skips = Skips(SimpleNamespace(name="fold", skipped_by=lambda partition, _: 10 + partition), {})

    async def others(_tp):
        return {PLACE: 0, other: 3}

    async def run():
        both = await asyncio.gather(
            *[skips.ahead(each, start, others) for each, start in ((PLACE, 0), (other, 3))]
        )
        assert both == [{10}, {11}]
        assert await skips.ahead(other, 4, others) == {11}
        assert looked == [{PLACE: 0, other: 3}]
        assert await skips.ahead(other, 1, others) == {11}
        assert looked[1:] == [{other: 1}]
        skips.forget()
        await skips.ahead(PLACE, 0, others)
        assert looked[2:] == [{PLACE: 0, other: 3}]

    asyncio.run(run())
