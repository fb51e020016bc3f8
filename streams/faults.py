"""Every fault of a report at once, for who writes a producer; `streams.codec` stops at the first.

What msgspec says of one field is noted, the field taken away, and the rest read on, with all fields allowed to be missing;
so a field that is missing is named beside one that is wrong. When nothing is left to say of single fields, the report is
held to what `decode_report` holds it to.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Annotated, Any, NamedTuple, get_type_hints

import msgspec

from streams.codec import contradictions, read_report, refusal_of
from streams.repeated_keys import repeated_keys
from streams.reports import REPORT_TYPES
from streams.reports.declaration import row_type
from streams.reports.refused import RefusedError

_UNKNOWN = re.compile(r"unknown field `(?P<name>.*?)`(?: - at `\$(?P<path>.*?)`)?$", re.DOTALL)
_WRONG = re.compile(r" - at `\$(?P<path>.*?)`$", re.DOTALL)
_STEP = re.compile(r"\.(?P<name>[^.\[]+)|\[(?P<index>\d+)\]")
_FAULTS_MAX = 1_000
"""Of one report; then nobody reads on."""


class Fault(NamedTuple):
    """One thing that is wrong: the reason as a dead letter has it, and which field, what is allowed, what to do."""

    reason: str
    detail: str


def faults(topic: str, value: bytes) -> list[Fault]:
    """Return what is wrong with a report of a topic, none if a worker accepts it as it stands.

    A key that stands twice is named though a worker takes the last one: nobody means to write one.

    Raises:
        KeyError: `topic` is no report topic.
    """
    kind = REPORT_TYPES[topic]
    try:
        found = [
            Fault("repeated-key", f"`{path}` stands more than once, and the last one counts; send it once")
            for path in repeated_keys(value)
        ]
        document = msgspec.json.decode(value)
    except (ValueError, RecursionError):
        document, found = None, []
    if isinstance(document, dict):
        single = [*_missing(kind, document), *_wrong(kind, document)]
        if single:
            return found + _faults(single)
    try:
        report = read_report(topic, value)
    except RefusedError as refusal:
        return found + _faults([refusal])
    return found + _faults(contradictions(report, report.region.encode(), value))


def _faults(refusals: Iterable[RefusedError]) -> list[Fault]:
    return [Fault(refusal.reason, refusal.detail) for refusal in refusals]


def _missing(kind: Any, document: dict[str, Any]) -> Iterator[RefusedError]:
    rows = document.get(kind.declared.rows)
    parts = [("", kind, document)]
    if isinstance(rows, list):
        parts += [
            (f" - at `$.{kind.declared.rows}[{index}]`", row_type(kind), row)
            for index, row in enumerate(rows)
            if isinstance(row, dict)
        ]
    for where, part, told in parts:
        for field in msgspec.structs.fields(part):
            if field.required and field.name not in told:
                yield refusal_of(f"Object missing required field `{field.name}`{where}")


def _wrong(kind: Any, document: dict[str, Any]) -> Iterator[RefusedError]:
    taken = False
    for _ in range(_FAULTS_MAX):
        try:
            _lenient(kind).decode(msgspec.json.encode(document))
        except msgspec.ValidationError as error:
            if taken and "missing required field" in str(error):
                return  # of an event no field may be missing, nor then the one that was taken away
            yield refusal_of(str(error))
            taken = _take_away(str(error), document)
            if not taken:
                return
        except (msgspec.MsgspecError, OverflowError):
            return  # no JSON that can be written again: `decode_report` says why
        else:
            return


def _take_away(message: str, document: dict[str, Any]) -> bool:
    """Take the field away that a message is about; False where it is no field."""
    unknown = _UNKNOWN.search(message)
    wrong = unknown or _WRONG.search(message)
    if wrong is None:
        return False
    path: list[str | int] = [
        step["name"] or int(step["index"]) for step in _STEP.finditer(wrong["path"] or "")
    ]
    if unknown:
        path.append(unknown["name"])
    if not path or not isinstance(path[-1], str):
        return False
    inside: Any = document
    for step in path[:-1]:
        inside = inside[step]
    return inside.pop(path[-1], None) is not None or unknown is not None


@cache
def _lenient(kind: Any) -> msgspec.json.Decoder[Any]:
    """Return a decoder of reports of which any field may be missing."""
    own: dict[str, Any] = {}
    rows = kind.declared.rows
    if rows:
        listed = get_type_hints(kind, include_extras=True)[rows]
        row: Any = _all_optional(row_type(kind), {})
        own[rows] = Annotated[(list[row], *listed.__metadata__)]
    return msgspec.json.Decoder(_all_optional(kind, own))


def _all_optional(kind: type[msgspec.Struct], own: dict[str, Any]) -> Any:
    fields = [(field.name, own.get(field.name, field.type), None) for field in msgspec.structs.fields(kind)]
    return msgspec.defstruct(f"Any{kind.__name__}", fields, kw_only=True, forbid_unknown_fields=True)
