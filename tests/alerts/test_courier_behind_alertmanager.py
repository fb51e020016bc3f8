"""The courier behind a real Alertmanager with the routes of today, beside its mails: what it brings, and what it keeps silent."""

import json
import shutil
import time
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest

from alerts.addresses import local_addresses
from deploy.alertmanager.server import AlertmanagerServer
from deploy.child import free_ports
from deploy.kafka.embedded import EmbeddedBroker
from deploy.mailbox import Mailbox
from streams.kafka import KafkaSettings
from streams.notifications import AlertHeard
from tests.support.couriers import Relay, Scene, alert, told


@pytest.fixture
def chain(tmp_path):
    """Alertmanager, its own mailbox, a courier with another mail server, and a broker."""
    if shutil.which("prometheus-alertmanager") is None and shutil.which("alertmanager") is None:
        pytest.skip("alertmanager is not installed (apt-get install prometheus-alertmanager)")
    port = free_ports(1)[0]
    with EmbeddedBroker() as broker, Relay() as relay, Mailbox(tmp_path / "mail") as box:
        addresses = local_addresses(box.address, f"http://127.0.0.1:{port}/alerts")
        with AlertmanagerServer(tmp_path / "am", addresses) as server:
            scene = Scene(KafkaSettings(bootstrap=broker.bootstrap), tmp_path, relay)
            scene.courier(port=port, alertmanagers=server.url, brought_seconds=2)
            yield scene, relay, box, server
            scene.stop()


def call(server, path, document):
    body = json.dumps(document).encode()
    request = urllib.request.Request(f"{server.url}{path}", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read()


def push(server, *transitions, ended=False):
    """Send alerts as Prometheus does."""
    now = datetime.now(UTC)
    call(
        server,
        "/api/v2/alerts",
        [
            {
                "labels": {**alert(each)["labels"], "source": "occupancy"},
                "annotations": alert(each)["annotations"],
                "startsAt": (now - timedelta(seconds=1)).isoformat(),
                "endsAt": (now if ended else now + timedelta(minutes=5)).isoformat(),
            }
            for each in transitions
        ],
    )


def test_what_alertmanager_brings_goes_out_beside_its_own_mails_and_its_end_does_not(chain, until):
    scene, relay, box, server = chain
    starts = [told("active", region=region) for region in ("R07", "R08", "NL")]
    scene.log(*starts)
    push(server, *starts)
    until(lambda: len(relay.mails) == 3 and len(box.mails) == 3, "both mails of each")
    push(server, *starts, ended=True)
    until(lambda: len(box.mails) == 6, "what Alertmanager takes for the end")
    until(
        lambda: len([each for each in scene.records(AlertHeard) if each.status == "resolved"]) == 3,
        "the posts",
    )
    assert not any("Opgelost" in each for each in relay.subjects())

    scene.log(
        *(told("resolved", region=each.region, episode=each.episode, reason="cleared") for each in starts)
    )
    until(lambda: len([each for each in relay.subjects() if "Opgelost" in each]) == 3, "the true ends")


def test_what_is_silenced_waits_until_the_silence_ends(chain, until):
    scene, relay, _box, server = chain
    now = datetime.now(UTC)
    silence = {
        "matchers": [{"name": "region", "value": "R07", "isRegex": False, "isEqual": True}],
        "startsAt": now.isoformat(),
        "endsAt": (now + timedelta(hours=1)).isoformat(),
        "createdBy": "test",
        "comment": "test",
    }
    found = json.loads(call(server, "/api/v2/silences", silence))["silenceID"]
    silenced, heard = told("active"), told("active", region="R08")
    push(server, silenced)
    scene.log(silenced, heard)
    until(lambda: relay.subjects("chair-r08"), "what nobody silenced, though nobody brought it")
    began = time.monotonic()
    until(lambda: time.monotonic() - began > 5, "longer than a transition waits")
    assert relay.subjects("chair-r07") == []

    gone = urllib.request.Request(f"{server.url}/api/v2/silence/{found}", method="DELETE")
    urllib.request.urlopen(gone, timeout=10).close()
    until(lambda: relay.subjects("chair-r07"), "it goes out", 60)
