"""`docs/topics.md`: every topic, and the records in it, from the catalogue and the record types."""

from collections.abc import Iterator, Sequence
from typing import Any, get_args, get_type_hints

import msgspec
import orjson

from deploy.reference.docstrings import attributes_of, summary_of
from deploy.scenarios import SCENARIOS
from streams.codec import decode_report
from streams.evidence import Evidence, Range, Silence
from streams.notifications import AlertHeard, Begun, Claim, Lease, Missed, Notice, Receipt, Standing
from streams.reports import REPORT_TYPES, Report
from streams.status import Closing, Indicator, RegionOverview, StatusEntry, Transition
from streams.topics import (
    BREACHES,
    CLOSINGS,
    NOTIFICATIONS,
    OVERVIEW,
    RECORD_BYTES_MAX,
    REGION_STATUS,
    Topic,
    catalogue,
)
from streams.views import BreachView, IndicatorView
from streams.where import Place, Where

_DERIVED: dict[str, tuple[type[msgspec.Struct], ...]] = {
    REGION_STATUS: (StatusEntry, Indicator, Silence, Range, Evidence, Where, Place),
    OVERVIEW: (RegionOverview, IndicatorView, BreachView),
    BREACHES: (Transition,),
    CLOSINGS: (Closing,),
    NOTIFICATIONS: (Lease, Begun, AlertHeard, Claim, Receipt, Missed, Standing, Notice),
}

_INTRODUCTION = f"""\
<!-- Made by `make generate` from streams/topics.py and the record types; do not edit by hand. -->

# Topics

Key: the ROAZ region, `R01` to `R11`, or `NL`. Value: one JSON object, UTF-8, at most {RECORD_BYTES_MAX:,} bytes. One
record is one report of one source about one location at one moment. Unknown fields are refused, so that nothing about
a person can slip in, and texts hold no control characters and none that turn the direction of what stands beside them. Of
a key that stands twice in one object the last one counts. Topics are kept by size, not by time ([ADR 11](adr/0011-keep-topics-by-size.md)).

`ketenwacht topics apply` creates them, `ketenwacht topics check` says where a cluster differs.
"""
_AROUND = """\
## Around the records

Headers of a report follow CloudEvents (Kafka binding, binary mode): `ce_specversion`, `ce_id` (the report's id),
`ce_source`, `ce_type`, `ce_time` (observed_at), `ce_subject` (region and location), `content-type`. They are for
tools; workers read key and value.

A **tick** stands in every partition of every report topic: key `tick`, value `{"tick": 1637000000}`, seconds since
1970 (UTC). Only a ticker writes it ([ADR 1](adr/0001-time-is-a-record.md)). It counts if it lies at most 5 s ahead of its
record's own timestamp.

Records of the report topics keep the **timestamp** of who sends them, in milliseconds. Brokers refuse one that lies more than
10 s ahead of their clock (`InvalidTimestampException`): keep the sender's clock right. One of the past is taken, whatever
its age.

A **control record** stands in the partitions that it is about: key `control`, value one JSON object with `kind`, `at`
(second, UTC) and what its kind says. It takes effect at its place in the log, as a tick does; a `skip` is about the record at
`offset`, in front of it ([how](operations.md#get-past-one-record)); a `suspect-confirm` about a figure ([how](plausible.md)).

Ticks and control records are **signed** where `KETENWACHT_SIGNING_KEYS_FILE` names keys; then nobody else's count. The header
`kw-signature` is the id of the key, a colon, and in hexadecimal the HMAC-SHA256, with that key, of these bytes:

```text
topic LF partition LF timestamp LF length of the key LF length of the value LF key value
```

LF is one line feed, the spaces are not there, numbers are decimal, the timestamp is the record's own in milliseconds, and the
length of a null is -1.

A **dead letter** is the record byte for byte, with its own headers and these:

| header | says |
|---|---|
| `dlq-reason` | short code, see [operations.md](operations.md#dead-letters) |
| `dlq-exception` | what is wrong, which field, what to do next |
| `dlq-source-topic`, `dlq-source-partition`, `dlq-source-offset` | where it stood |
| `dlq-first-seen` | its own timestamp, milliseconds since 1970 |
| `dlq-source-count` | of how many offsets, where it stands for more than one |
| `dlq-headers` | where a header name is no UTF-8: all headers as JSON, such bytes as `{"base64": ...}` |
| `dlq-cut` | what is not kept whole (`value`, `record`, `batch`, `headers`, `key`): its size and SHA-256; the beginning is kept |
| `dlq-null` | `value`, where key and value were null: no client writes that, so the value is empty |
"""


