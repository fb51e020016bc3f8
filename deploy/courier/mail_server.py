"""Gives mails to the mail server, one recipient each, and says what it answered: taken, refused, put off, or not known."""

import re
import smtplib
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from alerts.addresses import Mail
from streams.legible import shown
from streams.notifications import Outcome

_ADDRESS = re.compile(r"<?[^\s<>@]+@[^\s<>@]+>?")
_WORDS_MAX = 200
_IDLE_MAX = 8


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a mail; `code` is 0 where the server gave none, `words` hold no address."""

    outcome: Outcome
    code: int = 0
    words: str = ""


class MailServer:
    """A mail server; its methods may be called from several threads.

    Args:
        mail: where it is, and the login.
        seconds: how long it gets for each answer.
    """

    def __init__(self, mail: Mail, seconds: float) -> None:
        self._mail = mail
        self._seconds = seconds
        self._idle: list[smtplib.SMTP] = []
        self._lock = threading.Lock()

    def give(self, sender: str, to: str, content: bytes, may: Callable[[], bool]) -> Answer:
        """Give one mail to one recipient; return what is known of it.

        Args:
            sender: address of the envelope.
            to: address of the recipient.
            content: the message, lines ending in CR LF.
            may: asked in front of the data, after everything that can make one wait.
        """
        with self._lock:
            connection = self._idle.pop() if self._idle else None
        if connection is not None:
            answer = self._over(connection, sender, to, content, may)
            if answer is not None:
                return answer
        try:  # the idle one had ended, or there was none
            connection = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            return Answer("deferred", 0, _said(error))
        answer = self._over(connection, sender, to, content, may)
        return answer or Answer("deferred", 0, "the mail server ended the connection")

    def close(self) -> None:
        """End the connections that nobody uses."""
        with self._lock:
            idle, self._idle = self._idle, []
        for each in idle:
            each.close()

    def _connect(self) -> smtplib.SMTP:
        host, _, port = self._mail.smarthost.rpartition(":")
        connection = smtplib.SMTP(host, int(port), timeout=self._seconds)
        try:
            connection.ehlo_or_helo_if_needed()
            if self._mail.require_tls:
                connection.starttls(context=ssl.create_default_context())
                connection.ehlo()
            if self._mail.username:
                password = Path(self._mail.password_file).read_text("utf-8").rstrip("\r\n")
                connection.login(self._mail.username, password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _over(
        self, connection: smtplib.SMTP, sender: str, to: str, content: bytes, may: Callable[[], bool]
    ) -> Answer | None:
        """Give a mail over a connection; None where that had ended before anything was said."""
        given = False
        try:
            answer = _envelope(connection, sender, to)
            if answer is None and not may():
                answer = Answer("deferred", 0, "another courier may speak by now")
            if answer is None:
                answer = _replied(*connection.docmd("DATA"), wanted=354)
            if answer is None:
                given = True
                connection.send(_framed(content))
                code, words = connection.getreply()
                answer = _replied(code, words, wanted=250) or Answer("accepted", code, _words(words))
        except (OSError, smtplib.SMTPException) as error:
            connection.close()
            if given:
                return Answer("unknown", 0, _said(error))
            return (
                None
                if isinstance(error, smtplib.SMTPServerDisconnected)
                else Answer("deferred", 0, _said(error))
            )
        if answer.code == 421:
            connection.close()
        else:
            self._keep(connection, reset=answer.outcome != "accepted")
        return answer

    def _keep(self, connection: smtplib.SMTP, *, reset: bool) -> None:
        try:
            if reset:
                connection.rset()
        except (OSError, smtplib.SMTPException):
            connection.close()
            return
        with self._lock:
            if len(self._idle) < _IDLE_MAX:
                self._idle.append(connection)
                return
        connection.close()


def _envelope(connection: smtplib.SMTP, sender: str, to: str) -> Answer | None:
    """Say sender and recipient; return why the mail is not taken, if it is not."""
    code, words = connection.mail(sender)
    if code // 100 != 2:
        # It refuses us, not the recipient: that can be mended, and all mails with it.
        return Answer("deferred", 0, f"{code} {_words(words)}")
    code, words = connection.rcpt(to)
    return None if code // 100 == 2 else _replied(code, words, wanted=250)


def _replied(code: int, words: bytes, *, wanted: int) -> Answer | None:
    """Return what a reply means that is not the one that is wanted; one that ends the connection raises."""
    if code == -1:
        raise smtplib.SMTPServerDisconnected("the mail server ended the connection")
    if code // 10 == wanted // 10:
        return None
    return Answer("refused" if code // 100 == 5 else "deferred", code, _words(words))


def _framed(content: bytes) -> bytes:
    whole = content if content.endswith(b"\r\n") else content + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", whole) + b".\r\n"


def _said(error: Exception) -> str:
    return _words(f"{type(error).__name__}: {error}".encode())


def _words(words: bytes) -> str:
    """Return a server's words as they may stand in a topic: without addresses, in one line."""
    text = " ".join(words.decode(errors="replace").split())
    return shown(_ADDRESS.sub("<address>", text))[:_WORDS_MAX]
