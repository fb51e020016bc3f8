"""A record that no worker gets past is skipped: judgement goes on as if it had never come, and everybody agrees on that."""

import time

import pytest
from kafka import TopicPartition
from typer.testing import CliRunner

from agents.engine.watchdog import STALLED_STATUS
from deploy.cli.main import app
from streams.control import CONTROL_KEY, decode_control
from streams.log_end import read_all
from streams.topic_admin import apply_topics, handled_up_to
from streams.topics import OCCUPANCY, catalogue, dead_letter_topic
from tests.support.broken_worker import ENDED, POISON, BrokenWorker
from tests.support.day_on_a_broker import halves, play
from tests.support.reports import MONDAY, ic
from tests.support.reports import record as record_of
from tests.support.single_pass import on_topics, single_pass
from tests.support.streams_of_reports import TICK_SECONDS
from tests.support.workers import crew

STALL_SECONDS = 6.0
"""On top of the session time-out: so long the group waits for the worker before."""
AT = int(MONDAY.timestamp())


def ketenwacht(kafka, *words: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, [*map(str, words), "--bootstrap", kafka.bootstrap])
    return done.exit_code, done.output


def offset_of(kafka, value: bytes) -> int:
    (found,) = [each.offset for each in read_all(kafka, OCCUPANCY) if value in (each.value or b"")]
    return found


def letters(kafka, reason: bytes) -> list[object]:
    found = read_all(kafka, dead_letter_topic(OCCUPANCY))
    return [each for each in found if dict(each.headers)["dlq-reason"] == reason]


@pytest.fixture
def log():
    """A day of reports; behind the first half of it one that would change what is told and that nobody gets past."""
    before, after = halves()
    moment = MONDAY.fromtimestamp(before[-1] + 1, MONDAY.tzinfo)
    poison = record_of(ic(99, at=moment, source=POISON.decode(), location="elsewhere"))
    return [*before, *after], [*before, poison, *after], poison


@pytest.mark.parametrize("how", ["hangs", "ends"])
def test_what_no_worker_gets_past_is_skipped_and_everything_else_counts(
    fresh_broker, fresh_kafka, log, how, tmp_path, until
):
    clean, whole, poison = log
    expected = single_pass(clean)
    assert len(expected.breaches) > 20
    assert single_pass(whole).aggregates != expected.aggregates
    apply_topics(fresh_kafka, catalogue())
    settings = {
        "app_id": f"broken-{how}", "session_timeout_s": fresh_broker.session_seconds, "stall_seconds": fresh_broker.session_seconds + STALL_SECONDS,
        "leaves_group": fresh_broker.may_be_left, "snapshot_seconds": 0.5,
    }  # fmt: skip
    last = play(fresh_kafka, whole)
    offset = offset_of(fresh_kafka, poison.value)

    with crew(fresh_broker) as workers:

        def start(number: int) -> BrokenWorker:
            worker = BrokenWorker(how, settings, fresh_broker.bootstrap, tmp_path / str(number))
            workers.workers = [worker]
            return worker

        for number in range(1 if how == "hangs" else 2):
            worker = start(number)
            until(lambda: worker.exit_code is not None, "the record that nobody gets past", 60)  # noqa: B023
            assert worker.exit_code == (ENDED if how == "ends" else STALLED_STATUS), worker.log.read_text()

        skip = ("topics", "skip", OCCUPANCY, 0, offset, "--app-id", settings["app_id"])
        code, said = ketenwacht(fresh_kafka, *skip)
        assert code == 0, said
        start(2)
        workers.wait_until_judged(last, 60)
        counts = workers.wait_for_counts(sum(expected.counts.values()) + 1, 30)
        assert counts[OCCUPANCY, "skipped"] == 1

        workers.workers[0].kill()
        start(3)
        later = last + TICK_SECONDS
        play(fresh_kafka, [later])
        workers.wait_until_judged(later, 60)
        assert workers.wait_for_counts(sum(expected.counts.values()) + 1, 30) == counts
        place = TopicPartition(OCCUPANCY, 0)
        until(
            lambda: handled_up_to(fresh_kafka, settings["app_id"], place) > offset, "everything is put away"
        )
        code, said = ketenwacht(fresh_kafka, *skip)
        assert (code, "handled already" in said) == (1, True), said

    made = on_topics(fresh_kafka)
    judged_on = single_pass([*clean, later])
    assert made.breaches == judged_on.breaches
    assert made.aggregates == judged_on.aggregates

    # Whoever computes it all again, from the first record on and able to handle that one, says the same to the letter.
    with crew(fresh_broker, app_id="again") as workers:
        workers.hire()
        workers.wait_until_judged(later, 60)
        assert workers.wait_for_counts(sum(expected.counts.values()) + 1, 30) == counts
    assert on_topics(fresh_kafka) == made


