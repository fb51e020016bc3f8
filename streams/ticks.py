"""Time as a record: a tick `{T}` stands in every partition of every report topic.

Reports change state, ticks make judgements. T is a whole second since 1970 (UTC). A tick has the key
`tick` and is written to an explicit partition; two tickers are harmless, a partition ignores T at or
below its last one.
"""

import msgspec

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
