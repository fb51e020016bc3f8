"""The fast road in: what `decode_report` accepts, without the parts that cost most.

`decode_report` says what a report is. Here an honest report is recognised by cheaper means: the region is one of a
fixed list instead of a pattern, a source that was seen before is not held against its pattern again, rows are
checked in one loop, and the two moments become seconds once. Counts are held against the limits of one location while they
are decoded. Whatever is not recognised at once goes to
`decode_report`, which accepts it or says why not; so both accept and refuse the same, in the same words.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import reduce
from operator import attrgetter, or_
from typing import Annotated, Any, Literal, get_type_hints

import msgspec
from msgspec import Meta

from streams.calendar import day_number, seconds
from streams.codec import decode_report
from streams.regions import REGIONS
from streams.reports import REPORT_TYPES, Report
from streams.reports.declaration import EVERY, Limits, fields_of, row_type
from streams.reports.refused import EARLIEST, LATEST
from streams.reports.report import WeeklyReport
from streams.topics import RECORD_BYTES_MAX

Accepted = tuple[Any, int, int]
"""A report (its fields, not its class, are those of `REPORT_TYPES`), the second it is about, the second it came."""

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


def _lean(kind: type[Report]) -> Any:
    """Return a type with the fields of `kind`, in its order, without patterns and without checks in Python.

    It takes no count that one location cannot have: those of the country are looked at whole.
    """
    declared, own = kind.declared, {"source": str, "region": Literal[tuple(REGIONS)]}
    row = row_type(kind)
    if row is kind:
        return _slim(kind, _limited(kind, declared.limits.get(EVERY, {})) | own)
    lean = [
        # A type for each unit: its name tells the decoder which limits to hold.
        _slim(row, _limited(row, limits), tag_field="unit", tag=unit, namespace={"unit": unit})
        if unit
        else _slim(row, _limited(row, limits))
        for unit, limits in (declared.limits or {EVERY: {}}).items()
    ]
    lean_row: Any = reduce(or_, lean)
    listed = get_type_hints(kind, include_extras=True)[declared.rows]
    own[declared.rows] = Annotated[(list[lean_row], *listed.__metadata__)]
    return _slim(kind, own)


def _limited(kind: type[msgspec.Struct], limits: Limits) -> dict[str, Any]:
    """Return the types of those fields of `kind` that have a limit."""
    limited: dict[str, Any] = {}
    for field in msgspec.structs.fields(kind):
        if field.name in limits:
            number: Any = float if field.name in fields_of(kind, float) else int
            most: Any = Annotated[number, Meta(ge=0, le=limits[field.name][0])]
            limited[field.name] = most if field.required else most | None
    return limited


def _slim(kind: type[msgspec.Struct], own: Mapping[str, Any], **options: Any) -> Any:
    """Return a struct with the fields of `kind`, of which some have a type of their own; a tag is no field."""
    fields: list[Any] = []
    for field in msgspec.structs.fields(kind):
        hint = own.get(field.name, field.type)
        if field.name != options.get("tag_field"):
            fields.append((field.name, hint) if field.required else (field.name, hint, field.default))
    return msgspec.defstruct(
        f"Lean{kind.__name__}",
        fields,
        frozen=True,
        kw_only=True,
        forbid_unknown_fields=True,
        omit_defaults=True,
        gc=False,
        **options,
    )


def _acceptor(topic: str, kind: type[Report]) -> Accept:
    decode = msgspec.json.Decoder(_lean(kind)).decode
    doubtful = _doubts(kind)
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
            report: Any = decode(value)
            since = report.observed_at - epoch
            observed_day = since.days
            observed = observed_day * 86_400 + since.seconds
            since = report.received_at - epoch
            received_day = since.days
            received = received_day * 86_400 + since.seconds
            if (
                # Days are small numbers, and those are compared fastest.
                _EARLIEST_DAY <= observed_day < _LATEST_DAY
                and _EARLIEST_DAY <= received_day < _LATEST_DAY
                # A clock may be a day ahead, up to the last second; `carefully` knows what fractions do to that one.
                and (observed <= received or observed < received + 86_400)
                and region_of(key) == report.region  # type: ignore[arg-type]
                and report.source in sources
                and len(value) <= RECORD_BYTES_MAX
                and (doubtful is None or not doubtful(report, received_day))
            ):
                return report, observed, received
        except _REFUSALS:
            pass
        return carefully(key, value)

    return carefully if kind.declared.doubtful is None and _checks_in_python(kind) else accept


ACCEPT: Mapping[str, Accept] = {topic: _acceptor(topic, kind) for topic, kind in REPORT_TYPES.items()}
"""How records of each report topic are accepted; same verdicts and refusals as `decode_report`."""
