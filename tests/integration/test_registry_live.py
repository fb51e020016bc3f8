"""A registry takes effect while workers run, also in their snapshots; made-up names are one alert, and are taken in later."""

import orjson
from typer.testing import CliRunner

from deploy.cli.main import app
from streams.player import Player
from streams.topic_admin import apply_topics
from streams.topics import OCCUPANCY, REPORT_PARTITIONS, catalogue
from tests.support.reports import MONDAY, ic, record
from tests.support.workers import crew

AT = int(MONDAY.timestamp())
DAY = 86_400
OWNER = {"owner": "beheer", "date": "2021-01-01"}
FLOOD = 2000


def lines(*sources: str) -> str:
    """A registry file in which these sources speak for any location."""
    return "\n".join(
        orjson.dumps(
            {
                "line": "source",
                "id": name,
                "publisher": "X",
                "topics": [OCCUPANCY],
                "locations": ["any"],
                **OWNER,
            }
        ).decode()
        for name in sources
    )


def ketenwacht(kafka, *words):
    result = CliRunner().invoke(app, [*map(str, words), "--bootstrap", kafka.bootstrap, "--json"])
    assert result.exit_code == 0, result.output
    return orjson.loads(result.stdout)


def series(workers) -> int:
    return sum(len(worker.page().splitlines()) for worker in workers.workers)


def unknown(workers) -> float:
    return sum(value for name, _, value in workers.samples() if name == "ketenwacht_unknown_senders")


def test_a_registry_holds_from_where_it_was_applied_until_a_worker_was_killed_and_after(
    fresh_broker, fresh_kafka, tmp_path, until
):
    own = tmp_path / "own.jsonl"
    own.write_text(lines("known"))
    apply_topics(fresh_kafka, catalogue())

    def play(*records, tick):
        player = Player(fresh_kafka, REPORT_PARTITIONS)
        for each in records:
            player.record(each)
        player.tick(tick)
        player.close()
        workers.wait_until_judged(tick, 60)

    with crew(fresh_broker) as workers:
        workers.hire()
        play(record(ic(50, source="known")), tick=AT)
        done = ketenwacht(fresh_kafka, "registry", "apply", own)
        assert done["records"] == done["partitions"] == 10 * REPORT_PARTITIONS
        before = series(workers)

        play(
            *(record(ic(60, source=f"typo{number}", location=f"L{number}")) for number in range(FLOOD)),
            tick=AT + 60,
        )
        counts = workers.wait_for_counts(FLOOD + 1, 60)
        assert counts[OCCUPANCY, "dead_lettered"] == FLOOD
        assert abs(series(workers) - before) <= 10
        assert unknown(workers) == 1000  # told apart up to there

        workers.kill(0)
        play(record(ic(61, source="typo7", location="L7")), tick=AT + 120)
        workers.wait_for_counts(FLOOD + 2, 60)
        assert workers.counts()[OCCUPANCY, "applied"] == 1

        rows = ketenwacht(fresh_kafka, "registry", "unknown")
        assert len(rows) == FLOOD
        assert rows[0]["source"] == "typo7"
        assert (rows[0]["reports"], rows[0]["locations"]) == (2, ["L7"])

        own.write_text(lines("known", "typo7", "typo8"))
        ketenwacht(fresh_kafka, "registry", "apply", own)
        letters = ketenwacht(fresh_kafka, "dlq", "list", "--reason", "unknown-sender")
        late = next(one["offset"] for one in letters if "typo8," in one["detail"])
        of_typo7 = {one["source_offset"]: one["offset"] for one in letters if "typo7," in one["detail"]}
        for letter in of_typo7.values():
            ketenwacht(fresh_kafka, "dlq", "requeue", OCCUPANCY, "--offset", letter)
        play(tick=AT + 180)
        until(lambda: workers.counts()[OCCUPANCY, "applied"] == 3, "both reports of the source")

        play(tick=AT + 60 * DAY)
        ketenwacht(fresh_kafka, "dlq", "requeue", OCCUPANCY, "--offset", late)
        until(lambda: workers.counts()[OCCUPANCY, "late"] == 1, "what is too late by now")
