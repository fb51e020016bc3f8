"""Real workers that stand still, and real brokers that go away: who ends, who stays, and what they say."""

import contextlib
import os
import re
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from kafka import KafkaAdminClient

from agents.engine.watchdog import STALLED_STATUS
from deploy.child import free_ports
from deploy.kafka.apache import ApacheKafka
from deploy.kafka.embedded import EmbeddedBroker
from streams.kafka import KafkaSettings
from streams.log_end import log_ends, partitions_of
from streams.topic_admin import apply_topics
from streams.topics import REGION_STATUS, REPORT_TOPICS, catalogue
from tests.support.broken_worker import BrokenWorker
from tests.support.day_on_a_broker import halves, play

STALL_SECONDS = 4.0
AWAY_SECONDS = 6.0
"""Stall time of the workers whose broker goes away, and less than how long it does."""
PATIENCE = 60.0
LAG = re.compile(
    r'^ketenwacht_lag_records\{partition="(\d+)",stage="([^"]+)",topic="([^"]+)"\} (\S+)$', re.MULTILINE
)


def until(found, what):
    """Poll until something is there; return it."""
    deadline = time.monotonic() + PATIENCE
    while not (it := found()):
        assert time.monotonic() < deadline, what() if callable(what) else what
        time.sleep(0.05)
    return it


def broken_worker(broker, folder, broken, stall_seconds=STALL_SECONDS, flag=None):
    settings = {
        "app_id": f"broken-{broken}",
        "session_timeout_s": broker.session_seconds,
        "stall_seconds": stall_seconds,
    }
    return BrokenWorker(broken, settings, broker.bootstrap, folder, flag)


def last_days(worker):
    """Watch a worker until it ends: what its health pages said, how it ended, its log."""
    said = {"/healthz": [], "/readyz": []}
    deadline = time.monotonic() + PATIENCE
    while worker.exit_code is None and time.monotonic() < deadline:
        for path, answers in said.items():
            answer = worker.ask(path)
            if answer[0] and answer not in answers:
                answers.append(answer)
        time.sleep(0.05)
    status = worker.exit_code
    return SimpleNamespace(
        **{path[1:]: answers for path, answers in said.items()}, status=status, log=worker.log.read_text()
    )


@pytest.fixture(scope="module")
def ended(tmp_path_factory):
    """Three workers with something broken in each, watched until they end; by what is broken."""
    folder = tmp_path_factory.mktemp("broken")
    with EmbeddedBroker() as broker:
        kafka = KafkaSettings(bootstrap=broker.bootstrap, request_timeout_s=20)
        apply_topics(kafka, catalogue())
        play(kafka, halves()[0])
        workers = {
            each: broken_worker(broker, folder / each, each) for each in ("fetches", "loop", "recovery")
        }
        try:
            with ThreadPoolExecutor(len(workers)) as threads:
                ends = dict(zip(workers, threads.map(last_days, workers.values()), strict=True))
        finally:
            for worker in workers.values():
                worker.stop()
    return ends


def test_a_worker_that_has_lag_and_fetches_nothing_ends_and_says_where_it_stood(ended):
    worker = ended["fetches"]

    assert worker.status == STALLED_STATUS, worker.log
    assert 'event="worker stands still and ends"' in worker.log
    (line,) = re.findall(
        r".*stands still and ends.* stage=fold-occupancy topic=care.occupancy partition=0 .*", worker.log
    )
    assert re.search(r"next_offset=0 end=[1-9]\d*", line)
    assert re.search(r"seconds=[45]\.\d since=\d{4}-\d\d-\d\dT", line)
    assert "Thread 0x" in worker.log, "the stacks are missing"
    assert {status for status, _ in worker.healthz} == {200}, "its loop beats all the time"
    assert any(
        re.search(r"stands still in care.occupancy/0 at 0 of \d+ for \d s", text) for _, text in worker.readyz
    )
    assert 200 in {status for status, _ in worker.readyz}, "until half of the time it only has lag"


def test_a_worker_whose_loop_is_blocked_ends_and_shows_the_stack_that_blocks_it(ended):
    worker = ended["loop"]

    assert worker.status == STALLED_STATUS, worker.log
    assert 'what="the event loop has not beaten"' in worker.log
    assert "broken_worker.py" in worker.log.partition("Thread 0x")[2]
    for answers in (worker.healthz, worker.readyz):
        status, text = answers[-1]
        assert status == 503
        assert re.search(r"the event loop has not beaten for \d s", text)
    assert worker.healthz[0] == (200, "ok\n")


