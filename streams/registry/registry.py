"""The registry in force: what follows from its lines, looked up by source, name and day.

A location is known by its name, its aliases and the names that dated lines give it. Days are local day numbers
(`streams.calendar`). What a registry answers depends on its lines alone, in whatever order they came to be.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar

from streams.calendar import day_number
from streams.registry.file import together
from streams.registry.lines import (
    ANY,
    AREAS,
    OF_NETWORK,
    REGISTERED,
    Line,
    Location,
    Merge,
    Move,
    Rename,
    Retire,
    Source,
    Split,
    encode_line,
)

_Change = TypeVar("_Change", Rename, Split, Merge, Move)

OPEN = "open"
"""Instead of a digest: no registry holds."""

_AREA = re.compile(r"(NL|R\d{2}|VR\d{2}|GM\d{4})\Z")


@dataclass(frozen=True, slots=True)
class Replacement:
    """Locations that others take the place of, by name, from a local day on.

    Attributes:
        olds: names of those that end.
        news: names of those that begin.
        day: first local day.
    """

    olds: tuple[str, ...]
    news: tuple[str, ...]
    day: int


@dataclass(frozen=True)
class Registry:
    """Every line in force, each about something of its own."""

    lines: tuple[Line, ...]

    @cached_property
    def digest(self) -> str:
        """Identity of what holds: the same for the same lines in any order."""
        every = sorted(encode_line(line) for line in self.lines)
        return hashlib.sha256(b"\n".join(every)).hexdigest()[:16]

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """Return every source by id."""
        return {line.id: line for line in self.lines if isinstance(line, Source)}

    @cached_property
    def locations(self) -> Mapping[str, Location]:
        """Return every location by id."""
        return {line.id: line for line in self.lines if isinstance(line, Location)}

    @cached_property
    def ended(self) -> Mapping[str, int]:
        """Return the first day on which a source speaks no more, by its id; only of those that end."""
        ends = {one.id: day_number(one.until) for one in self.sources.values() if one.until is not None}
        for line in self.lines:
            if isinstance(line, Retire):
                day = day_number(line.on)
                ends[line.source] = min(ends.get(line.source, day), day)
        return ends

    @cached_property
    def _expecting(self) -> Mapping[str, tuple[Location, ...]]:
        found: dict[str, list[Location]] = {}
        for one in self.locations.values():
            for topic in one.expects:
                found.setdefault(topic, []).append(one)
        return {topic: tuple(every) for topic, every in found.items()}

    def expecting(self, topic: str) -> tuple[Location, ...]:
        """Return the locations of which reports are expected on a topic."""
        return self._expecting.get(topic, ())

    @cached_property
    def _names(self) -> Mapping[str, Location]:
        found: dict[str, Location] = {}
        for one in self.locations.values():
            for name in (one.name, *one.aliases):
                found[_plain(name)] = one
        for line in self._changes(Rename):
            if line.location in self.locations:
                found[_plain(line.to)] = self.locations[line.location]
        return found

    @cached_property
    def _called(self) -> Mapping[str, str]:
        called = {one.id: one.name for one in self.locations.values()}
        for line in sorted(self._changes(Rename), key=lambda line: (line.on, line.to)):
            called[line.location] = line.to
        return called

    @cached_property
    def _moves(self) -> Mapping[str, list[tuple[int, str]]]:
        moves: dict[str, list[tuple[int, str]]] = {}
        for line in sorted(self._changes(Move), key=lambda line: line.on):
            moves.setdefault(line.location, []).append((day_number(line.on), line.to))
        return moves

    @cached_property
    def replacements(self) -> tuple[Replacement, ...]:
        """Return every split and merger, by the names that figures use."""
        found: list[tuple[tuple[str, ...], tuple[str, ...], date]] = [
            ((line.location,), tuple(line.into), line.on) for line in self._changes(Split)
        ]
        found += [(tuple(line.locations), (line.into,), line.on) for line in self._changes(Merge)]
        return tuple(
            Replacement(self._names_of(olds), self._names_of(news), day_number(on))
            for olds, news, on in sorted(found)
        )

    def _names_of(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.name_of(one) for one in ids if one in self.locations)

    def _changes(self, kind: type[_Change]) -> Iterable[_Change]:
        return (line for line in self.lines if isinstance(line, kind))

    def named(self, name: str) -> Location | None:
        """Return the location with this name, alias or later name, whatever its case and spaces, or None."""
        return self._names.get(_plain(name))

    def name_of(self, location: str) -> str:
        """Return what figures call a location, by its id."""
        return self._called[location]

    def network_on(self, location: Location, day: int) -> str:
        """Return the network that a location counts in on a local day."""
        network = location.network
        for since, to in self._moves.get(location.id, ()):
            if since <= day:
                network = to
        return network

    def networks_of(self, location: Location) -> set[str]:
        """Return every network that a location counts in, on one day or another."""
        return {location.network, *(to for _, to in self._moves.get(location.id, ()))}

    def left_on(self, location: Location, network: str, day: int) -> int | None:
        """Return the day on which a location last left a network, up to a local day; None where it is there or never was."""
        left, now = None, location.network
        for since, to in self._moves.get(location.id, ()):
            if since <= day:
                left = since if now == network != to else left
                now = to
        return None if now == network else left

    def spoken_for(self, source: Source) -> str | None:
        """Return the name of the one location that a source speaks for; None where it may speak for more."""
        if len(source.locations) != 1 or source.locations[0] not in self.locations:
            return None
        return self.name_of(source.locations[0])

    def may_speak_for(self, source: Source, name: str, location: Location | None, network: str) -> bool:
        """Return whether a source may speak for a location, known by a name in a network."""
        for one in source.locations:
            if one == ANY or (one == AREAS and is_area(name)):
                return True
            if location is not None and (
                one in (REGISTERED, location.id)
                or one.removeprefix(OF_NETWORK) == network != one
                or one == location.parent
            ):
                return True
        return False

    def always_speaks(self, source: Source, name: str) -> bool:
        """Return whether a source may speak for a name on every day or on none, without a signature."""
        location = self.named(name)
        return (
            not source.signs
            and source.since is None
            and source.until is None
            and source.id not in self.ended
            and (location is None or location.id not in self._moves)
        )

    def with_lines(self, lines: Iterable[Line]) -> "Registry":
        """Return the registry once more lines have taken effect."""
        return registry_of(self.lines, lines)


def registry_of(*parts: Iterable[Line]) -> Registry:
    """Return the registry of lines; a later one about the same replaces the earlier."""
    return Registry(tuple(together(*parts)))


def is_over(until: date | None, day: int) -> bool:
    """Return whether what holds until a day is over on a local day."""
    return until is not None and day >= day_number(until)


def is_area(name: str) -> bool:
    """Return whether a name is that of the country, a network, a safety region or a municipality, by its code."""
    return _AREA.match(name) is not None


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
