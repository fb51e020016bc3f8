"""Bad input in every form goes to the dead letters byte for byte, and good records behind it are applied."""

from datetime import timedelta

import orjson
import pytest
from typer.testing import CliRunner

from deploy.cli.main import app
from streams.log_end import LogRecord, read_all
from streams.player import Player
from streams.recording import Record
from streams.topic_admin import apply_topics
from streams.topics import (
    OCCUPANCY,
    REPORT_PARTITIONS,
    REPORT_TOPICS,
    catalogue,
    dead_letter_topic,
)
from tests.support.bad_records import BAD
from tests.support.reports import MONDAY, ic, record
from tests.support.workers import crew

AT = int(MONDAY.timestamp())
ODD_HEADERS = (("trace", b"\x00\xff"), ("trace", b"again"), ("empty", b""), ("dlq-reason", b"forged"))
BAD_TICKS = (b"", b"not a tick", b'{"tick":-1}', b'{"tick":4000000000}', b'{"tick":1,"also":2}')
GOOD = 40


def bad_records() -> list[Record]:
    """Every bad form, with a timestamp and a header of its own by which it is found again."""
    forms = [(bad.topic, bad.key, bad.value) for bad in BAD]
    forms += [(OCCUPANCY, b"tick", value) for value in BAD_TICKS]
    return [
        Record(topic, key, AT * 1000 + number, (("number", b"%d" % number), *ODD_HEADERS), value)
        for number, (topic, key, value) in enumerate(forms)
    ]


@pytest.fixture
def played(fresh_broker, fresh_kafka):
    """Bad records, each with a good one behind it, two ticks, and workers that have taken all of it."""
    apply_topics(fresh_kafka, catalogue())
    bad = bad_records()
    good = [record(ic(50 + number % 5, location=f"L{number}")) for number in range(GOOD)]
    player = Player(fresh_kafka, REPORT_PARTITIONS)
    for number, each in enumerate(bad):
        player.record(each)
        if number < GOOD:
            player.record(good[number])
    player.tick(AT)
    player.tick(AT + 3600)
    player.close()
    with crew(fresh_broker) as workers:
        workers.hire()
        workers.wait_until_judged(AT + 3600, 60)
        yield fresh_kafka, workers, bad


def letters(kafka, *topics: str) -> dict[int, LogRecord]:
    """The dead letters by the number that their record carried."""
    names = [dead_letter_topic(topic) for topic in topics or REPORT_TOPICS]
    found = list(read_all(kafka, *names))
    numbered = {int(dict(reversed(letter.headers))["number"]): letter for letter in found}
    assert len(numbered) == len(found)
    return numbered


def kept_whole(kafka, workers, bad, until) -> None:
    counts = workers.wait_for_counts(len(bad) + GOOD, 30)
    assert counts[OCCUPANCY, "applied"] == GOOD
    assert sum(n for (_, outcome), n in counts.items() if outcome == "dead_lettered") == len(bad)
    assert sum(counts.values()) == len(bad) + GOOD
    sent = {
        (each.topic, each.timestamp): (each.partition, each.offset)
        for each in read_all(kafka, *REPORT_TOPICS)
    }
    # A letter is counted when it is written and on its way to the broker for a moment more.
    kept = until(lambda: len(found := letters(kafka)) == len(bad) and found, "every letter")
    assert kept.keys() == set(range(len(bad)))
    for number, each in enumerate(bad):
        letter = kept[number]
        assert letter.topic == dead_letter_topic(each.topic)
        assert (letter.key, letter.value) == (each.key, each.value)
        own = tuple(header for header in each.headers if not header[0].startswith("dlq-"))
        assert letter.headers[: len(own)] == own
        why = dict(letter.headers[len(own) :])
        reason = BAD[number].reason if number < len(BAD) else "not-a-tick"
        assert why["dlq-reason"] == reason.encode()
        assert why["dlq-exception"]
        assert why["dlq-source-topic"] == each.topic.encode()
        assert why["dlq-first-seen"] == b"%d" % each.timestamp
        place = (int(why["dlq-source-partition"]), int(why["dlq-source-offset"]))
        if (each.topic, each.timestamp) in sent and number:  # the first shares its millisecond with good ones
            assert place == sent[each.topic, each.timestamp]


def test_every_bad_form_is_kept_whole_and_stops_nothing_and_can_be_requeued(played, until):
    kafka, workers, bad = played
    kept_whole(kafka, workers, bad, until)

    def ketenwacht(*words: str, exit_code: int = 0):
        result = CliRunner().invoke(app, ["dlq", *words, "--bootstrap", kafka.bootstrap, "--json"])
        assert result.exit_code == exit_code, result.output
        return orjson.loads(result.stdout) if result.stdout else None

    listed = ketenwacht("list")
    assert len(listed) == len(bad)
    unknown = ketenwacht("list", "--reason", "unknown-region")
    assert {one["reason"] for one in unknown} == {"unknown-region"}
    assert len(unknown) == sum(one.reason == "unknown-region" for one in BAD)
    some = next(one for one in ketenwacht("list", "--topic", OCCUPANCY) if one["reason"] == "too-large")
    shown = ketenwacht("show", OCCUPANCY, str(some["offset"]))
    assert shown["bytes"] == len(shown["value"]) == 2_000_000
    ketenwacht("show", OCCUPANCY, "100000", exit_code=1)
    ketenwacht("requeue", OCCUPANCY, exit_code=2)
    ketenwacht("requeue", OCCUPANCY, "--reason", "no-such-reason", exit_code=1)
    assert ketenwacht("requeue", OCCUPANCY, "--offset", str(some["offset"])) == {"requeued": 1}
    player = Player(kafka, REPORT_PARTITIONS)
    later = MONDAY + timedelta(hours=2)
    player.record(record(ic(60, at=later)))
    player.tick(AT + 7200)
    player.close()
    workers.wait_until_judged(AT + 7200, 30)
    again = ketenwacht("list", "--reason", "too-large")
    assert len(again) == 2
    assert again[0]["first_seen_ms"] == again[1]["first_seen_ms"]
    twice = [
        one for one in read_all(kafka, dead_letter_topic(OCCUPANCY)) if len(one.value or b"") == 2_000_000
    ]
    assert twice[0].value == twice[1].value
    assert [name for name, _ in twice[1].headers].count("dlq-reason") == 1
