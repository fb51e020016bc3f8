"""The registry that a recording brings: its sources, as the shipped registry has them, else for every name that they use."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec

from streams.codec import RefusedError, decode_report
from streams.recording import Record
from streams.registry.file import shipped_lines
from streams.registry.lines import ANY, Line, Source
from streams.registry.registry import registry_of
from streams.topics import REPORT_TOPICS


def registry_of_records(records: Iterable[Record], publisher: str, owner: str) -> list[dict[str, Any]]:
    """Return the lines for the header of a recording, as free JSON.

    A source that ships with the project stands there as it ships, with every location that ships; any other may speak on the
    topics on which it does, for whom it likes.

    Args:
        records: what is recorded.
        publisher: who stands behind sources that do not ship.
        owner: who answers for their lines.
    """
    topics: defaultdict[str, set[str]] = defaultdict(set)
    newest = 0
    for record in records:
        newest = max(newest, record.timestamp)
        if record.topic in REPORT_TOPICS:
            try:
                topics[decode_report(record.topic, record.key, record.value).source].add(record.topic)
            except RefusedError:
                continue
    shipped = registry_of(shipped_lines())
    lines: list[Line] = []
    if topics.keys() & shipped.sources.keys():
        lines += shipped.locations.values()
    for name, own in sorted(topics.items()):
        known = shipped.sources.get(name)
        if known is not None and own <= set(known.topics):
            lines.append(known)
            continue
        lines.append(
            Source(
                id=name,
                publisher=publisher,
                topics=sorted(own),
                locations=[ANY],
                owner=owner,
                date=datetime.fromtimestamp(newest / 1000, UTC).date(),
            )
        )
    return [msgspec.to_builtins(line) for line in lines]
