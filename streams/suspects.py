"""Figures that are suspect, as stages and readers say it: what was reported, after what, and why it is not believed."""

import msgspec
from typing_extensions import override

from streams.calendar import date_of

REASONS = {
    "rise": "sprong",
    "far": "ver boven alles",
    "fall": "daling",
    "zero": "nul",
    "frozen": "staat stil",
    "cumulative": "telt op",
}
"""Why a figure is suspect, as people read it."""


class SuspectFigure(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A figure that is suspect.

    Attributes:
        location: who reported it.
        subject: what it is about, such as `ic covid`.
        day: local day that it is about.
        value: as reported.
        trusted: the last trusted figure, which is carried forward.
        reason: why it is not believed, one of `REASONS`.
        source: who is to be asked; empty where that is not known.
    """

    location: str
    subject: str
    day: int
    value: int
    trusted: int
    reason: str
    source: str = ""

    @override
    def __str__(self) -> str:
        """Return it as people read it."""
        told = f"{self.subject} {self.value} op {date_of(self.day)}, na {self.trusted}"
        why = "; ".join(filter(None, (REASONS[self.reason], self.source)))
        return f"{self.location}: {told} ({why})"
