"""The registry of a scenario: the made-up locations and sources that it speaks of, as it speaks of them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import msgspec

from streams.recording import Record
from streams.regions import NL, ROAZ_IDS
from streams.registry.lines import AREAS, Kind, Line, Location, Source
from streams.reports import REPORT_TYPES

NOBODY = "sim-niemand"
"""Source of what is dirt because nobody registered who says it."""

_KINDS: Mapping[str, Kind] = {
    "Ziekenhuis": "hospital",
    "Kliniek": "clinic",
    "Huisartsen": "practice",
    "Vervolgzorg": "vervolgzorg",
    "RCPS": "total",
}
"""What a location is, by the first word of its name; of any other, a party."""


class _Head(msgspec.Struct, frozen=True):
    """What is said of who speaks: the same in thousands of reports."""

    source: str
    region: str
    location: str


_head = msgspec.json.Decoder(_Head)
_AREAS = frozenset({NL, *ROAZ_IDS})
"""The areas that scenarios speak of as a whole: the country and its networks."""


def registry_of_scenario(name: str, begin: date, records: Iterable[Record]) -> list[dict[str, Any]]:
    """Return the lines for the header of its recording, as free JSON: every location, then every source.

    Args:
        name: of the scenario, which answers for them.
        begin: its first day, the date of the lines.
        records: what it says; of those that are no report nobody is registered, nor `NOBODY`.
    """
    topics: defaultdict[str, set[str]] = defaultdict(set)
    speaks_for: defaultdict[str, set[str]] = defaultdict(set)
    locations: dict[str, Location] = {}
    for topic, head in _spoken(records):
        topics[head.source].add(topic)
        if head.location in _AREAS:
            speaks_for[head.source].add(AREAS)
            continue
        identity = re.sub(r"[^a-z0-9]+", "-", head.location.casefold()).strip("-")
        speaks_for[head.source].add(identity)
        locations[identity] = Location(
            id=identity,
            name=head.location,
            network=head.region,
            type=_KINDS.get(head.location.partition(" ")[0], "party"),
            owner=f"scenario {name}",
            date=begin,
        )
    sources = [
        Source(
            id=source,
            publisher="simulatie",
            topics=sorted(topics[source]),
            locations=sorted(speaks_for[source]),
            owner=f"scenario {name}",
            date=begin,
        )
        for source in sorted(topics)
    ]
    lines: list[Line] = [*(locations[one] for one in sorted(locations)), *sources]
    return [msgspec.to_builtins(line) for line in lines]


def _spoken(records: Iterable[Record]) -> set[tuple[str, _Head]]:
    """Return who speaks for which location, by topic, in what is a report of that topic under the key of its region."""
    found: set[tuple[str, _Head]] = set()
    for record in records:
        try:
            spoken = record.topic, _head.decode(record.value or b"")
            head = spoken[1]
            if spoken in found or head.source == NOBODY or head.region not in _AREAS:
                continue
            msgspec.json.decode(record.value or b"", type=REPORT_TYPES[record.topic])
        except (msgspec.MsgspecError, UnicodeDecodeError):
            continue
        if record.key == head.region.encode():
            found.add(spoken)
    return found
