"""The codec accepts what is documented, and says of everything else why not and which field."""

import contextlib
from datetime import timedelta

import msgspec
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.codec import RefusedError, decode_report, encode_report, report_headers
from streams.reports import (
    Agreement,
    BedReading,
    Notice,
    ReportPublished,
    Transfer,
)
from streams.topics import OCCUPANCY, REPORT_TOPICS
from tests.support.bad_records import BAD, GOOD, Bad, changed
from tests.support.drawn_reports import ROWS, reports
from tests.support.reports import MONDAY, TOPIC_OF, beds, follow_up, phase, referrals, waits


@pytest.mark.parametrize("bad", [pytest.param(bad, id=bad.name) for bad in BAD])
def test_bad_input_is_refused_with_a_reason_that_names_the_field(bad: Bad):
    with pytest.raises(RefusedError) as refusal:
        decode_report(bad.topic, bad.key, bad.value)
    assert refusal.value.reason == bad.reason
    assert bad.names in refusal.value.detail


@pytest.mark.parametrize("topic", REPORT_TOPICS)
def test_the_good_report_that_the_bad_ones_are_made_of_is_accepted(topic: str):
    assert decode_report(topic, b"R07", GOOD[topic]).region == "R07"


@pytest.mark.parametrize(
    "report",
    [beds(), waits([21, 28.5]), referrals(80, 100), follow_up(3, 4), phase("2D")],
    ids=lambda report: type(report).__name__,
)
def test_a_report_comes_back_as_it_was_sent(report):
    topic = TOPIC_OF[type(report)]
    assert decode_report(topic, report.region.encode(), encode_report(report)) == report


@pytest.mark.parametrize(
    "event",
    [
        Agreement(
            subject="spreading",
            agreed_at=MONDAY,
            valid_to=MONDAY,
            parties=["Erasmus MC"],
            initiated_by="roaz-voorzitter",
            recorded_at=MONDAY,
        ),
        Transfer(to_region="R08", unit="ic", count=2, decided_by="lcps"),
        Notice(sender="lcps", receiver="nza", norm="ic-ladder-1350", subject="druk"),
        ReportPublished(publisher="nza", report="monitor-inhaalzorg", period="2021-11"),
    ],
    ids=lambda event: type(event).__name__,
)
def test_every_kind_of_coordination_comes_back_as_it_was_sent(event):
    report = msgspec.structs.replace(phase("1"), event=event)
    assert decode_report(TOPIC_OF[type(report)], b"R07", encode_report(report)) == report


def test_an_agreement_that_ends_before_it_begins_is_refused_with_both_moments():
    backwards = Agreement(
        subject="spreading",
        agreed_at=MONDAY,
        valid_to=MONDAY - timedelta(days=1),
        parties=["Erasmus MC"],
        initiated_by="roaz-voorzitter",
    )
    report = msgspec.structs.replace(phase("1"), event=backwards)
    with pytest.raises(RefusedError, match=r"`event\.valid_to` .* lies before `event\.agreed_at`"):
        decode_report(TOPIC_OF[type(report)], b"R07", encode_report(report))


@given(st.data(), st.sampled_from(sorted(ROWS, key=str)))
def test_any_report_comes_back_as_it_was_sent(data, kind):
    report = data.draw(reports(kind, int(MONDAY.timestamp()), 1))
    assert decode_report(TOPIC_OF[kind], b"R07", encode_report(report)) == report


@given(st.sampled_from(REPORT_TOPICS), st.one_of(st.none(), st.binary(max_size=8)), st.binary(max_size=300))
def test_any_bytes_are_a_report_or_refused(topic: str, key: bytes | None, value: bytes):
    with pytest.raises(RefusedError):
        decode_report(topic, key, value)


@given(st.sampled_from(REPORT_TOPICS), st.data())
def test_a_good_report_with_any_byte_changed_is_a_report_or_refused(topic: str, data):
    place = data.draw(st.integers(0, len(GOOD[topic]) - 1))
    value = bytearray(GOOD[topic])
    value[place] = data.draw(st.integers(0, 255))
    with contextlib.suppress(RefusedError):
        assert decode_report(topic, b"R07", bytes(value)).region == "R07"


def test_of_a_field_that_stands_twice_the_last_one_counts():
    value = GOOD[OCCUPANCY][:-1] + b',"location":"B"}'
    assert decode_report(OCCUPANCY, b"R07", value).location == "B"
    with pytest.raises(RefusedError, match="wrong-key"):
        decode_report(OCCUPANCY, b"R07", GOOD[OCCUPANCY][:-1] + b',"region":"R08"}')


def test_a_reading_that_says_nothing_is_unknown_and_not_zero():
    value = changed(OCCUPANCY, "readings", 0, "occupied", to=None)
    assert decode_report(OCCUPANCY, b"R07", value).readings[0].occupied is None


def test_a_million_bytes_are_accepted_and_one_more_is_not():
    padding = 1_000_000 - len(GOOD[OCCUPANCY])
    assert decode_report(OCCUPANCY, b"R07", GOOD[OCCUPANCY] + b" " * padding)
    with pytest.raises(RefusedError, match="too-large"):
        decode_report(OCCUPANCY, b"R07", GOOD[OCCUPANCY] + b" " * (padding + 1))


def test_what_we_write_is_compact_json_without_defaults():
    written = orjson.loads(encode_report(beds()))
    assert "revision" not in written
    assert "completeness" not in written
    assert orjson.loads(encode_report(beds(revision=2, completeness=0.5)))["revision"] == 2
    assert b" " not in encode_report(beds(readings=[BedReading(unit="ic", label="covid", occupied=1)]))


def test_headers_are_cloudevents_in_binary_mode():
    headers = dict(report_headers(OCCUPANCY, beds()))
    assert headers == {
        "ce_specversion": b"1.0",
        "ce_id": beds().id.encode(),
        "ce_source": b"urn:ketenwacht:sim-beds",
        "ce_type": b"nl.ketenwacht.care.occupancy",
        "ce_time": b"2021-11-15T12:00:00+00:00",
        "ce_subject": b"R07/A",
        "content-type": b"application/json",
    }
