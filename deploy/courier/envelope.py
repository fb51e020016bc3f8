"""A letter as it goes to one recipient: addresses, headers and both bodies, as bytes."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from alerts.addresses import Addresses
from alerts.courier.identity import mail_id, thread_id
from alerts.courier.mail import Letter
from alerts.courier.outgoing import Outgoing
from streams.legible import shown

_STATES = {"step": "firing", "end": "resolved", "was-over": "resolved"}


def sender_of(addresses: Addresses) -> str:
    """Return the address that mails come from."""
    return parseaddr(addresses.mail.sender)[1] or addresses.mail.sender


def mail_bytes(message: Outgoing, letter: Letter, addresses: Addresses, at: float) -> bytes:
    """Return the mail of a message at second `at`, lines ending in CR LF.

    Raises:
        KeyError: the address book has no such recipient.
    """
    domain = sender_of(addresses).rpartition("@")[2]
    mail = EmailMessage(policy=SMTP.clone(max_line_length=200))
    mail["From"] = addresses.mail.sender
    mail["To"] = addresses.of(message.recipient)
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(datetime.fromtimestamp(at, UTC))
    mail["Message-ID"] = mail_id(message.message, message.recipient, domain)
    if message.what not in {"standing", "notice"}:
        about = message.transitions[-1]
        mail["References"] = thread_id(about.episode, message.recipient, domain)
        mail["X-Ketenwacht-Region"] = _plain(about.region)
        mail["X-Ketenwacht-Norm"] = _plain(about.norm)
    mail["X-Ketenwacht-State"] = _STATES.get(message.what, message.what)
    # No holiday replies to a machine.
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(letter.text, cte="quoted-printable")
    mail.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    return mail.as_bytes()


def _plain(text: str) -> str:
    return shown(text)[:100]
