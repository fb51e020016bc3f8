"""Couriers as processes, the logs that they read, and a mail server that does what a test says."""

import contextlib
import json
import os
import signal
import time
import urllib.error
import urllib.request
from email import message_from_bytes, policy
from pathlib import Path

from aiosmtpd.controller import Controller
from kafka import KafkaProducer

from deploy.child import free_ports
from deploy.own_program import OwnProgram
from streams.calendar import iso
from streams.log_end import read_all
from streams.notifications import decode_notification
from streams.status import RegionOverview, Transition, encode
from streams.topic_admin import apply_topics
from streams.topics import BREACHES, NOTIFICATIONS, OVERVIEW, catalogue

TOPICS = [topic for topic in catalogue() if topic.name in {BREACHES, OVERVIEW, NOTIFICATIONS}]
LEASE_SECONDS = 2


class Relay:
    """A mail server on loopback.

    Attributes:
        mails: what it took: recipient, message.
        refuses: addresses that it answers 550.
        hold: called with each mail when its data are in, before it is answered; may wait, or raise to drop the connection.
    """

    def __init__(self):
        self.port = free_ports(1)[0]
        self.mails = []
        self.refuses = set()
        self.hold = None
        self._controller = None

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def start(self):
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, server_hostname="localhost")
        self._controller.start()

    def stop(self):
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 - aiosmtpd's name
        if address in self.refuses:
            return f"550 5.1.1 <{address}>: user unknown"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        message = message_from_bytes(bytes(envelope.content), policy=policy.default)
        self.mails.append((envelope.rcpt_tos[0], message))
        if self.hold is not None:
            return await self.hold(message, server)
        return "250 2.0.0 Ok: queued as TEST"

    def subjects(self, to=None):
        return [
            str(mail["Subject"]) for address, mail in list(self.mails) if to in {None, address.split("@")[0]}
        ]

    def ids(self, to=None):
        return [
            str(mail["Message-ID"])
            for address, mail in list(self.mails)
            if to in {None, address.split("@")[0]}
        ]


class Scene:
    """A broker with the courier's topics, a relay, and couriers on them."""

    def __init__(self, kafka, folder, relay):
        self.kafka = kafka
        self.folder = folder
        self.relay = relay
        self.couriers = []
        apply_topics(kafka, TOPICS)

    def courier(self, *arguments, port=None, **settings):
        env = {
            "KETENWACHT_KAFKA_BOOTSTRAP": self.kafka.bootstrap,
            "KETENWACHT_COURIER_SMARTHOST": self.relay.address,
            "KETENWACHT_COURIER_LEASE_SECONDS": str(LEASE_SECONDS),
            "KETENWACHT_COURIER_BROUGHT_SECONDS": "1",
            "KETENWACHT_COURIER_LOGGED_SECONDS": "3",
            **{f"KETENWACHT_COURIER_{name.upper()}": str(value) for name, value in settings.items()},
        }
        name = f"courier-{len(self.couriers) + 1}"
        words = ["courier", "--port", "{port}", *arguments]
        found = OwnProgram(name, self.folder, words, env, path="/healthz", port=port)
        self.couriers.append(found)
        found.start()
        return found

    def stop(self):
        for each in self.couriers:
            if each.pid is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(each.pid, signal.SIGCONT)
            each.stop()

    def log(self, *transitions):
        producer = KafkaProducer(**self.kafka.producer())
        try:
            for each in transitions:
                producer.send(BREACHES, key=each.region.encode(), value=encode(each)).get(timeout=20)
        finally:
            producer.close()

    def overview(self, *overviews):
        producer = KafkaProducer(**self.kafka.producer())
        try:
            for each in overviews or (RegionOverview("NL", iso(int(time.time())), [], []),):
                producer.send(OVERVIEW, key=each.region.encode(), value=encode(each)).get(timeout=20)
        finally:
            producer.close()

    def records(self, kind=None):
        found = [decode_notification(each.value) for each in read_all(self.kafka, NOTIFICATIONS)]
        return [each for each in found if kind is None or isinstance(each, kind)]


def told(state, step=1, *, at=None, since=None, count=0, region="R07", norm="ic-occupancy-high", **more):
    """A transition of now."""
    at = int(time.time()) if at is None else int(at)
    begin = iso(at - 60 if since is None else int(since))
    said = {
        "at": iso(at), "region": region, "norm": norm, "scope": "", "state": state, "value": 0.934, "limit": 0.9,
        "unit": "ratio", "severity": "warning", "step": step, "since": begin, "observed_at": iso(at),
        "episode": f"{region}:{norm}:{begin}", "count": count,
    }  # fmt: skip
    return Transition(**{**said, **more})


def payload(*alerts):
    return {"version": "4", "receiver": "chair-R07", "status": "firing", "alerts": list(alerts)}


def alert(transition, status="firing", *, starts="2026-12-01T10:00:00Z", **labels):
    """An alert about a transition, as Alertmanager posts it today."""
    return {
        "status": status,
        "labels": {
            "alertname": "NormBreach", "region": transition.region, "norm": transition.norm, "scope": transition.scope,
            "step": str(transition.step), "role": "roaz-voorzitter", "audience": "chair", "severity": "warning", **labels,
        },
        "annotations": {"episode_since": transition.since},
        "startsAt": starts, "endsAt": "0001-01-01T00:00:00Z", "fingerprint": "x",
    }  # fmt: skip


def post(courier, document, timeout=10):
    """Post as Alertmanager does; return the status."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    request = urllib.request.Request(
        f"http://{courier.address}/alerts", body, {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        refused.close()
        return refused.code


def frozen(pid):
    """Stop a process, and tell whether all its threads stand still: the signal needs a moment on a busy machine."""
    os.kill(pid, signal.SIGSTOP)
    states = [
        path.read_text().rpartition(")")[2].split()[0] for path in Path(f"/proc/{pid}/task").glob("*/stat")
    ]
    return set(states) <= {"T"}


def health(courier):
    """What a courier says of itself; nothing while it does not answer."""
    try:
        with urllib.request.urlopen(f"http://{courier.address}/healthz", timeout=5) as answer:
            return json.loads(answer.read())
    except urllib.error.HTTPError as unwell:
        with unwell:
            return json.loads(unwell.read())
    except OSError:
        return {}
