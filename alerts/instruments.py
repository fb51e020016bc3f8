"""The instruments that norms rest on: regulations, frameworks and letters, each with when and in which phases it is in force.

A norm names its instruments with the lines where it stands, and takes dates and phases from them. Of an instrument that is a
file of the five sources, lines are those of that file.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta
from typing_extensions import override

from streams.calendar import day_number, day_start
from streams.reports.coordination import Phase

FOREVER = 1 << 62


class Instrument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One `[[instrument]]`.

    Attributes:
        id: short name, as norms cite it.
        title: as an alert names it (Dutch).
        file: name of the source file that lines are of; None where it is none of the five.
        since: first day on which it is in force.
        until: last day, None where no end is set.
        phases: LNAZ phases in which it is in force; empty is always.
    """

    id: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{2,40}$")]
    title: Annotated[str, Meta(min_length=3)]
    file: Annotated[str, Meta(pattern=r"^\d{3}_[0-9a-f]{16}\.txt$")] | None = None
    since: date
    until: date | None = None
    phases: list[Phase] = []

    @property
    def short(self) -> str:
        """The short name of its file, such as `000`; empty without one."""
        return "" if self.file is None else self.file[:3]


class Reference(NamedTuple):
    """Where a norm stands: an instrument, and first and last line in its file (0 where it is no file)."""

    instrument: Instrument
    first: int
    last: int

    @override
    def __str__(self) -> str:
        """As a page names it, such as `000, 402-408`."""
        if not self.first:
            return self.instrument.id
        lines = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        return f"{self.instrument.short}, {lines}"


@dataclass(frozen=True, slots=True)
class Period:
    """When a norm holds: from second `since` up to `until`, in these phases (all where empty)."""

    since: int
    until: int
    phases: tuple[str, ...] = ()


_CITED = re.compile(r"([a-z0-9-]+?)(?::(\d+)(?:-(\d+))?)?\Z")


def references(cited: Sequence[str], instruments: Mapping[str, Instrument]) -> tuple[Reference, ...]:
    """Return what is cited as `instrument:first-last`, `instrument:line`, or `instrument` where it is no file.

    Raises:
        ValueError: it is not written so, the instrument is not there, or it is a file and no lines are named, or the reverse.
    """
    found = []
    for text in cited:
        match = _CITED.match(text)
        instrument = None if match is None else instruments.get(match[1])
        if match is None or instrument is None:
            raise ValueError(f"`{text}`: no such instrument; one of {', '.join(instruments)}")
        first = int(match[2] or 0)
        last = int(match[3] or first)
        if bool(first) != (instrument.file is not None) or last < first:
            wanted = "name its lines, as `id:12-34`" if instrument.file else "it has no lines"
            raise ValueError(f"`{text}`: {wanted}")
        found.append(Reference(instrument, first, last))
    return tuple(found)


def periods_of(cited: Sequence[Reference]) -> tuple[Period, ...]:
    """Return when the instruments are in force, each once, oldest first."""
    periods = {
        begin_and_end(one.instrument.since, one.instrument.until, one.instrument.phases) for one in cited
    }
    return tuple(sorted(periods, key=lambda one: (one.since, one.until, one.phases)))


def begin_and_end(since: date, until: date | None, phases: Sequence[str]) -> Period:
    """Return the period from the first (`date.min`: always) up to and including the last day."""
    end = FOREVER if until is None else day_start(day_number(until) + 1)
    begin = -FOREVER if since == date.min else day_start(day_number(since))
    return Period(begin, end, tuple(phases))
