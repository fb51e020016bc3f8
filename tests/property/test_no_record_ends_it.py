"""No input ends it: whatever stands between honest records, all of them count, and the judgement is the same byte for byte."""

from collections.abc import Iterator

import msgspec
from aiokafka.structs import TopicPartition
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.delivery.tolerant import FetchedBatches, TolerantRecords
from agents.engine.stage import Outgoing
from agents.fold_reports import FoldReports
from agents.judge_status import JudgeStatus
from agents.sum_nation import SumNation
from alerts.norms import load_norms
from streams.damaged import offsets_of
from streams.entry_check import AHEAD_SECONDS_MAX
from streams.status import Indicator, StatusEntry, encode
from streams.topics import FOLLOW_UP, OCCUPANCY, REGION_STATUS
from tests.support.raw_batches import batch, record
from tests.support.stages import consumed, through
from tests.support.wave import Wave

NORMS = load_norms()
LOG = list(Wave(4, 2).items(12))
HONEST = {topic: consumed(LOG, topic, 0, 1) for topic in (OCCUPANCY, FOLLOW_UP)}
LAST = max(item for item in LOG if isinstance(item, int))

names = st.sampled_from([b"h", b"\xff\xfe", b"", b"dlq-reason", b"kw-signature", "naïve".encode()])
headers = st.lists(st.tuples(names, st.none() | st.binary(max_size=9)), max_size=3)
keys = st.none() | st.sampled_from([b"R05", b"R99", b"NL", b"control", b"tick", b""]) | st.binary(max_size=9)
values = st.none() | st.binary(max_size=40) | st.sampled_from(
    [b"{}", b"[]", b"null", b"[" * 2000, b'{"tick":0}', b'{"tick":4000000000}', b'{"tick":"now"}', b'{"kind":"skip","at":1}']
)  # fmt: skip
beds = st.builds(
    Indicator,
    name=st.sampled_from(["beds_occupied", "beds_on_fire", "feed_received_at"]),
    labels=st.dictionaries(st.sampled_from(["unit", "label", "x"]), st.text(max_size=4), max_size=2),
    value=st.none() | st.integers(-(2**62), 2**62) | st.floats(allow_nan=False, allow_infinity=False),
    observed_at=st.integers(-(2**62), 2**62),
)
entries = st.builds(
    StatusEntry,
    stage=st.sampled_from(["fold", "nation", "join"]),
    topic=st.sampled_from(["care.nothing", "joined.nothing", ""]),
    partition=st.integers(-3, 99),
    region=st.sampled_from(["R05", "R99", "NL", ""]),
    at=st.integers(-(2**40), 2**40),
    indicators=st.lists(beds, max_size=2),
)
ahead = st.builds(
    lambda stage, region, seconds: StatusEntry(stage, OCCUPANCY, 0 if stage == "fold" else -1, region, LAST + seconds),
    st.sampled_from(["fold", "nation"]),
    st.sampled_from(["R05", "NL"]),
    st.integers(AHEAD_SECONDS_MAX + 1, 10**8),
)  # fmt: skip


def raw(own, delta: int) -> bytes:
    named = [(name.encode(), value) for name, value in own.headers]
    return record(delta, own.key, own.value, *named)


@st.composite
def odd(draw, values=values) -> tuple[str, list[bytes], dict]:
    """What a broker takes and nobody means: a record, or bytes in the place of a batch."""
    if draw(st.booleans()):
        return "record", [record(0, draw(keys), draw(values), *draw(headers))], {}
    payload = draw(st.binary(max_size=60))
    return (
        "batch",
        [],
        {"payload": payload, "codec": draw(st.integers(0, 7)), "number": draw(st.integers(-2, 5))},
    )


def log_with(draw, honest, oddities) -> Iterator[bytes]:
    """The batches of a log: honest records, with what was drawn between them, compressed anyhow."""
    offset = 0
    places = draw(st.lists(st.integers(0, len(honest)), min_size=len(oddities), max_size=len(oddities)))
    by_place: dict[int, list] = {}
    for place, oddity in zip(places, oddities, strict=True):
        by_place.setdefault(place, []).append(oddity)
    for place in range(len(honest) + 1):
        for kind, records, options in by_place.get(place, ()):
            stamp = honest[min(place, len(honest) - 1)].timestamp
            delta = 0 if kind == "record" else draw(st.integers(0, 4))
            yield batch(*records, begin=offset, delta=delta, timestamp=stamp, **options)
            offset += delta + 1
        if place < len(honest):
            own = honest[place]
            codec = draw(st.sampled_from([0, 0, 0, 1, 2, 3, 4])) if by_place else 0
            yield batch(raw(own, 0), begin=offset, codec=codec, timestamp=own.timestamp)
            offset += 1


def read(topic: str, log: bytes) -> list:
    return list(TolerantRecords(TopicPartition(topic, 0), FetchedBatches(log), [], 0, None, None, True, 0))


def told(written, *but: str) -> list[Outgoing]:
    return [each for each in written if not each.topic.endswith(".dlq") and each.topic not in but]


def judged(status: list) -> list[Outgoing]:
    stages = SumNation(NORMS), JudgeStatus(NORMS)
    return [out for factory in stages for out in told(through(factory.make(0, {}), status, ()))]


def cuts_of(draw, records):
    return draw(st.sets(st.integers(1, max(1, len(records) - 1)), max_size=9))


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(sorted(HONEST)), st.data())
def test_between_honest_reports(topic, data):
    oddities = data.draw(st.lists(odd(), max_size=8))
    records = read(topic, b"".join(log_with(data.draw, HONEST[topic], oddities)))
    stage, clean = FoldReports(topic, 1, NORMS).make(0, {}), FoldReports(topic, 1, NORMS).make(0, {})
    written = through(stage, records, cuts_of(data.draw, records))
    assert told(written) == told(through(clean, HONEST[topic], ()))
    counts = stage.state.counts
    assert counts.total + counts.ticks == sum(map(offsets_of, records))
    assert (counts.applied, counts.ticks) == (clean.state.counts.applied, clean.state.counts.ticks)
    again = FoldReports(topic, 1, NORMS).make(0, {})
    assert through(again, records, cuts_of(data.draw, records)) == written


STATUS = [
    each
    for topic in HONEST
    for each in told(through(FoldReports(topic, 1, NORMS).make(0, {}), HONEST[topic], ()))
    if each.topic == REGION_STATUS
]
JUDGED = judged(read(REGION_STATUS, b"".join(
    batch(record(0, each.key, each.value), begin=offset, timestamp=each.timestamp) for offset, each in enumerate(STATUS)
)))  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_between_status_entries(data):
    written = entries.map(encode) | ahead.map(encode)
    oddities = data.draw(st.lists(odd(values | written), max_size=8))
    status = read(REGION_STATUS, b"".join(log_with(data.draw, STATUS, oddities)))
    assert judged(status) == JUDGED


def test_these_logs_have_something_to_say():
    assert JUDGED
    assert msgspec.json.decode(JUDGED[-1].value)
