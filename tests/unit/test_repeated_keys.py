"""Whether a report is accepted depends on what it says in the end, not on who looked, when, or what came before."""

import json
import subprocess
import sys

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.codec import RefusedError, decode_report
from streams.intake import ACCEPT
from streams.repeated_keys import repeated_keys
from streams.topics import COORDINATION, OCCUPANCY, REPORT_TOPICS, WAITING_TIMES
from tests.support.bad_records import BAD, GOOD

_good = GOOD[OCCUPANCY]


def with_first(topic: str, text: bytes) -> bytes:
    """Return a good report that begins with one more field."""
    return b"{" + text + b"," + GOOD[topic][1:]


ODD = {
    "a source that is none, then one": (OCCUPANCY, with_first(OCCUPANCY, b'"source":"No Source!"')),
    "a source, then one that is none": (OCCUPANCY, _good[:-1] + b',"source":"No Source!"}'),
    "a region that is none, then one": (OCCUPANCY, with_first(OCCUPANCY, b'"region":"Zeeland"')),
    "a number for a name, then a name": (OCCUPANCY, with_first(OCCUPANCY, b'"location":5')),
    "a million and one beds, then fewer": (
        OCCUPANCY,
        _good.replace(b'"occupied":', b'"occupied":1000001,"occupied":'),
    ),
    "more beds than can be, then fewer": (
        OCCUPANCY,
        _good.replace(b'"occupied":', b'"occupied":601,"occupied":'),
    ),
    "a unit, then another": (OCCUPANCY, _good.replace(b'"unit":"ic"', b'"unit":"ward","unit":"ic"')),
    "a unit that is none, then one": (OCCUPANCY, _good.replace(b'"unit":"ic"', b'"unit":"x","unit":"ic"')),
    "a unit, then one that is none": (OCCUPANCY, _good.replace(b'"unit":"ic"', b'"unit":"ic","unit":"x"')),
    "a subject twice, then readings": (
        OCCUPANCY,
        with_first(OCCUPANCY, b'"readings":[{"unit":"ic","label":"total"},{"unit":"ic","label":"total"}]'),
    ),
    "our own total, then parts": (
        WAITING_TIMES,
        with_first(WAITING_TIMES, b'"rows":[{"specialism":"all","access":"polikliniek","days":1}]'),
    ),
    "a name that is turned round, then one that is not": (
        OCCUPANCY,
        with_first(OCCUPANCY, b'"location":"\\u202e"'),
    ),
    "a kind of event, then another": (
        COORDINATION,
        GOOD[COORDINATION].replace(b'"kind":', b'"kind":"transfer","kind":'),
    ),
    "an unknown field, twice": (OCCUPANCY, _good[:-1] + b',"bsn":1,"bsn":2}'),
    "escaped, and so twice": (OCCUPANCY, _good[:-1] + b',"sourc\\u0065":"lcps"}'),
}
"""Reports in which a key stands twice: topic and value."""

ACCEPTED = {
    "a source that is none, then one",
    "a region that is none, then one",
    "a number for a name, then a name",
    "a million and one beds, then fewer",
    "more beds than can be, then fewer",
    "a unit, then another",
    "a unit that is none, then one",
    "a subject twice, then readings",
    "our own total, then parts",
    "a name that is turned round, then one that is not",
    "a kind of event, then another",
    "escaped, and so twice",
}
"""Those of which the last is right; the others are refused."""

OUTCOMES = """
import sys
from tests.unit.test_repeated_keys import outcomes
print(outcomes(sys.argv[1]))
"""


def verdict(topic: str, key: bytes | None, value: bytes | None) -> object:
    try:
        report, observed, received = ACCEPT[topic](key, value)
    except RefusedError as refusal:
        return [refusal.reason, refusal.detail]
    return [json.loads(msgspec.json.encode(report)), observed, received]


def outcomes(order: str) -> str:
    """Return what becomes of honest, odd and bad records in an order, each several times, as one text."""
    log = [(f"good {topic}", topic, b"R07", value) for topic, value in GOOD.items()]
    log += [(name, topic, b"R07", value) for name, (topic, value) in ODD.items()]
    log += [(f"bad {bad.name}", bad.topic, bad.key, bad.value) for bad in BAD]
    log.sort(key=lambda each: each[0])
    if order == "backwards":
        log.reverse()
    elif order == "odd first":
        log.sort(key=lambda each: each[0] not in ODD)
    became: dict[str, object] = {}
    for _ in range(3):
        for name, topic, key, value in log:
            told = verdict(topic, key, value)
            assert became.setdefault(name, told) == told, name
    return json.dumps(became, sort_keys=True)


def test_every_order_and_every_process_gives_the_same_outcomes():
    told = [
        subprocess.run(
            [sys.executable, "-c", OUTCOMES, order], capture_output=True, text=True, check=True
        ).stdout.strip()
        for order in ("forwards", "backwards", "odd first")
    ]
    told.append(outcomes("forwards"))  # here, where any other test may have been before
    assert len(set(told)) == 1
    became = json.loads(told[0])
    assert {name for name in ODD if isinstance(became[name][0], dict)} == ACCEPTED


@pytest.mark.parametrize("name", ODD)
def test_a_report_is_held_to_the_last_of_each_key(name: str):
    topic, value = ODD[name]
    last = json.dumps(json.loads(value)).encode()
    assert repeated_keys(value)
    assert not repeated_keys(last)
    assert verdict(topic, b"R07", value) == verdict(topic, b"R07", last)


pieces = st.sampled_from(
    [
        *(f'"{name}":{value}' for name in ("source", "region", "location", "id", "revision", "rows", "readings", "event")
          for value in ('"x"', '"No!"', "5", "[]", "[{}]", "null", '"R99"', "{}", "1e400", '{"a":[1,{"b":2}]}')),
    ]
)  # fmt: skip


@given(st.sampled_from(REPORT_TOPICS), st.lists(pieces, min_size=1, max_size=3), st.booleans())
def test_whatever_is_said_before_has_no_say(topic: str, first: list[str], slowly: bool):
    value = b"{" + ",".join(first).encode() + b"," + GOOD[topic][1:]
    last = json.loads(value)
    extra = last.keys() - json.loads(GOOD[topic]).keys()
    accept = decode_report if slowly else lambda *record: ACCEPT[record[0]](*record[1:])[0]
    if extra or b"1e400" in value:
        # What replaces nothing is unknown; what is no number is none for any reader.
        with pytest.raises(RefusedError):
            accept(topic, b"R07", value)
    else:
        told, wanted = accept(topic, b"R07", value), decode_report(topic, b"R07", GOOD[topic])
        assert msgspec.json.encode(told) == msgspec.json.encode(wanted)


def test_repeated_keys_are_named_with_their_place():
    text = b'{"a":1,"b":[{"c":1,"c":2},{"d":{"e":1,"e":2}}],"a":2,"f":[[{"g":1,"g":1}]]}'
    assert repeated_keys(text) == ["a", "b[0].c", "b[1].d.e", "f[0][0].g"]
    assert repeated_keys(_good) == []
