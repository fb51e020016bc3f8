"""Workers of the version before and of this one in one group, there and back under full load; and a state that is gone."""

import msgspec
import pytest
from kafka import KafkaAdminClient, KafkaProducer, TopicPartition
from typer.testing import CliRunner

from agents.engine.formats import FORMAT
from agents.engine.snapshot import Head
from deploy.cli.main import app
from streams.log_end import log_begins, read_all
from streams.topic_admin import apply_topics
from streams.topics import REGION_STATUS, REPORT_PARTITIONS, REPORT_TOPICS, catalogue
from tests.support.day_on_a_broker import changelogs, halves, play, reports
from tests.support.under_load import MANY, under_load
from tests.support.workers import crew


def be_the_version_before() -> None:
    """Know nothing of this format: neither how to read it nor how to leave the one before."""
    from agents.engine import formats, snapshot
    from streams import control

    before = formats.FORMAT - 1
    formats.FORMAT = snapshot.FORMAT = before
    formats.READABLE = snapshot.READABLE = formats.READABLE - {before + 1}
    formats.WRITTEN = (before - 1, before)
    made = snapshot.SnapshotStore.__init__
    made.__defaults__ = tuple(before if one == before + 1 else one for one in made.__defaults__)
    control._decoder = msgspec.json.Decoder(control.TickerReset | control.Skip)


def heads(kafka) -> dict[tuple[str, int], int]:
    """The format of the newest snapshot of each partition of each changelog."""
    return {
        (one.topic, one.partition): msgspec.msgpack.decode(one.value, type=Head).format
        for one in read_all(kafka, *changelogs(kafka))
        if one.key.endswith(b"/head") and one.value is not None
    }


def finalize(kafka) -> None:
    done = CliRunner().invoke(app, ["upgrade", "finalize", "--bootstrap", kafka.bootstrap])
    assert done.exit_code == 0, done.output


@pytest.mark.timeout(600)
def test_there_and_back_under_load_changes_nothing_until_the_older_format_is_left(
    fresh_broker, fresh_kafka, seed, until
):
    partitions = REPORT_PARTITIONS if fresh_broker.kind == "kafka" else MANY
    hire = {"before": be_the_version_before, "now": None}

    def roll(run, version: str) -> None:
        run.workers.prepare = hire[version]
        for _ in range(2):
            run.workers.dismiss(0)
            run.workers.hire()
            run.wait_for_work()

    everything = len(REPORT_TOPICS) * partitions + 2

    with under_load(fresh_broker, fresh_kafka, seed, partitions, prepare=be_the_version_before) as run:
        until(lambda: len(heads(fresh_kafka)) == everything, "a snapshot of each partition", 120)
        roll(run, "now")
        run.wait_a_while()
        assert set(heads(fresh_kafka).values()) == {FORMAT - 1}
        roll(run, "before")
        run.wait_a_while()
        assert set(heads(fresh_kafka).values()) == {FORMAT - 1}
        roll(run, "now")
        finalize(fresh_kafka)
        run.settle()
        until(lambda: set(heads(fresh_kafka).values()) == {FORMAT}, "snapshots of this version")
        assert "level=error" not in run.workers.tail()


def lose_the_judge(kafka) -> None:
    """Write over the heads of the judge, as a version of another format would."""
    producer = KafkaProducer(**kafka.producer())
    for topic, partition in heads(kafka):
        if "-judge-" in topic:
            head = msgspec.msgpack.encode((FORMAT + 7, 10, 1, 0))
            producer.send(topic, key=b"%d/head" % partition, value=head, partition=partition)
    producer.flush()
    producer.close()


def cut_the_status_log(kafka) -> int:
    place = TopicPartition(REGION_STATUS, 0)
    with KafkaAdminClient(**kafka.admin()) as admin:
        admin.delete_records({place: 50})
    return log_begins(kafka, [place])[place]


@pytest.mark.parametrize("broker", ["kafka"], indirect=True)  # the embedded one deletes no records
def test_a_state_that_is_gone_is_refused_where_the_log_does_not_reach_back(fresh_broker, fresh_kafka, until):
    apply_topics(fresh_kafka, catalogue())
    before, _ = halves()
    last = play(fresh_kafka, before)
    with crew(fresh_broker, snapshot_seconds=0.0) as workers:
        workers.hire()
        workers.wait_until_judged(last, 60)
        workers.dismiss(0)
        lose_the_judge(fresh_kafka)
        assert cut_the_status_log(fresh_kafka) == 50
        ended = workers.hire()
        until(lambda: ended.exit_code is not None, "the end of the worker", 60)
        assert ended.exit_code == 2
        (line,) = [each for each in workers.tail().splitlines() if each.startswith("the state of judge")]
        assert f"its format is {FORMAT + 7}" in line
        assert "kept from offset 50 on" in line
        assert "ketenwacht worker --begin-anew" in line
        workers.workers.clear()
        workers.settings["begin_anew"] = True
        workers.hire()
        workers.wait_for_counts(reports(before), 60)
