"""`status --as-of --day` of a cluster: what the report topics hold gives what a recording of them gives."""

from datetime import timedelta

import orjson
from typer.testing import CliRunner

from deploy.cli.main import app
from streams.player import Player
from streams.replay import with_ticks
from streams.topic_admin import apply_topics
from streams.topics import REPORT_PARTITIONS, catalogue
from tests.support.reports import MONDAY, ic, record

DAY = timedelta(days=1)


def ketenwacht(kafka, *words: object):
    done = CliRunner().invoke(app, [*map(str, words), "--bootstrap", kafka.bootstrap])
    assert done.exit_code == 0, done.output
    return done


def test_a_day_is_known_from_the_report_topics_as_from_a_recording_of_them(fresh_kafka, tmp_path):
    apply_topics(fresh_kafka, catalogue())
    reports = [
        ic(97),
        ic(60, revision=1, received=MONDAY + DAY),
        ic(50, at=MONDAY + DAY),
        ic(62, revision=2, received=MONDAY + 2 * DAY),
    ]
    player = Player(fresh_kafka, REPORT_PARTITIONS)
    player.play(with_ticks([record(one) for one in reports], 3600))
    player.close()
    path = tmp_path / "taken.jsonl.gz"
    ketenwacht(fresh_kafka, "record", path)
    for as_of, occupied in (
        ("2021-11-15T20:00", 97),
        ("2021-11-16T20:00", 60),
        ("2021-11-18T20:00", 62),
    ):
        words = ("status", "--as-of", as_of, "--day", "2021-11-15", "--json")
        live = orjson.loads(ketenwacht(fresh_kafka, *words).stdout)
        recorded = CliRunner().invoke(app, [*words, "--recording", str(path)])
        assert live == orjson.loads(recorded.stdout)
        found = [
            one["value"]
            for one in live["regions"]["R07"]["indicators"]
            if (one["name"], one["labels"]) == ("beds_occupied", {"unit": "ic", "label": "all"})
        ]
        assert found == [occupied]
    early = ketenwacht(fresh_kafka, "status", "--as-of", "2021-11-16T20:00", "--day", "2021-11-14")
    assert "the report topics begin at 2021-11-15T12:00:00Z" in early.stderr
