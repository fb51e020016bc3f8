"""Who hears the alerts: the only thing, with links, in which a local stack and production differ."""

import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from alerts.annotations import Links
from streams.regions import ROAZ_IDS

_Address = Annotated[str, Meta(pattern=r"^[^@\s]+@[^@\s]+$")]
_HostPort = Annotated[str, Meta(pattern=r"^[^:\s]+:\d+$")]
_Url = Annotated[str, Meta(pattern=r"^https?://\S+$")]
CHAIRS = "chairs"
"""The receiver that is every chair together."""
NAMES = ("operations", "lcps", "lnaz", "nza", "igj", "minister", "chair", "insurer", "provider")


class AddressesError(ValueError):
    """An addresses file that cannot be used; the message says what to do."""


class Mail(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The mail server: `host:port`, the sender, TLS, and a login whose password stands in a file."""

    smarthost: _HostPort
    sender: Annotated[str, Meta(min_length=3)]
    require_tls: bool = True
    username: str = ""
    password_file: str = ""


class _Webhook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    url: _Url


class _LinksFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    page: _Url
    dashboard: _Url
    runbook: _Url


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    mail: Mail
    webhook: _Webhook
    links: _LinksFile
    receivers: dict[str, _Address]


class Addresses(msgspec.Struct, frozen=True):
    """Where notifications go.

    Attributes:
        mail: the mail server.
        webhook: URL that gets a copy of every notification.
        links: where links in the texts lead.
        receivers: address by receiver name; `chair`, `insurer` and `provider` hold `{region}`.
    """

    mail: Mail
    webhook: str
    links: Links
    receivers: Mapping[str, str]

    def of(self, receiver: str) -> str:
        """Return the mail address of a receiver, such as `nza` or `chair-R07`; of all chairs their addresses."""
        if receiver == CHAIRS:
            return ", ".join(self.of(f"chair-{region}") for region in ROAZ_IDS)
        kind, _, region = receiver.partition("-")
        return self.receivers.get(receiver) or self.receivers[kind].replace("{region}", region.lower())


def load_addresses(path: Path | None = None) -> Addresses:
    """Return the addresses of a file, or those of production.

    Raises:
        AddressesError: the file is no valid addresses file.
        OSError: it cannot be read.
    """
    if path is None:
        text = resources.files("alerts").joinpath("addresses.toml").read_text("utf-8")
    else:
        text = path.read_text("utf-8")
    try:
        file = msgspec.convert(tomllib.loads(text), _File)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise AddressesError(f"addresses file: {error}; alerts/addresses.toml shows how it looks") from error
    missing = set(NAMES) - set(file.receivers)
    if missing:
        raise AddressesError(f"addresses file: [receivers] lacks {', '.join(sorted(missing))}; add them")
    links = Links(file.links.page, file.links.dashboard, file.links.runbook)
    return Addresses(file.mail, file.webhook.url, links, file.receivers)


def local_addresses(smarthost: str, webhook: str, links: Links | None = None) -> Addresses:
    """Return production's receivers on a mail server and a webhook of this machine.

    Args:
        smarthost: `host:port` of a mailbox that delivers nothing to anyone.
        webhook: URL of the webhook log.
        links: where links lead; production's if None.
    """
    production = load_addresses()
    mail = Mail(smarthost, production.mail.sender, require_tls=False)
    return Addresses(mail, webhook, links or production.links, production.receivers)
