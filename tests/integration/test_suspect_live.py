"""What is suspect is listed, and confirmed by a person: the figure counts from there on, also after a worker was killed."""

from datetime import timedelta

import orjson
from typer.testing import CliRunner

from deploy.cli.main import app
from streams.player import Player
from streams.topic_admin import apply_topics
from streams.topics import OCCUPANCY, REPORT_PARTITIONS, catalogue
from tests.support.reports import MONDAY, ic, record
from tests.support.workers import crew

LIVELY = [60, 64, 59, 63, 68, 62, 65, 61, 66, 63, 67, 62, 64, 60, 65, 63, 66]
AT = int(MONDAY.timestamp())
DAY = 86_400


def ketenwacht(kafka, *words, exit_code=0):
    result = CliRunner().invoke(app, [*map(str, words), "--bootstrap", kafka.bootstrap])
    assert result.exit_code == exit_code, result.output
    return result.output


def ic_beds(kafka):
    """The IC patients of the region, as `status` shows them."""
    known = orjson.loads(ketenwacht(kafka, "status", "--json"))["regions"]["R07"]
    (found,) = [
        one
        for one in known["indicators"]
        if one["name"] == "beds_occupied" and one["labels"] == {"unit": "ic", "label": "all"}
    ]
    return found["value"], len(known.get("doubts", []))


def test_a_person_confirms_what_the_same_source_cannot(fresh_broker, fresh_kafka, until):
    apply_topics(fresh_kafka, catalogue())

    def play(records, tick):
        player = Player(fresh_kafka, REPORT_PARTITIONS)
        for each in records:
            player.record(each)
        player.tick(tick)
        player.close()
        workers.wait_until_judged(tick, 60)

    with crew(fresh_broker, snapshot_seconds=0.2) as workers:
        workers.hire()
        for day, occupied in enumerate((*LIVELY, 0, 0)):
            told = [record(ic(occupied, at=MONDAY + timedelta(days=day)))]
            play(told, AT + day * DAY + 60)
        last = AT + (len(LIVELY) + 1) * DAY
        until(lambda: ic_beds(fresh_kafka) == (66, 1), "the last trusted figure")

        (row,) = orjson.loads(ketenwacht(fresh_kafka, "suspect", "list", "--json"))
        assert (row["region"], row["location"], row["value"], row["reason"]) == ("R07", "A", 0, "fall")
        said = ketenwacht(fresh_kafka, "suspect", "list")
        assert "ketenwacht suspect confirm R07 A 'ic total' 2021-12-03 0 --by" in said

        confirm = ("suspect", "confirm", "R07", "A", "ic total")
        said = ketenwacht(fresh_kafka, *confirm, "2021-12-03", 1, "--by", "beheer", exit_code=1)
        assert "reports no suspect ic total 1" in said
        ketenwacht(fresh_kafka, *confirm, "2021-12-03", 0, "--by", " ", exit_code=2)
        said = ketenwacht(fresh_kafka, *confirm, "2021-12-03", 0, "--by", "beheer, gebeld")
        assert f"{OCCUPANCY}/0: A: ic total 0" in said

        play([], last + 120)
        until(lambda: ic_beds(fresh_kafka) == (0, 0), "the confirmed figure")
        workers.kill(0)
        workers.hire()
        play([record(ic(0, at=MONDAY + timedelta(days=len(LIVELY) + 2)))], last + DAY + 60)
        assert ic_beds(fresh_kafka) == (0, 0)
