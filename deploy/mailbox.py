"""A mailbox to read: takes mail on loopback, keeps each one as a file, delivers nothing to anyone."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from typing_extensions import override

from deploy.child import free_ports
from deploy.part import Part


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail that arrived.

    Attributes:
        number: 1, 2, 3 ... in order of arrival in the folder.
        path: the whole message, as it came in.
        to: addresses of the envelope.
        subject: decoded subject.
        region: region id from the header, or empty.
        norm: norm id from the header, or empty.
        state: `firing` or `resolved`, or empty.
    """

    number: int
    path: Path
    to: tuple[str, ...]
    subject: str
    region: str
    norm: str
    state: str

    def message(self) -> EmailMessage:
        """Return the parsed message."""
        return message_from_bytes(self.path.read_bytes(), policy=policy.default)

    def body(self, kind: str) -> str:
        """Return a body as text; `kind` is `plain` or `html`.

        Raises:
            LookupError: the mail has no such body.
        """
        part = self.message().get_body(preferencelist=(kind,))
        if part is None:
            raise LookupError(f"mail {self.number} has no {kind} body: {self.path}")
        return str(part.get_content())


class Mailbox(Part):
    """An SMTP server on 127.0.0.1 in a thread of its own; mails that its folder has already stay, and numbers go on after them.

    Args:
        folder: gets one `.eml` file a mail, `0001.eml` first.
        on_mail: called for each mail, in the server's thread; it must be quick and must not raise.
        port: listen here; a free port if None.
    """

    def __init__(
        self, folder: Path, on_mail: Callable[[Mail], None] | None = None, port: int | None = None
    ) -> None:
        self.folder = folder
        self.port = port or 0
        self._on_mail = on_mail
        self._mails: list[Mail] = []
        self._before = 0
        self._lock = threading.Lock()
        self._controller: Any = None

    @property
    def address(self) -> str:
        """`127.0.0.1:PORT`, as Alertmanager's smarthost; known after `start`."""
        if not self.port:
            raise RuntimeError("it has no port before start(); start it first")
        return f"127.0.0.1:{self.port}"

    @property
    def mails(self) -> tuple[Mail, ...]:
        """What arrived so far, in order."""
        with self._lock:
            return tuple(self._mails)

    @override
    def _start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._before = max((int(path.stem) for path in self.folder.glob("[0-9]*.eml")), default=0)
        # aiosmtpd announces itself by connecting to its port, so it needs the number beforehand.
        self.port = self.port or free_ports(1)[0]
        controller = Controller(self, hostname="127.0.0.1", port=self.port, server_hostname="localhost")
        controller.start()
        self._controller = controller

    @override
    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep one mail; aiosmtpd calls this."""
        content = bytes(envelope.content)
        message = message_from_bytes(content, policy=policy.default)
        with self._lock:
            number = self._before + len(self._mails) + 1
            mail = Mail(
                number=number,
                path=self.folder / f"{number:04}.eml",
                to=tuple(envelope.rcpt_tos),
                subject=str(message["Subject"] or ""),
                region=str(message["X-Ketenwacht-Region"] or ""),
                norm=str(message["X-Ketenwacht-Norm"] or ""),
                state=str(message["X-Ketenwacht-State"] or ""),
            )
            mail.path.write_bytes(content)
            self._mails.append(mail)
        if self._on_mail is not None:
            self._on_mail(mail)
        return "250 OK"
