"""The shell around a stage: deliver, then snapshot, then acknowledge; never over a hole, never twice."""

import asyncio
from types import SimpleNamespace

import pytest
from aiokafka.errors import KafkaConnectionError
from faust.types import TP

from agents.delivery.batch import Batch
from agents.engine import progress as progress_module
from agents.engine import shell as shell_module
from agents.engine.progress import Progress
from agents.engine.shell import Shell
from agents.engine.snapshot import SnapshotStore
from tests.support.shell import PLACE, App, batch, build, feed, settle


def test_deliver_then_snapshot_then_acknowledge():
    app, shell = build()
    asyncio.run(feed(shell, batch(0, b"a", b"tick")))
    assert app.diary == [
        ("delivered", "out", b"a"), ("delivered", "out", b"tick"),
        ("delivered", "changelog", b"0/0/count"), ("delivered", "changelog", b"0/head"),
        ("acknowledged", PLACE, 2),
    ]  # fmt: skip
    assert app.tables.recovery.active_offsets == {TP("changelog", 0): 4}


def test_nothing_is_acknowledged_before_a_barrier():
    app, shell = build()
    asyncio.run(feed(shell, batch(0, b"a", b"b")))
    assert app.said("delivered") == [("out", b"a"), ("out", b"b")]
    assert not app.said("acknowledged")


def test_a_snapshot_holds_no_record_after_its_barrier():
    app, shell = build()
    asyncio.run(feed(shell, batch(0, b"a", b"tick", b"b", b"c")))
    assert app.said("acknowledged") == [(PLACE, 2)]
    assert shell.factory.handled == 4
    store = SnapshotStore(0)
    assert store.load(shell.changelog.records) == {"count": b"2"}
    assert store.next_offset == 2


def test_a_partition_that_comes_to_rest_at_a_barrier_is_saved_when_it_is_due():
    app, shell = build(seconds=0.01)

    async def run():
        await feed(shell, batch(0, b"tick"), batch(1, b"tick"))
        assert app.said("acknowledged") == [(PLACE, 1)]
        await asyncio.sleep(0.02)
        shell.save_what_is_due()
        await settle(shell)
        shell.save_what_is_due()
        await settle(shell)

    asyncio.run(run())
    assert app.said("acknowledged") == [(PLACE, 1), (PLACE, 2)]


def test_what_the_snapshot_holds_is_passed_over():
    app, shell = build(5)
    asyncio.run(feed(shell, batch(3, b"a", b"b"), batch(4, b"b", b"c"), batch(3, b"a")))
    assert shell.factory.handled == 6
    assert app.said("delivered") == [("out", b"c")]


def test_a_hole_in_the_delivery_is_read_again_and_never_stepped_over():
    app, shell = build(5)
    asyncio.run(feed(shell, batch(8, b"x"), batch(9, b"y")))
    assert shell.factory.handled == 5
    assert app.said("seek") == [({PLACE: 5},)]
    asyncio.run(feed(shell, batch(5, b"a", b"b", b"c", b"x", b"y")))
    assert shell.factory.handled == 10


def test_a_partition_without_a_whole_snapshot_is_read_from_its_first_record_though_more_was_committed():
    app, shell = build(5)
    shell.changelog.records[b"0/0/count"] = b"spoiled"
    app.earliest = 2
    asyncio.run(feed(shell, batch(5, b"x"), batch(2, b"a", b"b", b"c", b"tick")))
    assert app.said("seek") == [({PLACE: 2},)]
    assert app.said("acknowledged") == [(PLACE, 6)]
    assert shell.factory.handled == 4


