"""The settings of a courier: built once at the door, handed down."""

import ipaddress
from pathlib import Path
from typing import Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from alerts.courier.facts import Patience


class CourierSettings(BaseSettings):
    """How a courier runs.

    Attributes:
        host: address of the webhook; another than loopback only where nobody else reaches it.
        port: port of the webhook; 0 takes a free one.
        alertmanagers: URLs of the Alertmanagers that are asked for silences, separated by commas; without any nothing is
            silenced.
        addresses_file: addresses instead of the project's own.
        norms_file: norms instead of the project's own.
        smarthost: `host:port` of a mail server on this machine, without TLS and login, instead of that of the addresses.
        replay: whether what lies more than a day behind the clock is told as well; only to a mail server on this machine.
        brought_seconds: how long a transition waits for Alertmanager to bring it.
        logged_seconds: how long an alert waits for its transition before operations hear of it.
        lease_seconds: after so long without a sign of the courier that speaks, another takes over.
        webhook_seconds: a post whose alerts are not in Kafka by then is answered 503.
        broker_seconds: how long anything else waits for the broker before it is tried again.
        mail_seconds: how long the mail server gets for each answer.
    """

    model_config = SettingsConfigDict(env_prefix="KETENWACHT_COURIER_", frozen=True, extra="forbid")

    host: str = "127.0.0.1"
    port: int = Field(default=0, ge=0, le=65_535)
    alertmanagers: str = ""
    addresses_file: Path | None = None
    norms_file: Path | None = None
    smarthost: str | None = None
    replay: bool = False
    brought_seconds: float = Field(default=15.0, ge=0.5, le=300)
    logged_seconds: float = Field(default=60.0, ge=0.5, le=3600)
    lease_seconds: float = Field(default=10.0, ge=1, le=120)
    webhook_seconds: float = Field(default=1.0, ge=0.1, le=10)
    broker_seconds: float = Field(default=5.0, ge=0.5, le=60)
    mail_seconds: float = Field(default=20.0, ge=0.5, le=300)

    @field_validator("smarthost")
    @classmethod
    def _on_this_machine(cls, smarthost: str | None) -> str | None:
        if smarthost is not None and not is_loopback(smarthost):
            raise ValueError(
                "host:port on loopback expected; another mail server stands in the addresses file"
            )
        return smarthost

    @field_validator("alertmanagers")
    @classmethod
    def _urls(cls, alertmanagers: str) -> str:
        for each in filter(None, alertmanagers.split(",")):
            if not each.strip().startswith(("http://", "https://")):
                raise ValueError("URLs separated by commas expected, such as http://127.0.0.1:9093")
        return alertmanagers

    @model_validator(mode="after")
    def _gathers_in_time(self) -> Self:
        if self.webhook_seconds > self.broker_seconds:
            raise ValueError("webhook_seconds is at most broker_seconds")
        return self

    @property
    def alertmanager_urls(self) -> tuple[str, ...]:
        """The URLs, one an item."""
        return tuple(each.strip().rstrip("/") for each in self.alertmanagers.split(",") if each.strip())

    @property
    def patience(self) -> Patience:
        """How long the ledger waits."""
        gathered = min(10.0, self.logged_seconds / 2)
        return Patience(
            brought=self.brought_seconds, logged=self.logged_seconds, gathered=gathered, replay=self.replay
        )


def is_loopback(smarthost: str) -> bool:
    """Return whether `host:port` is a mail server on this machine."""
    host, _, port = smarthost.rpartition(":")
    if not port.isdigit():
        return False
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
