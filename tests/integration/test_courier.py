"""The courier with a real mail server and both brokers: what it tells, when, and what it never says."""

import asyncio
import json
import os
import re
import signal
import threading
import time

import pytest
from typer.testing import CliRunner

from alerts.routes import OPERATIONS
from deploy.child import free_ports
from deploy.cli.main import app
from deploy.kafka.apache import ApacheKafka
from deploy.kafka.embedded import EmbeddedBroker
from streams.calendar import iso
from streams.kafka import KafkaSettings
from streams.notifications import AlertHeard, Claim, Missed, Receipt
from tests.support.couriers import LEASE_SECONDS, Relay, Scene, alert, frozen, health, payload, post, told

CHAIR = "chair-r07"


ON_BOTH = (
    "test_a_courier_killed_between_claim_and_receipt_sends_the_same_message_again",
    "test_kafka_frozen_for_five_seconds_loses_nothing_and_doubles_nothing",
    "test_kafka_killed_and_started_again_loses_nothing_and_doubles_nothing",
)
"""Played on Apache Kafka as well; the others there with `--long` (conftest.py): they take two minutes more."""


@pytest.fixture
def relay():
    with Relay() as running:
        yield running


@pytest.fixture
def scene(fresh_kafka, tmp_path, relay):
    found = Scene(fresh_kafka, tmp_path, relay)
    yield found
    found.stop()


def test_a_start_a_step_and_an_end_are_told_once_with_the_words_of_the_relay(scene, relay, until):
    courier = scene.courier()
    start = told("active")
    scene.log(start)
    assert post(courier, payload(alert(start))) == 200
    until(lambda: relay.subjects(CHAIR), "the start")
    assert post(courier, payload(alert(start), alert(start))) == 200  # Alertmanager repeats itself

    step = told("step", 2, since=time.time() - 60, episode=start.episode)
    scene.log(step)  # nobody brings this one: the log is enough after a while
    until(lambda: relay.subjects("lcps"), "the step")
    assert post(courier, payload(alert(start, "resolved"))) == 200
    scene.log(
        told("resolved", 2, episode=start.episode, since=time.time() - 60, value=0.84, reason="cleared")
    )
    until(lambda: len(relay.mails) == 4, "both ends")
    until(lambda: len(scene.records(Receipt)) == 4, "all receipts")

    assert relay.subjects(CHAIR) == [
        "[Ketenwacht] R07 Zuidwest-Nederland: bezetting IC 93,4 % (grens 90 %)",
        "[Ketenwacht] Opgelost: R07 Zuidwest-Nederland: bezetting IC 84 % (grens 90 %)",
    ]
    assert relay.subjects("lcps")[0].endswith("trap 2")
    receipts = scene.records(Receipt)
    assert {(each.outcome, each.code) for each in receipts} == {("accepted", 250)}
    assert all("queued as TEST" in each.words for each in receipts)
    assert "@" not in "".join(map(str, scene.records()))
    assert len(scene.records(AlertHeard)) == 2

    shown = CliRunner().invoke(app, ["alerts", "log", "--bootstrap", scene.kafka.bootstrap, "--json"])
    assert shown.exit_code == 0, shown.output
    rows = json.loads(shown.stdout)["transitions"]
    assert [row["outcome"] for row in rows] == ["told"] * 3
    assert {one["recipient"] for one in rows[2]["told"]} == {"chair-R07", "lcps"}


def test_what_stood_before_is_history_but_for_one_message_of_what_is_open(scene, relay, until):
    old = told("active", at=time.time() - 900_000, region="R08")
    over = told("active", at=time.time() - 900_000, region="R09")
    scene.log(old, over, told("resolved", region="R09", episode=over.episode, reason="cleared"))
    scene.overview()
    scene.courier()
    until(lambda: relay.mails, "what is open")
    new = told("active")
    scene.log(new)
    until(lambda: relay.subjects(CHAIR), "what begins now")

    assert sorted(relay.subjects()) == [
        "[Ketenwacht] R07 Zuidwest-Nederland: bezetting IC 93,4 % (grens 90 %)",
        "[Ketenwacht] Stand van zaken: 1 overschrijding open",
    ]
    scene.log(told("resolved", region="R08", episode=old.episode, reason="cleared"))
    until(lambda: any("Opgelost: R08" in each for each in relay.subjects("chair-r08")), "its end")