def test_a_worker_whose_recovery_never_ends_ends(ended):
    worker = ended["recovery"]

    assert worker.status == STALLED_STATUS, worker.log
    assert re.search(r'what="no progress while state is being restored.*"', worker.log)
    assert {status for status, _ in worker.readyz} == {503}
    assert {status for status, _ in worker.healthz} == {200}


def run(kind, folder):
    if kind == "embedded":
        return EmbeddedBroker(folder)
    return ApacheKafka(folder, port=free_ports(1)[0])


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("embedded", id="embedded"),
        pytest.param("kafka", id="kafka", marks=pytest.mark.kafka),
    ],
)
def scene(request, tmp_path_factory):
    """A broker of our own, a worker on it that has judged half a day, and the file that stops its fetches."""
    folder = tmp_path_factory.mktemp(request.param)
    broker = run(request.param, folder / "broker")
    broker.start()
    kafka = KafkaSettings(bootstrap=broker.bootstrap, request_timeout_s=20)
    apply_topics(kafka, catalogue())
    before, after = halves()
    play(kafka, before)
    flag = folder / "no-fetches"
    worker = broken_worker(broker, folder / "worker", "fetches", AWAY_SECONDS, flag)
    with contextlib.ExitStack() as stack:
        stack.callback(broker.stop)
        stack.callback(worker.stop)
        until(lambda: worker.ask("/readyz")[0] == 200, worker.log.read_text)
        until(lambda: lags(worker) and not any(lags(worker).values()), lambda: lags(worker))
        yield SimpleNamespace(broker=broker, kafka=kafka, worker=worker, flag=flag, after=after)


def lags(worker):
    return {
        (stage, topic, int(partition)): float(lag)
        for partition, stage, topic, lag in LAG.findall(worker.page())
    }


def committed(kafka, group):
    with KafkaAdminClient(**kafka.admin()) as admin:
        offsets = admin.list_group_offsets(group)[group]
    return {(tp.topic, tp.partition): found.offset for tp, found in offsets.items()}


def test_lag_is_the_true_end_of_the_log_less_what_is_committed(scene):
    scene.flag.touch()
    until(scene.flag.read_text, "fetches go on")
    play(scene.kafka, scene.after)
    sources = partitions_of(scene.kafka, *REPORT_TOPICS)
    ends = {(tp.topic, tp.partition): end for tp, end in log_ends(scene.kafka, sources).items()}

    def expected():
        done = committed(scene.kafka, "broken-fetches")
        return {place: end - done.get(place, 0) for place, end in ends.items()}

    until(
        lambda: (
            {place[1:]: lag for place, lag in lags(scene.worker).items() if place[1] != REGION_STATUS}
            == expected()
        ),
        lambda: f"{lags(scene.worker)} is not {expected()}",
    )
    assert sum(expected().values()) > len(ends)
    scene.flag.unlink()
    until(lambda: not any(lags(scene.worker).values()), lambda: lags(scene.worker))
    until(lambda: not any(expected().values()), expected)


def test_a_broker_that_is_away_for_longer_than_the_stall_time_ends_no_worker(scene):
    broker, worker = scene.broker, scene.worker
    gone = time.monotonic()
    if broker.kind == "embedded":
        os.kill(broker.pid, signal.SIGSTOP)  # it forgets everything when it ends
    else:
        broker.stop()
    said = until(
        lambda: (answer := worker.ask("/readyz"))[0] == 503 and answer, "still ready without a broker"
    )
    assert re.search(r"the brokers have not answered for \d s", said[1]), said
    until(lambda: time.monotonic() - gone > AWAY_SECONDS + 1, "time stands still")
    assert worker.exit_code is None, worker.log.read_text()
    assert worker.ask("/healthz") == (200, "ok\n")

    if broker.kind == "embedded":
        os.kill(broker.pid, signal.SIGCONT)
    else:
        broker.start()
    play(scene.kafka, [item + 7 * 86_400 if isinstance(item, int) else item for item in scene.after])

    until(lambda: worker.ask("/readyz")[0] == 200, lambda: worker.log.read_text()[-6000:])
    until(lambda: lags(worker) and not any(lags(worker).values()), lambda: lags(worker))
    assert worker.exit_code is None