def test_a_record_that_the_broker_shows_after_the_next_one_is_read_again_and_not_stepped_over():
    app, shell = build(5)
    a, b, c, d = (
        SimpleNamespace(offset=5 + n, value=each) for n, each in enumerate((b"a", b"b", b"c", b"tick"))
    )
    late = SimpleNamespace(value=Batch(PLACE, 5, 8, [a, c]))
    again = SimpleNamespace(value=Batch(PLACE, 6, 9, [b, c, d]))
    asyncio.run(feed(shell, late, batch(8, b"tick"), again))
    assert app.said("seek") == [({PLACE: 6},)], (
        "the batch behind the hole waits, and is not sought for as well"
    )
    assert [value for topic, value in app.said("delivered") if topic == "out"] == [b"a", b"b", b"c", b"tick"]
    assert app.said("acknowledged") == [(PLACE, 5), (PLACE, 9)]


def test_a_hole_that_stays_is_one_of_the_log_and_the_next_ones_are_too(monkeypatch):
    monkeypatch.setattr(shell_module, "LOOK_AGAIN_SECONDS", 0.0)
    app, shell = build(5)
    asyncio.run(feed(shell, *[batch(5, b"a", end=9)] * 11, batch(9, end=10), batch(10, b"tick", end=12)))
    assert app.said("seek") == [({PLACE: 6},)] * 10
    assert shell.factory.handled == 7
    assert app.said("acknowledged") == [(PLACE, 5), (PLACE, 11)]


def test_records_that_expired_unread_are_passed_over_with_an_error(capfd):
    app, shell = build(5)
    app.earliest = 8
    asyncio.run(feed(shell, batch(8, b"x"), batch(8, b"x", b"tick")))
    assert app.said("acknowledged") == [(PLACE, 5), (PLACE, 10)]
    assert "records expired before they were read" in "".join(capfd.readouterr())


def test_every_stage_is_told_of_what_expired():
    app, shell = build(5)
    app.earliest = 8
    asyncio.run(feed(shell, batch(8, b"x"), batch(8, b"x", b"tick")))
    assert shell.factory.lost == [(5, 8)]


def test_a_partition_that_was_taken_away_is_not_acknowledged():
    app, shell = build()

    async def run():
        app.held_up = asyncio.Event()

        async def stream():
            yield batch(0, b"tick")
            saving = shell.held[0].saving
            shell.drop_all()
            app.held_up.set()
            await saving

        await shell.run(stream())

    asyncio.run(run())
    assert not app.said("acknowledged")
    assert app.said("delivered") == [("out", b"tick")]


def test_no_more_of_a_snapshot_is_written_once_the_partition_was_taken_away():
    """The next owner writes to the same places: a piece that came after its own would spoil its snapshot."""
    app, shell = build()
    shell.factory.pieces = lambda: {"count": b"1", "more": b"2", "most": b"3"}
    send = app.send

    async def taken_after_the_first_piece(topic, *told):
        if topic == "changelog":
            shell.drop_all()
        return await send(topic, *told)

    app.send = taken_after_the_first_piece
    asyncio.run(feed(shell, batch(0, b"tick")))
    assert app.said("delivered") == [("out", b"tick"), ("changelog", b"0/0/count")]


def test_a_snapshot_that_was_delivered_after_the_partition_was_taken_away_is_read_from_the_changelog():
    """Noted as known, a later recovery of this partition would begin after records that this worker let go of."""
    app, shell = build()
    send = app.send

    async def taken_while_the_head_is_on_its_way(topic, key, *told):
        delivered = await send(topic, key, *told)
        if key == b"0/head":
            shell.drop_all()
        return delivered

    app.send = taken_while_the_head_is_on_its_way
    asyncio.run(feed(shell, batch(0, b"tick")))
    assert ("changelog", b"0/head") in app.said("delivered")
    assert app.tables.recovery.active_offsets == {}
    assert shell.changelog.records == {}
    assert not app.said("acknowledged")


def test_a_partition_that_is_taken_away_while_it_is_taken_up_is_left_to_its_next_owner():
    """Its table is being restored: a state that lacks what others wrote would say what is not so."""
    app, shell = build()
    earliest_offsets = app.earliest_offsets
    app.earliest = 3

    async def taken_meanwhile(tp):
        shell.drop_all()
        return await earliest_offsets(tp)

    app.earliest_offsets = taken_meanwhile

    async def run():
        await feed(shell, batch(3, b"tick"))
        return await shell.expected(PLACE)

    assert asyncio.run(run()) is None
    assert (app.diary, shell.held, shell.factory.handled) == ([], {}, 0)