def test_a_courier_killed_between_claim_and_receipt_sends_the_same_message_again(scene, relay, until):
    gone = threading.Event()

    async def hold(_message, _server):
        while not gone.is_set():  # noqa: ASYNC110 - the event is of a thread
            await asyncio.sleep(0.05)
        return "250 too late"

    relay.hold = hold
    first = scene.courier()
    scene.log(told("active"))
    until(lambda: relay.mails, "the data are with the relay")
    first.kill()
    gone.set()
    assert [len(scene.records(Claim)), len(scene.records(Receipt))] == [1, 0]
    relay.hold = None
    scene.courier()
    until(lambda: scene.records(Receipt), "the second courier gets its answer")

    assert len(relay.ids()) == 2
    assert len(set(relay.ids())) == 1
    assert [each.attempt for each in scene.records(Claim)] == [1, 2]


def test_a_standby_takes_over_and_a_frozen_courier_that_comes_back_says_nothing(scene, relay, until):
    first = scene.courier()
    second = scene.courier()
    assert health(first)["speaks"]
    assert not health(second)["speaks"]
    # Whoever is frozen has the transition in front of it when it goes on.
    until(lambda: frozen(first.pid), "the first stands still")
    scene.log(told("active"))
    until(lambda: relay.mails, "the standby tells it", LEASE_SECONDS * 10)
    until(lambda: scene.records(Receipt), "its receipt")
    os.kill(first.pid, signal.SIGCONT)
    until(lambda: health(first).get("ready") and not health(first)["speaks"], "the first stands by")
    later = told("active", region="R08")
    scene.log(later)
    until(lambda: len(relay.mails) == 2, "the next message")
    until(lambda: len(scene.records(Receipt)) == 2, "its receipt")

    assert len(set(relay.ids())) == 2
    assert len({each.courier for each in scene.records(Claim)}) == 1
    second.kill()
    scene.log(told("active", region="R09"))
    until(lambda: len(relay.mails) == 3, "the first speaks again", LEASE_SECONDS * 10)


def test_a_courier_that_is_stopped_hands_over_without_waiting_for_its_lease(scene, relay, until):
    first = scene.courier(lease_seconds=60)
    second = scene.courier(lease_seconds=60)
    began = time.monotonic()
    first.stop()
    until(lambda: health(second).get("speaks"), "the second speaks", 50)
    assert time.monotonic() - began < 55
    assert "Traceback" not in first.log.read_text()
    scene.log(told("active"))
    until(lambda: relay.mails, "it tells what begins")


def test_a_mail_server_that_is_away_is_waited_for_and_what_was_over_by_then_is_one_message(
    scene, relay, until
):
    courier = scene.courier()
    relay.stop()
    short, long = told("active"), told("active", region="R08")
    scene.log(short, long)
    until(lambda: scene.records(Receipt), "nobody takes it")
    scene.log(told("resolved", episode=short.episode, since=time.time() - 60, value=0.8, reason="cleared"))
    until(lambda: health(courier)["unsent"] == 2, "both are owed")
    began = time.monotonic()
    until(lambda: time.monotonic() - began > 20, "twenty seconds")
    relay.start()
    until(lambda: len(relay.mails) == 2, "both are told")

    assert [each.split(":")[0] for each in relay.subjects(CHAIR)] == ["[Ketenwacht] Was over"]
    assert "van " in relay.subjects(CHAIR)[0]
    assert " tot " in relay.subjects(CHAIR)[0]
    assert [each.code for each in scene.records(Receipt) if each.outcome == "deferred"].count(0) >= 1
    until(lambda: health(courier)["unsent"] == 0, "nothing is owed")


