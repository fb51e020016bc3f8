"""Bytes to reports and back: strict in what it accepts, clear about what it refuses."""

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

__all__ = ["RefusedError", "decode_report", "encode_report", "report_headers"]

_DECODERS = {topic: msgspec.json.Decoder(kind) for topic, kind in REPORT_TYPES.items()}


def decode_report(topic: str, key: bytes | None, value: bytes | None) -> Report:
    """Return the report in a record of `topic`.

    Raises:
        RefusedError: the record is empty, too large, no JSON, out of range, has an unknown field, an
            unknown region, a key that is not its region, a time or count that cannot be, two rows about the
            same, or a text with characters that are not shown. Of a key that stands twice the last one counts.
        KeyError: `topic` is no report topic.
    """
    decoder = _DECODERS[topic]
    if value is None:
        raise RefusedError("empty", "the value is null; send a report, there is no deletion by tombstone")
    if len(value) > RECORD_BYTES_MAX:
        raise RefusedError("too-large", f"{len(value)} bytes, at most {RECORD_BYTES_MAX}; split the report")
    try:
        report = _decoded(decoder, value)
    except msgspec.ValidationError as error:
        raise _refusal(str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RefusedError("not-json", f"{error}; send one JSON object in UTF-8") from error
    _check(report, key)
    if not is_plain(value) and (hidden := illegible(report)) is not None:
        raise RefusedError("illegible", hidden)
    return report


def _decoded(decoder: msgspec.json.Decoder[Report], value: bytes) -> Report:
    try:
        return decoder.decode(value)
    except msgspec.ValidationError:
        last = last_of_each(value)
        if last is None:
            raise
    return decoder.decode(last)


def _refusal(found: str) -> RefusedError:
    message = shown(found)
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
    check_moment("observed_at", observed)
    check_moment("received_at", received)
    if observed > received + CLOCK_SKEW_MAX:
        raise RefusedError(
            "impossible-time",
            f"`observed_at` {observed} lies after `received_at` {received}; check the clock",
        )
    declared = report.declared
    if declared.day != "observed_at":
        check_date(declared.day, getattr(report, declared.day), received)
    if declared.check is not None:
        declared.check(report)
    impossible = impossible_count(report)
    if impossible is not None:
        raise RefusedError("out-of-range", impossible)
    repeated = repeated_subject(report)
    if repeated is not None:
        raise RefusedError("repeated-subject", repeated)


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
