"""Which shape a report probably has: the one that came last with its key and in its length.

A decoder of that shape finds all rows different, and each within the limits of its unit, while it decodes
(`streams.lean`). A guess costs time where it is wrong, and never another verdict: what it does not take is decoded anew.
Where guesses were wrong time and again, as among reports of one figure each, nothing is guessed any more: the rows are looked at.
"""

from operator import attrgetter
from typing import Any

import msgspec

from streams.lean import Decode, Lean, Shape
from streams.reports import Report
from streams.reports.declaration import EVERY

Place = tuple[bytes | None, int]
"""The key of a record, and the length of its value in steps of 64 bytes: a row more or less is another place."""

_SHAPES_MAX = 500
"""Of a topic: to make a decoder takes half a millisecond, to keep one some kilobytes."""
_PLACES_MAX = 5_000

_WRONG_MAX = 30
"""Guesses of one place that may be wrong: each costs what ten right ones save."""


class Shapes:
    """The shapes of one report type.

    Attributes:
        expected: the decoder to try first.
    """

    def __init__(self, kind: type[Report], lean: Lean) -> None:
        self.expected: dict[Place, Decode] = {}
        self._before: dict[Place, Decode] = {}
        self._made: dict[Shape, Decode] = {}
        self._wrong: dict[Place, int] = {}
        self._lean = lean
        self._rows_of = attrgetter(kind.declared.rows)
        # Where a limit holds for every unit, the decoder of any report holds it already.
        self._limits = {
            unit: [(name, most[0]) for name, most in limits.items()]
            for unit, limits in kind.declared.limits.items()
            if unit != EVERY
        }
        self._subject = tuple(attrgetter(name) for name in kind.declared.subject)

    def read(self, place: Place, value: bytes) -> Any:
        """Return a report that has not the shape that is expected, and expect this one from now on.

        Raises:
            msgspec.ValidationError: it is to be looked at whole: two rows are about the same, a count is above the
                limit of its unit, or it is no report.
        """
        wrong = self._wrong.get(place, 0)
        if wrong == _WRONG_MAX:
            raise msgspec.ValidationError("the rows were looked at")
        decode = self._before.get(place)
        if decode is not None:  # two that report by turns
            try:
                report = decode(value)
            except msgspec.ValidationError:
                pass
            else:
                self._expect(place, decode)
                return report
        rows = self._rows_of(self._lean.decode(value))
        shape = tuple([tuple([get(row) for get in self._subject]) for row in rows])
        if len(set(shape)) < len(shape):
            raise msgspec.ValidationError("two rows are about the same")
        decode = self._decoder(shape)
        report = decode(value)
        self._expect(place, decode)
        return report

    def _look_at_rows(self, value: bytes) -> Any:
        limits = self._limits
        try:
            # Most counts are below the limits of every unit: then the decoder has held them to these.
            report = self._lean.decode_small(value)
        except msgspec.ValidationError:
            report = self._lean.decode(value)
        else:
            limits = {}
        rows = self._rows_of(report)
        if len(rows) > 1 and len({tuple([get(row) for get in self._subject]) for row in rows}) < len(rows):
            raise msgspec.ValidationError("two rows are about the same")
        if limits:
            for row in rows:
                for name, most in limits[row.unit]:
                    count = getattr(row, name)
                    if count is not None and count > most:
                        raise msgspec.ValidationError("a count is above the limit of its unit")
        return report

    def _decoder(self, shape: Shape) -> Decode:
        found = self._made.get(shape)
        if found is None:
            if len(self._made) == _SHAPES_MAX:
                self._made.clear()  # somebody plays with us: who means it has a few
            found = self._made[shape] = self._lean.of_shape(shape)
        return found

    def _expect(self, place: Place, decode: Decode) -> None:
        if place in self.expected:
            self._before[place] = self.expected[place]
            wrong = self._wrong[place] = self._wrong.get(place, 0) + 1
            if wrong == _WRONG_MAX:
                decode = self._look_at_rows
        elif len(self.expected) == _PLACES_MAX:
            self.expected.clear()
            self._before.clear()
            self._wrong.clear()
        self.expected[place] = decode
