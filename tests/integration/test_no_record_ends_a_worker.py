"""What a broker takes and no client library would send: it is kept, counted, and holds nothing up."""

import time
from collections import Counter
from datetime import timedelta

import orjson
import pytest
from typer.testing import CliRunner

from agents.engine.members import partition_of
from deploy.cli.main import app
from streams.log_end import read_all
from streams.player import Player
from streams.recorded_log import read_log, records_by_time
from streams.topic_admin import apply_topics
from streams.topics import (
    BREACHES,
    OCCUPANCY,
    OVERVIEW,
    REGION_STATUS,
    REPORT_PARTITIONS,
    catalogue,
    dead_letter_topic,
)
from tests.support.raw_batches import batch, produce, record
from tests.support.reports import MONDAY, ic
from tests.support.reports import record as record_of
from tests.support.workers import crew

AT = int(MONDAY.timestamp())
STAMP = AT * 1000
REPORT = record_of(ic(50, location="L1"))
PLACE = partition_of(REPORT.key, REPORT_PARTITIONS)
WHOLE = record(0, REPORT.key, REPORT.value)
ODD = record(1, REPORT.key, REPORT.value, (b"\xff\xfe", b"1"), (b"good", None))
CODECS = {name: codec for codec, name in enumerate(("none", "gzip", "snappy", "lz4", "zstd"))}
SECONDS_MAX = 10

_LARGE = 7_900_000
_EARLIER = b'{"tick":%d}' % (AT - 60)
FORMS: dict[str, tuple[bytes, Counter[str]]] = {
    **{
        f"header name, {name}": (
            batch(WHOLE, ODD, codec=codec, timestamp=STAMP),
            Counter({"header-name": 1, "fine": 1}),
        )
        for name, codec in CODECS.items()
    },
    **{
        f"12 MB, {name}": (
            batch(record(0, REPORT.key, b"0" * 12_000_000), codec=codec, timestamp=STAMP),
            Counter({"unreadable" if codec else "too-large": 1}),
        )
        for name, codec in CODECS.items()
    },
    "large value": (batch(record(0, b"R07", b"0" * _LARGE), timestamp=STAMP), Counter({"too-large": 1})),
    "large header": (
        batch(record(0, b"R07", b"0", (b"h", b"0" * _LARGE)), timestamp=STAMP),
        Counter({"out-of-range": 1}),
    ),
    "large key": (batch(record(0, b"0" * _LARGE, b"0"), timestamp=STAMP), Counter({"out-of-range": 1})),
    "damaged gzip": (batch(WHOLE, codec=1, payload=b"none", timestamp=STAMP), Counter({"unreadable": 1})),
    "no codec": (batch(WHOLE, codec=7, payload=b"none", timestamp=STAMP), Counter({"unreadable": 1})),
    "wrong lengths": (
        batch(WHOLE, b"\xff\xff\xff\x7f", timestamp=STAMP),
        Counter({"fine": 1, "unreadable": 1}),
    ),
    "no record inside": (
        batch(WHOLE, b"\x06\0\xff\xff", WHOLE, timestamp=STAMP),
        Counter({"fine": 2, "unreadable": 1}),
    ),
    "wrong checksum": (batch(WHOLE, WHOLE, spoiled=True, timestamp=STAMP), Counter({"unreadable": 2})),
    "wrong offsets": (
        batch(record(7, b"R07", b"a"), record(7, b"R07", b"b"), timestamp=STAMP),
        Counter({"not-json": 2}),
    ),
    "count of millions": (
        batch(WHOLE, delta=2_000_000, number=2_000_001, timestamp=STAMP),
        Counter({"fine": 1, "unreadable": 2_000_000}),
    ),
    "a marker": (batch(record(0, b"\0\0\0\1", b"\0\0"), attributes=0x20, timestamp=STAMP), Counter()),
    "old format": (batch(WHOLE)[:16] + b"\1" + batch(WHOLE)[17:], Counter({"unreadable": 1})),
    "null": (batch(record(0, None, None, (b"h", None)), timestamp=STAMP), Counter({"empty": 1})),
    "no time": (batch(record(0, b"R07", b"x"), timestamp=-1), Counter({"not-json": 1})),
    "tick with a header": (
        batch(record(0, b"tick", _EARLIER, (b"\xff", b"1")), timestamp=STAMP),
        Counter({"header-name": 1}),
    ),
}


