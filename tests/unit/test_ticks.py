"""What counts as a tick: as far as a second clock agrees, and signed where there are keys."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.door import Door
from agents.fold_reports import FoldReports
from streams.signature import Signed, SigningKey, SigningKeys
from streams.ticks import TICK_KEY, TickError, encode_tick, sign_tick, tick_that_counts
from streams.topics import OCCUPANCY, dead_letter_topic
from tests.support.entrance import NORMS
from tests.support.reports import ic, record
from tests.support.stages import consumed, consumed_ticks

NOW = 1_800_000_000
HOUR = 3600
KEYS = SigningKeys({"k": SigningKey("k", b"s" * 32, since=NOW * 1000)})


def tick_record(at: int, timestamp: int, partition: int = 0) -> Signed:
    return Signed(OCCUPANCY, partition, timestamp, TICK_KEY, encode_tick(at))


@given(st.integers(-2 * HOUR, 2 * HOUR))
def test_a_tick_lies_at_most_five_seconds_ahead_of_its_record(ahead):
    written = tick_record(NOW + ahead, NOW * 1000)
    if ahead <= 5:
        assert tick_that_counts(written, (), SigningKeys()) == NOW + ahead
    else:
        with pytest.raises(TickError, match="set the clock right") as error:
            tick_that_counts(written, (), SigningKeys())
        assert error.value.fault == "ahead"


def test_where_there_are_keys_a_tick_of_anybody_else_does_not_count():
    headers = sign_tick(OCCUPANCY, 0, NOW, KEYS)
    written = tick_record(NOW, NOW * 1000)
    assert tick_that_counts(written, headers, KEYS) == NOW
    for other, own in (
        (written, ()),
        (replace(written, partition=1), headers),
        (replace(written, value=encode_tick(NOW + 1)), headers),
        (replace(written, timestamp=NOW * 1000 + 1), headers),
    ):
        with pytest.raises(TickError) as error:
            tick_that_counts(other, own, KEYS)
        assert error.value.fault == "unsigned"


def test_ticks_of_before_there_was_a_key_count_as_they_did():
    assert sign_tick(OCCUPANCY, 0, NOW - 1, KEYS) == ()
    assert tick_that_counts(tick_record(NOW - 1, NOW * 1000 - 1), (), KEYS) == NOW - 1


class Clock:
    """The time of the one who checks timestamps."""

    now = float(NOW)

    def __call__(self) -> float:
        return self.now


tickers = st.lists(
    st.tuples(
        st.integers(-HOUR, HOUR),  # how far its clock is ahead
        st.booleans(),  # whether its records have its own time, or that of the broker
    ),
    min_size=1,
    max_size=3,
)


@given(tickers, st.booleans())
def test_a_ticker_with_a_wrong_clock_silences_no_honest_one(others, signed):
    keys = KEYS if signed else SigningKeys()
    clock = Clock()
    fold = FoldReports(OCCUPANCY, 1, NORMS, Door(keys, clock))
    partition = fold.make(0, {})
    passed = []
    for second in range(NOW, NOW + 40):
        clock.now = second + 0.5
        written = [(second + skew, second + skew if own else second) for skew, own in others]
        for each in consumed_ticks(OCCUPANCY, 0, [*written, (second, second)], keys):
            before = partition.state.last_tick
            partition.handle([each], 0)
            assert before <= partition.state.last_tick <= clock.now + 15
        passed.append(partition.state.last_tick)
    # At each second the time is no older than the honest ticker says, whoever else writes.
    assert all(last >= second for last, second in zip(passed, range(NOW, NOW + 40), strict=True))


def test_what_does_not_count_is_a_dead_letter_and_counted_by_what_is_wrong():
    fold = FoldReports(OCCUPANCY, 1, NORMS, Door(KEYS))
    partition = fold.make(0, {})
    ahead, unsigned = consumed_ticks(OCCUPANCY, 0, [(NOW + 6, NOW), (NOW, NOW)], SigningKeys())
    for each in (ahead, unsigned):
        _, (letter,) = partition.handle([each], 0)
        assert (letter.topic, letter.value) == (dead_letter_topic(OCCUPANCY), each.value)
        assert dict(letter.headers)["dlq-reason"] == b"not-a-tick"
    assert partition.state.last_tick == 0
    assert fold.door.refused_ticks == {(OCCUPANCY, "ahead"): 1, (OCCUPANCY, "unsigned"): 1}


def test_a_tick_that_does_not_count_is_no_barrier():
    partition = FoldReports(OCCUPANCY, 1, NORMS, Door(KEYS)).make(0, {})
    (report,) = consumed([record(ic(50))], OCCUPANCY, 0, 1)
    (unsigned,) = consumed_ticks(OCCUPANCY, 0, [(NOW, NOW)], SigningKeys())
    assert partition.at_barrier
    partition.handle([unsigned], 0)
    assert partition.at_barrier
    partition.handle([report], 0)
    partition.handle([unsigned], 0)
    assert not partition.at_barrier


def test_a_record_of_tomorrow_is_refused_where_no_broker_checks():
    partition = FoldReports(OCCUPANCY, 1, NORMS, Door(clock=Clock())).make(0, {})
    records = consumed_ticks(OCCUPANCY, 0, [(NOW + 10, NOW + 10), (NOW + 11, NOW + 11)], SigningKeys())
    assert partition.handle(records, 0)[0] == 1
    taken, (letter,) = partition.handle(records, 1)
    assert taken == 2
    assert dict(letter.headers)["dlq-reason"] == b"impossible-time"
    assert partition.state.last_tick == NOW + 10
