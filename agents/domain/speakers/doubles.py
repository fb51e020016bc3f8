"""Names that begin as others of the same source fall silent: held back from being counted twice.

A new name waits until every established location of its source in the network was heard since, or is overdue by its own
rhythm. Where all were heard it is one more location. Where one is overdue it is a suspected rename, split or merger: if the
new ones report about what the old ones did, they count in their place; if not, the old ones count for as long as they stand.
Never both as reported; while the old ones are carried forward the figure says what it would be with them.
"""

from collections.abc import Callable, Collection, Mapping

from agents.domain.speakers.speakers import Double, Speakers

Measure = Callable[[str], Mapping[int, int] | None]
"""What a location reported last, by column; None where a topic has no columns that add up."""

_ALIKE = 0.75
"""Beds of one hospital differ by less than a quarter from day to day; sums of a split reported in part differ by more."""


def look_for_doubles(
    speakers: Speakers, heard: Collection[str], at: int, measure: Measure, stale: Collection[str]
) -> None:
    """Look at who is new and who fell silent.

    Args:
        speakers: who speaks; those that were heard up to this tick are noted.
        heard: who was heard since the last tick.
        at: the tick.
        measure: what a location reported last.
        stale: who is stale already: those count no more, so nobody is counted twice with them.
    """
    _end(speakers)
    known = speakers.by_location
    for name in heard:
        speaker = known[name]
        if speaker.first == at and _olds(speakers, name, at, stale):
            speakers.newcomers[name] = at
    if not speakers.newcomers:
        return
    suspected: dict[tuple[str, ...], list[str]] = {}
    for name in sorted(speakers.newcomers):
        olds = _olds(speakers, name, speakers.newcomers[name], stale)
        if not olds:
            del speakers.newcomers[name]
        elif all(known[old].is_overdue(at) for old in olds):
            suspected.setdefault(tuple(olds), []).append(name)
    for silent, news in suspected.items():
        _take(speakers, Double(list(silent), news, at, alike=False), measure)
        for name in news:
            del speakers.newcomers[name]


def _take(speakers: Speakers, found: Double, measure: Measure) -> None:
    """Add a double, or its new names to one that is there: the parts of a split may begin one after another."""
    for double in speakers.doubles:
        if double.olds == found.olds and not double.alike:
            double.news = sorted({*double.news, *found.news})
            double.alike = _alike(double.olds, double.news, measure)
            return
    found.alike = _alike(found.olds, found.news, measure)
    speakers.doubles.append(found)


def _olds(speakers: Speakers, name: str, begun: int, stale: Collection[str]) -> list[str]:
    """Return the established locations of the same source that were not heard since a name began, in order."""
    known = speakers.by_location
    sources = known[name].sources
    replaced = {old for double in speakers.doubles if double.alike for old in double.olds}
    return sorted(
        other
        for other, speaker in known.items()
        if speaker.last < begun
        and speaker.is_established
        and other not in replaced
        and other not in stale
        and any(source in sources for source in speaker.sources)
    )


def _end(speakers: Speakers) -> None:
    """End what is no double: an old one is heard again, or nothing is held of it any more."""
    if speakers.doubles:
        known = speakers.by_location
        speakers.doubles = [
            double
            for double in speakers.doubles
            if any(name in known for name in double.news)
            and all(name in known and known[name].last <= double.since for name in double.olds)
        ]


def _alike(olds: Collection[str], news: Collection[str], measure: Measure) -> bool:
    before, now = _sum(olds, measure), _sum(news, measure)
    if before is None or now is None:
        return False
    return before * _ALIKE <= now <= before / _ALIKE


def _sum(names: Collection[str], measure: Measure) -> int | None:
    measured = [measure(name) for name in names]
    return sum(sum(one.values()) for one in measured if one) if all(measured) else None


def held_back(speakers: Speakers, stale: Collection[str]) -> set[str]:
    """Return who does not count: new ones that wait, and one side of each double."""
    names = set(speakers.newcomers)
    for double in speakers.doubles:
        if double.alike:
            names.update(double.olds)
        elif not all(old in stale for old in double.olds):
            names.update(double.news)
    return names
