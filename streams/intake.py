"""The fast road in: what `decode_report` accepts, without the parts that cost most.

`decode_report` says what a report is. Here an honest report is recognised by cheaper means: the region is one of a
fixed list instead of a pattern, a source that was seen before is not held against its pattern again, rows are
checked in one loop, texts are looked at in the bytes of all of them, and the two moments become seconds once. Who reports
says the same rows in the same order each time: a decoder that takes no other shape finds them all different, and within the
limits of their unit, while it decodes. Whatever is not recognised at once goes to
`decode_report`, which accepts it or says why not; so both accept and refuse the same, in the same words.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

import msgspec

from streams.calendar import day_number, seconds
from streams.codec import decode_report
from streams.lean import Decode, Lean
from streams.legible import DELETE, ESCAPE, LEAD_C2, LEAD_D8, LEAD_E2
from streams.regions import REGIONS
from streams.reports import REPORT_TYPES, Report
from streams.reports.declaration import row_type
from streams.reports.refused import EARLIEST, LATEST
from streams.reports.report import WeeklyReport
from streams.shapes import Shapes
from streams.topics import RECORD_BYTES_MAX

Accepted = tuple[Any, int, int]
"""A report (its fields are those of `REPORT_TYPES`, its class is not, its rows may be a tuple), the second it is about, the second it came."""

Accept = Callable[[bytes | None, bytes | None], Accepted]
"""Takes key and value of a record; raises `RefusedError`."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST_DAY = day_number(EARLIEST.date())
_LATEST_DAY = day_number(LATEST.date())
_REGION_OF = {name.encode(): name for name in REGIONS}
_SOURCES_MAX = 10_000
_REFUSALS = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, OverflowError)


def _doubts(kind: type[Report]) -> Callable[[Any, int], bool] | None:
    """Return what says of a lean report, with the day (UTC) on which it came, whether it is to be looked at whole."""
    declared = kind.declared
    own = declared.doubtful
    if declared.day == "observed_at":
        return None if own is None else lambda report, _received_day: own(report)
    day_of, earliest, epoch = attrgetter(declared.day), EARLIEST.toordinal(), _EPOCH.toordinal()
    on_monday = issubclass(kind, WeeklyReport)

    def doubtful(report: Any, received_day: int) -> bool:
        day = day_of(report).toordinal()
        # Up to the day it came, in UTC, is allowed with every offset; what lies closer to the limit is looked at whole.
        if not earliest <= day <= received_day + epoch or (on_monday and day % 7 != 1):
            return True
        return own is not None and own(report)

    return doubtful


def _checks_in_python(kind: type[Report]) -> bool:
    """Return whether a type refuses what neither its fields nor `doubtful` say."""
    checks = {getattr(one, "__post_init__", None) for one in (kind, row_type(kind))}
    return kind.declared.check is not None or bool(checks - {None, WeeklyReport.__post_init__})


def _unshaped(kind: type[Report], lean: Lean) -> Decode:
    """Return what decodes reports without rows, or with rows that may be about anything.

    It raises `msgspec.ValidationError` where two rows are about the same.
    """
    declared, decode = kind.declared, lean.decode
    if not declared.rows:
        return decode
    rows_of, subject = attrgetter(declared.rows), attrgetter(*declared.subject)

    def read(value: bytes) -> Any:
        report = decode(value)
        rows = rows_of(report)
        if len(rows) > 1 and len({*map(subject, rows)}) < len(rows):
            raise msgspec.ValidationError("two rows are about the same")
        return report

    return read


def _acceptor(topic: str, kind: type[Report]) -> Accept:
    lean = Lean(kind)
    shapes = Shapes(kind, lean) if lean.has_shapes else None
    expected, read = (shapes.expected, shapes.read) if shapes else ({}, None)
    plain, doubtful = _unshaped(kind, lean), _doubts(kind)
    sources: set[str] = set()

    def carefully(key: bytes | None, value: bytes | None) -> Accepted:
        report = decode_report(topic, key, value)
        if len(sources) < _SOURCES_MAX:
            sources.add(report.source)
        return report, seconds(report.observed_at), seconds(report.received_at)

    epoch, region_of = _EPOCH, _REGION_OF.get

    def accept(key: bytes | None, value: bytes | None) -> Accepted:
        if value is None:
            return carefully(key, value)
        try:
            size = len(value)
            if read is not None:
                place = key, size >> 6
                try:
                    report = expected[place](value)
                except (KeyError, msgspec.ValidationError):
                    report = read(place, value)
            else:
                report = plain(value)
            since = report.observed_at - epoch
            observed_day = since.days
            observed = observed_day * 86_400 + since.seconds
            since = report.received_at - epoch
            received_day = since.days
            received = received_day * 86_400 + since.seconds
            if (
                # Days are small numbers, and those are compared fastest.
                observed_day >= _EARLIEST_DAY
                and received_day < _LATEST_DAY
                # A clock may be a day ahead: `carefully` knows.
                and observed <= received
                and region_of(key) == report.region  # type: ignore[arg-type]
                and report.source in sources
                and size <= RECORD_BYTES_MAX
                # As `is_plain`, without a call.
                and ESCAPE not in value
                and DELETE not in value
                and (value.isascii() or not (LEAD_C2 in value or LEAD_D8 in value or LEAD_E2 in value))
                and (doubtful is None or not doubtful(report, received_day))
            ):
                return report, observed, received
        except _REFUSALS:
            pass
        return carefully(key, value)

    return carefully if kind.declared.doubtful is None and _checks_in_python(kind) else accept


ACCEPT: Mapping[str, Accept] = {topic: _acceptor(topic, kind) for topic, kind in REPORT_TYPES.items()}
"""How records of each report topic are accepted; same verdicts and refusals as `decode_report`."""
