"""Signing keys from a file that a setting names: who may write ticks and control records.

A line is the id of a key, the secret, and where wanted since and until when it signs (ISO 8601 with an offset). The last
line that holds signs; all of them are recognised. So a key is changed by adding a line: restart those who read first,
then those who sign. A line stays as long as records that it signed are kept: without it they would count no more, and
the same log would give another result.
"""

import re
from collections.abc import Container
from datetime import datetime
from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

from streams.signature import SigningKey, SigningKeys

SECRET_CHARACTERS_MIN = 32
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


class SigningKeysError(ValueError):
    """A file that holds no usable keys; the message names file, line and what to do, and no secret."""


class SigningSettings(BaseSettings):
    """Who may write ticks and control records.

    Attributes:
        signing_keys_file: file with the keys that sign ticks and control records, a line each: id, secret, since and until where wanted. The
            last one that holds signs, all are recognised. Without it nothing is signed, and anybody's
            ticks and control records count.
        source_keys_file: file with the keys of the sources that sign, in the same form; the `key` of a source's line in the
            registry is the id. Another file, so that no source can sign a tick.
    """

    model_config = SettingsConfigDict(env_prefix="KETENWACHT_", frozen=True, extra="ignore")

    signing_keys_file: Path | None = None
    source_keys_file: Path | None = None

    def keys(self) -> SigningKeys:
        """Return the keys in the file; none without one.

        Raises:
            SigningKeysError: the file cannot be read or holds no usable keys.
        """
        return SigningKeys() if self.signing_keys_file is None else read_keys(self.signing_keys_file)

    def source_keys(self) -> SigningKeys:
        """Return the keys of the sources that sign; none without a file.

        Raises:
            SigningKeysError: the file cannot be read or holds no usable keys.
        """
        return SigningKeys() if self.source_keys_file is None else read_keys(self.source_keys_file)


def read_keys(path: Path) -> SigningKeys:
    """Return the keys in a file.

    Raises:
        SigningKeysError: it cannot be read, holds no key, or a line is not as expected.
    """
    try:
        lines = path.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SigningKeysError(
            f"{path}: cannot be read ({type(error).__name__}); name a text file"
        ) from error
    keys: dict[str, SigningKey] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            key = _key(line.split(), keys)
        except ValueError as error:
            raise SigningKeysError(f"{path}, line {number}: {error}") from None  # the line holds a secret
        keys[key.id] = key
    if not keys:
        raise SigningKeysError(f"{path}: holds no key; a line is an id and a secret")
    return SigningKeys(keys)


def _key(words: list[str], before: Container[str]) -> SigningKey:
    if not 2 <= len(words) <= 4:
        raise ValueError(f"{len(words)} words; expected an id, a secret, and since and until where wanted")
    name, secret, *moments = words
    if not _ID.fullmatch(name):
        raise ValueError("the id is not 1 to 40 letters, digits, `.`, `_` or `-`")
    if name in before:
        raise ValueError(f"key {name} stands in it twice; give each key an id of its own")
    if len(secret) < SECRET_CHARACTERS_MIN:
        raise ValueError(
            f"the secret of {name} is shorter than {SECRET_CHARACTERS_MIN} characters; `openssl rand -hex 32` makes one"
        )
    since, until = [*(_moment(moment) for moment in moments), None, None][:2]
    if until is not None and until <= (since or 0):
        raise ValueError(f"key {name} holds until before it begins")
    return SigningKey(name, secret.encode(), since or 0, until)


def _moment(text: str) -> int:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text} has no offset; write it as 2026-12-01T00:00:00+00:00")
    return round(moment.timestamp() * 1000)
