"""Clocks that are wrong do not become the time: workers go on judging, on both brokers. Bounds are wide: machines are shared."""

import contextlib
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from kafka import KafkaAdminClient, KafkaProducer
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import InvalidTimestampError, KafkaError
from typer.testing import CliRunner

from deploy.cli.main import app
from streams.control import CONTROL_KEY
from streams.kafka import KafkaSettings
from streams.log_end import read_all
from streams.player import Player
from streams.recorded_log import Recorded, read_log
from streams.signature import SigningKeys
from streams.signing_keys import read_keys
from streams.status import decode_transition
from streams.ticks import TICK_KEY, encode_tick
from streams.topic_admin import apply_topics
from streams.topics import BREACHES, OCCUPANCY, REPORT_TOPICS, catalogue, dead_letter_topic
from tests.support.reports import ic, record
from tests.support.workers import Crew, crew

PARTITIONS = 1
HOUR = 3600
LAG_SECONDS_MAX = 15
"""What a jump may cost."""


class Ticker:
    """A ticker in a thread, with a clock that is ahead by so much; its records have its own time, or that of here."""

    def __init__(
        self, kafka: KafkaSettings, *, ahead: int = 0, own: bool = True, keys: SigningKeys | None = None
    ):
        self.ahead = ahead
        self._player = Player(kafka, PARTITIONS, keys)
        if not own:
            send = self._player._send
            self._player._send = lambda record, partition: send(
                type(record)(
                    record.topic, record.key, record.timestamp - ahead * 1000, record.headers, record.value
                ),
                partition,
            )
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.wait(1 - time.time() % 1):
            with contextlib.suppress(KafkaError):
                self._player.tick(int(time.time()) + self.ahead)
                self._player.flush()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(60)
        with contextlib.suppress(KafkaError):
            self._player.close()


@pytest.fixture
def tickers(fresh_kafka) -> Iterator:
    """Start tickers that end with the test."""
    started: list[Ticker] = []

    def start(**said) -> Ticker:
        started.append(Ticker(fresh_kafka, **said))
        return started[-1]

    yield start
    for ticker in started:
        ticker.stop()


@contextlib.contextmanager
def at_work(broker, kafka, **said) -> Iterator[Crew]:
    apply_topics(kafka, catalogue(PARTITIONS))
    settings = {"report_partitions": PARTITIONS, "broker_checks_time": broker.checks_time}
    with crew(broker, **settings, **said) as workers:
        workers.hire()
        yield workers


def keeps_up(workers: Crew, seconds: float) -> float:
    """Return the largest lag of judgement behind the clock that was seen in so many seconds."""
    worst, end = 0.0, time.monotonic() + seconds
    while time.monotonic() < end:
        judged = workers.judged_until()
        lag = time.time() - judged
        assert lag > -LAG_SECONDS_MAX, f"judged {-lag} s ahead of the clock"
        worst = max(worst, lag)
        time.sleep(0.1)
    return worst


def wait_for_the_present(workers: Crew) -> None:
    workers.wait_until_judged(int(time.time()), 60)


@pytest.mark.parametrize("ahead", [23 * HOUR, 50 * 60, -HOUR])
@pytest.mark.parametrize("own", [True, False], ids=["own time", "honest time"])
def test_a_second_ticker_with_a_wrong_clock_silences_no_honest_one(
    fresh_broker, fresh_kafka, tickers, ahead, own
):
    with at_work(fresh_broker, fresh_kafka) as workers:
        tickers()
        wait_for_the_present(workers)
        tickers(ahead=ahead, own=own)
        assert keeps_up(workers, 6) < LAG_SECONDS_MAX
        assert workers.workers[0].exit_code is None, workers.tail()


def test_a_ticker_that_paused_is_the_present_again_at_once(fresh_broker, fresh_kafka, tickers):
    with at_work(fresh_broker, fresh_kafka) as workers:
        first = tickers()
        wait_for_the_present(workers)
        first.stop()
        judged = workers.judged_until()
        time.sleep(4)
        assert workers.judged_until() <= judged + 3
        tickers()
        workers.wait_until_judged(int(time.time()), LAG_SECONDS_MAX)


def test_where_there_is_a_key_a_tick_of_anybody_else_has_no_effect(
    fresh_broker, fresh_kafka, tickers, tmp_path, until
):
    file = tmp_path / "keys"
    file.write_text(f"k1 {'s' * 40}\n")
    with at_work(fresh_broker, fresh_kafka, env={"KETENWACHT_SIGNING_KEYS_FILE": str(file)}) as workers:
        forger = tickers(ahead=8)
        letters = until(lambda: list(read_all(fresh_kafka, dead_letter_topic(OCCUPANCY))), "the forged ticks")
        assert b"not-a-tick" in dict(letters[0].headers).values()
        assert workers.judged_until() == 0
        tickers(keys=read_keys(file))
        wait_for_the_present(workers)
        assert workers.judged_until() < time.time() + 2
        forger.stop()
        refused = [
            value
            for name, labels, value in workers.samples()
            if name == "ketenwacht_ticks_refused_total" and labels["fault"] == "unsigned"
        ]
        assert len(refused) == len(REPORT_TOPICS)
        assert min(refused) > 0


