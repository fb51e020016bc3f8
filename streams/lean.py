"""Report types as the fast road decodes them: without patterns, without checks in Python, held to limits by the decoder.

Whatever a decoder is told to hold them to, Python sees one class a type: a loop over rows of several is slower by half.
"""

import types
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Annotated, Any, Generic, Literal, TypeVar, get_type_hints

import msgspec
from msgspec import Meta

from streams.regions import REGIONS
from streams.reports import Report
from streams.reports.declaration import EVERY, Limits, fields_of, row_type

Decode = Callable[[bytes], Any]
"""Takes the value of a record; raises `msgspec.ValidationError` where it is not what the decoder was made for."""

Shape = tuple[Sequence[Hashable], ...]
"""What each row of a report is about, in their order: the values of the fields that are declared as its subject."""


class Lean:
    """The decoders of one report type. They take no count that one location cannot have.

    Attributes:
        decode: takes any report, each count up to the limit of the unit with the highest.
        decode_small: the same up to the limit of the unit with the lowest, and so within those of all.
        has_shapes: whether its rows are about few enough things for a decoder of each shape to make sense.
    """

    def __init__(self, kind: type[Report]) -> None:
        own = {"source": str, "region": Literal[tuple(REGIONS)]}
        self._declared, self._row = kind.declared, row_type(kind)
        if self._row is kind:
            limited = _limited(kind, kind.declared.limits.get(EVERY, {}))
            self.has_shapes = False
            self.decode: Decode = msgspec.json.Decoder(_open(kind, own | limited, ())).decode
            self.decode_small: Decode = self.decode
            return
        free = {*fields_of(self._row, str), *fields_of(self._row, bool)}
        self.has_shapes = free.isdisjoint(self._declared.subject)
        self._rows = _open(self._row, {}, self._row.__struct_fields__)
        self._report = _open(kind, own, (self._declared.rows,))
        most: dict[str, tuple[int, int]] = {}
        least: dict[str, tuple[int, int]] = {}
        for limits in self._declared.limits.values():
            most |= {name: max(limit, most.get(name, limit)) for name, limit in limits.items()}
            least |= {name: min(limit, least.get(name, limit)) for name, limit in limits.items()}
        listed = get_type_hints(kind, include_extras=True)[self._declared.rows].__metadata__
        self.decode, self.decode_small = (
            self._decoder(Annotated[(list[self._row_of(limits, {})], *listed)])  # type: ignore[misc]
            for limits in (most, least)
        )

    def of_shape(self, shape: Shape) -> Decode:
        """Return a decoder that takes reports of one shape only, with the limits of each row's own unit."""
        declared, rows = self._declared, []
        for values in shape:
            subject = dict(zip(declared.subject, values, strict=True))
            limits = declared.limits.get(EVERY) or declared.limits.get(str(subject.get("unit")), {})
            rows.append(self._row_of(limits, subject))
        return self._decoder(tuple[tuple(rows)])  # type: ignore[misc]

    def _decoder(self, rows: Any) -> Decode:
        return msgspec.json.Decoder(self._report[rows]).decode

    def _row_of(self, limits: Limits, subject: Mapping[str, Any]) -> Any:
        hints = {field.name: field.type for field in msgspec.structs.fields(self._row)}
        said = {name: Literal[value] for name, value in subject.items()}
        return self._rows[tuple((hints | _limited(self._row, limits) | said).values())]


def _limited(kind: type[msgspec.Struct], limits: Limits) -> dict[str, Any]:
    """Return the types of those fields of `kind` that have a limit, with that of one location."""
    limited: dict[str, Any] = {}
    for field in msgspec.structs.fields(kind):
        if field.name in limits:
            number: Any = float if field.name in fields_of(kind, float) else int
            bounded: Any = Annotated[number, Meta(ge=0, le=limits[field.name][0])]
            limited[field.name] = bounded if field.required else bounded | None
    return limited


def _open(kind: type[msgspec.Struct], own: Mapping[str, Any], later: Sequence[str]) -> Any:
    """Return a struct with the fields of `kind`, in its order: some with a type of their own, some with one said later."""
    fields = msgspec.structs.fields(kind)
    variables: dict[str, Any] = {name: TypeVar(name) for name in later}
    hints = {field.name: own.get(field.name, field.type) for field in fields} | variables
    body = {field.name: field.default for field in fields if not field.required}
    generic: Any = Generic
    bases = (msgspec.Struct, generic[tuple(variables.values())]) if later else (msgspec.Struct,)
    return types.new_class(
        f"Lean{kind.__name__}",
        bases,
        {"frozen": True, "kw_only": True, "forbid_unknown_fields": True, "omit_defaults": True, "gc": False},
        lambda namespace: namespace.update(body, __annotations__=hints, __module__=__name__),
    )
