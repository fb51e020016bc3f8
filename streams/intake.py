"""The fast road in: what `decode_report` accepts, without the parts that cost most.

`decode_report` says what a report is. Here an honest report is recognised by cheaper means: the region is one of a
fixed list instead of a pattern, a source that was seen before is not held against its pattern again, rows are
checked in one loop, and the two moments become seconds once. Counts are held against the limits of one location while they
are decoded. Whatever is not recognised at once goes to
`decode_report`, which accepts it or says why not; so both accept and refuse the same, in the same words.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta

from streams.calendar import day_number, seconds
from streams.codec import REPORT_TYPES, decode_report
from streams.indicators import ALL
from streams.plausible import BEDS, COUNTS, FORECAST, Limits
from streams.regions import REGIONS
from streams.reports import (
    AbsenceReport,
    BedReading,
    CoordinationReport,
    ForecastReport,
    OccupancyReport,
    OperatingRoomsReport,
    ProductionReport,
    ReferralsReport,
    Report,
    WaitingTimesReport,
    WorkstockReport,
)
from streams.topics import RECORD_BYTES_MAX

Accepted = tuple[Any, int, int]
"""A report (its fields, not its class, are those of `REPORT_TYPES`), the second it is about, the second it came."""

Accept = Callable[[bytes | None, bytes | None], Accepted]
"""Takes key and value of a record; raises `RefusedError`."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST_DAY = day_number(date(2000, 1, 1))
_LATEST_DAY = day_number(date(2100, 1, 1))
_REGION_OF = {name.encode(): name for name in REGIONS}
_SOURCES_MAX = 10_000
_REFUSALS = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, OverflowError)


def _doubtful_waits(report: WaitingTimesReport, received: int) -> bool:
    for row in report.rows:
        if row.specialism == ALL or (row.status == "known") is (row.days is None):
            return True
    return _doubtful_date(report.peildatum, received)


def _doubtful_rooms(report: OperatingRoomsReport, _received: int) -> bool:
    return report.rooms_in_use is None and report.rooms_normal is None


def _doubtful_parts(report: ReferralsReport | WorkstockReport | ProductionReport, received: int) -> bool:
    rows: Sequence[Any] = report.rows
    for row in rows:
        if row.specialism == ALL:
            return True
    return _doubtful_week(report, received)


def _doubtful_week(
    report: ReferralsReport | WorkstockReport | ProductionReport | AbsenceReport, received: int
) -> bool:
    return report.week_start.weekday() != 0 or _doubtful_date(report.week_start, received)


def _doubtful_date(day: date, received: int) -> bool:
    # Up to the day it came, in UTC, is allowed with every offset; what lies closer to the limit is looked at whole.
    return not _EARLIEST_DAY <= day_number(day) <= received // 86_400


_DOUBTS: Mapping[type[Report], Callable[[Any, int], bool]] = {
    WaitingTimesReport: _doubtful_waits,
    ReferralsReport: _doubtful_parts,
    OperatingRoomsReport: _doubtful_rooms,
    WorkstockReport: _doubtful_parts,
    ProductionReport: _doubtful_parts,
    AbsenceReport: _doubtful_week,
}


def _lean(kind: type[Report]) -> Any:
    """Return a type with the fields of `kind`, in its order, without patterns and without checks in Python.

    It takes no count that one location cannot have: those of the country are looked at whole.
    """
    own: dict[str, Any] = {"source": str, "region": Literal[tuple(REGIONS)]}
    if kind is OccupancyReport:
        return _slim(kind, own | {"readings": _listed(kind, "readings", _readings())})
    # Forecasts are few: the smallest limit does for both units.
    limits = FORECAST["ic"] if kind is ForecastReport else COUNTS.get(kind, {})
    for field in msgspec.structs.fields(kind):
        if field.name == "rows":
            (row,) = get_args(field.type.__origin__)
            own["rows"] = _listed(kind, "rows", _slim(row, _limited(row, limits)))
    return _slim(kind, _limited(kind, limits) | own)


def _readings() -> Any:
    """Return a type of reading for each unit: its name tells the decoder which limits to hold."""
    ic, ward = (
        _slim(BedReading, _limited(BedReading, limits), tag_field="unit", tag=unit, namespace={"unit": unit})
        for unit, limits in BEDS.items()
    )
    return ic | ward


def _limited(kind: type[msgspec.Struct], limits: Limits) -> dict[str, Any]:
    """Return the types of those fields of `kind` that have a limit."""
    limited: dict[str, Any] = {}
    for field in msgspec.structs.fields(kind):
        if field.name in limits:
            number: Any = float if field.name == "or_hours" else int
            most: Any = Annotated[number, Meta(ge=0, le=limits[field.name][0])]
            limited[field.name] = most if field.required else most | None
    return limited


def _listed(kind: type[Report], name: str, row: Any) -> Any:
    """Return the type of the list `name` of `kind`, with another type of row."""
    (hint,) = [field.type for field in msgspec.structs.fields(kind) if field.name == name]
    return Annotated[(list[row], *hint.__metadata__)]


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
    doubtful = _DOUBTS.get(kind)
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
                and (doubtful is None or not doubtful(report, received))
            ):
                return report, observed, received
        except _REFUSALS:
            pass
        return carefully(key, value)

    return carefully if kind is CoordinationReport else accept


ACCEPT: Mapping[str, Accept] = {topic: _acceptor(topic, kind) for topic, kind in REPORT_TYPES.items()}
"""How records of each report topic are accepted; same verdicts and refusals as `decode_report`."""
