"""Knocks at Kafka's door once, as the settings say, and names the setting that is wrong.

The clients try for their whole bootstrap time-out and then say that nobody answers. A wrong password, authority or
protocol is told by the first answer already, so every command asks for it first. Nothing is concluded from an absence:
of a broker that does not listen or keeps silent the clients tell.
"""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from typing import Any

from aiokafka.conn import AIOKafkaConnection
from aiokafka.errors import (
    IllegalSaslStateError,
    KafkaConnectionError,
    KafkaError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)
from aiokafka.protocol.admin import SaslHandShakeRequest
from aiokafka.protocol.metadata import MetadataRequest

from streams.kafka import KafkaSettingError, KafkaSettings

_ANSWER_SECONDS = 3.0
_ALL_SECONDS = 8.0
_CLOSE_SECONDS = 0.2

_PROTOCOL = "KETENWACHT_KAFKA_SECURITY_PROTOCOL"
_USER = "KETENWACHT_KAFKA_USERNAME"
_PASSWORD = "KETENWACHT_KAFKA_PASSWORD (or KETENWACHT_KAFKA_PASSWORD_FILE)"  # noqa: S105 - its name
_CLIENT_CERTIFICATE = "KETENWACHT_KAFKA_SSL_CERTFILE and KETENWACHT_KAFKA_SSL_KEYFILE"


def knock(settings: KafkaSettings) -> None:
    """Return when a broker lets us in or none can be asked; takes 8 s at most.

    Raises:
        KafkaSettingError: a broker answered, and not to these settings; names which of them to look at.
    """
    asyncio.run(knocking(settings))


async def knocking(settings: KafkaSettings) -> None:
    """Do what `knock` does, from a loop."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_ALL_SECONDS):
            for server in settings.servers:
                if await _Door(settings, server).opens():
                    return


class _Door:
    """One broker and the ways to come in."""

    def __init__(self, settings: KafkaSettings, server: str) -> None:
        self.settings = settings
        self.server = server
        self.host, _, port = server.rpartition(":")
        self.port = int(port)

    async def opens(self) -> bool:
        """Return whether we were let in; false if that cannot be told."""
        protocol = self.settings.security_protocol
        try:
            async with self._connection(protocol, self.settings.ssl_context()) as connection:
                try:
                    await connection.send(MetadataRequest([]))
                except KafkaConnectionError as error:
                    await self._look_for_what_is_asked(error)
                    return False
        except ssl.SSLCertVerificationError as error:
            raise self._wrong_certificate(error) from error
        except SaslAuthenticationFailed as error:
            raise self._wrong(
                f"refuses user `{self.settings.username}` with this password; look at {_USER} and {_PASSWORD}"
            ) from error
        except UnsupportedSaslMechanismError as error:
            raise self._wrong(
                f"does not take {self.settings.sasl_mechanism}; look at KETENWACHT_KAFKA_SASL_MECHANISM"
            ) from error
        except IllegalSaslStateError as error:
            raise self._wrong(
                f"asks for no user, and {_PROTOCOL} is {protocol}; set it to {protocol.removeprefix('SASL_')}"
            ) from error
        except (KafkaError, OSError, TimeoutError) as error:
            await self._look_for_another_protocol(error)
            return False
        return True

    async def _look_for_what_is_asked(self, error: Exception) -> None:
        """Raise if a connection that was closed after the greeting lacked a certificate or a user."""
        protocol = self.settings.security_protocol
        if _asks_for_our_certificate(error):
            raise self._wrong(f"asks for a certificate of ours; look at {_CLIENT_CERTIFICATE}") from error
        if not protocol.startswith("SASL") and await self._takes_users():
            wanted = "SASL_SSL" if protocol == "SSL" else "SASL_PLAINTEXT"
            raise self._wrong(
                f"wants to know who asks, and {_PROTOCOL} is {protocol}; set it to {wanted}, with {_USER} and {_PASSWORD}"
            ) from error

    async def _takes_users(self) -> bool:
        """Return whether the broker answers who offers to say who he is; one without users calls that out of place."""
        try:
            context = self.settings.ssl_context()
            async with self._connection(self.settings.security_protocol, context) as connection:
                answer = await connection.send(SaslHandShakeRequest(self.settings.sasl_mechanism))
        except (KafkaError, OSError, TimeoutError):
            return False
        return bool(answer.error_code in (0, UnsupportedSaslMechanismError.errno))

    async def _look_for_another_protocol(self, error: Exception) -> None:
        """Raise if the door opens to who comes with TLS where we came without it, or the other way round."""
        protocol = self.settings.security_protocol
        if protocol.endswith("SSL") and await self._greets("PLAINTEXT"):
            raise self._wrong(
                f"does not speak TLS, and {_PROTOCOL} is {protocol}; look at it and at the port in "
                "KETENWACHT_KAFKA_BOOTSTRAP"
            ) from error
        if not protocol.endswith("SSL") and await self._greets("SSL"):
            raise self._wrong(
                f"speaks TLS, and {_PROTOCOL} is {protocol}; set it to SSL or SASL_SSL"
            ) from error

    async def _greets(self, protocol: str) -> bool:
        """Return whether the broker says what it can, which it tells everybody."""
        anybody = None
        if protocol == "SSL":
            # To find out, not to talk: nothing of ours is sent over this.
            anybody = ssl.create_default_context()
            anybody.check_hostname = False
            anybody.verify_mode = ssl.CERT_NONE
        try:
            async with self._connection(protocol, anybody):
                return True
        except (KafkaError, OSError, TimeoutError) as error:
            return protocol == "SSL" and _asks_for_our_certificate(error)

    @contextlib.asynccontextmanager
    async def _connection(
        self, protocol: str, context: ssl.SSLContext | None
    ) -> AsyncIterator[AIOKafkaConnection]:
        arguments: dict[str, Any] = {"security_protocol": protocol, "ssl_context": context}
        if protocol.startswith("SASL"):
            common = self.settings.aio_consumer()
            arguments |= {name: value for name, value in common.items() if name.startswith("sasl_")}
        async with asyncio.timeout(_ANSWER_SECONDS):
            connection = AIOKafkaConnection(
                self.host,
                self.port,
                client_id=self.settings.client_id,
                request_timeout_ms=round(_ANSWER_SECONDS * 1000),
                **arguments,
            )
            try:
                await connection.connect()
                yield connection
            finally:
                # Never done where there was no connection.
                await asyncio.wait([connection.close()], timeout=_CLOSE_SECONDS)

    def _wrong_certificate(self, error: ssl.SSLCertVerificationError) -> KafkaSettingError:
        if "match" in error.verify_message:
            return self._wrong(
                f"shows a certificate for another name ({error.verify_message}); look at KETENWACHT_KAFKA_BOOTSTRAP"
            )
        trusted = self.settings.ssl_cafile or "the authorities of this system"
        return self._wrong(
            f"shows a certificate that is not trusted ({error.verify_message}); look at KETENWACHT_KAFKA_SSL_CAFILE "
            f"({trusted})"
        )

    def _wrong(self, what: str) -> KafkaSettingError:
        return KafkaSettingError(f"Kafka at {self.server} {what}")


def _asks_for_our_certificate(error: BaseException | None) -> bool:
    while error is not None:
        reason = getattr(error, "reason", None) or ""
        if isinstance(error, ssl.SSLError) and "CERTIFICATE" in reason and "ALERT" in reason:
            return True
        error = error.__cause__
    return False
