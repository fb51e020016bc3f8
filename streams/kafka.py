"""How to reach Kafka: the settings, and what they mean to kafka-python and to aiokafka.

Built once at the door, from the environment (`KETENWACHT_KAFKA_BOOTSTRAP`, `..._PASSWORD` and so on)
or by name, and handed down. The password is never shown: it leaves only in the client arguments. `streams.knock` tells
which setting a broker does not agree with.
"""

import re
import socket
import ssl
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from streams.secret_files import SecretsFromFiles
from streams.topics import DEAD_LETTER_ROOM, MESSAGE_BYTES_MAX

SecurityProtocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
SaslMechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]

# The largest record that any topic takes, with some framing around it.
_REQUEST_BYTES_MAX = MESSAGE_BYTES_MAX + DEAD_LETTER_ROOM + 10_000

_RECONNECT_MS_MAX = 2_000
"""kafka-python waits longer after each try, up to half a minute: so long a ticker would miss a broker that is back."""


_SOCKET_OPTIONS = (
    (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
    # At a broker that is frozen connections queue up until no more are let in. Who knocks is then let in at the next try of
    # the kernel, each twice as long after the one before: rather a new connection after 7 s.
    (socket.IPPROTO_TCP, socket.TCP_SYNCNT, 2),
)


class KafkaSettingError(ValueError):
    """A setting cannot be used; the message names it and what to do, and shows no secret."""


class KafkaSettings(SecretsFromFiles):
    """Where Kafka is and how to speak to it.

    Attributes:
        bootstrap: one or more `host:port`, separated by commas.
        security_protocol: `PLAINTEXT`, `SSL`, `SASL_PLAINTEXT` or `SASL_SSL`.
        sasl_mechanism: for SASL.
        username: for SASL.
        password: for SASL; never printed.
        password_file: file that holds it, instead.
        ssl_cafile: PEM file with the authorities to trust; the system's own if None.
        ssl_certfile: PEM file with our certificate, where the broker asks for one.
        ssl_keyfile: PEM file with its key.
        request_timeout_s: how long to wait for an answer, seconds.
        client_id: how the broker's logs and quotas name us.

    Raises:
        pydantic.ValidationError: a value is out of range, or SASL lacks user name or password.
    """

    model_config = SettingsConfigDict(
        env_prefix="KETENWACHT_KAFKA_", frozen=True, extra="forbid", hide_input_in_errors=True
    )

    bootstrap: str = "127.0.0.1:9092"
    security_protocol: SecurityProtocol = "PLAINTEXT"
    sasl_mechanism: SaslMechanism = "SCRAM-SHA-512"
    username: str | None = None
    password: SecretStr | None = None
    password_file: Path | None = None
    ssl_cafile: Path | None = None
    ssl_certfile: Path | None = None
    ssl_keyfile: Path | None = None
    request_timeout_s: float = Field(default=30.0, gt=0, le=600)
    client_id: str = "ketenwacht"

    @classmethod
    def own(cls, bootstrap: str) -> Self:
        """Return how to reach a broker of our own on loopback, whatever the environment says of another one."""
        return cls.model_construct(bootstrap=bootstrap)  # nothing but the defaults: it reads no environment

    @field_validator("bootstrap")
    @classmethod
    def _addresses(cls, bootstrap: str) -> str:
        if not re.fullmatch(r"[^\s,:]+:\d{1,5}(,[^\s,:]+:\d{1,5})*", bootstrap):
            raise ValueError("host:port expected, or several separated by commas")
        return bootstrap

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self._sasl and not (self.username and self.password):
            raise ValueError(
                f"{self.security_protocol} needs KETENWACHT_KAFKA_USERNAME, and KETENWACHT_KAFKA_PASSWORD or "
                "KETENWACHT_KAFKA_PASSWORD_FILE"
            )
        if (self.ssl_certfile is None) != (self.ssl_keyfile is None):
            raise ValueError("KETENWACHT_KAFKA_SSL_CERTFILE and KETENWACHT_KAFKA_SSL_KEYFILE go together")
        return self

    def producer(self) -> dict[str, Any]:
        """Return keyword arguments for `kafka.KafkaProducer`: acknowledged by all, nothing lost."""
        return self._kafka_python() | {
            "acks": "all",
            "max_request_size": _REQUEST_BYTES_MAX,
            "allow_auto_create_topics": False,
            "metrics_enabled": False,
        }

    def consumer(self) -> dict[str, Any]:
        """Return keyword arguments for `kafka.KafkaConsumer`: from the start, commits only on demand."""
        return self._kafka_python() | {
            "auto_offset_reset": "earliest",
            "enable_auto_commit": False,
            "allow_auto_create_topics": False,
            "metrics_enabled": False,
        }

    def admin(self) -> dict[str, Any]:
        """Return keyword arguments for `kafka.KafkaAdminClient`."""
        return self._kafka_python()

    def aio_producer(self) -> dict[str, Any]:
        """Return keyword arguments for `aiokafka.AIOKafkaProducer`: acknowledged by all."""
        return self._aiokafka() | {"acks": "all", "max_request_size": _REQUEST_BYTES_MAX}

    def aio_consumer(self) -> dict[str, Any]:
        """Return keyword arguments for `aiokafka.AIOKafkaConsumer`: from the start, no auto commit."""
        return self._aiokafka() | {"auto_offset_reset": "earliest", "enable_auto_commit": False}

    def ssl_context(self) -> ssl.SSLContext | None:
        """Return the TLS context, with host names checked; None where the protocol has no TLS.

        Raises:
            KafkaSettingError: a file cannot be read, or is no certificate or key.
        """
        if not self.security_protocol.endswith("SSL"):
            return None
        try:
            context = ssl.create_default_context(cafile=self.ssl_cafile)
        except OSError as error:  # ssl.SSLError is one
            raise KafkaSettingError(
                f"KETENWACHT_KAFKA_SSL_CAFILE: {self.ssl_cafile} holds no authority that can be read ({error.strerror})"
            ) from error
        if self.ssl_certfile is not None:
            try:
                context.load_cert_chain(self.ssl_certfile, self.ssl_keyfile)
            except OSError as error:
                raise KafkaSettingError(
                    f"KETENWACHT_KAFKA_SSL_CERTFILE and KETENWACHT_KAFKA_SSL_KEYFILE: {self.ssl_certfile} and "
                    f"{self.ssl_keyfile} are no certificate with its key ({error.strerror})"
                ) from error
        return context

    @property
    def servers(self) -> list[str]:
        """The bootstrap addresses, one an item."""
        return self.bootstrap.split(",")

    @property
    def _sasl(self) -> bool:
        return self.security_protocol.startswith("SASL")

    def _kafka_python(self) -> dict[str, Any]:
        return self._aiokafka() | {
            "bootstrap_timeout_ms": round(self.request_timeout_s * 1000),
            "reconnect_backoff_max_ms": _RECONNECT_MS_MAX,
            "socket_options": list(_SOCKET_OPTIONS),
        }

    def _aiokafka(self) -> dict[str, Any]:
        """What both libraries call by the same name."""
        common: dict[str, Any] = {
            "bootstrap_servers": self.servers,
            "client_id": self.client_id,
            "request_timeout_ms": round(self.request_timeout_s * 1000),
            "security_protocol": self.security_protocol,
            "ssl_context": self.ssl_context(),
        }
        if self._sasl and self.password is not None:
            common |= {
                "sasl_mechanism": self.sasl_mechanism,
                "sasl_plain_username": self.username,
                "sasl_plain_password": self.password.get_secret_value(),
            }
        return common