@pytest.fixture
def written(fresh_broker, fresh_kafka):
    """Every form that the broker takes, with what it must become; behind them a good report and a tick."""
    apply_topics(fresh_kafka, catalogue())
    expected: Counter[str] = Counter()
    for name, (data, becomes) in FORMS.items():
        if produce(fresh_broker.bootstrap, OCCUPANCY, PLACE, data) == 0:
            # Kafka unpacks a batch into one of its own, in which every name of a header is UTF-8.
            mended = fresh_broker.kind == "kafka" and name.startswith("header name") and "none" not in name
            expected += Counter({"fine": becomes.total()}) if mended else becomes
    write(fresh_kafka, AT)
    expected["fine"] += 1
    return fresh_broker, fresh_kafka, expected


def write(kafka, at: int) -> None:
    player = Player(kafka, REPORT_PARTITIONS)
    player.record(record_of(ic(51, location="L1", at=MONDAY + timedelta(seconds=at - AT))))
    player.tick(at)
    player.close()


def letters(kafka) -> Counter[str]:
    """Records in the dead letters by reason."""
    found: Counter[str] = Counter()
    for letter in read_all(kafka, dead_letter_topic(OCCUPANCY)):
        headers = dict(letter.headers)
        found[headers["dlq-reason"].decode()] += int(headers.get("dlq-source-count", b"1"))
    return found


def test_what_no_library_would_send_is_kept_and_counted_and_stops_nothing(written, until):
    broker, kafka, expected = written
    with crew(broker) as workers:
        workers.hire()
        workers.wait_until_judged(AT, 120)
        fine = expected.pop("fine")
        counts = workers.wait_for_counts(expected.total() + fine, 30)
        assert counts[OCCUPANCY, "dead_lettered"] == expected.total()
        assert counts[OCCUPANCY, "applied"] + counts[OCCUPANCY, "duplicate"] == fine
        until(lambda: letters(kafka) == expected, "every letter")
        for data, _ in FORMS.values():
            produce(broker.bootstrap, OCCUPANCY, PLACE, data)
        began = time.monotonic()
        write(kafka, AT + 3600)
        workers.wait_until_judged(AT + 3600, SECONDS_MAX)
        assert time.monotonic() - began < SECONDS_MAX
        assert workers.workers[0].exit_code is None, workers.tail()
        workers.kill(0)
        write(kafka, AT + 7200)
        workers.wait_until_judged(AT + 7200, 60)
        expected += Counter(expected)
        counts = workers.wait_for_counts(expected.total() + 2 * fine + 1, 30)
        assert counts[OCCUPANCY, "dead_lettered"] == expected.total()


def test_every_command_that_reads_gets_past_it(written, tmp_path):
    broker, kafka, _ = written
    name = {"dlq-reason": b"header-name", "dlq-source-topic": OCCUPANCY.encode()}
    headers = [(b"\xff\xfe", b"1"), *((key.encode(), value) for key, value in name.items())]
    odd = batch(record(0, b"R07", b"kept", *headers), timestamp=STAMP)
    assert produce(broker.bootstrap, dead_letter_topic(OCCUPANCY), 0, odd) == 0
    for topic in (OCCUPANCY, REGION_STATUS, OVERVIEW, BREACHES):
        produce(broker.bootstrap, topic, 0, batch(ODD, timestamp=STAMP))

    def ketenwacht(*words: str) -> str:
        found = CliRunner().invoke(app, [*words, "--bootstrap", kafka.bootstrap])
        assert found.exit_code == 0, found.output
        return found.stdout

    assert len(orjson.loads(ketenwacht("dlq", "list", "--json"))) == 1
    shown = orjson.loads(ketenwacht("dlq", "show", OCCUPANCY, "0", "--json"))
    assert (shown["value"], shown["headers"]["\\xff\\xfe"]) == ("kept", "1")
    assert orjson.loads(ketenwacht("dlq", "requeue", OCCUPANCY, "--offset", "0", "--json")) == {"requeued": 1}
    ketenwacht("topics", "check")
    ketenwacht("status", "--json")
    path = tmp_path / "taken.jsonl.gz"
    ketenwacht("record", str(path))
    found = records_by_time(read_log(path)[1])
    assert "\\xff\\xfe" in {name for each in found for name, _ in each.headers}
    assert sum(each.value == REPORT.value for each in found) >= 2


def test_what_unpacks_to_more_than_a_topic_takes_is_refused_by_a_broker_that_checks(broker, fresh_kafka):
    """The embedded broker checks no size: there it becomes a dead letter."""
    apply_topics(fresh_kafka, catalogue())
    for name, codec in CODECS.items():
        small = batch(record(0, b"R07", b"0" * 1_000_000), codec=codec, timestamp=STAMP)
        assert produce(fresh_kafka.bootstrap, OCCUPANCY, PLACE, small) == 0, name
        refused = produce(fresh_kafka.bootstrap, OCCUPANCY, PLACE, FORMS[f"12 MB, {name}"][0])
        assert (refused == 10) == (broker.kind == "kafka"), name
