"""The fast road in accepts and refuses exactly what `decode_report` does, in the same words."""

import gc
import json
import weakref
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.domain.partition import empty_partition, receive_batch
from streams.calendar import seconds
from streams.codec import RefusedError, decode_report, encode_report
from streams.intake import ACCEPT
from streams.recording import Record
from streams.reports import BedReading, ForecastRow
from streams.topics import OCCUPANCY, REPORT_TOPICS
from tests.support.bad_records import BAD, GOOD, Bad
from tests.support.drawn_reports import ROWS, reports
from tests.support.entrance import NORMS, receive
from tests.support.reports import MONDAY, TOPIC_OF, beds, forecast, ic, record, referrals, waits

BEGIN = int(MONDAY.timestamp())


@pytest.fixture(autouse=True, scope="module")
def every_source_was_heard_before():
    """A source is recognised from its second report on: without this the fast road would not be taken."""
    for topic in REPORT_TOPICS:
        ACCEPT[topic](b"R07", GOOD[topic])


def verdict(accept, key, value):
    try:
        return accept(key, value)
    except RefusedError as refusal:
        return refusal.reason, refusal.detail


def slowly(topic):
    def accept(key, value):
        report = decode_report(topic, key, value)
        return report, seconds(report.observed_at), seconds(report.received_at)

    return accept


def same(topic: str, key: bytes | None, value: bytes | None) -> None:
    expected, told = verdict(slowly(topic), key, value), verdict(ACCEPT[topic], key, value)
    assert told[1:] == expected[1:]
    if isinstance(expected[0], str):
        assert told[0] == expected[0]
    else:
        assert msgspec.json.encode(told[0]) == msgspec.json.encode(expected[0])


@pytest.mark.parametrize("bad", [pytest.param(bad, id=bad.name) for bad in BAD])
def test_what_is_bad_is_refused_in_the_same_words(bad: Bad):
    assert isinstance(verdict(ACCEPT[bad.topic], bad.key, bad.value)[0], str)
    same(bad.topic, bad.key, bad.value)


@given(st.data(), st.sampled_from(sorted(ROWS, key=str)))
def test_any_report_is_accepted_with_all_its_fields(data, kind):
    report = data.draw(reports(kind, BEGIN, 1))
    same(TOPIC_OF[kind], b"R07", encode_report(report))


@given(st.sampled_from(REPORT_TOPICS), st.data())
def test_a_good_report_with_any_bytes_changed_has_the_same_verdict(topic: str, data):
    value = bytearray(GOOD[topic])
    for _ in range(data.draw(st.integers(1, 2))):
        value[data.draw(st.integers(0, len(value) - 1))] = data.draw(
            st.sampled_from(b'0129RNL"Z:+-. {}[],') | st.integers(0, 255)
        )
    same(topic, b"R07", bytes(value))


EARLIEST, LATEST = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (2000, 2100))
moments = st.builds(
    lambda second, after: datetime.fromtimestamp(second, UTC) + timedelta(microseconds=after),
    st.one_of(*(st.integers(limit - 100_000, limit + 100_000) for limit in (EARLIEST, LATEST, BEGIN))),
    st.integers(0, 999_999),
)
offsets = st.sampled_from([0, 1, 999_999, 86_399_999_999, 86_400_000_000, 86_400_000_001, 90_000_000_000])


@given(moments, offsets, st.booleans(), st.sampled_from(["Z", "+01:00", "-11:30", "+14:00"]))
def test_times_at_the_limits_have_the_same_verdict(received, microseconds, ahead, zone):
    apart = timedelta(microseconds=microseconds)
    observed = received + apart if ahead else received - apart
    value = encode_report(beds(MONDAY)).replace(b"2021-11-15T12:00:00Z", b"%b")
    for moment in (observed, received):
        text = moment.isoformat().removesuffix("+00:00") + zone
        value = value.replace(b"%b", text.encode(), 1)
    same(OCCUPANCY, b"R07", value)


