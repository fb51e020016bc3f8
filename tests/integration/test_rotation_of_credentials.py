"""Credentials of Kafka change while workers judge: with a second user nobody stops, and who holds an old password begins anew."""

import pytest
from typer.testing import CliRunner

from agents.pipeline import Pipeline, episode_order
from alerts.norms import load_norms
from deploy.cli.main import app
from streams.topic_admin import apply_topics
from streams.topics import catalogue
from tests.support.day_on_a_broker import halves, play, reports, told
from tests.support.guarded_kafka import GuardedKafka
from tests.support.workers import crew

WORKER, NEXT = "worker", "worker-2"

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(300)]


@pytest.fixture
def guarded(tmp_path):
    with GuardedKafka(tmp_path / "kafka") as running:
        allow(running, WORKER)
        apply_topics(running.settings(), catalogue())
        yield running


@pytest.fixture
def password_file(guarded, tmp_path):
    return written(tmp_path / "password", guarded.passwords[WORKER])


@pytest.fixture
def env(guarded, password_file):
    variables = guarded.environment(WORKER) | {"KETENWACHT_KAFKA_PASSWORD_FILE": str(password_file)}
    del variables["KETENWACHT_KAFKA_PASSWORD"]
    return variables


def allow(guarded, user: str) -> None:
    """Make a user who may do what a worker may."""
    guarded.add_users(user)
    words = ["topics", "acl", "--part", f"worker=User:{user}", "--apply"]
    done = CliRunner().invoke(app, words, env=guarded.environment())
    assert done.exit_code == 0, done.output


def written(path, password: str):
    path.write_text(password)
    return path


def test_workers_judge_on_while_they_become_another_user(guarded, env, tmp_path):
    before, after = halves()
    middle = next(n for n, item in enumerate(after) if n > len(after) // 2 and isinstance(item, int)) + 1
    kafka = guarded.settings()
    with crew(guarded, env=env, own_interpreter=True) as workers:
        workers.hire()
        workers.hire()
        workers.wait_until_judged(play(kafka, before), 120)
        allow(guarded, NEXT)
        workers.env = env | {
            "KETENWACHT_KAFKA_USERNAME": NEXT,
            "KETENWACHT_KAFKA_PASSWORD_FILE": str(written(tmp_path / "next", guarded.passwords[NEXT])),
        }
        workers.dismiss(0)
        assert workers.hire().url
        workers.wait_until_judged(play(kafka, after[:middle]), 60)  # as one and as the other user
        workers.dismiss(0)
        assert workers.hire().url
        guarded.drop_user(WORKER)
        workers.wait_until_judged(play(kafka, after[middle:]), 60)
        workers.wait_for_counts(reports(before + after), 60)
    expected = sorted(Pipeline(load_norms()).play(before + after), key=episode_order)
    assert expected
    assert told(kafka) == expected


def test_a_worker_that_lost_its_connection_ends_and_begins_with_the_new_password(
    guarded, password_file, env, until
):
    kafka = guarded.settings()
    before, after = halves()
    with crew(guarded, env=env, own_interpreter=True) as workers:
        worker = workers.hire()
        workers.wait_until_judged(play(kafka, before), 120)
        guarded.add_users(WORKER)
        written(password_file, guarded.passwords[WORKER])
        guarded.stop()
        guarded.start()
        # With the old password it would try for ever; its supervisor starts it again.
        until(lambda: worker.exit_code is not None, "the end of the worker", 60)
        assert worker.exit_code == 2, workers.tail()
        assert "look at KETENWACHT_KAFKA_USERNAME and KETENWACHT_KAFKA_PASSWORD" in workers.tail()
        workers.workers.clear()
        workers.hire()
        workers.wait_until_judged(play(guarded.settings(), after), 120)
