"""Names that begin as others of the same source fall silent: held back from being counted twice.

A new name waits until every established location of its source in the network was heard after it, or is overdue by its own
rhythm: where counts add up, on the day of a change both names may report. One that is registered is a location of its own.
Where all were heard it is one more location. Where one is overdue it is a suspected rename, split or merger: if the new ones
report about what the old ones did, they count in their place; if not, the old ones count for as long as they do without the
new ones. Never both.
"""

from collections import defaultdict
from collections.abc import Collection
from collections.abc import Set as AbstractSet

from agents.domain.speakers.beside import Twins, go_on, twin
from agents.domain.speakers.likeness import Measure, are_alike
from agents.domain.speakers.speakers import Double, Speaker, Speakers
from agents.domain.speakers.sums_beside import sums_beside
from streams.registry.registry import Registry

_PAIR = 2
_TRIED_MAX = 1_000
"""Of more new names at once nobody asks whether they are sums of old ones, so that they do not hold up judgement."""


def look_for_doubles(
    speakers: Speakers,
    heard: AbstractSet[str],
    at: int,
    measure: Measure,
    stale: Collection[str],
    registry: Registry | None = None,
) -> None:
    """Look at who is new and who fell silent.

    Args:
        speakers: who speaks; those that were heard up to this tick are noted.
        heard: who was heard since the last tick.
        at: the tick.
        measure: what a location reported last.
        stale: who counts no more already, so that nobody is counted twice with them.
        registry: whose names are locations of their own.
    """
    _end(speakers, at, registry)
    known = speakers.by_location
    silent = _Silent(speakers, measure, stale)
    for name in heard:
        speaker = known[name]
        if speaker.first == at and not _is_registered(name, registry) and silent.since(at, speaker):
            speakers.newcomers[name] = at
    go_on(speakers, heard, at, measure, registry)
    if speakers.newcomers:
        if heard and len(speakers.newcomers) <= _TRIED_MAX:
            speakers.doubles += list(sums_beside(speakers, speakers.newcomers, at, measure, silent.out))
        _look_at_newcomers(speakers, silent, at, measure)


def _look_at_newcomers(speakers: Speakers, silent: "_Silent", at: int, measure: Measure) -> None:
    known = speakers.by_location
    suspected: dict[tuple[str, ...], list[str]] = {}
    counting: set[str] = set()
    others: set[str] = set()
    twins: Twins | None = None
    for name in sorted(speakers.newcomers):
        olds = silent.since(speakers.newcomers[name], known[name])
        if not olds:
            twins = twins or Twins(speakers, at, measure, silent.out)
            if (old := twins.of(name, speakers.newcomers.pop(name))) is not None:
                speakers.doubles.append(twin(old, name, at))
                others.add(name)
            else:
                counting.add(name)
        elif silent.are_overdue(olds, at):
            suspected.setdefault(olds, []).append(name)
    # What was a sum at a single look may be so by chance: it must have been one before.
    _forget_sums(speakers, counting, at)
    _forget_sums(speakers, others.union(*suspected.values()), 0)
    for olds, news in suspected.items():
        _take(speakers, Double(list(olds), news, at, alike=False), measure)
        for name in news:
            del speakers.newcomers[name]


def _forget_sums(speakers: Speakers, names: set[str], since: int) -> None:
    """Forget mergers and splits that are tried by these names, and were first seen at a tick or later."""
    speakers.doubles = [
        double
        for double in speakers.doubles
        if not (
            double.beside
            and double.since >= since
            and len((*double.olds, *double.news)) > _PAIR
            and not names.isdisjoint(double.news)
        )
    ]


def _is_registered(name: str, registry: Registry | None) -> bool:
    return registry is not None and registry.named(name) is not None


class _Silent:
    """The established locations of some sources that were not heard after a moment: looked up once for all new names."""

    def __init__(self, speakers: Speakers, measure: Measure, stale: Collection[str]) -> None:
        self._known = speakers.by_location
        replaced = {old for double in speakers.doubles if double.alike for old in double.olds}
        self.out = replaced.union(stale)
        self._measure = measure
        self._by_source: dict[int, defaultdict[str, set[str]]] = {}
        self._found: dict[tuple[int, frozenset[str]], tuple[str, ...]] = {}
        self._overdue: dict[tuple[str, ...], bool] = {}

    def since(self, begun: int, speaker: Speaker) -> tuple[str, ...]:
        """Return those of the sources of a location that began at a tick, in order."""
        place = begun, frozenset(speaker.sources)
        found = self._found.get(place)
        if found is None:
            by_source = self._quiet_since(begun)
            names = set[str]().union(
                *(by_source[source] for source in speaker.sources if source in by_source)
            )
            found = self._found[place] = tuple(sorted(names))
        return found

    def are_overdue(self, names: tuple[str, ...], at: int) -> bool:
        """Return whether all of them should have been heard by a tick."""
        found = self._overdue.get(names)
        if found is None:
            found = self._overdue[names] = all(self._known[name].is_overdue(at) for name in names)
        return found

    def _quiet_since(self, begun: int) -> defaultdict[str, set[str]]:
        by_source = self._by_source.get(begun)
        if by_source is None:
            by_source = self._by_source[begun] = defaultdict(set)
            for name, speaker in self._known.items():
                if (
                    speaker.last <= begun
                    and speaker.is_established
                    and name not in self.out
                    and (speaker.last < begun or self._measure(name))
                ):
                    for source in speaker.sources:
                        by_source[source].add(name)
        return by_source


def _take(speakers: Speakers, found: Double, measure: Measure) -> None:
    """Add a double, or its new names to one that is there: the parts of a split may begin one after another."""
    for double in speakers.doubles:
        if double.olds == found.olds and not double.alike and not double.beside:
            double.news = sorted({*double.news, *found.news})
            double.alike = are_alike(double.olds, double.news, measure)
            return
    found.alike = are_alike(found.olds, found.news, measure)
    speakers.doubles.append(found)


def _end(speakers: Speakers, at: int, registry: Registry | None) -> None:
    """End what is no double: an old one is heard again, or nothing is held of it any more.

    The new ones then wait as on their first day: they may be twins, or the parts or the sum of those that they began after.
    """
    goes_on = []
    for double in speakers.doubles:
        if _goes_on(speakers, double):
            goes_on.append(double)
            continue
        for name in double.news:
            if name in speakers.by_location and not _is_registered(name, registry):
                speakers.newcomers[name] = at
    speakers.doubles = goes_on


def _goes_on(speakers: Speakers, double: Double) -> bool:
    known = speakers.by_location
    news = [name in known for name in double.news]
    if not all(name in known for name in double.olds) or not any(news):
        return False
    return all(news) if double.beside else all(known[name].last <= double.since for name in double.olds)


def held_back(speakers: Speakers, stale: Collection[str]) -> set[str]:
    """Return who does not count: new ones that wait, and one side of each double."""
    names = set(speakers.newcomers)
    for double in speakers.doubles:
        # Of several new names beside an old one the first takes its place.
        if double.alike and not (double.beside and names.issuperset(double.olds)):
            names.update(double.olds)
        elif not all(old in stale for old in double.olds):
            names.update(double.news)
    return names
