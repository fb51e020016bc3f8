"""Who wrote a record: an HMAC-SHA256 over the whole of it and the place it is meant for, in one header.

What is signed is bytes that any language makes in a line:

    topic LF partition LF timestamp LF length of the key LF length of the value LF key value

Numbers are decimal, the timestamp is the record's own in milliseconds, and the length of a null is -1. The header
`kw-signature` is the id of the key, a colon, and the HMAC in lower-case hexadecimal. So a record that was copied to
another topic or partition, or written again later, is not signed.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field

from streams.damaged import Header

SIGNATURE_HEADER = "kw-signature"


class SignatureError(ValueError):
    """A record that is not signed as it must be; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One key.

    Attributes:
        id: its name, which stands in each signature.
        secret: the key itself; never shown.
        since: first moment of a record that it signs, milliseconds.
        until: from this moment on it signs no more, milliseconds; None while it does.
    """

    id: str
    secret: bytes = field(repr=False)
    since: int = 0
    until: int | None = None

    def holds_at(self, timestamp: int) -> bool:
        """Return whether it signs records of this moment, milliseconds."""
        return self.since <= timestamp and (self.until is None or timestamp < self.until)


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signature is about: the record, and where it is meant to stand; `timestamp` in milliseconds."""

    topic: str
    partition: int
    timestamp: int
    key: bytes | None
    value: bytes | None

    @property
    def text(self) -> bytes:
        """The bytes that are signed."""
        key, value = self.key or b"", self.value or b""
        sizes = (-1 if self.key is None else len(key), -1 if self.value is None else len(value))
        head = f"{self.topic}\n{self.partition}\n{self.timestamp}\n{sizes[0]}\n{sizes[1]}\n"
        return head.encode() + key + value


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """Keys by id, the one that was added last at the end; without any, nothing is signed and everything counts."""

    by_id: dict[str, SigningKey] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.by_id)

    @property
    def since(self) -> int:
        """First moment at which a record must be signed, milliseconds: before any key there was nothing to sign with."""
        return min((key.since for key in self.by_id.values()), default=0)

    def sign(self, record: Signed) -> tuple[Header, ...]:
        """Return the signature as a header, made with the newest key that holds; nothing without keys.

        Raises:
            SignatureError: there are keys, and none of them holds at the record's timestamp.
        """
        if not self.by_id:
            return ()
        for key in reversed(self.by_id.values()):
            if key.holds_at(record.timestamp):
                return ((SIGNATURE_HEADER, f"{key.id}:{_code(key, record)}".encode()),)
        raise SignatureError("no signing key holds now; add one to the file with the keys")

    def check(self, record: Signed, headers: Sequence[Header]) -> None:
        """Return if a record is signed with one of the keys, or there are none.

        Raises:
            SignatureError: it is not.
        """
        if not self.by_id:
            return
        found = [value for name, value in headers if name == SIGNATURE_HEADER]
        if len(found) != 1:
            raise SignatureError(f"{len(found)} headers `{SIGNATURE_HEADER}`, expected one; sign the record")
        name, _, code = (found[0] or b"").decode(errors="replace").partition(":")
        key = self.by_id.get(name)
        if key is None:
            raise SignatureError(
                f"signed with the unknown key {name[:40]!r}; add it to the file with the keys"
            )
        if not key.holds_at(record.timestamp):
            raise SignatureError(f"key {name} does not hold at the time of the record; sign with another one")
        if not hmac.compare_digest(_code(key, record).encode(), code.encode()):
            raise SignatureError(
                f"not what key {name} signed at this place; compare keys, topic and partition"
            )


def _code(key: SigningKey, record: Signed) -> str:
    return hmac.digest(key.secret, record.text, hashlib.sha256).hex()
