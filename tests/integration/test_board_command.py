"""`ketenwacht board` as a process of its own, on both brokers."""

import json
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from kafka import KafkaProducer

from streams.calendar import iso
from streams.log_end import partitions_of
from streams.reports import WaitingTimesReport, WaitRow
from streams.status import RegionOverview, StatusEntry, Transition, encode
from streams.ticks import TICK_KEY, encode_tick
from streams.topic_admin import apply_topics
from streams.topics import BREACHES, OVERVIEW, REGION_STATUS, WAITING_TIMES, catalogue
from streams.views import IndicatorView
from tests.support.reports import record

AT = 1637582400


@pytest.fixture
def board(fresh_broker):
    command = [
        str(Path(sys.executable).with_name("ketenwacht")),
        "board",
        "--bootstrap",
        fresh_broker.bootstrap,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def overview(region, at, occupied):
    figure = IndicatorView("beds_occupied", {"unit": "ic", "label": "all"}, occupied, "beds", iso(at), 1.0)
    return RegionOverview(region, iso(at), [figure], [])


def transition(state):
    return Transition(
        iso(AT), "R07", "ic-occupancy-high", "", state, 0.93, 0.9, "ratio", "warning", 1, iso(AT), iso(AT), "e1"
    )  # fmt: skip


def state_when(url, holds, seconds=30):
    deadline = time.monotonic() + seconds
    while True:
        with urlopen(f"{url}api/state", timeout=5) as answer:
            state = json.load(answer)
        if holds(state):
            return state
        assert time.monotonic() < deadline, state
        time.sleep(0.05)


def write_waits(producer, kafka):
    """Two supplies and a tick after them in every partition, as the ticker writes it."""
    for region, location, days in (("R07", "Goes", 60.0), ("R08", "Leiden", 20.0)):
        row = WaitRow(specialism="oogheelkunde", treatment="Staaroperatie", access="behandeling", days=days)
        at = datetime.fromtimestamp(AT, UTC)
        report = WaitingTimesReport(
            id=location, source="nza-msz", region=region, location=location, observed_at=at, received_at=at,
            peildatum=at.date(), rows=[row],
        )  # fmt: skip
        told = record(report)
        producer.send(WAITING_TIMES, key=told.key, value=told.value, timestamp_ms=told.timestamp)
    for partition in partitions_of(kafka, WAITING_TIMES):
        producer.send(
            WAITING_TIMES,
            key=TICK_KEY,
            value=encode_tick(AT + 60),
            partition=partition.partition,
            timestamp_ms=(AT + 60) * 1000,
        )
    producer.flush()


def shorter_when(address, seconds=30):
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urlopen(address, timeout=5) as answer:
                found = json.load(answer)["comparisons"]
            if found and found[0]["here"] and found[0]["shorter"]:
                return found[0]["shorter"]
        except HTTPError as error:
            found = error.code
            assert found in (404, 503), found
        assert time.monotonic() < deadline, found
        time.sleep(0.05)


def test_the_command_shows_what_stands_on_the_topics_and_what_comes(board, fresh_kafka):
    apply_topics(fresh_kafka, catalogue())
    with KafkaProducer(**fresh_kafka.producer()) as producer:
        producer.send(OVERVIEW, key=b"R07", value=encode(overview("R07", AT, 140)))
        producer.send(OVERVIEW, key=b"R07", value=encode(overview("R07", AT + 60, 150)))
        producer.send(OVERVIEW, key=b"R08", value=b"not json")
        producer.send(BREACHES, key=b"R07", value=encode(transition("active")))
        producer.send(BREACHES, key=b"R07", value=encode(transition("active")))
        producer.flush()
        url = board.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:")

        before = state_when(url, lambda state: state["regions"] and state["transitions"])
        for later in range(120, 1000, 60):
            producer.send(
                REGION_STATUS,
                key=b"R07",
                value=encode(StatusEntry("fold", "care.occupancy", 0, "R07", AT + later)),
            )
        producer.send(OVERVIEW, key=b"R06", value=encode(overview("R06", AT + 120, 99)))
        producer.flush()
        after = state_when(
            url, lambda state: "R06" in state["regions"] and state["clock"]["reported_at"] >= iso(AT + 960)
        )

        write_waits(producer, fresh_kafka)
        shorter = shorter_when(f"{url}api/bemiddeling?behandeling=staaroperatie&regio=R07")

    assert [offer["location"] for offer in shorter] == ["Leiden"]
    assert before["regions"]["R07"]["figures"][0]["value"] == 150
    assert [each["state"] for each in before["transitions"]] == ["active"]
    assert after["clock"]["replay"] is True
    board.send_signal(signal.SIGTERM)
    assert board.wait(10) == 0