@given(st.dates(MONDAY.date() - timedelta(days=9), MONDAY.date() + timedelta(days=9)))
def test_dates_at_the_limits_have_the_same_verdict(day):
    same("care.waiting-times", b"R07", encode_report(waits([5], peildatum=day)))
    value = encode_report(referrals(5, 5)).replace(b"2021-11-08", str(day).encode())
    same("care.referrals", b"R07", value)


near_limits = st.none() | st.sampled_from([0, 599, 600, 601, 5_999, 6_000, 6_001])
units = st.sampled_from(["ic", "ward"])
readings = st.builds(
    BedReading,
    unit=units,
    label=st.sampled_from(["covid", "total"]),
    occupied=near_limits,
    staffed=near_limits,
    admissions=near_limits,
    notified=near_limits,
)
days = st.builds(
    ForecastRow,
    unit=units,
    day=st.integers(1, 3),
    covid_beds=near_limits.map(lambda beds: beds or 0),
    planned_beds=near_limits,
)


@given(st.lists(readings, min_size=1, max_size=4), st.lists(days, min_size=1, max_size=4))
def test_rows_held_against_each_other_and_the_limits_of_their_unit_have_the_same_verdict(readings, days):
    same(OCCUPANCY, b"R07", encode_report(beds(readings=readings)))
    same("care.forecast", b"R07", encode_report(msgspec.structs.replace(forecast([1]), rows=days)))


@given(st.sampled_from(["specialism", "location", "id"]), st.text(max_size=8))
def test_any_text_has_the_same_verdict(field, text):
    value = GOOD["care.waiting-times"]
    document = msgspec.json.decode(value)
    inside = document["rows"][0] if field == "specialism" else document
    inside[field] += text
    for encoded in (msgspec.json.encode(document), json.dumps(document).encode()):
        same("care.waiting-times", b"R07", encoded)


def test_a_source_that_is_none_is_refused_however_often_it_comes():
    value = GOOD[OCCUPANCY].replace(b"sim-beds", b"Sim beds")
    for _ in range(3):
        assert verdict(ACCEPT[OCCUPANCY], b"R07", value)[0] == "out-of-range"


def test_a_batch_is_taken_as_its_records_are_one_by_one():
    records = [record(ic(number, at=MONDAY + timedelta(minutes=number % 7))) for number in range(20)]
    log = [(one.key, one.value, one.timestamp) for one in records]
    log[3] = (b"R08", *log[3][1:])
    log[11] = (log[11][0], b"{", log[11][2])
    log[5], log[6] = log[6], log[5]
    log[9] = (log[9][0], log[9][1], 0)
    log[14] = (b"tick", b"not even a tick", 0)
    one_by_one, batch = (empty_partition(OCCUPANCY, 0, ("R07",)) for _ in range(2))
    expected = []
    for index, each in enumerate(log):
        if each[0] == b"tick":
            continue
        try:
            receive(one_by_one, *each)
        except RefusedError as refusal:
            expected.append((index, str(refusal)))
    refused = []
    records = [Record(OCCUPANCY, key, timestamp, (), value) for key, value, timestamp in log]
    assert receive_batch(batch, records, refused, NORMS) == 14
    assert receive_batch(batch, records, refused, NORMS, 15) == len(log)
    assert [(index, str(refusal)) for index, refusal in refused] == expected
    assert [index for index, _ in expected] == [3, 9, 11]
    assert batch == one_by_one
    assert receive_batch(batch, [], refused, NORMS) == 0


def test_a_refused_record_does_not_keep_its_batch_in_memory():
    """Its traceback leads to the frame that holds all records: a cycle, which lives until the collector passes."""

    class Kept(SimpleNamespace):
        """A record that can be watched."""

    def take() -> list[weakref.ref]:
        values = (b"{", b"{}", GOOD[OCCUPANCY], None)
        records = [Kept(key=b"R07", value=value, timestamp=BEGIN * 1000) for value in values]
        refused = []
        receive_batch(empty_partition(OCCUPANCY, 0, ("R07",)), records, refused, NORMS)
        assert len(refused) == 3
        return [weakref.ref(record) for record in records]

    gc.disable()
    try:
        assert [watched() for watched in take()] == [None] * 4
    finally:
        gc.enable()
