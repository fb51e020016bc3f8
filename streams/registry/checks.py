"""What is wrong with a registry though each of its lines can be read: every fault at once, each with what to do."""

from collections.abc import Iterator
from datetime import date

from streams.calendar import day_number
from streams.regions import REGIONS, SPLIT_SAFETY_REGIONS, region_of_safety_region
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
)
from streams.registry.registry import Registry
from streams.reports import REPORT_TYPES


def faults(registry: Registry) -> list[str]:
    """Return what is wrong, one sentence each, in order; none where the registry can be used."""
    found = [f"{_called(line)}: {fault}" for line in registry.lines for fault in _of_line(registry, line)]
    rings = (*_rings_of_parents(registry), *_rings_of_changes(registry))
    return sorted([*found, *_names_twice(registry), *rings])


def _called(line: Line) -> str:
    return " ".join(line.subject)


def _of_line(registry: Registry, line: Line) -> Iterator[str]:
    if isinstance(line, Location):
        yield from _of_location(registry, line)
    elif isinstance(line, Source):
        yield from _of_source(registry, line)
    elif isinstance(line, Retire):
        if line.source not in registry.sources:
            yield f"no source is called `{line.source}`; retire one that `registry list` shows"
    else:
        yield from _of_change(registry, line)


def _of_location(registry: Registry, line: Location) -> Iterator[str]:
    yield from _network(line.network)
    yield from _span(line.since, line.until)
    if line.parent and line.parent not in registry.locations:
        yield f"`parent` {line.parent} is no location; add it or leave `parent` out"
    if line.safety_region:
        try:
            network = region_of_safety_region(line.safety_region)
        except KeyError:
            yield f"`safety_region` is {line.safety_region}; use VR01...VR25"
        else:
            may = (network,) if network else SPLIT_SAFETY_REGIONS[line.safety_region]
            if line.network not in (*may, "NL") and not line.note:
                yield (
                    f"`network` is {line.network}, but {line.safety_region} lies in {' or '.join(may)}; "
                    "correct one of them, or say in `note` why"
                )
    for topic in line.expects:
        yield from _topic(topic)


def _of_source(registry: Registry, line: Source) -> Iterator[str]:
    yield from _span(line.since, line.until)
    for topic in line.topics:
        yield from _topic(topic)
    for one in line.locations:
        if one.startswith(OF_NETWORK):
            yield from _network(one.removeprefix(OF_NETWORK))
        elif one not in (ANY, AREAS, REGISTERED) and one not in registry.locations:
            yield f"it may speak for `{one}`, which is no location; add that location first"
    if line.signs and not line.key:
        yield "`signs` is true without a `key`; name the id of its key"


def _of_change(registry: Registry, line: Rename | Split | Merge | Move) -> Iterator[str]:
    if isinstance(line, Move):
        yield from _network(line.to)
        location = registry.locations.get(line.location)
        if location is not None and registry.network_on(location, day_number(line.on) - 1) == line.to:
            yield f"{line.location} counts in {line.to} on the day before {line.on} already; correct `to` or `on`, or leave it out"
    named: list[str] = []
    if isinstance(line, Merge):
        named += [*line.locations, line.into]
    else:
        named.append(line.location)
    if isinstance(line, Split):
        named += line.into
    for one in named:
        if one not in registry.locations:
            yield f"no location has the id `{one}`; add its line first"
    if len(set(named)) < len(named):
        yield "the same location stands in it twice; a location cannot become itself"


def _network(network: str) -> Iterator[str]:
    if network not in REGIONS:
        yield f"`{network}` is no network; use R01...R11 or NL"


def _topic(topic: str) -> Iterator[str]:
    if topic not in REPORT_TYPES:
        yield f"`{topic}` is no report topic; use one of {', '.join(REPORT_TYPES)}"


def _span(since: date | None, until: date | None) -> Iterator[str]:
    if since and until and until <= since:
        yield f"`until` {until} is not after `since` {since}; correct one of them"


def _names_twice(registry: Registry) -> Iterator[str]:
    owners: dict[str, str] = {}
    names = [(one.id, name) for one in registry.locations.values() for name in (one.name, *one.aliases)]
    names += [(line.location, line.to) for line in registry.lines if isinstance(line, Rename)]
    for owner, name in names:
        plain = " ".join(name.casefold().split())
        if owners.setdefault(plain, owner) != owner:
            yield f"location {owner}: `{name}` is what {owners[plain]} is called as well; a name leads to one location"


def _rings_of_parents(registry: Registry) -> Iterator[str]:
    for one in registry.locations.values():
        seen, parent = {one.id}, one.parent
        while parent and parent in registry.locations:
            if parent in seen:
                yield f"location {one.id}: it is a part of itself by way of {parent}; correct `parent`"
                break
            seen.add(parent)
            parent = registry.locations[parent].parent


def _rings_of_changes(registry: Registry) -> Iterator[str]:
    """Yield who becomes itself on one day; what was split may be merged again on another."""
    follows: dict[date, dict[str, set[str]]] = {}
    for line in registry.lines:
        if isinstance(line, Split):
            follows.setdefault(line.on, {}).setdefault(line.location, set()).update(line.into)
        elif isinstance(line, Merge):
            for one in line.locations:
                follows.setdefault(line.on, {}).setdefault(one, set()).add(line.into)
    for on, become in sorted(follows.items()):
        for one in sorted(become):
            reached, left = set[str](), [*become[one]]
            while left:
                name = left.pop()
                if name not in reached:
                    reached.add(name)
                    left += become.get(name, ())
            if one in reached:
                yield f"location {one}: it becomes itself on {on}, by splits and merges of that day; give them days of their own"
