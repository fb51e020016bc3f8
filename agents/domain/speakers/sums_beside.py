"""New names that report beside old ones of the same source and are their sum, or parts of one: a merger or split that is tried.

They are looked for while the new names wait, and must be the same to the digit from an earlier tick up to the one at which these
would begin to count. None is taken that could be one by chance: the more sums are looked at, the larger the figures must be.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from itertools import combinations
from math import comb, prod

from agents.domain.speakers.likeness import Measure
from agents.domain.speakers.speakers import Double, Speakers

_TELLING = 10
"""How often figures as large would differ, for each sum that is looked at."""
_SUMS_MAX = 10_000
"""At a tick, over all sources, so that thousands of names at once do not hold up judgement."""
_PAIR = 2

_Values = Mapping[Hashable, int]
_Said = frozenset[tuple[Hashable, int]]


def sums_beside(
    speakers: Speakers,
    news: Mapping[str, int],
    at: int,
    measure: Measure,
    out: Collection[str],
) -> Iterator[Double]:
    """Yield mergers and splits that are tried beside the old names, nobody in two of them.

    Args:
        speakers: who speaks.
        news: the names that wait, with the tick of their first report.
        at: the tick.
        measure: what a location reported last.
        out: who does not count already.
    """
    taken = {name for double in speakers.doubles if double.beside for name in (*double.olds, *double.news)}
    room = _SUMS_MAX
    for olds, own in _by_source(speakers, news, at, measure, out):
        for several, others in ((olds, own), (own, olds)):
            ones = defaultdict(list)
            for name, values in others.items():
                ones[frozenset(values.items())].append(name)
            size, looked = _size(len(several), room)
            room -= looked
            for names, said in _sums(several, size):
                for one in ones.get(said, ()):
                    both = {one, *names}
                    if not both & taken and _were_together(speakers, news, both):
                        taken |= both
                        merged = several is olds
                        yield Double(
                            list(names) if merged else [one],
                            [one] if merged else list(names),
                            at,
                            alike=False,
                            beside=True,
                        )


def _by_source(
    speakers: Speakers, news: Mapping[str, int], at: int, measure: Measure, out: Collection[str]
) -> Iterator[tuple[dict[str, _Values], dict[str, _Values]]]:
    """Yield what the established names of each source say, and its new ones."""
    wanted = {source for name in news for source in speakers.by_location[name].sources}
    olds: defaultdict[str, dict[str, _Values]] = defaultdict(dict)
    own: defaultdict[str, dict[str, _Values]] = defaultdict(dict)
    new = ((name, speakers.by_location[name]) for name in sorted(news))
    for held, several in ((own, new), (olds, speakers.reporting(at, {*out, *news}))):
        for name, speaker in several:
            sources = wanted.intersection(speaker.sources)
            values = measure(name) if sources else None
            for source in sources if values else ():
                held[source][name] = values or {}
    for source in sorted(own):
        yield olds[source], own[source]


def _size(names: int, room: int) -> tuple[int, int]:
    """Return how many names at most may be looked at together, and how many sums that makes; 1 and 0 where there is no room."""
    looked, size = 0, 1
    while size < names and looked + comb(names, size + 1) <= room:
        size += 1
        looked += comb(names, size)
    return size, looked


def _sums(values: Mapping[str, _Values], most: int) -> Iterator[tuple[Sequence[str], _Said]]:
    """Yield names whose figures together are none by chance, pairs first, with the sums."""
    looked = 0
    for size in range(_PAIR, most + 1):
        looked += comb(len(values), size)
        for names in combinations(values, size):
            sums: dict[Hashable, int] = {}
            for name in names:
                for column, value in values[name].items():
                    sums[column] = sums.get(column, 0) + value
            if any(sums.values()) and prod(value for value in sums.values() if value) >= _TELLING * looked:
                yield names, frozenset(sums.items())


def _were_together(speakers: Speakers, news: Mapping[str, int], names: Collection[str]) -> bool:
    """Return whether the old ones were heard before the new ones began, and after."""
    begun = [news[name] for name in names if name in news]
    olds = [speakers.by_location[name] for name in names if name not in news]
    return all(old.first < min(begun) and max(begun) <= old.last for old in olds)
