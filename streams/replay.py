"""A recording as a log: its records in order, with ticks at fixed steps of the recording's time.

A tick at T stands after every record received up to T and before every later one, whoever plays it: the
backtest in one process, or a producer that writes it to a broker.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import islice

from streams.codec import RefusedError
from streams.control import CONTROL_KEY
from streams.recording import Record, RecordingError
from streams.ticks import LATEST_TICK

TICKS_MAX = 5_000_000
"""A recording that needs more ticks has a wrong clock or a tick step that is far too small."""

STRETCH_MAX = 1000
"""So many records are looked at together."""

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
    for item in stretches(records, tick_seconds, until):
        if isinstance(item, int):
            yield item
        else:
            yield from item


def stretches(
    records: Iterable[Record], tick_seconds: int, until: int | None = None
) -> Iterator[list[Record] | int]:
    """Yield the same log with the records between two ticks together, up to `STRETCH_MAX` at a time.

    A record costs nothing of its own here. Arguments and errors as of `with_ticks`.
    """
    step = tick_seconds * 1000
    upcoming = -1  # none yet
    end = math.inf if until is None else until * 1000
    began = limit = 0
    latest = -math.inf
    source = iter(records)
    while taken := list(islice(source, STRETCH_MAX)):
        times = [record.timestamp for record in taken]
        whole = _in_order(times, latest)
        size = bisect_right(times, end, 0, whole)
        at = 0
        if size and upcoming < 0:
            _likely(times[0])
            began = upcoming = -(-times[0] // step) * step
            limit = min(began + TICKS_MAX * step, _LATEST_MS)
        while at < size:
            following = bisect_right(times, upcoming, at, size)
            if following > at:
                yield taken[at:following]
                at = following
            else:
                received = times[at]
                if received > limit:
                    _likely(received)
                    raise _too_long(received - began, tick_seconds)
                passed = range(upcoming, received, step)
                yield from (tick // 1000 for tick in passed)
                upcoming += len(passed) * step
        if size < whole:
            break
        if whole < len(times):
            raise RecordingError(
                f"records out of order at {times[whole]} ms; sort the recording by timestamp"
            )
        latest = times[-1]
    if upcoming >= 0:
        yield from _last_ticks(upcoming, until, step, limit)


def _in_order(times: list[int], latest: float) -> int:
    """Return how many of the times follow each other, and what was before."""
    if times[0] >= latest and times == sorted(times):
        return len(times)
    for index, received in enumerate(times):
        if received < latest:
            return index
        latest = received
    return len(times)


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


def no_part_of_a_log(key: bytes | None) -> RefusedError:
    """Return why a record of a log is refused that a worker would take for a tick or a control record."""
    if key == CONTROL_KEY:
        return RefusedError(
            "not-a-control", "a control record holds in the log that it was written to, and no other"
        )
    return RefusedError("not-a-tick", "a log brings its ticks itself; only a ticker may use this key")
