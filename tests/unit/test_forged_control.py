"""A control record that nobody with a key wrote for this place and time has no effect, and is kept."""

from dataclasses import replace

import pytest

from agents.door import Door
from agents.engine.formats import FORMAT
from agents.fold_reports import FoldReports
from alerts.norms import load_norms
from streams.control import CONTROL_KEY, TickerReset, UpgradeFinalize, encode_control
from streams.log_end import LogRecord
from streams.signature import Signed, SigningKey, SigningKeys
from streams.topics import OCCUPANCY, REFERRALS, dead_letter_topic

AT = 1_800_000_000
KEYS = SigningKeys({"k1": SigningKey("k1", b"x" * 32)})
OTHERS = SigningKeys({"k1": SigningKey("k1", b"y" * 32)})


def reset(keys=KEYS, topic=OCCUPANCY, partition=0, **other) -> LogRecord:
    value = encode_control(TickerReset(at=AT, after=AT + 3600))
    headers = keys.sign(Signed(topic, partition, AT * 1000, CONTROL_KEY, value))
    return replace(LogRecord(OCCUPANCY, 0, 7, AT * 1000, CONTROL_KEY, value, headers), **other)


def handled(record: LogRecord):
    partition = FoldReports(OCCUPANCY, 1, load_norms(), Door(KEYS)).make(0, {})
    taken, outgoing = partition.handle([record], 0)
    assert taken == 1
    return partition.state, outgoing


def test_one_that_is_signed_for_its_place_takes_effect():
    state, outgoing = handled(reset())
    assert (state.last_tick > 0, outgoing) == (True, [])


@pytest.mark.parametrize(
    "record",
    [
        reset(headers=()),
        reset(OTHERS),
        reset(topic=REFERRALS),
        reset(partition=1),
        reset(timestamp=AT * 1000 + 1),
        reset(value=encode_control(TickerReset(at=AT, after=AT + 7200))),
        reset(headers=(*reset().headers, *reset().headers)),
    ],
    ids=[
        "unsigned",
        "another key",
        "another topic",
        "another partition",
        "another time",
        "another value",
        "twice",
    ],
)
def test_any_other_changes_nothing_and_is_kept_whole_with_the_reason(record):
    state, (letter,) = handled(record)
    assert state.last_tick == 0
    assert state.counts.dead_lettered == 1
    assert (letter.topic, letter.key, letter.value) == (
        dead_letter_topic(OCCUPANCY),
        record.key,
        record.value,
    )
    assert dict(letter.headers)["dlq-reason"] == b"not-a-control"


@pytest.mark.parametrize(("allowed", "held"), [(FORMAT - 1, FORMAT - 1), (FORMAT, FORMAT), (FORMAT + 1, 0)])
def test_a_format_of_a_later_version_is_not_kept_for_it(allowed, held):
    value = encode_control(UpgradeFinalize(at=AT, format=allowed))
    headers = KEYS.sign(Signed(OCCUPANCY, 0, AT * 1000, CONTROL_KEY, value))
    state, letters = handled(LogRecord(OCCUPANCY, 0, 7, AT * 1000, CONTROL_KEY, value, headers))
    assert (state.finalized, len(letters)) == (held, int(not held))
