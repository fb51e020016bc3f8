"""Time as a record: a tick `{T}` stands in every partition of every report topic.

Reports change state, ticks make judgements. T is a whole second since 1970 (UTC). A tick has the key
`tick` and is written to an explicit partition; two tickers are harmless, a partition ignores T at or
below its last one.

A tick counts only as far as a second clock agrees: it lies hardly ahead of its record's own timestamp, and that one hardly
ahead of the broker's clock (`TIMESTAMP_AHEAD_MS_MAX`, a setting of the report topics). So the time can be put forward by
some 15 s and no more, whoever writes; a replay of the past, where both are old, goes as fast as it likes.
"""

from collections.abc import Sequence
from typing import Literal

import msgspec

from streams.damaged import Header
from streams.signature import SignatureError, Signed, SigningKeys

TICK_KEY = b"tick"

SPREAD_SECONDS = 0.1
"""So long a live ticker takes to write a tick to all partitions: written at once it gives every broker and worker its
work for the whole second at once, and reports wait behind that."""


class Tick(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tick as it stands in the log; `tick` is in seconds since 1970, UTC."""

    tick: int


_decoder = msgspec.json.Decoder(Tick)
LATEST_TICK = 4_102_444_800
"""2100-01-01: a tick lies before it."""


AHEAD_MS_MAX = 5_000
"""So far may a tick lie ahead of its record's own timestamp."""

TIMESTAMP_AHEAD_MS_MAX = 10_000
"""So far may the timestamp of a record lie ahead of the clock of whoever checks it: the broker, or else the worker."""

Fault = Literal["malformed", "ahead", "unsigned"]


class TickError(ValueError):
    """A tick that does not count: `fault` in a word, the message in a sentence."""

    def __init__(self, fault: Fault, why: str) -> None:
        super().__init__(why)
        self.fault: Fault = fault


def encode_tick(at: int) -> bytes:
    """Return the value of the tick record for second `at`."""
    return b'{"tick":%d}' % at


def decode_tick(value: bytes | None) -> int:
    """Return the second that a tick record stands for.

    Raises:
        ValueError: the value is no tick, or its time lies outside 1970...2100.
    """
    try:
        at = _decoder.decode(value or b"").tick
    except msgspec.MsgspecError as error:
        raise ValueError(f"not a tick: {error}") from error
    if not 0 < at < LATEST_TICK:
        raise ValueError(f"tick outside 1970...2100: {at}")
    return at


def sign_tick(topic: str, partition: int, at: int, keys: SigningKeys) -> tuple[Header, ...]:
    """Return the headers of the tick at `at`, whose record has that second as its timestamp.

    One of a time before any key holds, as a replay writes it, is not signed and need not be.

    Raises:
        SignatureError: there are keys, and none of them holds any more.
    """
    if at * 1000 < keys.since:
        return ()
    return keys.sign(Signed(topic, partition, at * 1000, TICK_KEY, encode_tick(at)))


def tick_that_counts(record: Signed, headers: Sequence[Header], keys: SigningKeys) -> int:
    """Return the second of a tick record.

    Raises:
        TickError: it is no tick, lies ahead of its own timestamp, or is not signed although it must be.
    """
    try:
        at = decode_tick(record.value)
    except ValueError as error:
        raise TickError("malformed", str(error)) from error
    if at * 1000 > record.timestamp + AHEAD_MS_MAX:
        ahead = at - record.timestamp / 1000
        raise TickError("ahead", f"tick {at} lies {ahead:.0f} s ahead of its record; set the clock right")
    if record.timestamp >= keys.since:
        try:
            keys.check(record, headers)
        except SignatureError as error:
            raise TickError("unsigned", str(error)) from error
    return at
