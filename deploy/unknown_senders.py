"""Who was refused because nobody registered it, from the dead letters that it left."""

from collections.abc import Iterable
from typing import Any

import orjson

from agents.domain.speakers.admission import UNKNOWN_SENDER
from streams.calendar import iso
from streams.log_end import LogRecord

_LOCATIONS_SHOWN = 5


def unknown_senders(letters: Iterable[LogRecord]) -> list[dict[str, Any]]:
    """Return one row a source and topic, those with the most reports first.

    Each has `source`, `topic`, `reports`, `first_seen` and `last_seen` (ISO 8601 UTC, time of the records), `locations` (the
    first that it named) and `detail` (why it was refused last, and what to do).
    """
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    places: set[tuple[str | None, ...]] = set()
    for letter in letters:
        headers = {name: (value or b"").decode(errors="replace") for name, value in letter.headers}
        if headers.get("dlq-reason") != UNKNOWN_SENDER:
            continue
        # A worker that was killed writes the letters of its last batch again.
        place = tuple(headers.get(f"dlq-source-{name}") for name in ("topic", "partition", "offset"))
        if place in places:
            continue
        places.add(place)
        source, location = _who(letter.value)
        topic, at = headers.get("dlq-source-topic", ""), iso(int(headers.get("dlq-first-seen", "0")) // 1000)
        row = rows.setdefault(
            (source, topic),
            {
                "source": source,
                "topic": topic,
                "reports": 0,
                "first_seen": at,
                "last_seen": at,
                "locations": [],
            },
        )
        row["reports"] += 1
        row["first_seen"], row["last_seen"] = min(row["first_seen"], at), max(row["last_seen"], at)
        row["detail"] = headers.get("dlq-exception", "")
        if location not in row["locations"] and len(row["locations"]) < _LOCATIONS_SHOWN:
            row["locations"].append(location)
    return sorted(rows.values(), key=lambda row: (-row["reports"], row["source"], row["topic"]))


def _who(value: bytes | None) -> tuple[str, str]:
    try:
        report = orjson.loads(value or b"")
        return str(report["source"]), str(report["location"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return "", ""
