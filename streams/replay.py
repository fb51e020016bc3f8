"""A recording as a log: its records in order, with ticks at fixed steps of the recording's time.

A tick at T stands after every record received up to T and before every later one, whoever plays it: the
backtest in one process, or a producer that writes it to a broker.
"""

from collections.abc import Iterable, Iterator

from streams.recording import Record, RecordingError

TICKS_MAX = 5_000_000
"""A recording that needs more ticks has a wrong clock or a tick step that is far too small."""


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
        RecordingError: records are out of order, or would need more than `TICKS_MAX` ticks.
    """
    upcoming: int | None = None
    latest = 0
    began = 0
    for record in records:
        received = record.timestamp / 1000
        if until is not None and received > until:
            break
        if record.timestamp < latest:
            raise RecordingError(
                f"records out of order at {record.timestamp} ms; sort the recording by timestamp"
            )
        latest = record.timestamp
        if upcoming is None:
            began = upcoming = -(-record.timestamp // (tick_seconds * 1000)) * tick_seconds
        _check_span(received - began, tick_seconds)
        while upcoming < received:
            yield upcoming
            upcoming += tick_seconds
        yield record
    if upcoming is None:
        return
    if until is None:
        yield upcoming
        return
    _check_span(until - began, tick_seconds)
    while upcoming < until:
        yield upcoming
        upcoming += tick_seconds
    yield until


def _check_span(seconds: float, tick_seconds: int) -> None:
    # Before the first of them, not after five million.
    if seconds / tick_seconds > TICKS_MAX:
        raise RecordingError(
            f"{seconds:.0f} s would need more than {TICKS_MAX} ticks of {tick_seconds} s; "
            "look for a wrong time, or use a larger tick_seconds"
        )
