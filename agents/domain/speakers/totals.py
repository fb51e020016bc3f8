"""A total as one location beside its parts: one of both counts, and that there is a total is shown.

A location is taken for a total by its name; or where another source than that of the others reports, time after time and to
the digit, their sum. The parts count, unless it holds clearly more than they do: then some of them are not there, and it
counts instead of them.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping

from agents.domain.speakers.likeness import Measure
from agents.domain.speakers.speakers import Speakers, Total

_PARTS_MIN = 2
_TIMES_MIN = 3
"""Once or twice a figure is the sum of others by chance."""
_NEAR = 0.1
"""A total of another hour differs by less than this; one that holds more by more has parts that are not there."""
_FAR = 0.25
"""What holds less than its parts by more is no total of them, whatever it is called."""

_Sums = dict[Hashable, tuple[int, int]]
"""By column: the sum, and how many report it."""


def look_for_totals(
    speakers: Speakers,
    heard: Collection[str],
    at: int,
    measure: Measure,
    aside: Collection[str],
) -> None:
    """Look at who is the sum of others.

    Args:
        speakers: who speaks.
        heard: who was heard since the last tick.
        at: the tick.
        measure: what a location reported last.
        aside: who does not count for another reason, or is stale.
    """
    called = {name for name in speakers.called if name not in aside}
    if not called and not speakers.totals and len(speakers.sources) < _PARTS_MIN:
        return
    names = {name for name in speakers.by_location if name not in aside}
    others = _Others(speakers, names - called - speakers.totals.keys(), measure)
    for name in sorted({*names.intersection(heard), *called, *speakers.totals}):
        held = speakers.totals.get(name)
        own = measure(name) if name in names else None
        if own is None:
            found = None
        elif name in called:
            found = _of_name(name, own, others, held if name in speakers.missed else None)
        else:
            found = _of_sum(name, own, others, held, again=name in heard)
            if found is None and held is not None:
                found = _until_all_were_heard(speakers, name, own, others, held, at)
        if found is None:
            if speakers.totals.pop(name, None) is not None and own is not None and name not in called:
                others.join(name)
        else:
            found.since = at if held is None else held.since
            speakers.totals[name] = found
            others.leave(name)


class _Others:
    """The locations that are no totals, and the sums of what they report: over all, and by who speaks for them.

    Who is a total is asked of each location that was heard; the sums are made once a tick, or thousands of names at once
    would hold up judgement.
    """

    def __init__(self, speakers: Speakers, names: Collection[str], measure: Measure) -> None:
        self._sources = {name: frozenset(one.sources) for name, one in speakers.by_location.items()}
        self._measure = measure
        self._values: dict[str, Mapping[Hashable, int]] = {}
        self._whole: _Sums = {}
        self._by_sources: dict[frozenset[str], _Sums] = {}
        self._with: defaultdict[str, set[frozenset[str]]] = defaultdict(set)
        for name in names:
            self.join(name)

    def join(self, name: str) -> None:
        """Take in a location that is no total."""
        values = self._measure(name)
        if values and name not in self._values:
            sources = self._sources[name]
            self._values[name] = values
            _add(self._whole, values, 1)
            _add(self._by_sources.setdefault(sources, {}), values, 1)
            for source in sources:
                self._with[source].add(sources)

    def leave(self, name: str) -> None:
        """Take out a location that is a total after all."""
        values = self._values.pop(name, None)
        if values is not None:
            _add(self._whole, values, -1)
            _add(self._by_sources[self._sources[name]], values, -1)

    def all_together(self) -> dict[Hashable, int]:
        """Return what all of them report, by column."""
        return {column: total for column, (total, count) in self._whole.items() if count}

    def of_others(self, name: str) -> dict[Hashable, int]:
        """Return what those report for whom none of the sources of a location speaks, by column."""
        found = dict(self._whole)
        for sources in set[frozenset[str]]().union(*(self._with[source] for source in self._sources[name])):
            for column, (total, count) in self._by_sources[sources].items():
                whole, counted = found[column]
                found[column] = whole - total, counted - count
        return {column: total for column, (total, count) in found.items() if count}

    def has(self, name: str) -> bool:
        """Return whether it is one of them, and reports anything."""
        return name in self._values

    def sum_of(self, names: Collection[str], own: Mapping[Hashable, int]) -> dict[Hashable, int]:
        """Return what some of them report of the same, by column."""
        return {column: sum(self._values[name].get(column, 0) for name in names) for column in own}

    def parts(self, name: str, own: Mapping[Hashable, int], *, apart: bool) -> list[str]:
        """Return who else reports any of the same, in order; `apart`: of those for whom none of its sources speaks."""
        sources = self._sources[name]
        return sorted(
            other
            for other, values in self._values.items()
            if other != name
            and not own.keys().isdisjoint(values)
            and not (apart and not sources.isdisjoint(self._sources[other]))
        )


def _add(sums: _Sums, values: Mapping[Hashable, int], times: int) -> None:
    for column, value in values.items():
        total, count = sums.get(column, (0, 0))
        sums[column] = total + times * value, count + times


def _of_name(
    name: str, own: Mapping[Hashable, int], others: _Others, silent: Total | None = None
) -> Total | None:
    """Return the total that a name says; None where nobody reports any of the same, or clearly more.

    Args:
        name: what it is called.
        own: what it reported last.
        others: its parts among them.
        silent: what it was when it fell silent; None while it reports. What others report since shows nothing about it, but
            that they are more than it knows.
    """
    sums = {column: told for column, told in others.all_together().items() if column in own}
    whole, told = sum(own[column] for column in sums), sum(sums.values())
    if not sums or (silent is None and whole < told * (1 - _FAR)):
        return None
    parts = others.parts(name, own, apart=False)
    fuller = whole > told * (1 + _NEAR) if silent is None else silent.fuller and whole > told
    return Total(0, parts, fuller=fuller) if parts else None


def _until_all_were_heard(
    speakers: Speakers, name: str, own: Mapping[Hashable, int], others: _Others, held: Total, at: int
) -> Total | None:
    """Return a sum that is none at a tick as long as it or one of its parts was not heard since; None once all were.

    Of parts that count no more it tells what is known last.
    """
    parts = [part for part in held.parts if others.has(part)]
    since = held.differ_since or at
    if not parts or (
        len(parts) == len(held.parts)
        and all(speakers.by_location[one].last >= since for one in (name, *parts))
    ):
        return None
    fuller = len(parts) < len(held.parts) and sum(own.values()) > sum(others.sum_of(parts, own).values())
    return Total(0, held.parts, fuller=fuller, times=held.times, differ_since=since)


def _of_sum(
    name: str, own: Mapping[Hashable, int], others: _Others, held: Total | None, *, again: bool
) -> Total | None:
    """Return the total that is the sum of others to the digit; None where it is not."""
    sums = others.of_others(name)
    if not sum(own.values()) or any(sums.get(column) != value for column, value in own.items()):
        return None
    parts = others.parts(name, own, apart=True)
    if len(parts) < _PARTS_MIN:
        return None
    times = 0 if held is None else held.times
    return Total(0, parts, times=min(times + again, _TIMES_MIN))


def beside_totals(speakers: Speakers) -> set[str]:
    """Return who does not count: totals whose parts do, and parts of totals that hold more."""
    names: set[str] = set()
    for name, total in speakers.totals.items():
        if total.fuller:
            names.update(total.parts)
        elif total.times >= _TIMES_MIN or name in speakers.called:
            names.add(name)
    return names
