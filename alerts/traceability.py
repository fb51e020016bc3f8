"""From a rule to what holds it: fields of reports, tests, what no stream can see, and where sources contradict.

Read from `alerts/trace` (written by people) and `alerts/generated/norm_cases.json` (written by `make generate` from
the tables in tests/norms).
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

_Words = Annotated[str, Meta(min_length=3)]


class TraceError(ValueError):
    """A file of `alerts/trace` that cannot be used; the message names it."""


class Unseen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule that no stream can see: what it asks, where it stands, why, and what is shown instead (or nothing)."""

    rule: _Words
    source: _Words
    why: _Words
    instead: str


class SourceLines(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Lines of a source that state a duty, limit, deadline or role: what holds them, or as what they are not seen.

    `file` is the short name of the source, `lines` first and last as `12-34`, `norms` are ids, `unseen` the rule of `Unseen`.
    """

    file: Annotated[str, Meta(pattern=r"^\d{3}$")]
    lines: Annotated[str, Meta(pattern=r"^\d+-\d+$")]
    kind: Literal["duty", "limit", "deadline", "role"]
    norms: list[str] = []
    unseen: str = ""

    @property
    def span(self) -> range:
        """Its line numbers."""
        first, last = self.lines.split("-")
        return range(int(first), int(last) + 1)


class Contradiction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sources that contradict each other or leave a gap: about what, what they say, and the choice made."""

    about: _Words
    says: _Words
    choice: _Words


class Cases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The tests of one norm, in words: when it must breach, and when it must stay silent."""

    breach: list[str] = []
    silent: list[str] = []


class _UnseenFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    unseen: list[Unseen]


class _ContradictionFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    contradiction: list[Contradiction]


class _LinesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    line: list[SourceLines]


class _FieldsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    care: dict[str, dict[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything about the rules that is no norm.

    Attributes:
        fields: by indicator, then by topic without `care.`, the fields of reports that it rests on.
        cases: by norm id.
        unseen: rules that no stream can see.
        contradictions: contradictions and gaps, with the choice made.
        lines: what the sources state, line by line.
    """

    fields: Mapping[str, Mapping[str, list[str]]]
    cases: Mapping[str, Cases]
    unseen: list[Unseen]
    contradictions: list[Contradiction]
    lines: list[SourceLines]


def load_trace() -> Trace:
    """Return what the files say.

    Raises:
        TraceError: one of them is not as its description says.
    """
    cases = resources.files("alerts").joinpath("generated", "norm_cases.json").read_bytes()
    return Trace(
        _read("fields.toml", _FieldsFile).care,
        msgspec.json.decode(cases, type=dict[str, Cases]),
        _read("not_seen.toml", _UnseenFile).unseen,
        _read("contradictions.toml", _ContradictionFile).contradiction,
        _read("lines.toml", _LinesFile).line,
    )


def _read(name: str, kind: type[Any]) -> Any:
    text = resources.files("alerts").joinpath("trace", name).read_text("utf-8")
    try:
        return msgspec.convert(tomllib.loads(text), kind)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise TraceError(f"alerts/trace/{name}: {error}; see the description at its top") from error