def test_a_broker_that_does_not_answer_when_a_partition_is_taken_up_is_asked_again():
    app, shell = build()
    app.earliest = 5
    earliest_offsets, answers = app.earliest_offsets, [KafkaConnectionError("away"), None]

    async def unsure(*partitions):
        if (error := answers.pop(0)) is not None:
            raise error
        return await earliest_offsets(*partitions)

    app.earliest_offsets = unsure
    asyncio.run(feed(shell, batch(5, b"tick"), batch(5, b"tick")))
    assert app.crashed is None
    assert app.said("acknowledged") == [(PLACE, 6)]


def test_nothing_is_taken_up_while_the_group_is_divided_anew():
    """The table may lack what another worker wrote since."""
    app, shell = build(5)
    app.rebalancing = True
    asyncio.run(feed(shell, batch(5, b"tick")))
    assert (shell.held, shell.factory.handled) == ({}, 0)
    app.rebalancing = False
    asyncio.run(feed(shell, batch(5, b"tick")))
    assert shell.factory.handled == 6


@pytest.mark.usefixtures("impatient")
def test_a_log_that_ends_before_what_was_read_of_it_is_told_of_once(capfd):
    """Lag is nothing then, and every record that comes looks like a repeat: a silent feed that looks calm."""
    app, shell = build(5)
    app.end = 3
    asyncio.run(look(app, shell, 1))
    assert "ends before what was read" not in "".join(capfd.readouterr())
    asyncio.run(look(app, shell, 4))
    assert "".join(capfd.readouterr()).count("a log ends before what was read of it") == 1


def test_the_rest_of_a_batch_is_left_to_the_next_owner_when_the_partition_is_taken_away():
    app, shell = build()
    send = app.send

    async def taken_meanwhile(*told):
        shell.drop_all()
        return await send(*told)

    app.send = taken_meanwhile
    asyncio.run(feed(shell, batch(0, b"tick", b"a", b"tick")))
    assert shell.factory.handled == 1
    assert app.said("delivered") == [("out", b"tick")]


def test_a_record_that_cannot_be_delivered_ends_the_worker():
    app, shell = build()
    app.undeliverable = True
    asyncio.run(feed(shell, batch(0, b"tick")))
    assert isinstance(app.crashed, ConnectionError)
    assert shell.held == {}


def test_an_agent_that_is_ended_in_the_middle_of_a_batch_leaves_its_stage_idle():
    _, shell = build()

    async def ended(_batch) -> None:
        assert not shell.idle
        raise asyncio.CancelledError

    shell._take_in = ended
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(feed(shell, batch(0, b"a")))
    assert shell.idle


class LogEnds:
    """Tells the end that the app was given."""

    def __init__(self, app) -> None:
        self.app = app

    async def ask(self, partitions):
        return dict.fromkeys(partitions, self.app.end)


async def look(app: App, shell: Shell, times: int) -> Progress:
    progress = Progress(app, [shell], {})
    for _ in range(times):
        await progress._look(LogEnds(app))
    return progress


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(progress_module, "_STILL_SECONDS", 0.0)
    monkeypatch.setattr(progress_module, "_STILL_LOOKS", 1)


@pytest.mark.usefixtures("impatient")
def test_a_partition_that_stands_still_before_its_end_is_read_again():
    app, shell = build(5)
    app.end = 9
    progress = asyncio.run(look(app, shell, 2))
    assert app.said("seek") == [({PLACE: 5},)]
    assert progress.positions["stage", PLACE].lag == 4


