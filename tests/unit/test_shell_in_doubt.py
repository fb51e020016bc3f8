"""The shell and a record that its stage cannot handle: passed over from the last good state, with nothing lost."""

import asyncio

import pytest

from agents.engine.snapshot import SnapshotStore
from tests.support.shell import PLACE, batch, build, feed


@pytest.mark.parametrize("place", range(6))
@pytest.mark.parametrize("snapshot_at", [None, 3])
def test_a_record_that_cannot_be_handled_is_passed_over_from_the_last_good_state(place, snapshot_at):
    values = [b"a", b"b", b"tick", b"c", b"d", b"tick"]
    values[place] = b"bad"
    app, shell = build(snapshot_at, seconds=60.0)
    first = snapshot_at or 0
    whole = batch(0, *values)
    asyncio.run(feed(shell, whole, whole, batch(6, b"e", b"tick")))
    bad = [place] if place >= first else []
    assert app.said("seek") == [({PLACE: first},)] * len(bad)
    told = [value for topic, value in app.said("delivered") if topic == "letters"]
    assert told == [b"bad"] * len(bad)
    assert shell.factory.handled == 8 - len(bad)
    written = {value for topic, value in app.said("delivered") if topic == "out"}
    assert written == {*values[first:], b"e", b"tick"} - {b"bad"}


def test_every_record_of_a_batch_may_fail():
    app, shell = build()
    whole = batch(0, b"bad 1", b"bad 2", b"a", b"bad 3", b"tick", b"bad 4")
    asyncio.run(feed(shell, whole, whole, batch(6, b"tick")))
    told = [value for topic, value in app.said("delivered") if topic == "letters"]
    assert told == [b"bad 1", b"bad 2", b"bad 3", b"bad 4"]
    assert shell.factory.handled == 3
    assert len(app.said("seek")) == 1


def test_records_of_different_batches_may_fail_before_the_next_snapshot():
    app, shell = build(seconds=60.0)
    batches = [
        batch(0, b"a", b"bad 1"),
        batch(2, b"b"),
        batch(3, b"bad 2", b"c"),
        batch(5, b"bad 3", b"tick"),
    ]
    asyncio.run(feed(shell, *[each for count in (1, 3, 4, 4) for each in batches[:count]]))
    told = [value for topic, value in app.said("delivered") if topic == "letters"]
    assert set(told) == {b"bad 1", b"bad 2", b"bad 3"}
    assert told[-3:] == [b"bad 1", b"bad 2", b"bad 3"]
    assert len(app.said("seek")) == 3
    assert (shell.factory.handled, shell.held[0].next_offset) == (4, 7)


def test_after_a_doubt_the_snapshot_is_written_whole_without_what_is_gone():
    _, shell = build(seconds=0.0)
    stage = shell.factory
    pieces = iter([{"count": b"2", "gone": b"x"}])
    own = stage.pieces
    stage.pieces = lambda: next(pieces, None) or own()
    whole = batch(1, b"bad", b"tick")

    async def run():
        await feed(shell, batch(0, b"tick"), whole, whole)
        await shell.rest()

    asyncio.run(run())
    assert SnapshotStore(0).load(shell.changelog.records) == own()


def test_who_cannot_even_be_passed_over_ends_the_worker():
    app, shell = build()

    def fails(_record, _error):
        raise ValueError("nor that")

    shell.factory.pass_over = fails
    whole = batch(0, b"bad")
    with pytest.raises(ValueError, match="nor that"):
        asyncio.run(feed(shell, whole, whole))
    assert app.crashed is not None
