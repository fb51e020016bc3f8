"""Bytes to reports and back: strict in what it accepts, clear about what it refuses."""

from collections.abc import Iterator

import msgspec
import orjson

from streams.legible import illegible, is_plain, shown
from streams.plausible import impossible_count
from streams.regions import REGIONS
from streams.repeated_keys import last_of_each
from streams.reports import REPORT_TYPES, Report
from streams.reports.refused import CLOCK_SKEW_MAX, RefusedError, check_date, check_moment
from streams.subjects import repeated_subject
from streams.topics import RECORD_BYTES_MAX

__all__ = [
    "RefusedError",
    "contradictions",
    "decode_report",
    "encode_report",
    "read_report",
    "refusal_of",
    "report_headers",
]

_DECODERS = {topic: msgspec.json.Decoder(kind) for topic, kind in REPORT_TYPES.items()}


def decode_report(topic: str, key: bytes | None, value: bytes | None) -> Report:
    """Return the report in a record of `topic`.

    Raises:
        RefusedError: the record is empty, too large, no JSON, out of range, has an unknown field, an
            unknown region, a key that is not its region, a time or count that cannot be, two rows about the
            same, or a text with characters that are not shown. Of a key that stands twice the last one counts.
        KeyError: `topic` is no report topic.
    """
    report = read_report(topic, value)
    for refusal in contradictions(report, key, value or b""):
        raise refusal
    return report


def read_report(topic: str, value: bytes | None) -> Report:
    """Return what the fields of a record say, each held against its own type only.

    Raises:
        RefusedError: they cannot be read, or one of them is wrong.
        KeyError: `topic` is no report topic.
    """
    decoder = _DECODERS[topic]
    if value is None:
        raise RefusedError("empty", "the value is null; send a report, there is no deletion by tombstone")
    if len(value) > RECORD_BYTES_MAX:
        raise RefusedError("too-large", f"{len(value)} bytes, at most {RECORD_BYTES_MAX}; split the report")
    try:
        return _decoded(decoder, value)
    except msgspec.ValidationError as error:
        raise refusal_of(str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RefusedError("not-json", f"{error}; send one JSON object in UTF-8") from error


def _decoded(decoder: msgspec.json.Decoder[Report], value: bytes) -> Report:
    try:
        return decoder.decode(value)
    except msgspec.ValidationError:
        last = last_of_each(value)
        if last is None:
            raise
    return decoder.decode(last)


def refusal_of(found: str) -> RefusedError:
    """Return the refusal for what a decoder says of a field."""
    message = shown(found)
    if "unknown field" in message:
        return RefusedError("unknown-field", f"{message}; send only the documented fields, no personal data")
    if "missing required field" in message:
        return RefusedError("missing-field", f"{message}; add it")
    if "utf-8" in message.lower():
        return RefusedError("not-json", f"{message}; send one JSON object in UTF-8")
    return RefusedError("out-of-range", f"{message}; correct the field")


def contradictions(report: Report, key: bytes | None, value: bytes) -> Iterator[RefusedError]:
    """Yield what is wrong with a report whose fields can be read: with its key, its times, its rows, its texts."""
    region = report.region
    if region not in REGIONS:
        yield RefusedError("unknown-region", f"`region` is {region}; use R01...R11 or NL")
    elif key != region.encode():
        told = "null" if key is None else repr(key[:40])
        yield RefusedError("wrong-key", f"key is {told}, `region` is {region}; key the record by its region")
    declared = report.declared
    for check in (_check_times, declared.check):
        try:
            if check is not None:
                check(report)
        except RefusedError as refusal:
            yield refusal
    impossible = impossible_count(report)
    if impossible is not None:
        yield RefusedError("out-of-range", impossible)
    repeated = repeated_subject(report)
    if repeated is not None:
        yield RefusedError("repeated-subject", repeated)
    if not is_plain(value) and (hidden := illegible(report)) is not None:
        yield RefusedError("illegible", hidden)


def _check_times(report: Report) -> None:
    observed, received = report.observed_at, report.received_at
    check_moment("observed_at", observed)
    check_moment("received_at", received)
    if observed > received + CLOCK_SKEW_MAX:
        raise RefusedError(
            "impossible-time",
            f"`observed_at` {observed} lies after `received_at` {received}; check the clock",
        )
    day = report.declared.day
    if day != "observed_at":
        check_date(day, getattr(report, day), received)


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
