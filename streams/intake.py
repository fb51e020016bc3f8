"""The fast road in: what `decode_report` accepts, without the parts that cost most.

`decode_report` says what a report is. Here an honest report is recognised by cheaper means: the region is one of a
fixed list instead of a pattern, a source that was seen before is not held against its pattern again, rows are
checked in one loop, texts are looked at in the bytes of all of them, and the two moments become seconds once. Counts
are held against the limits of one location while they are decoded. Whatever is not recognised at once goes to
`decode_report`, which accepts it or says why not; so both accept and refuse the same, in the same words.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from operator import attrgetter
from typing import Annotated, Any, Literal, get_type_hints

import msgspec
from msgspec import Meta

from streams.calendar import day_number, seconds
from streams.codec import decode_report
from streams.legible import DELETE, ESCAPE, LEAD_C2, LEAD_D8, LEAD_E2
from streams.plausible import impossible_count
from streams.regions import REGIONS
from streams.reports import REPORT_TYPES, Report
from streams.reports.declaration import fields_of, row_type
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

    It takes no count that one location cannot have in any unit: those of the country are looked at whole.
    """
    declared, own = kind.declared, {"source": str, "region": Literal[tuple(REGIONS)]}
    most: dict[str, int] = {}
    for limits in declared.limits.values():
        for name, (local, _) in limits.items():
            most[name] = max(local, most.get(name, 0))
    row = row_type(kind)
    if row is kind:
        return _slim(kind, _limited(kind, most) | own)
    lean_row = _slim(row, _limited(row, most))
    listed = get_type_hints(kind, include_extras=True)[declared.rows]
    own[declared.rows] = Annotated[(list[lean_row], *listed.__metadata__)]  # type: ignore[valid-type]
    return _slim(kind, own)


def _row_doubts(kind: type[Report], lean: Any) -> Callable[[Any], bool] | None:
    """Return what says of a lean report whether its rows are to be looked at whole, one beside the other."""
    declared = kind.declared
    if not declared.rows or declared.crossed is not None:
        return declared.crossed
    subject = attrgetter(*declared.subject)
    lean.told = vars(lean)[
        declared.rows
    ]  # the same member by a name that code can say: so it is read fastest
    lean.declared = declared
    by_unit = len(declared.limits) > 1

    def crossed(report: Any) -> bool:
        rows = report.told
        if len(rows) > 1 and len({*map(subject, rows)}) < len(rows):
            return True
        return by_unit and impossible_count(report) is not None

    return crossed


def _limited(kind: type[msgspec.Struct], most: Mapping[str, int]) -> dict[str, Any]:
    """Return the types of those fields of `kind` that have a limit."""
    limited: dict[str, Any] = {}
    for field in msgspec.structs.fields(kind):
        if field.name in most:
            number: Any = float if field.name in fields_of(kind, float) else int
            bounded: Any = Annotated[number, Meta(ge=0, le=most[field.name])]
            limited[field.name] = bounded if field.required else bounded | None
    return limited


def _slim(kind: type[msgspec.Struct], own: Mapping[str, Any]) -> Any:
    """Return a struct with the fields of `kind`, of which some have a type of their own."""
    fields: list[Any] = []
    for field in msgspec.structs.fields(kind):
        hint = own.get(field.name, field.type)
        fields.append((field.name, hint) if field.required else (field.name, hint, field.default))
    return msgspec.defstruct(
        f"Lean{kind.__name__}",
        fields,
        frozen=True,
        kw_only=True,
        forbid_unknown_fields=True,
        omit_defaults=True,
        gc=False,
    )


def _acceptor(topic: str, kind: type[Report]) -> Accept:
    lean = _lean(kind)
    decode = msgspec.json.Decoder(lean).decode
    doubtful, crossed = _doubts(kind), _row_doubts(kind, lean)
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
                observed_day >= _EARLIEST_DAY
                and received_day < _LATEST_DAY
                # A clock may be a day ahead: `carefully` knows.
                and observed <= received
                and region_of(key) == report.region  # type: ignore[arg-type]
                and report.source in sources
                and len(value) <= RECORD_BYTES_MAX
                # As `is_plain`, without a call.
                and not (
                    ESCAPE in value
                    or DELETE in value
                    or LEAD_C2 in value
                    or LEAD_D8 in value
                    or LEAD_E2 in value
                )
                and (crossed is None or not crossed(report))
                and (doubtful is None or not doubtful(report, received_day))
            ):
                return report, observed, received
        except _REFUSALS:
            pass
        return carefully(key, value)

    return carefully if kind.declared.doubtful is None and _checks_in_python(kind) else accept


ACCEPT: Mapping[str, Accept] = {topic: _acceptor(topic, kind) for topic, kind in REPORT_TYPES.items()}
"""How records of each report topic are accepted; same verdicts and refusals as `decode_report`."""
