"""A recording as a log: its records in order, with ticks at fixed steps of the recording's time.

A tick at T stands after every record received up to T and before every later one, whoever plays it: the
backtest in one process, or a producer that writes it to a broker.
"""

import math
from collections.abc import Iterable, Iterator

from streams.recording import Record, RecordingError
from streams.ticks import LATEST_TICK

TICKS_MAX = 5_000_000
"""A recording that needs more ticks has a wrong clock or a tick step that is far too small."""

_LATEST_MS = LATEST_TICK * 1000


def with_ticks(
    records: Iterable[Record], tick_seconds: int, until: int | None = None
) -> Iterator[Record | int]:
    """Yield records and ticks (seconds) in the order of the log.

    Args:
        records: in order of timestamp.
        tick_seconds: ticks stand at multiples of this.
        until: stop at this second, with a last tick exactly there; None plays everything and ends with the
            first tick after the last record.

    Raises:
        RecordingError: records are out of order, outside 1970...2100, or would need more than `TICKS_MAX` ticks.
    """
    # Everything in milliseconds, and a record between two ticks costs three comparisons.
    step = tick_seconds * 1000
    upcoming: int | None = None
    end = math.inf if until is None else until * 1000
    began = limit = 0
    latest = -math.inf
    for record in records:
        received = record.timestamp
        if received > end:
            break
        if received < latest:
            raise RecordingError(f"records out of order at {received} ms; sort the recording by timestamp")
        latest = received
        if upcoming is None:
            _likely(received)
            began = upcoming = -(-received // step) * step
            limit = min(began + TICKS_MAX * step, _LATEST_MS)
        if received > upcoming:
            if received > limit:
                _likely(received)
                raise _too_long(received - began, tick_seconds)
            passed = range(upcoming, received, step)
            yield from (at // 1000 for at in passed)
            upcoming += len(passed) * step
        yield record
    if upcoming is not None:
        yield from _last_ticks(upcoming, until, step, limit)


def _likely(received: int) -> None:
    if not 0 <= received < _LATEST_MS:
        raise RecordingError(
            f"a record has the timestamp {received} ms, outside 1970...2100; it is in milliseconds since 1970, correct it"
        )


def _last_ticks(upcoming: int, until: int | None, step: int, limit: int) -> Iterator[int]:
    if until is None:
        yield upcoming // 1000
        return
    if until * 1000 > limit:
        raise _too_long(until * 1000 - limit + TICKS_MAX * step, step // 1000)
    yield from (at // 1000 for at in range(upcoming, until * 1000, step))
    yield until


def _too_long(milliseconds: int, tick_seconds: int) -> RecordingError:
    # Before the first of them, not after five million.
    return RecordingError(
        f"{milliseconds / 1000:.0f} s would need more than {TICKS_MAX} ticks of {tick_seconds} s; "
        "look for a wrong time, or use a larger tick_seconds"
    )
