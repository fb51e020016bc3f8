"""What the courier makes of each answer of a mail server, at each point of the conversation."""

import contextlib
import socket
import threading

import pytest

from alerts.addresses import Mail
from deploy.courier.mail_server import MailServer
from deploy.courier.settings import CourierSettings, is_loopback

CONTENT = b"Subject: x\r\n\r\n.a line with a dot\r\nend"
DROP, SILENT = "drop", "silent"


class Script:
    """A server that answers each verb as told: a line, `drop` (end the connection) or `silent` (say nothing)."""

    def __init__(self, **said):
        self.said = {
            "EHLO": "250 hi",
            "MAIL": "250 ok",
            "RCPT": "250 ok",
            "DATA": "354 go",
            ".": "250 queued",
            **said,
        }
        self.received = b""
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._stopped = threading.Event()

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stopped.set()
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            pass
        self._thread.join(5)
        self._listener.close()

    def _serve(self):
        while not self._stopped.is_set():
            connection, _ = self._listener.accept()
            with connection, contextlib.suppress(OSError):
                self.connections += 1
                self._talk(connection)

    def _talk(self, connection):
        connection.settimeout(5)
        connection.sendall(b"220 here\r\n")
        lines = connection.makefile("rb")
        data = False
        with lines:
            for line in lines:
                if data:
                    self.received += line
                    if line != b".\r\n":
                        continue
                    data = False
                verb = line.split()[0].decode().upper() if line.strip() else ""
                answer = self.said.get(verb, "250 ok")
                if answer == DROP:
                    return
                if answer == SILENT:
                    self._stopped.wait(5)
                    return
                data = verb == "DATA" and answer.startswith("354")
                connection.sendall(answer.encode() + b"\r\n")


def give(script, may=lambda: True, seconds=1.0):
    server = MailServer(Mail(f"127.0.0.1:{script.port}", "a@b.nl", require_tls=False), seconds)
    answer = server.give("a@b.nl", "c@d.nl", CONTENT, may)
    server.close()
    return answer


@pytest.mark.parametrize(
    ("said", "outcome", "code"),
    [
        ({}, "accepted", 250),
        ({"RCPT": "550 5.1.1 <c@d.nl> unknown"}, "refused", 550),
        ({"RCPT": "450 greylisted"}, "deferred", 450),
        ({"RCPT": DROP}, "deferred", 0),
        ({"RCPT": SILENT}, "deferred", 0),
        ({"MAIL": "530 log in first"}, "deferred", 0),
        ({"DATA": "451 later"}, "deferred", 451),
        ({"DATA": "554 no"}, "refused", 554),
        ({"DATA": DROP}, "deferred", 0),
        ({".": "451 later"}, "deferred", 451),
        ({".": "552 too big"}, "refused", 552),
        ({".": DROP}, "unknown", 0),
        ({".": SILENT}, "unknown", 0),
    ],
    ids=str,
)
def test_what_is_known_of_a_mail_is_said_and_no_more(said, outcome, code):
    with Script(**said) as script:
        answer = give(script)
    assert (answer.outcome, answer.code) == (outcome, code)
    assert "c@d.nl" not in answer.words
    if outcome == "accepted":
        assert answer.words == "queued"
        assert script.received == b"Subject: x\r\n\r\n..a line with a dot\r\nend\r\n.\r\n"


def test_nothing_is_given_once_another_courier_may_speak():
    with Script() as script:
        assert give(script, may=lambda: False).outcome == "deferred"
    assert script.received == b""


def test_a_server_that_is_not_there_has_nothing():
    with Script() as script:
        pass
    answer = give(script)
    assert (answer.outcome, answer.code) == ("deferred", 0)


def test_a_connection_that_ended_meanwhile_is_made_again():
    with Script() as script:
        server = MailServer(Mail(f"127.0.0.1:{script.port}", "a@b.nl", require_tls=False), 1.0)
        for _ in range(2):
            assert server.give("a@b.nl", "c@d.nl", CONTENT, lambda: True).outcome == "accepted"
        assert script.connections == 1
        server._idle[0].sock.shutdown(socket.SHUT_RDWR)
        assert server.give("a@b.nl", "c@d.nl", CONTENT, lambda: True).outcome == "accepted"
        assert script.connections == 2
        server.close()


def test_a_server_without_the_tls_that_is_asked_for_gets_nothing():
    with Script() as script:
        server = MailServer(Mail(f"127.0.0.1:{script.port}", "a@b.nl", require_tls=True), 1.0)
        answer = server.give("a@b.nl", "c@d.nl", CONTENT, lambda: True)
        server.close()
    assert answer.outcome == "deferred"
    assert "STARTTLS" in answer.words
    assert script.received == b""


@pytest.mark.parametrize(
    ("smarthost", "local"),
    [
        ("127.0.0.1:25", True),
        ("localhost:25", True),
        ("[::1]:25", True),
        ("127.0.0.1.evil.nl:25", False),
        ("mail.ketenwacht.local:587", False),
        ("10.0.0.1:25", False),
        ("127.0.0.1", False),
    ],
)
def test_a_mail_server_on_this_machine_is_known(smarthost, local):
    assert is_loopback(smarthost) is local


def test_a_setting_that_cannot_be_used_is_refused():
    for wrong in (
        {"smarthost": "mail.example.org:25"},
        {"alertmanagers": "127.0.0.1:9093"},
        {"webhook_seconds": 9, "broker_seconds": 5},
    ):
        with pytest.raises(ValueError, match=r"expected|at most"):
            CourierSettings(**wrong)
    assert CourierSettings(alertmanagers="http://a:1/, http://b:2").alertmanager_urls == (
        "http://a:1",
        "http://b:2",
    )