@pytest.mark.usefixtures("impatient")
def test_a_partition_at_its_end_is_left_alone():
    app, shell = build(5)
    app.end = 5
    progress = asyncio.run(look(app, shell, 3))
    assert app.said("seek") == []
    assert progress.positions["stage", PLACE].lag == 0


def test_a_snapshot_is_acknowledged_by_whoever_takes_it_up_though_nothing_more_comes():
    """Whoever wrote it may have been killed before its commit: the group would have lag for ever."""
    app, shell = build(5)
    app.end = 5
    asyncio.run(look(app, shell, 1))
    assert app.said("acknowledged") == [(PLACE, 5)]
    assert shell.factory.handled == 5, "and the partition is taken, so that its figures are shown"


def test_a_partition_whose_first_batch_comes_while_its_progress_is_looked_at_is_taken_once():
    app, shell = build(5)
    made = []
    make = shell.factory.make
    shell.factory.make = lambda *told: (made.append(1), make(*told))[1]

    async def run():
        await asyncio.gather(shell.expected(PLACE), feed(shell, batch(5, b"tick")))

    asyncio.run(run())
    assert len(made) == 1
    assert app.said("acknowledged") == [(PLACE, 5), (PLACE, 6)]


def test_what_is_still_being_handed_to_the_producer_is_in_no_snapshot():
    """Saved now and killed then, what was not sent yet would be lost."""
    app, shell = build()
    send, first = app.send, asyncio.Event()

    async def slow(topic, *told):
        if topic == "out":
            await first.wait()
        return await send(topic, *told)

    app.send = slow

    async def run():
        feeding = asyncio.ensure_future(feed(shell, batch(0, b"tick")))
        while 0 not in shell.held or not shell.factory.handled:  # noqa: ASYNC110 - nothing tells but the stage
            await asyncio.sleep(0)
        shell.save_what_is_due()
        await shell.rest()
        assert shell.held[0].saving is None
        first.set()
        await feeding

    asyncio.run(run())
    assert app.diary[0] == ("delivered", "out", b"tick")
    assert app.said("acknowledged") == [(PLACE, 1)]


def test_a_broker_that_is_slow_to_take_a_snapshot_does_not_put_off_the_next_one():
    """Ten times as long is for what keeps the worker from its work: after a slow start everything would wait."""
    app, shell = build()
    send = app.send

    async def slow(topic, *told):
        delivered = await send(topic, *told)

        async def late():
            await asyncio.sleep(0.2)
            return await delivered

        return asyncio.ensure_future(late())

    app.send = slow

    async def run():
        await feed(shell, batch(0, b"tick"))
        now = asyncio.get_running_loop().time()
        assert shell.held[0].save_after < now + 0.5

    asyncio.run(run())
    assert app.said("acknowledged") == [(PLACE, 1)]


def test_what_is_on_its_way_does_not_pile_up_between_two_ticks(monkeypatch):
    monkeypatch.setattr(shell_module, "SENDING_MAX", 10)
    app, shell = build()
    most = []
    send = shell_module.send

    async def counted(app, outgoing):
        most.append(len(shell.held[0].sending))
        return await send(app, outgoing)

    monkeypatch.setattr(shell_module, "send", counted)
    asyncio.run(feed(shell, *[batch(4 * n, b"a", b"b", b"c", b"d") for n in range(50)], batch(200, b"tick")))
    assert max(most) <= 14
    assert len([value for topic, value in app.said("delivered") if topic == "out"]) == 201
    assert app.said("acknowledged") == [(PLACE, 201)]


def test_what_cannot_be_delivered_is_not_forgotten(monkeypatch):
    monkeypatch.setattr(shell_module, "SENDING_MAX", 10)
    app, shell = build()

    async def run():
        app.undeliverable = True
        await feed(shell, *[batch(4 * n, b"a", b"b", b"c", b"d") for n in range(5)])
        app.undeliverable = False
        await feed(shell, batch(20, b"tick"))

    asyncio.run(run())
    assert isinstance(app.crashed, ConnectionError)
    assert not app.said("acknowledged")
