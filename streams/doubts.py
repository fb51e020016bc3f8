"""Locations that are not known to be who they say, or that would be counted twice, as stages and readers say it."""

import msgspec

from streams.suspects import SuspectFigure


class DoubtName(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is doubted, such as `A → B` where B began as A fell silent.

    Attributes:
        what: as people read it.
        since: ISO 8601, UTC.
        figure: where it is a figure that is suspect, which one.
    """

    what: str
    since: str
    figure: SuspectFigure | None = None


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
