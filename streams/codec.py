"""Bytes to reports and back: strict in what it accepts, clear about what it refuses."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import msgspec
import orjson

from streams.plausible import impossible_count
from streams.regions import REGIONS
from streams.reports import (
    AbsenceReport,
    Agreement,
    CoordinationReport,
    FollowUpReport,
    ForecastReport,
    Mediation,
    OccupancyReport,
    OperatingRoomsReport,
    PhaseChange,
    ProductionReport,
    ReferralsReport,
    Report,
    Transfer,
    WaitingTimesReport,
    WebsiteChecked,
    WorkstockReport,
)
from streams.topics import (
    ABSENCE,
    COORDINATION,
    FOLLOW_UP,
    FORECAST,
    OCCUPANCY,
    OPERATING_ROOMS,
    PRODUCTION,
    RECORD_BYTES_MAX,
    REFERRALS,
    WAITING_TIMES,
    WORKSTOCK,
)

REPORT_TYPES: Mapping[str, type[Report]] = {
    OCCUPANCY: OccupancyReport,
    WAITING_TIMES: WaitingTimesReport,
    REFERRALS: ReferralsReport,
    FOLLOW_UP: FollowUpReport,
    OPERATING_ROOMS: OperatingRoomsReport,
    WORKSTOCK: WorkstockReport,
    PRODUCTION: ProductionReport,
    ABSENCE: AbsenceReport,
    FORECAST: ForecastReport,
    COORDINATION: CoordinationReport,
}
"""The report type of each report topic."""

_DECODERS = {topic: msgspec.json.Decoder(kind) for topic, kind in REPORT_TYPES.items()}
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)
_CLOCK_SKEW_MAX = timedelta(days=1)


class RefusedError(ValueError):
    """A record that cannot be accepted.

    Attributes:
        reason: short code for counters and headers, such as `unknown-field`.
        detail: what is wrong, which field, and what to do next.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def decode_report(topic: str, key: bytes | None, value: bytes | None) -> Report:
    """Return the report in a record of `topic`.

    Raises:
        RefusedError: the record is empty, too large, no JSON, out of range, has an unknown field, an
            unknown region, a key that is not its region, or a time or count that cannot be.
        KeyError: `topic` is no report topic.
    """
    decoder = _DECODERS[topic]
    if value is None:
        raise RefusedError("empty", "the value is null; send a report, there is no deletion by tombstone")
    if len(value) > RECORD_BYTES_MAX:
        raise RefusedError("too-large", f"{len(value)} bytes, at most {RECORD_BYTES_MAX}; split the report")
    try:
        report = decoder.decode(value)
    except msgspec.ValidationError as error:
        raise _refusal(str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RefusedError("not-json", f"{error}; send one JSON object in UTF-8") from error
    _check(report, key)
    return report


def _refusal(message: str) -> RefusedError:
    if "unknown field" in message:
        return RefusedError("unknown-field", f"{message}; send only the documented fields, no personal data")
    if "missing required field" in message:
        return RefusedError("missing-field", f"{message}; add it")
    if "utf-8" in message.lower():
        return RefusedError("not-json", f"{message}; send one JSON object in UTF-8")
    return RefusedError("out-of-range", f"{message}; correct the field")


def _check(report: Report, key: bytes | None) -> None:
    region = report.region
    if region not in REGIONS:
        raise RefusedError("unknown-region", f"`region` is {region}; use R01...R11 or NL")
    if key != region.encode():
        shown = "null" if key is None else repr(key[:40])
        raise RefusedError("wrong-key", f"key is {shown}, `region` is {region}; key the record by its region")
    observed, received = report.observed_at, report.received_at
    if not _EARLIEST <= observed < _LATEST:
        raise RefusedError("impossible-time", f"`observed_at` is {observed}; expected 2000...2100")
    if not _EARLIEST <= received < _LATEST:
        raise RefusedError("impossible-time", f"`received_at` is {received}; expected 2000...2100")
    if observed > received + _CLOCK_SKEW_MAX:
        raise RefusedError(
            "impossible-time",
            f"`observed_at` {observed} lies after `received_at` {received}; check the clock",
        )
    if isinstance(report, WaitingTimesReport):
        _check_date("peildatum", report.peildatum, received)
    elif isinstance(report, ReferralsReport | WorkstockReport | ProductionReport | AbsenceReport):
        _check_date("week_start", report.week_start, received)
    elif isinstance(report, CoordinationReport):
        _check_event(report)
    impossible = impossible_count(report)
    if impossible is not None:
        raise RefusedError("out-of-range", impossible)


def _check_date(field: str, day: date, received: datetime) -> None:
    # The newest date stands for now, so one in the far future would hide every later report.
    if not _EARLIEST.date() <= day <= (received + _CLOCK_SKEW_MAX).date():
        raise RefusedError("impossible-time", f"`{field}` is {day}; expected 2000 up to `received_at`")


def _check_event(report: CoordinationReport) -> None:
    event = report.event
    moments: dict[str, datetime | None] = {}
    if isinstance(event, PhaseChange):
        moments = {"effective_at": event.effective_at}
    elif isinstance(event, Agreement):
        moments = {
            "agreed_at": event.agreed_at,
            "valid_to": event.valid_to,
            "recorded_at": event.recorded_at,
        }
        if event.valid_to < event.agreed_at:
            raise RefusedError(
                "impossible-time",
                f"`event.valid_to` {event.valid_to} lies before `event.agreed_at` {event.agreed_at}; correct the wrong one",
            )
    elif isinstance(event, Transfer) and event.to_region not in REGIONS:
        raise RefusedError("unknown-region", f"`event.to_region` is {event.to_region}; use R01...R11")
    elif isinstance(event, Mediation):
        _check_date("event.week_start", event.week_start, report.received_at)
    elif isinstance(event, WebsiteChecked) and event.updated_on is not None:
        _check_date("event.updated_on", event.updated_on, report.received_at)
    for name, moment in moments.items():
        if moment is not None and not _EARLIEST <= moment < _LATEST:
            raise RefusedError("impossible-time", f"`event.{name}` is {moment}; expected 2000...2100")


def encode_report(report: Report) -> bytes:
    """Return the record value of a report: compact JSON, fields in declared order."""
    return orjson.dumps(msgspec.to_builtins(report))


def report_headers(topic: str, report: Report) -> list[tuple[str, bytes]]:
    """Return the CloudEvents headers (Kafka binding, binary mode) of a report."""
    return [
        ("ce_specversion", b"1.0"),
        ("ce_id", report.id.encode()),
        ("ce_source", f"urn:ketenwacht:{report.source}".encode()),
        ("ce_type", f"nl.ketenwacht.{topic}".encode()),
        ("ce_time", report.observed_at.isoformat().encode()),
        ("ce_subject", f"{report.region}/{report.location}".encode()),
        ("content-type", b"application/json"),
    ]