def test_an_address_that_is_refused_is_told_to_operations_and_listed_as_missed(scene, relay, until):
    relay.refuses.add(f"{CHAIR}@ketenwacht.local")
    scene.courier()
    scene.log(told("active"), told("active", region="R08"))
    until(lambda: relay.subjects("operations"), "operations hear of it")

    assert relay.subjects("operations") == ["[Ketenwacht] Beheer: De mailserver weigert berichten (1)"]
    assert relay.subjects("chair-r08")
    refused = [each for each in scene.records(Receipt) if each.outcome == "refused"]
    assert [(each.code, each.words) for each in refused] == [(550, "5.1.1 <address>: user unknown")]
    shown = CliRunner().invoke(app, ["alerts", "log", "--bootstrap", scene.kafka.bootstrap, "--json"])
    assert shown.exit_code == 1
    words = CliRunner().invoke(app, ["alerts", "log", "--bootstrap", scene.kafka.bootstrap]).stdout
    assert re.search(r"chair-R07 by mail: refused  550 5.1.1 <address>: user unknown", words)
    assert "2 transitions, 1 missed, 1 told" in words
    by_region = {row["region"]: row for row in json.loads(shown.stdout)["transitions"]}
    assert (by_region["R07"]["outcome"], by_region["R07"]["reason"]) == ("missed", "refused")
    assert by_region["R08"]["outcome"] == "told"


def test_an_answer_lost_after_the_data_is_unknown_and_given_again_as_the_same_message(scene, relay, until):
    async def drop(_message, server):
        relay.hold = None
        server.transport.abort()
        await asyncio.sleep(1)
        return "250 never heard"

    relay.hold = drop
    scene.courier()
    scene.log(told("active"))
    until(lambda: len(scene.records(Receipt)) == 2, "both attempts")

    assert [each.outcome for each in scene.records(Receipt)] == ["unknown", "accepted"]
    assert len(relay.ids()) == 2
    assert len(set(relay.ids())) == 1


def test_that_prometheus_resolves_everything_falsely_tells_nobody_but_operations_once(scene, relay, until):
    courier = scene.courier()
    starts = [told("active", region=f"R{number:02}") for number in range(1, 12)]
    scene.log(*starts)
    for each in starts:
        assert post(courier, payload(alert(each))) == 200
    until(lambda: len(relay.mails) == len(starts), "every start")
    for each in starts:
        assert post(courier, payload(alert(each, "resolved"))) == 200
    until(lambda: relay.subjects(OPERATIONS), "operations hear of it")
    for each in starts:  # firing again, as after a restart of Prometheus
        assert post(courier, payload(alert(each, starts="2026-12-01T11:00:00Z"))) == 200
    scene.log(
        told("resolved", region="R01", episode=starts[0].episode, since=time.time() - 60, reason="cleared")
    )
    until(lambda: len(relay.mails) == len(starts) + 2, "the one true end")

    assert [each for each in relay.subjects() if "Opgelost" in each] == relay.subjects("chair-r01")[1:]
    assert relay.subjects(OPERATIONS) == [
        "[Ketenwacht] Beheer: Alertmanager meldt als voorbij wat volgens het logboek nog open is (11)"
    ]


def test_an_alert_without_its_transition_is_held_and_told_to_operations(scene, relay, until):
    courier = scene.courier()
    ghost = told("active", region="R03")
    assert post(courier, payload(alert(ghost))) == 200
    until(lambda: relay.subjects(OPERATIONS), "operations hear of it")
    assert relay.subjects() == relay.subjects(OPERATIONS)
    assert "R03" in relay.mails[0][1].get_body(("plain",)).get_content()

    scene.log(ghost)
    until(lambda: relay.subjects("chair-r03"), "it goes out once the log has it")


