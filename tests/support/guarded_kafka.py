"""An Apache Kafka that asks who you are: TLS, SCRAM, and an authorizer that denies what nobody allowed.

It listens four times, once for each protocol, so that a test can come to the wrong door.
"""

import secrets
import subprocess
from collections.abc import Mapping
from pathlib import Path

from kafka import KafkaAdminClient
from kafka.admin import ScramMechanism, UserScramCredentialDeletion, UserScramCredentialUpsertion
from typing_extensions import override

from deploy.child import free_ports
from deploy.kafka.apache import ApacheKafka
from streams.kafka import KafkaSettings

ADMIN = "admin"
_PROTOCOLS = {"GUARDED": "SASL_SSL", "TLS": "SSL", "SASL": "SASL_PLAINTEXT", "OPEN": "PLAINTEXT"}
_SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule"
_PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule"


class GuardedKafka(ApacheKafka):
    """One node with `SASL_SSL` at `bootstrap`; `doors` has the address of each protocol.

    Args:
        folder: where certificates, data and log go.
    """

    kind = "kafka"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.certificates = folder / "certificates"
        self.doors: dict[str, str] = {}
        self.passwords = {ADMIN: secrets.token_urlsafe(18)}
        make_certificates(self.certificates)

    @property
    def ca(self) -> Path:
        """The authority that signed the broker's certificate."""
        return self.certificates / "ca.pem"

    def environment(self, user: str = ADMIN) -> dict[str, str]:
        """Return the variables with which a command comes in as `user`."""
        return {
            "KETENWACHT_KAFKA_BOOTSTRAP": self.bootstrap,
            "KETENWACHT_KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
            "KETENWACHT_KAFKA_USERNAME": user,
            "KETENWACHT_KAFKA_PASSWORD": self.passwords[user],
            "KETENWACHT_KAFKA_SSL_CAFILE": str(self.ca),
        }

    def settings(self, user: str = ADMIN, **more: object) -> KafkaSettings:
        """Return how to come in as `user`."""
        known = {
            "bootstrap": self.bootstrap,
            "security_protocol": "SASL_SSL",
            "username": user,
            "password": self.passwords[user],
            "ssl_cafile": self.ca,
            "request_timeout_s": 20,
        }
        return KafkaSettings(**known | more)

    def add_users(self, *names: str) -> None:
        """Make users that may do nothing yet; the broker knows them when this returns."""
        self.passwords |= {name: secrets.token_urlsafe(18) for name in names}
        with KafkaAdminClient(**self.settings().admin()) as admin:
            failed = admin.alter_user_scram_credentials(
                [
                    UserScramCredentialUpsertion(
                        name, ScramMechanism.SCRAM_SHA_512, password=self.passwords[name].encode()
                    )
                    for name in names
                ]
            )
        assert not any(failed.values()), failed

    def drop_user(self, name: str) -> None:
        """Let a user come in no more; what is connected stays."""
        with KafkaAdminClient(**self.settings().admin()) as admin:
            failed = admin.alter_user_scram_credentials(
                [UserScramCredentialDeletion(name, ScramMechanism.SCRAM_SHA_512)]
            )
        assert not any(failed.values()), failed

    @override
    def properties(self, controller: str, data: Path) -> dict[str, str]:
        ports = free_ports(len(_PROTOCOLS) - 1)
        others = [f"127.0.0.1:{port}" for port in ports]
        self.doors = dict(zip(_PROTOCOLS.values(), [self.bootstrap, *others], strict=True))
        listeners = {name: self.doors[protocol] for name, protocol in _PROTOCOLS.items()}
        advertised = ",".join(f"{name}://{address}" for name, address in listeners.items())
        protocols = _PROTOCOLS | {"CONTROLLER": "SASL_PLAINTEXT"}
        password = self.passwords[ADMIN]
        us = f'required username="{ADMIN}" password="{password}"'
        guard = {
            "listeners": f"{advertised},CONTROLLER://{controller}",
            "advertised.listeners": advertised,
            "listener.security.protocol.map": ",".join(
                f"{name}:{protocol}" for name, protocol in protocols.items()
            ),
            "inter.broker.listener.name": "GUARDED",
            "sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-512",
            "sasl.mechanism.controller.protocol": "PLAIN",
            "listener.name.controller.sasl.enabled.mechanisms": "PLAIN",
            "listener.name.controller.plain.sasl.jaas.config": f'{_PLAIN} {us} user_{ADMIN}="{password}";',
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": f"User:{ADMIN}",
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": str(self.certificates / "broker.pem"),
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": str(self.ca),
        }
        for name in ("guarded", "sasl"):
            guard[f"listener.name.{name}.sasl.enabled.mechanisms"] = "SCRAM-SHA-512"
            guard[f"listener.name.{name}.scram-sha-512.sasl.jaas.config"] = f"{_SCRAM} {us};"
        return super().properties(controller, data) | guard

    @override
    def format_arguments(self) -> list[str]:
        return ["--add-scram", f"SCRAM-SHA-512=[name={ADMIN},password={self.passwords[ADMIN]}]"]

    @override
    def client(self) -> Mapping[str, object]:
        return self.settings().admin()


def make_certificates(folder: Path) -> None:
    """Write an authority (`ca.pem`), another that signed nothing (`stranger.pem`), and a broker's key with certificate."""
    folder.mkdir(parents=True)
    for name in ("ca", "stranger"):
        _openssl(
            *("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}"),
            *("-keyout", str(folder / f"{name}.key"), "-out", str(folder / f"{name}.pem")),
        )
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1\n")
    _openssl(
        *("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=broker"),
        *("-keyout", str(folder / "broker.key"), "-out", str(folder / "broker.csr")),
    )
    _openssl(
        *("x509", "-req", "-in", str(folder / "broker.csr"), "-days", "2", "-extfile", str(folder / "names")),
        *("-CA", str(folder / "ca.pem"), "-CAkey", str(folder / "ca.key"), "-CAcreateserial"),
        *("-out", str(folder / "broker.crt")),
    )
    (folder / "broker.pem").write_bytes(
        b"".join((folder / name).read_bytes() for name in ("broker.key", "broker.crt"))
    )


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)
