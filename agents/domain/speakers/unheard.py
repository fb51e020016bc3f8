"""Registered locations that should be in the figures of a topic and are in none: nothing of them counts.

One hospital is no region. A registry says of which locations reports are expected (`expects`, `units`); those are in the
number that a figure should rest on whether they were ever heard or not, so that what is not there makes it less complete.
Nothing is missed of who counts by another way: in a total of the network, by the name that took its place, or by the
locations that it was split into or merged with.
"""

from collections.abc import Callable, Container, Iterator
from typing import NamedTuple

import msgspec

from agents.domain.speakers.speakers import Speakers
from streams.calendar import day_number, day_start
from streams.registry.lines import Location
from streams.registry.registry import Registry, is_over
from streams.status import Indicator

Tells = Callable[[str, str], bool]
"""Whether a location, by name, counts in the figures of a unit; of a topic without units that is empty."""


class Absent(NamedTuple):
    """A location that is expected and counts nowhere.

    Attributes:
        name: what figures call it.
        units: in the figures of which units it does not count; one that is empty in a topic without units.
        since: second from which the registry expects it.
    """

    name: str
    units: tuple[str, ...]
    since: int


def absent(
    registry: Registry,
    speakers: Speakers,
    topic: str,
    region: str,
    day: int,
    tells: Tells,
    units: tuple[str, ...],
) -> list[Absent]:
    """Return who is expected in a region on a local day and counts in no figure of a topic, or of some of its units."""
    own = [
        one
        for one in registry.expecting(topic)
        if registry.network_on(one, day) == region and _is_open(one, day)
    ]
    if not own:
        return []
    through = _through_others(registry, speakers, day)
    told = {unit: [name for name in speakers.by_location if tells(name, unit)] for unit in units}
    # A total that holds less than those who count beside it is none of all of them.
    covered = {unit for unit, names in told.items() if names and speakers.called.issuperset(names)}
    told_of = {unit for unit, names in told.items() if names}
    found = []
    for one in own:
        name = registry.name_of(one.id)
        ways = ((name,), *through.get(name, ()))
        # Where no line says which units it has, those that anybody there tells of.
        expected_in = [unit for unit in units if unit in (one.units or told_of or units)]
        out = [
            unit
            for unit in expected_in
            if unit not in covered and not any(all(tells(each, unit) for each in way) for way in ways)
        ]
        if out:
            since = max(day_number(one.date), day_number(one.since or one.date))
            found.append(Absent(name, tuple(out), day_start(since)))
    return sorted(found)


def _is_open(location: Location, day: int) -> bool:
    begun = location.since is None or day >= day_number(location.since)
    return begun and not is_over(location.until, day)


def _through_others(registry: Registry, speakers: Speakers, day: int) -> dict[str, list[tuple[str, ...]]]:
    """Return by which other names a location counts, by its own: all of those that stand together must."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for double in speakers.doubles:
        for old in double.olds if double.alike else ():
            found.setdefault(old, []).append(tuple(double.news))
    for name, total in speakers.totals.items():
        for part in total.parts:
            found.setdefault(part, []).append((name,))
    for one in registry.replacements:
        # Until each of those that follow was heard, those before them count.
        for name in one.news:
            found.setdefault(name, []).append(one.olds)
        if day >= one.day:
            for name in one.olds:
                found.setdefault(name, []).append(one.news)
    return found


def among_expected(found: Indicator, absents: list[Absent], counting: int) -> Indicator:
    """Return a figure among all that it should rest on.

    Args:
        found: the figure, among those who count.
        absents: who is expected beside them.
        counting: how many locations count, where the figure itself does not say so.
    """
    unit = found.labels.get("unit", "")
    missing = sum(1 for one in absents if unit in one.units or not unit)
    if not missing:
        return found
    evidence = found.evidence
    expected = counting if evidence is None else evidence.expected
    part = expected / (expected + missing)
    if evidence is not None:
        evidence = msgspec.structs.replace(evidence, expected=expected + missing)
    bounds = found.range
    if bounds is not None:
        bounds = msgspec.structs.replace(bounds, completeness=round(bounds.completeness * part, 4))
    return msgspec.structs.replace(
        found, completeness=round(found.completeness * part, 4), evidence=evidence, range=bounds
    )


def named_absents(
    absents: list[Absent], held: Container[str], stale: Container[str]
) -> Iterator[tuple[str, int]]:
    """Yield whom nobody heard yet, with since when it is expected; who fell silent is named as that already."""
    for one in absents:
        if one.name not in held:
            yield one.name, one.since
        elif one.name not in stale:
            units = ", ".join(unit for unit in one.units if unit)
            yield (f"{one.name} ({units})" if units else one.name), one.since