def topics_markdown() -> str:
    """Return the page."""
    topics = {topic.name: topic for topic in catalogue()}
    rows = ["| topic | partitions | kept (each partition) | carries |", "|---|---|---|---|"]
    rows += [f"| `{t.name}` | {t.partitions} | {_kept(t)} | {t.summary} |" for t in topics.values()]
    parts = [_INTRODUCTION, "\n".join(rows) + "\n", _AROUND]
    parts += ["## What every report carries\n", f"{summary_of(Report)}\n", _fields(Report)]
    examples = _examples()
    for name, kind in REPORT_TYPES.items():
        parts.append(f"## {name}\n")
        parts += [part for each in (kind, *_parts_of(kind)) for part in _described(each)]
        if subject := kind.declared.subject:
            parts.append(f"No two rows of a report have the same {_listed(subject)}.\n")
        if name in examples:
            parts.append(f"An example, shortened:\n\n```json\n{examples[name]}\n```\n")
    for name, kinds in _DERIVED.items():
        parts.append(f"## {name}\n")
        parts += [part for each in kinds for part in _described(each)]
    return "\n".join(parts)


def _listed(names: Sequence[str]) -> str:
    *most, last = [f"`{name}`" for name in names]
    return f"{', '.join(most)} and {last}" if most else last


def _kept(topic: Topic) -> str:
    if topic.compacted:
        return "the latest of each key"
    return "everything" if topic.retention_bytes < 0 else f"{topic.retention_bytes >> 30} GiB"


def _described(kind: type[msgspec.Struct]) -> Iterator[str]:
    tag = kind.__struct_config__.tag
    called = f"`{kind.__name__}`" + (f", `kind` is `{tag}`" if tag else "")
    yield f"{called}: {summary_of(kind)}\n"
    yield _fields(kind)


def _fields(kind: type[msgspec.Struct]) -> str:
    told = attributes_of(kind)
    inherited = _COMMON if issubclass(kind, Report) and kind is not Report else set()
    own = [field for field in msgspec.structs.fields(kind) if field.name not in inherited]
    if not told:
        return f"Fields: {', '.join(_name(field) for field in own)}.\n"
    rows = ["| field | meaning |", "|---|---|"]
    rows += [f"| {_name(field)} | {told[field.name]} |" for field in own]
    return "\n".join(rows) + "\n"


def _name(field: msgspec.structs.FieldInfo) -> str:
    return f"`{field.encode_name}`" + ("" if field.required else " (may be left out)")


_COMMON = {field.name for field in msgspec.structs.fields(Report)}


def _parts_of(kind: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    """Yield the record types inside a report's own fields."""
    for name, hint in get_type_hints(kind).items():
        if name not in _COMMON:
            yield from _structs_in(hint)


def _structs_in(hint: Any) -> Iterator[type[msgspec.Struct]]:
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        yield hint
    for inner in get_args(hint):
        yield from _structs_in(inner)


def _examples() -> dict[str, str]:
    """Return a report of each topic as the quiet scenario sends it, with its first rows only."""
    found: dict[str, str] = {}
    _, records = SCENARIOS["rustig"].recording(1)
    for record in records:
        if record.topic not in found:
            document = msgspec.to_builtins(decode_report(record.topic, record.key, record.value))
            short = {
                name: value[:2] if isinstance(value, list) else value for name, value in document.items()
            }
            found[record.topic] = orjson.dumps(short, option=orjson.OPT_INDENT_2).decode()
    return found
