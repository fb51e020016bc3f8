"""A day as it was known at a moment: nothing later counts, all that was said by then does, and on the day itself it is the status."""

from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.as_known import AsKnown
from agents.pipeline import Pipeline
from alerts.norms import load_norms
from streams.calendar import day_number, day_start, local_day
from streams.codec import encode_report
from streams.indicators import INDICATORS, indicator_key
from streams.recorded_log import PartitionLog, Recorded
from streams.recording import Record, RecordingHeader, record_of
from streams.replay import stretches
from streams.reports import BedReading
from streams.topics import REPORT_TOPICS
from tests.support.reports import TOPIC_OF, beds, follow_up, operations, production, waits

NORMS = load_norms()
BEGIN = datetime(2021, 11, 14, 6, tzinfo=UTC)
STEP = 21_600
DAYS = 5
HEADER = RecordingHeader(name="drawn", tick_seconds=STEP)


@st.composite
def reports(draw):
    """One report with when it came: some at once, some days later, some revised."""
    at = BEGIN + timedelta(hours=draw(st.integers(0, 24 * DAYS)))
    came = at + timedelta(hours=draw(st.sampled_from([0, 0, 1, 20, 50, 90])))
    own = {
        "region": draw(st.sampled_from(["R07", "NL"])),
        "location": draw(st.sampled_from(["A", "B"])),
        "source": draw(st.sampled_from(["sim-beds", "sim-other"])),
        "revision": draw(st.sampled_from([0, 0, 1, 2])),
    }
    number = draw(st.integers(1, 90))
    kind = draw(st.sampled_from(["beds", "beds", "beds", "follow-up", "waits", "production"]))
    if kind == "beds":
        labels = draw(st.sampled_from([("covid",), ("covid", "noncovid"), ("total",)]))
        readings = [BedReading(unit="ic", label=label, occupied=number, staffed=100) for label in labels]
        report = beds(at, readings=readings, **own)
    elif kind == "follow-up":
        report = follow_up(number, 10, at, **own)
    elif kind == "waits":
        report = waits([number, 30], at, **own)
    else:
        report = production(operations(number, "U4", 50), at=at, **own)
    return msgspec.structs.replace(report, received_at=came, id=f"{report.id}/{number}/{came:%d%H}")


def recorded(drawn) -> list[Record]:
    records = [record_of(TOPIC_OF[type(report)], report) for report in drawn]
    return sorted(records, key=lambda record: record.timestamp)


def known(records, as_of: int, day: int) -> dict:
    return msgspec.to_builtins(AsKnown(Pipeline(NORMS), as_of, day).play(records, STEP))


def values(document: dict) -> dict:
    """Every figure of care that has a value, by region and key."""
    return {
        (name, indicator_key(one["name"], one["labels"])): one["value"]
        for name, region in document["regions"].items()
        for one in region["indicators"]
        if one["value"] is not None and INDICATORS[one["name"]].topic
    }


MOMENTS = st.integers(0, 24 * (DAYS + 4)).map(lambda hours: int(BEGIN.timestamp()) + hours * 3600 + 1800)
BACK = st.integers(0, DAYS)


@settings(max_examples=40, deadline=None)
@given(st.lists(reports(), min_size=1, max_size=25), MOMENTS, BACK)
def test_what_was_said_later_changes_nothing(drawn, as_of, back):
    records, day = recorded(drawn), local_day(as_of) - back
    cut = [record for record in records if record.timestamp <= as_of * 1000]
    assert known(records, as_of, day) == known(cut, as_of, day)


@settings(max_examples=40, deadline=None)
@given(st.lists(reports(), min_size=1, max_size=25), MOMENTS)
def test_on_the_day_itself_it_is_the_status_of_that_moment(drawn, as_of):
    records = recorded(drawn)
    pipeline = Pipeline(NORMS)
    list(pipeline.play(stretches(records, STEP, as_of)))
    document = known(records, as_of, local_day(as_of))
    for region in document["regions"].values():
        del region["revisions"]
    del document["as_of"], document["day"]
    assert document == msgspec.to_builtins(pipeline.status(as_of))


@settings(max_examples=60, deadline=None)
@given(st.lists(reports(), min_size=1, max_size=25), MOMENTS, BACK)
def test_later_it_is_what_the_day_would_have_ended_with_had_all_been_there(drawn, as_of, back):
    day = local_day(as_of) - back
    end = day_start(day + 1) - 1
    if end >= as_of:
        return
    in_time, place = [], end - 600
    for report in sorted(drawn, key=lambda one: one.received_at):
        about = min(report.observed_at, report.received_at).timestamp()
        period = getattr(report, "peildatum", getattr(report, "week_start", None))
        is_about_then = about <= end if period is None else day_number(period) <= day
        came = report.received_at.timestamp()
        if came > as_of or not is_about_then:
            continue
        if came > end:
            place += 1
            at = datetime.fromtimestamp(place, UTC)
            moved = msgspec.structs.replace(report, received_at=max(at, min(report.observed_at, at)))
            topic = TOPIC_OF[type(report)]
            in_time.append(Record(topic, report.region.encode(), place * 1000, (), encode_report(moved)))
        else:
            in_time.append(record_of(TOPIC_OF[type(report)], report))
    pipeline = Pipeline(NORMS)
    list(pipeline.play(stretches(sorted(in_time, key=lambda one: one.timestamp), STEP, end)))
    expected = values(msgspec.to_builtins(pipeline.status(end)))
    assert values(known(recorded(drawn), as_of, day)) == expected


@settings(max_examples=25, deadline=None)
@given(st.lists(reports(), min_size=1, max_size=25), MOMENTS, BACK)
def test_a_log_as_it_stood_gives_what_the_recording_gives(drawn, as_of, back):
    records, day = recorded(drawn), local_day(as_of) - back
    begin = -(-records[0].timestamp // (STEP * 1000)) * STEP
    last = max(as_of, records[-1].timestamp // 1000)
    logs = {topic: PartitionLog(topic, 0) for topic in REPORT_TOPICS}
    waiting, offset = list(records), 0
    for at in range(begin, last + 1, STEP):
        while waiting and waiting[0].timestamp <= at * 1000:
            record = waiting.pop(0)
            logs[record.topic].items.append(Recorded(record, offset))
            offset += 1
        for log in logs.values():
            log.tick(at)
    for record in waiting:
        logs[record.topic].items.append(Recorded(record, offset))
        offset += 1
    pipeline = Pipeline(NORMS, None, HEADER)
    found = msgspec.to_builtins(AsKnown(pipeline, as_of, day).play_logs(list(logs.values()), {}))
    if as_of > day_start(day + 1):  # a recording of version 1 has a last tick at the moment, a log has none
        assert values(found) == values(known(records, as_of, day))
    for name, region in known(records, as_of, day)["regions"].items():
        assert found["regions"][name]["revisions"] == region["revisions"]