def test_kafka_refuses_what_lies_a_minute_ahead_and_takes_the_past(fresh_broker, fresh_kafka, until):
    apply_topics(fresh_kafka, catalogue(PARTITIONS))
    producer = KafkaProducer(**fresh_kafka.producer())
    now = int(time.time())

    def write(at: int) -> None:
        producer.send(OCCUPANCY, encode_tick(at), TICK_KEY, partition=0, timestamp_ms=at * 1000).get(
            timeout=20
        )

    write(1_637_000_000)
    write(now + 5)
    if fresh_broker.checks_time:
        with pytest.raises(InvalidTimestampError):
            write(now + 60)
    else:
        write(now + 60)
        with at_work(fresh_broker, fresh_kafka):
            letters = until(lambda: list(read_all(fresh_kafka, dead_letter_topic(OCCUPANCY))), "the refusal")
        assert dict(letters[0].headers)["dlq-reason"] == b"impossible-time"
    producer.close()


def check_nothing(kafka: KafkaSettings) -> None:
    """Let the broker take records of any time, as one does whose topics were made by an older version."""
    anything = {"message.timestamp.after.max.ms": str(2**63 - 1)}
    with KafkaAdminClient(**kafka.admin()) as admin:
        for topic in REPORT_TOPICS:
            admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, anything)])


def reset(kafka: KafkaSettings, file) -> str:
    told = CliRunner().invoke(
        app,
        ["ticker", "reset", "--bootstrap", kafka.bootstrap],
        env={"KETENWACHT_SIGNING_KEYS_FILE": str(file)},
    )
    assert told.exit_code == 0, (told.output, told.exception)
    return told.output


def ahead(workers: Crew) -> dict[str, float]:
    """Whether the time of each topic is ahead."""
    return {
        labels["topic"]: value for name, labels, value in workers.samples() if name == "ketenwacht_time_ahead"
    }


def test_after_a_reset_the_time_begins_again_and_nothing_is_told_twice(
    fresh_broker, fresh_kafka, tickers, tmp_path, until
):
    """All clocks were 50 minutes ahead and were set right: judging goes on with the next tick, also in a new worker."""
    file = tmp_path / "keys"
    file.write_text(f"k1 {'s' * 40}\n")
    keys = read_keys(file)
    env = {"KETENWACHT_SIGNING_KEYS_FILE": str(file)}
    apply_topics(fresh_kafka, catalogue(PARTITIONS))
    if fresh_broker.checks_time:
        check_nothing(fresh_kafka)
    with crew(fresh_broker, env=env, report_partitions=PARTITIONS) as workers:
        workers.hire()
        player = Player(fresh_kafka, PARTITIONS, keys)
        player.record(record(ic(99, at=datetime.now(UTC).replace(microsecond=0))))
        player.close()
        wrong = tickers(ahead=50 * 60, keys=keys)
        # Where the broker's own clock is right the judge passes over what comes of it; the folds have passed it all the same.
        until(lambda: ahead(workers) == dict.fromkeys(REPORT_TOPICS, 1.0), "every topic ahead", 60)
        wrong.stop()
        tickers(keys=keys)
        assert set(ahead(workers).values()) == {1.0}
        assert "it begins again" in reset(fresh_kafka, file)

        def present() -> bool:
            return abs(time.time() - workers.judged_until()) < LAG_SECONDS_MAX

        deadline = time.monotonic() + LAG_SECONDS_MAX
        while not present():
            assert time.monotonic() < deadline, workers.judged_until()
            time.sleep(0.1)
        assert "nothing is done" in reset(fresh_kafka, file)
        workers.kill(0)
        deadline = time.monotonic() + 60
        while not present():
            assert time.monotonic() < deadline, workers.tail()
            time.sleep(0.1)
        assert keeps_up(workers, 4) < LAG_SECONDS_MAX
        path = tmp_path / "recorded.jsonl"
        words = ["record", str(path), "--bootstrap", fresh_kafka.bootstrap]
        assert CliRunner().invoke(app, words).exit_code == 0
        items = [each for log in read_log(path)[1] for each in log.items if isinstance(each, Recorded)]
        assert {each.record.key for each in items if each.counts} == {b"R07", CONTROL_KEY}
        # What a killed worker had told and not put away is told again, to the letter.
        told = {each.value for each in read_all(fresh_kafka, BREACHES)}
        assert told
        assert len({decode_transition(value).id for value in told}) == len(told)
