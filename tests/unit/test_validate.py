"""`ketenwacht validate` names every fault of a report, and has none to name where a worker accepts it."""

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from deploy.cli.main import app
from streams.codec import RefusedError, decode_report, encode_report
from streams.faults import faults
from streams.topics import COORDINATION, OCCUPANCY, REFERRALS, REPORT_TOPICS, WAITING_TIMES
from tests.support.bad_records import BAD, GOOD, Bad, changed
from tests.support.drawn_reports import ROWS, reports
from tests.support.reports import MONDAY, TOPIC_OF
from tests.unit.test_repeated_keys import ODD

BY_VALUE = [bad for bad in BAD if bad.value is not None and bad.reason != "wrong-key"]


def ketenwacht(*words: object, given: bytes | None = None):
    result = CliRunner().invoke(app, [str(word) for word in words], input=given)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.mark.parametrize("topic", REPORT_TOPICS)
def test_a_good_report_has_no_fault(topic: str):
    assert faults(topic, GOOD[topic]) == []


@pytest.mark.parametrize("bad", [pytest.param(bad, id=bad.name) for bad in BY_VALUE])
def test_what_a_worker_refuses_it_for_is_among_the_faults(bad: Bad):
    found = faults(bad.topic, bad.value)
    assert any(each.reason == bad.reason and bad.names in each.detail for each in found), found


@given(st.data(), st.sampled_from(sorted(ROWS, key=str)))
def test_there_is_no_fault_exactly_where_a_worker_accepts(data, kind):
    topic = TOPIC_OF[kind]
    value = bytearray(encode_report(data.draw(reports(kind, int(MONDAY.timestamp()), 1))))
    for _ in range(data.draw(st.integers(0, 2))):
        value[data.draw(st.integers(0, len(value) - 1))] = data.draw(st.sampled_from(b'0129RNL"Z:+-. {}[],x'))
    try:
        decode_report(topic, b"R07", bytes(value))
        accepted = True
    except RefusedError as refusal:
        accepted = refusal.reason == "wrong-key"  # the key is not in the report
    own = [each for each in faults(topic, bytes(value)) if each.reason != "repeated-key"]
    assert (own == []) is accepted


def test_every_fault_is_named_at_once():
    document = orjson.loads(GOOD[OCCUPANCY])
    document |= {"bsn": "1", "revision": -1, "completeness": "all"}
    document["readings"] = [
        {"unit": "ic", "label": "total", "occupied": -1, "patient": "x"},
        {"label": "covid", "staffed": 1.5},
    ]
    del document["source"]
    told = [f"{each.reason} {each.detail}" for each in faults(OCCUPANCY, orjson.dumps(document))]
    for words in (
        "missing-field Object missing required field `source`",
        "missing required field `unit` - at `$.readings[1]`",
        "unknown field `bsn`",
        "`$.revision`",
        "`$.completeness`",
        "`$.readings[0].occupied`",
        "unknown field `patient` - at `$.readings[0]`",
        "`$.readings[1].staffed`",
    ):
        assert sum(words in each for each in told) == 1, (words, told)
    assert len(told) == 8


def test_what_lies_between_fields_is_named_at_once_too():
    value = changed(REFERRALS, "location", to="A\t")
    document = orjson.loads(value) | {"received_at": "2021-11-10T00:00:00Z", "region": "R99"}
    document["rows"] *= 2
    assert [each.reason for each in faults(REFERRALS, orjson.dumps(document))] == [
        "unknown-region",
        "impossible-time",
        "repeated-subject",
        "illegible",
    ]


@pytest.mark.parametrize("name", ODD)
def test_a_key_that_stands_twice_is_named(name: str):
    topic, value = ODD[name]
    found = faults(topic, value)
    assert found[0].reason == "repeated-key"
    assert "stands more than once, and the last one counts" in found[0].detail


def test_the_command_names_line_topic_and_faults(tmp_path):
    file = tmp_path / "reports.jsonl"
    twice = GOOD[WAITING_TIMES].replace(b'"source":', b'"source":"x","source":')
    wrong = changed(COORDINATION, "event", "phase", to="9")
    file.write_bytes(b"\n".join([GOOD[OCCUPANCY], b"", twice, wrong, b"{"]))
    told = ketenwacht("validate", file)
    assert told.exit_code == 1
    assert "line 3, care.waiting-times: repeated-key: `source` stands more than once" in told.stdout
    assert "line 4, care.coordination: out-of-range: " in told.stdout
    assert "line 5, " in told.stdout
    assert "4 reports, 3 with a fault" in told.stderr
    lines = [json.loads(line) for line in ketenwacht("validate", file, "--json").stdout.splitlines()]
    assert [line["line"] for line in lines] == [3, 4, 5]
    assert lines[0]["faults"][0]["reason"] == "repeated-key"


def test_standard_input_and_a_named_topic_will_do():
    good = ketenwacht("validate", "-", "--topic", OCCUPANCY, given=GOOD[OCCUPANCY])
    assert (good.exit_code, good.stdout) == (0, "")
    assert ketenwacht("validate", "-", "--topic", REFERRALS, given=GOOD[OCCUPANCY]).exit_code == 1
    assert ketenwacht("validate", "-", "--topic", "care.nothing", given=b"").exit_code == 2
    assert ketenwacht("validate", "no such file").exit_code == 2