def test_the_past_is_told_to_nobody_but_a_replay(scene, relay, until):
    scene.courier()
    past = told("active", at=time.time() - 2 * 86_400)
    scene.log(past)
    until(lambda: scene.records(Missed), "it is written down as missed")
    assert [each.reason for each in scene.records(Missed)] == ["past"]
    until(relay.subjects, "operations hear of it")
    assert [each.split("(")[0] for each in relay.subjects()] == [
        "[Ketenwacht] Beheer: Overgangen zijn niet verteld omdat ze meer dan een dag achterlopen "
    ]
    scene.stop()

    scene.courier("--replay")
    later = told("active", region="R08", at=time.time() - 2 * 86_400)
    scene.log(later)
    until(lambda: relay.subjects("chair-r08"), "a replay tells it")


def test_kafka_frozen_for_five_seconds_loses_nothing_and_doubles_nothing(scene, relay, fresh_broker, until):
    courier = scene.courier(logged_seconds=60)
    first = told("active")
    scene.log(first)
    until(lambda: relay.subjects(CHAIR), "the first")
    later = told("active", region="R08")
    until(lambda: frozen(fresh_broker.pid), "Kafka stands still")
    try:
        asked = time.monotonic()
        assert post(courier, payload(alert(later))) == 503
        assert time.monotonic() - asked < 3
        until(lambda: time.monotonic() - asked > 5, "five seconds")
    finally:
        os.kill(fresh_broker.pid, signal.SIGCONT)
    until(lambda: health(courier)["ready"], "it goes on")
    scene.log(later)
    assert post(courier, payload(alert(later))) == 200
    until(lambda: relay.subjects("chair-r08"), "the next")
    until(lambda: health(courier)["unsent"] == 0, "nothing is owed")

    assert len(relay.mails) == 2


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"alerts": 3}', b"\xff"])
def test_a_post_that_is_none_is_refused(scene, body):
    courier = scene.courier()
    assert post(courier, body) == 400
    assert post(courier, b'{"alerts": [{"labels": {"alertname": "Watchdog"}, "status": "firing"}, 3]}') == 200
    assert scene.records(AlertHeard) == []
    assert iso(0) not in str(scene.records())


def test_the_past_is_told_only_to_a_mail_server_on_this_machine():
    done = CliRunner().invoke(app, ["courier", "--replay"])
    assert done.exit_code == 2
    assert "only to a mail server on this machine" in done.output


@pytest.mark.kafka
def test_kafka_killed_and_started_again_loses_nothing_and_doubles_nothing(tmp_path, relay, until):
    port = free_ports(1)[0]
    before = ApacheKafka(tmp_path / "kafka", port)
    before.start()
    scene = Scene(KafkaSettings(bootstrap=before.bootstrap, request_timeout_s=20), tmp_path, relay)
    try:
        courier = scene.courier(logged_seconds=60)
        scene.log(told("active"))
        until(lambda: relay.subjects(CHAIR), "the first")
        until(lambda: scene.records(Receipt), "its receipt")
        later = told("active", region="R08")
        before.kill()
        assert post(courier, payload(alert(later))) == 503
        until(lambda: not health(courier)["ready"], "it speaks no more")
        with ApacheKafka(tmp_path / "kafka", port):
            scene.log(later)
            until(lambda: post(courier, payload(alert(later))) == 200, "Alertmanager posts it again")
            until(lambda: relay.subjects("chair-r08"), "the next")
            until(lambda: health(courier)["unsent"] == 0, "nothing is owed")
            assert len(relay.mails) == 2
            scene.stop()
    finally:
        scene.stop()
        before.stop()


def test_a_courier_whose_log_begins_anew_ends_and_says_so(tmp_path, relay, until):
    port = free_ports(1)[0]
    with EmbeddedBroker(tmp_path / "one", port) as broker:
        scene = Scene(KafkaSettings(bootstrap=broker.bootstrap), tmp_path, relay)
        try:
            courier = scene.courier()
            scene.log(told("active"))
            until(lambda: relay.mails, "the first")
            broker.kill()
            with EmbeddedBroker(tmp_path / "two", port) as again:
                Scene(KafkaSettings(bootstrap=again.bootstrap), tmp_path, relay)
                until(lambda: courier.pid is None, "it ends")
                assert courier.process.returncode == 1
                assert "begins anew" in courier.log.read_text()
        finally:
            scene.stop()
