"""A source that signs, on real workers: what another writes in its name changes nothing; a key that was late is made good."""

import orjson
from typer.testing import CliRunner

from deploy.cli.main import app
from streams.player import Player
from streams.recording import Record
from streams.signature import Signed
from streams.signing_keys import read_keys
from streams.topic_admin import apply_topics
from streams.topics import OCCUPANCY, catalogue
from tests.support.reports import MONDAY, ic, record
from tests.support.workers import crew

AT = int(MONDAY.timestamp())
PARTITIONS = 1
LINE = {
    "line": "source", "id": "epd", "publisher": "X", "topics": [OCCUPANCY], "locations": ["any"],
    "signs": True, "key": "epd-1", "owner": "beheer", "date": "2021-01-01",
}  # fmt: skip


def ketenwacht(kafka, *words):
    told = CliRunner().invoke(app, [*map(str, words), "--bootstrap", kafka.bootstrap, "--json"])
    assert told.exit_code == 0, told.output
    return orjson.loads(told.stdout)


def occupied(kafka) -> float:
    """Beds that are taken in the region, as the live system knows it."""
    indicators = ketenwacht(kafka, "status")["regions"]["R07"]["indicators"]
    beds = {"unit": "ic", "label": "all"}
    (value,) = [
        each["value"] for each in indicators if (each["name"], each["labels"]) == ("beds_occupied", beds)
    ]
    return value


def test_only_what_the_source_signed_counts(fresh_broker, fresh_kafka, tmp_path):
    (tmp_path / "own.jsonl").write_bytes(orjson.dumps(LINE))
    file = tmp_path / "source_keys"
    file.write_text(f"epd-1 {'a' * 40}\n")
    keys = read_keys(file)
    apply_topics(fresh_kafka, catalogue(PARTITIONS))

    def report(beds: int, *, signed: bool) -> Record:
        told = record(ic(beds, source="epd"))
        where = Signed(OCCUPANCY, 0, told.timestamp, told.key, told.value)
        return Record(told.topic, told.key, told.timestamp, keys.sign(where) if signed else (), told.value)

    def play(tick: int, *records: Record) -> None:
        player = Player(fresh_kafka, PARTITIONS)
        for each in records:
            player.record(each)
        player.tick(tick)
        player.close()
        workers.wait_until_judged(tick, 60)

    with crew(fresh_broker, report_partitions=PARTITIONS) as workers:
        workers.hire()
        ketenwacht(fresh_kafka, "registry", "apply", tmp_path / "own.jsonl")
        play(AT, report(50, signed=True))
        (letter,) = ketenwacht(fresh_kafka, "dlq", "list")
        assert letter["reason"] == "not-signed"
        assert "key epd-1 is not known here" in letter["detail"]

        workers.env["KETENWACHT_SOURCE_KEYS_FILE"] = str(file)
        workers.kill(0)
        ketenwacht(fresh_kafka, "dlq", "requeue", OCCUPANCY, "--reason", "not-signed")
        play(AT + 60, report(99, signed=False))
        counts = workers.wait_for_counts(3, 60)
        assert (counts[OCCUPANCY, "applied"], counts[OCCUPANCY, "dead_lettered"]) == (1, 2)
        assert occupied(fresh_kafka) == 50
