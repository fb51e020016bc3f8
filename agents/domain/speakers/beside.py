"""New names that report beside the old one of the same source, for days: an update that is tried before it is trusted.

A new name that was waited with (`doubles`) is held against the others once all of them were heard. Where it is the *twin* of
one, the same to the digit in each column, it goes on waiting until both differ, and takes the place of that one while that is
silent. It is looked at then only: who counted once is never left out for a day on which two hospitals say the same by chance,
and takes nobody's place, for that would look calmer because somebody fell silent.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable
from collections.abc import Set as AbstractSet

from agents.domain.speakers.likeness import Measure, say_the_same
from agents.domain.speakers.speakers import Double, Speakers
from streams.registry.registry import Registry

_TELLING = 10
"""Two hospitals report fewer than that alike by chance."""

_Said = frozenset[tuple[Hashable, int]]


class Twins:
    """The established names of each source by what they say: looked up once for all new names of a tick."""

    def __init__(self, speakers: Speakers, at: int, measure: Measure, out: Collection[str]) -> None:
        self._known = speakers.by_location
        self._measure = measure
        self._olds: defaultdict[tuple[str, _Said], list[str]] = defaultdict(list)
        for name, speaker in speakers.reporting(at, out):
            said = _said(name, measure)
            for source in speaker.sources if said else ():
                self._olds[source, said].append(name)

    def of(self, name: str, begun: int) -> str | None:
        """Return the old name that says what a new one says, which began at a tick; None without one."""
        said = _said(name, self._measure)
        if not said or max(value for _, value in said) < _TELLING:
            return None
        for source in self._known[name].sources:
            for old in self._olds.get((source, said), ()):
                if old != name and self._known[old].first < begun <= self._known[old].last:
                    return old
        return None


def go_on(
    speakers: Speakers, heard: AbstractSet[str], at: int, measure: Measure, registry: Registry | None
) -> None:
    """Let new names count in the place of the old ones while one of these is silent, and all once they differ."""
    for double in [one for one in speakers.doubles if one.beside]:
        olds, news = ([speakers.by_location[name] for name in names] for names in (double.olds, double.news))
        if not heard.isdisjoint((*double.olds, *double.news)):
            differ = not say_the_same(double.olds, double.news, measure)
            double.differ_since = (double.differ_since or at) if differ else 0
        is_registered = registry is not None and any(registry.named(new) is not None for new in double.news)
        # Who reports first of a day is ahead of the others: they differ once all were heard.
        if is_registered or 0 < double.differ_since <= min(one.last for one in (*olds, *news)):
            speakers.doubles.remove(double)
        else:
            double.alike = any(old.is_overdue(at) for old in olds) and not any(
                new.is_overdue(at) for new in news
            )


def twin(old: str, new: str, at: int) -> Double:
    """Return the double of a name and its twin."""
    return Double([old], [new], at, alike=False, beside=True)


def _said(name: str, measure: Measure) -> _Said:
    return frozenset((measure(name) or {}).items())
