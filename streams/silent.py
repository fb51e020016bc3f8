"""Who fell silent, and what cannot be judged because of that, as stages say it to each other and to readers."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from streams.doubts import DoubtView
from streams.suspects import SuspectFigure

SILENT_NAMED = 20
"""How many of those who fell silent an entry names, by topic; of the others it says how many they are."""


class Silent(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Somebody who fell silent.

    Attributes:
        location: name or id of the location, as it told.
        told_at: event time of what it told last of what it is silent on, seconds.
        partly: whether it goes on telling of something else, as of its wards and no more of its intensive care.
        figure: where it is a figure that is suspect, which one; `location` says it as people read it.
    """

    location: str
    told_at: int
    partly: bool = False
    figure: SuspectFigure | None = None


class SilentName(msgspec.Struct, frozen=True):
    """Somebody who fell silent, with when it told last (event time, ISO 8601 UTC), and whether it tells of something else."""

    location: str
    told_at: str
    partly: bool


class SilentView(msgspec.Struct, frozen=True):
    """Who fell silent on one topic.

    Attributes:
        topic: report topic.
        view: `missed` while what they told last still counts as doubt, `given_up` once it does not.
        count: how many they are.
        named: at most `SILENT_NAMED` of them, the longest silent first, then by name.
    """

    topic: str
    view: Literal["missed", "given_up"]
    count: int
    named: list[SilentName]


class UnjudgedView(msgspec.Struct, frozen=True):
    """A norm that cannot be judged because somebody fell silent.

    Attributes:
        norm: norm id.
        scope: label value that the norm is split by, or empty.
        topics: report topics that it is judged by.
        open: whether a breach of it is open, which the silence keeps open.
        over: whether what is missing could put it over its limit.
    """

    norm: str
    scope: str
    topics: list[str]
    open: bool
    over: bool = False


def of_silence(
    silent: Sequence[SilentView], unjudged: Sequence[UnjudgedView], doubts: Sequence[DoubtView] = ()
) -> dict[str, object]:
    """Return these as `ketenwacht status --json` tells them of a region: nothing where nobody is silent or doubted."""
    told: dict[str, object] = {"silent": silent, "unjudged": unjudged} if silent or unjudged else {}
    return told | {"doubts": doubts} if doubts else told
