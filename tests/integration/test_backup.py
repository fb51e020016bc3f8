"""What was saved while everything ran is brought into an empty cluster, and goes on there with the same episodes."""

import contextlib
import threading

from kafka import KafkaAdminClient, TopicPartition
from typer.testing import CliRunner

from agents.pipeline import Pipeline, episode_order
from alerts.norms import load_norms
from deploy.backup.files import read_manifest
from deploy.cli.main import app
from deploy.kafka.embedded import EmbeddedBroker
from streams.log_end import log_begins
from streams.topic_admin import apply_topics
from streams.topics import OCCUPANCY, REGION_STATUS, catalogue
from tests.integration.conftest import empty, settings_for
from tests.support.day_on_a_broker import halves, play, reports, told
from tests.support.workers import crew


def ketenwacht(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    return done.exit_code, done.output


@contextlib.contextmanager
def another(broker):
    """An empty cluster: a new process, or the same one with nothing in it, since a node takes its time."""
    if broker.kind == "embedded":
        with EmbeddedBroker() as own:
            yield own
    else:
        empty(settings_for(broker))
        yield broker


def cut(kafka) -> dict[TopicPartition, int]:
    """Let retention have taken what was read of two logs."""
    places = {TopicPartition(OCCUPANCY, 0): 40, TopicPartition(REGION_STATUS, 0): 30}
    with KafkaAdminClient(**kafka.admin()) as admin:
        admin.delete_records(places)
    return places


def test_what_is_brought_back_goes_on_with_the_same_episodes(fresh_broker, fresh_kafka, tmp_path):
    before, after = halves()
    expected = sorted(Pipeline(load_norms()).play([*before, *after]), key=episode_order)
    folder = tmp_path / "saved"
    norms = tmp_path / "own.toml"
    norms.write_text("# our own\n")
    apply_topics(fresh_kafka, catalogue())
    with crew(fresh_broker, snapshot_seconds=0.0) as workers:
        workers.hire()
        judged = play(fresh_kafka, before)
        workers.wait_until_judged(judged, 60)
        workers.wait_for_counts(reports(before), 20)
        begins = cut(fresh_kafka) if fresh_broker.kind == "kafka" else {}
        done = ketenwacht("backup", folder, "--norms", norms, "--bootstrap", fresh_kafka.bootstrap)
        assert done[0] == 0, done[1]
        assert "brings it into an empty cluster" in done[1]
    assert (folder / "norms.toml").read_text() == "# our own\n"

    with another(fresh_broker) as broker:
        kafka = settings_for(broker)
        code, said = ketenwacht("restore", folder, "--bootstrap", kafka.bootstrap)
        assert code == 0, said
        assert f"ketenwacht worker --norms {folder / 'norms.toml'}" in said
        assert log_begins(kafka, list(begins)) == begins
        with crew(broker, snapshot_seconds=0.0) as workers:
            workers.hire()
            workers.wait_until_judged(judged, 60)
            last = play(kafka, after)
            workers.wait_until_judged(last, 60)
            workers.wait_for_counts(reports(before) + reports(after), 20)
        assert told(kafka) == expected
        code, said = ketenwacht("restore", folder, "--bootstrap", kafka.bootstrap)
        assert code == 1
        assert "holds records already" in said


def test_a_backup_made_while_reports_come_is_whole(fresh_broker, fresh_kafka, tmp_path):
    before, after = halves()
    expected = sorted(Pipeline(load_norms()).play([*before, *after]), key=episode_order)
    apply_topics(fresh_kafka, catalogue())
    folder = tmp_path / "saved"
    with crew(fresh_broker, snapshot_seconds=0.0) as workers:
        workers.hire()
        workers.wait_until_judged(play(fresh_kafka, before), 60)
        writing = threading.Thread(target=play, args=(fresh_kafka, after))
        writing.start()
        code, said = ketenwacht("backup", folder, "--bootstrap", fresh_kafka.bootstrap)
        writing.join(60)
        assert code == 0, said
    kept = {one.topic: one for one in read_manifest(folder).partitions}
    with another(fresh_broker) as broker:
        kafka = settings_for(broker)
        code, said = ketenwacht("restore", folder, "--bootstrap", kafka.bootstrap)
        assert code == 0, said
        rest = [*before, *after]
        with crew(broker, snapshot_seconds=0.0) as workers:
            workers.hire()
            # Sources send again what they do not know to have arrived; what had is a repeat, and passed ticks are.
            workers.wait_until_judged(play(kafka, rest), 60)
        assert told(kafka) == expected
    assert kept[OCCUPANCY].count > 0


def test_what_is_no_backup_or_damaged_is_refused(fresh_broker, fresh_kafka, tmp_path):
    apply_topics(fresh_kafka, catalogue())
    play(fresh_kafka, halves()[0][:200])
    folder = tmp_path / "saved"
    address = ("--bootstrap", fresh_kafka.bootstrap)
    assert ketenwacht("backup", folder, *address)[0] == 0
    assert "is there already" in ketenwacht("backup", folder, *address)[1]
    with another(fresh_broker) as broker:
        address = ("--bootstrap", settings_for(broker).bootstrap)
        code, said = ketenwacht("backup", tmp_path / "nothing", *address)
        assert code == 1
        assert "no topics of ours" in said
        assert [each.name for each in tmp_path.iterdir()] == ["saved"]
        (tmp_path / "empty").mkdir()
        assert "is no backup" in ketenwacht("restore", tmp_path / "empty", *address)[1]
        file = folder / f"{OCCUPANCY}-0.gz"
        file.write_bytes(file.read_bytes()[:-40])
        code, said = ketenwacht("restore", folder, *address)
        assert code == 1
        assert "not what was written" in said
