"""What could not be accepted: the record as it came, with the reason in its headers."""

from collections.abc import Sequence
from dataclasses import dataclass

from streams.codec import RefusedError

Header = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands in the log; `timestamp` in milliseconds."""

    topic: str
    partition: int
    offset: int
    timestamp: int


def dead_letter_headers(headers: Sequence[Header], refusal: RefusedError, place: Place) -> list[Header]:
    """Return the headers of a dead letter: those of the record, then why and where it stood.

    Key and value go along byte for byte. `dlq-first-seen` is the record's own timestamp, so that a
    replay gives the same dead letter.
    """
    own = [header for header in headers if not header[0].startswith("dlq-")]
    return [
        *own,
        ("dlq-reason", refusal.reason.encode()),
        ("dlq-exception", refusal.detail.encode()[:1000]),
        ("dlq-source-topic", place.topic.encode()),
        ("dlq-source-partition", str(place.partition).encode()),
        ("dlq-source-offset", str(place.offset).encode()),
        ("dlq-first-seen", str(place.timestamp).encode()),
    ]