def test_who_has_handled_it_goes_back_as_long_as_no_snapshot_holds_it(fresh_broker, fresh_kafka, until):
    apply_topics(fresh_kafka, catalogue())
    with crew(fresh_broker, snapshot_seconds=0.2) as workers:
        workers.hire()
        play(fresh_kafka, [record_of(ic(60)), AT])
        workers.wait_until_judged(AT, 60)
        second = record_of(ic(95, at=MONDAY.replace(second=1)))
        play(fresh_kafka, [second])  # and no tick, so no snapshot
        until(lambda: workers.counts()[OCCUPANCY, "applied"] == 2, "both reports")
        code, said = ketenwacht(
            fresh_kafka, "topics", "skip", OCCUPANCY, 0, offset_of(fresh_kafka, second.value)
        )
        assert code == 0, said
        until(lambda: workers.counts()[OCCUPANCY, "skipped"] == 1, "the skip")
        assert workers.counts()[OCCUPANCY, "applied"] == 1
        play(fresh_kafka, [AT + 60])
        workers.wait_until_judged(AT + 60, 60)
        assert not letters(fresh_kafka, b"skip-too-late")


def test_what_a_snapshot_holds_stays_and_the_skip_is_a_dead_letter(fresh_broker, fresh_kafka, until):
    apply_topics(fresh_kafka, catalogue())
    with crew(fresh_broker, snapshot_seconds=0.2) as workers:
        workers.hire()
        play(fresh_kafka, [record_of(ic(60)), AT])
        workers.wait_until_judged(AT, 60)
        skip = ("topics", "skip", OCCUPANCY, 0, 0)
        until(lambda: ketenwacht(fresh_kafka, *skip)[0] == 1, "everything is put away")
        # Another group, of which the command does not know how far it is, is as far.
        code, said = ketenwacht(fresh_kafka, *skip, "--app-id", "other-group")
        assert code == 0, said
        until(lambda: len(letters(fresh_kafka, b"skip-too-late")) == 1, "the refused skip")
        counts = workers.counts()
        assert (counts[OCCUPANCY, "applied"], counts[OCCUPANCY, "skipped"]) == (1, 0)


def test_the_command_refuses_what_is_not_there_and_says_what_is(fresh_kafka):
    apply_topics(fresh_kafka, catalogue())
    play(fresh_kafka, [record_of(ic(60)), AT])

    def refused(*words) -> str:
        code, said = ketenwacht(fresh_kafka, "topics", "skip", *words)
        assert code == 2, said
        return said

    assert "there is no topic care.x; records can be skipped in care.occupancy," in refused("care.x", 0, 0)
    assert "care.breaches carries no reports" in refused("care.breaches", 0, 0)
    assert "1 partitions, from 0 to 0; there is no 7" in refused(OCCUPANCY, 7, 0)
    assert f"no record stands at 2 of {OCCUPANCY}/0: it holds 0 to 1" in refused(OCCUPANCY, 0, 2)
    assert not [each for each in read_all(fresh_kafka, OCCUPANCY) if each.key == CONTROL_KEY]
    began = int(time.time())
    assert ketenwacht(fresh_kafka, "topics", "skip", OCCUPANCY, 0, 0)[0] == 0
    (control,) = [each for each in read_all(fresh_kafka, OCCUPANCY) if each.key == CONTROL_KEY]
    assert decode_control(control.value).offset == 0
    assert decode_control(control.value).at >= began
