"""What is known of who speaks in one region of one topic: of each location its sources, and when it was heard.

Moments are ticks, seconds: whether a location still reports is seen at ticks, so that no batch makes a difference.
"""

import re
from collections.abc import Collection, Iterable, Iterator

import msgspec

from streams.regions import REGIONS

ESTABLISHED_TIMES = 3
ESTABLISHED_SECONDS = 2 * 86_400
"""Who was heard that often, over so long, has a rhythm; before that its silence says nothing."""

_GAPS = 8
_DAY = 86_400


_TOTAL = re.compile(r"\b(totaal|total|totalen|roaz|rcps)\b", re.IGNORECASE)
_NETWORKS = {name for region in REGIONS.values() for name in (region.id, region.abbreviation, region.name)}


class Speaker(msgspec.Struct, array_like=True):
    """One location, as its sources call it.

    Attributes:
        sources: who spoke for it, in the order in which they were first heard.
        first: tick at which it was first heard; 0 before that.
        last: tick at which it was last heard.
        times: ticks at which it was heard, counted up to `ESTABLISHED_TIMES`.
        gap: the longest time between two of them, seconds; longer ones of long ago fade.
        gaps: the last times between two of them, seconds.
    """

    sources: list[str]
    first: int = 0
    last: int = 0
    times: int = 0
    gap: int = 0
    gaps: list[int] = []

    def heard(self, at: int) -> None:
        """Take note that it was heard up to a tick."""
        if not self.times:
            self.first = at
        else:
            self.gap = max(at - self.last, self.gap - self.gap // 8)
            self.gaps = [*self.gaps[1 - _GAPS :], at - self.last]
        self.last = at
        self.times = min(self.times + 1, ESTABLISHED_TIMES)

    @property
    def is_established(self) -> bool:
        """Return whether it has a rhythm."""
        return self.times >= ESTABLISHED_TIMES and self.last - self.first >= ESTABLISHED_SECONDS

    def is_overdue(self, at: int) -> bool:
        """Return whether it should have been heard by a tick, after its own rhythm."""
        return at - self.last > self.gap

    @property
    def missed_after(self) -> int:
        """Return for how long it is silent once its second report is missed, seconds.

        That is twice its rhythm. The rhythm is the longest but one of the last times between two
        reports, so that one that was missed, and parts of a report that come one by one, make it no other; a day where
        it has none yet. Who reports less than daily is missed a day after the first deadline.
        """
        gaps = sorted(self.gaps)
        rhythm = gaps[-2] if self.is_established and len(gaps) > 1 else _DAY
        if rhythm > 3 * _DAY // 2:
            return rhythm + rhythm // 4 + _DAY
        return 2 * rhythm


class Spoken(msgspec.Struct):
    """What is known of one source that needs no other look; made anew after a restart.

    Attributes:
        received: second at which it was last heard.
        locations: those that it is admitted for.
    """

    received: int
    locations: set[str] = set()


class Double(msgspec.Struct, array_like=True):
    """Names that began as others of the same source fell silent: the same beds, until somebody shows that they are not.

    Attributes:
        olds: who fell silent.
        news: who began.
        since: tick at which it was seen.
        alike: whether the new ones report about what the old ones did: then these count in their place.
        beside: whether both report, and say the same: then the new one waits, or counts while the old one is silent.
        differ_since: tick since which those say something else, one of them at least; 0 where they do not.
    """

    olds: list[str]
    news: list[str]
    since: int
    alike: bool
    beside: bool = False
    differ_since: int = 0


class Total(msgspec.Struct, array_like=True):
    """A location that is the sum of others beside it.

    Attributes:
        since: tick at which it was seen.
        parts: whose sum it is.
        fuller: whether it holds clearly more than they do, so that it counts and they do not.
        times: ticks at which it was their sum to the digit; counts only where its name does not say that it is a total.
        differ_since: tick since which it is not, while one of them was not heard; 0 where it is.
    """

    since: int
    parts: list[str]
    fuller: bool = False
    times: int = 0
    differ_since: int = 0


class Speakers(msgspec.Struct, dict=True):
    """Who speaks in one region of one topic.

    Attributes:
        by_location: every location, by the name that figures use.
        newcomers: names that are new beside established ones of their source, with the tick of their first report: they
            wait until it is known whether one of those is still heard.
        doubles: suspected renames, splits and mergers.
        totals: locations that are the sum of others.
        renamed: names that a source which speaks for one location gave it, each with that location and when it began.
        unregistered: names that a registered source gave and nobody registered, with when they began.
        told: what each source told last, of locations for which several registered sources speak.
        missed: locations of which two reports or more were missed at the last look, in order.
        gone: locations that counted no more after the last look, in order: the next begins with them, also after a restart.
        sources: everybody who speaks; follows from the locations.
        called: locations whose name says that they are the total of a network; follows from them as well.
    """

    by_location: dict[str, Speaker] = {}
    newcomers: dict[str, int] = {}
    doubles: list[Double] = []
    totals: dict[str, Total] = {}
    renamed: dict[str, tuple[str, int]] = {}
    unregistered: dict[str, int] = {}
    told: dict[str, dict[str, dict[str, tuple[int, float | bool]]]] = {}
    missed: list[str] = []
    gone: list[str] = []

    def __post_init__(self) -> None:
        """See who speaks, and who is called a total."""
        self.called = {name for name in self.by_location if is_called_total(name)}
        self.sources = {source for speaker in self.by_location.values() for source in speaker.sources}
        self.nobody_before = 0

    def speaks(self, source: str, location: str) -> None:
        """Take note that a source speaks for a location."""
        self.sources.add(source)
        speaker = self.by_location.get(location)
        if speaker is None:
            self.by_location[location] = Speaker([source])
            self.nobody_before = 0
            if is_called_total(location):
                self.called.add(location)
        elif source not in speaker.sources:
            speaker.sources.append(source)

    def hear(self, names: Iterable[str], at: int) -> None:
        """Take note of who was heard up to a tick."""
        known = self.by_location
        for name in names:
            self.nobody_before = 0
            speaker = known.get(name)
            if speaker is None:  # held since before anybody took note of who speaks
                speaker = known[name] = Speaker([])
            speaker.heard(at)

    def reporting(self, at: int, out: Collection[str]) -> Iterator[tuple[str, Speaker]]:
        """Yield who has a rhythm and keeps it at a tick, in order of name, without some."""
        for name, speaker in sorted(self.by_location.items()):
            if speaker.is_established and name not in out and not speaker.is_overdue(at):
                yield name, speaker

    def several_speak(self, location: str) -> bool:
        """Return whether more than one source speaks for a location."""
        return len(self.by_location[location].sources) > 1

    def forget(self, names: Iterable[str]) -> None:
        """Forget locations of which nothing is held any more."""
        gone = set(names)
        for name in gone:
            self.by_location.pop(name, None)
            self.newcomers.pop(name, None)
            self.totals.pop(name, None)
            self.called.discard(name)
            self.unregistered.pop(name, None)
            self.told.pop(name, None)


def is_called_total(name: str) -> bool:
    """Return whether a name says that it is the total of a network."""
    return name in _NETWORKS or bool(_TOTAL.search(name))
