"""Locations that are not known to be who they say, or that would be counted twice, as stages and readers say it."""

import msgspec


class DoubtName(msgspec.Struct, frozen=True):
    """What is doubted, such as `A → B` where B began as A fell silent, and since when (ISO 8601 UTC)."""

    what: str
    since: str


class DoubtView(msgspec.Struct, frozen=True):
    """Doubts of one kind on one topic.

    Attributes:
        topic: report topic.
        doubt: the figure that counts them (`streams.indicators.DOUBTS`).
        count: how many there are.
        named: the first of them, those of longest ago first.
    """

    topic: str
    doubt: str
    count: int
    named: list[DoubtName]
