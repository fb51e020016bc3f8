"""New names that report beside the old one of the same source, for days: an update that is tried before it is trusted.

A name that is new beside established ones of its source is watched for a week (three reports, where these are weekly), in which
it counts: it may be one more location. Where it is the twin of one of them it waits, for as long as both say the same, and takes
the place of that one while that is silent. Who counted beside an old one takes nobody's place: that would look calmer because
somebody fell silent.
"""

from collections.abc import Collection
from functools import cache

from agents.domain.speakers.likeness import Measure, are_twins, say_the_same
from agents.domain.speakers.speakers import Double, Speaker, Speakers
from streams.registry.registry import Registry

_WATCHED, _REPORTS = 7 * 86_400, 3
_MOST = 50
"""A source with more new names in a week is no update of one; each costs a look at a tick."""


def watch(speakers: Speakers, name: str, begun: int) -> None:
    """Watch a new name that counts from now on."""
    if len(speakers.watched) < _MOST:
        speakers.watched[name] = begun


def look_beside(
    speakers: Speakers,
    heard: Collection[str],
    at: int,
    measure: Measure,
    out: Collection[str],
    registry: Registry | None = None,
) -> None:
    """Look at the new names that are watched.

    Args:
        speakers: who speaks.
        heard: who was heard since the last tick.
        at: the tick.
        measure: what a location reported last.
        out: who counts no more already.
        registry: whose names are locations of their own.
    """
    for name, begun in list(speakers.watched.items()):
        if at - begun > 4 * _WATCHED or (registry is not None and registry.named(name) is not None):
            del speakers.watched[name]
    _go_on(speakers, heard, at, measure, registry)
    if not speakers.watched:
        return
    measure = cache(measure)  # every new name is held against every old one
    taken = {
        name
        for double in speakers.doubles
        for name in (double.news if double.beside else (*double.olds, *double.news))
    }
    for name, begun in speakers.watched.items():
        if name not in taken:
            found = _old_one(speakers, name, begun, heard, at, measure, taken.union(out))
            if found is not None:
                speakers.doubles.append(found)
                taken.update(found.news)


def _old_one(
    speakers: Speakers,
    name: str,
    begun: int,
    heard: Collection[str],
    at: int,
    measure: Measure,
    taken: Collection[str],
) -> Double | None:
    speaker = speakers.by_location[name]
    for old, other in sorted(speakers.by_location.items()):
        watched = max(_WATCHED, _REPORTS * other.gap)
        if old in taken or old == name or at - begun > watched or not _was_there(other, speaker, begun):
            continue
        if other.is_overdue(at) or (name not in heard and old not in heard):
            continue
        if are_twins(old, name, measure):
            return Double([old], [name], at, alike=False, beside=True)
    return None


def _was_there(other: Speaker, speaker: Speaker, begun: int) -> bool:
    return (
        other.is_established
        and other.first < begun <= other.last
        and not set(other.sources).isdisjoint(speaker.sources)
    )


def _go_on(
    speakers: Speakers, heard: Collection[str], at: int, measure: Measure, registry: Registry | None
) -> None:
    """Let the new name count in the place of an old one while that is silent, and both once they differ."""
    for double in [one for one in speakers.doubles if one.beside]:
        (old,), (new,) = double.olds, double.news
        before, after = speakers.by_location[old], speakers.by_location[new]
        if old in heard or new in heard:
            differ = not say_the_same(old, new, measure)
            double.differ_since = (double.differ_since or at) if differ else 0
        is_registered = registry is not None and registry.named(new) is not None
        # Who reports first of a day is ahead of the other: they differ once both were heard.
        if is_registered or 0 < double.differ_since <= min(before.last, after.last):
            speakers.doubles.remove(double)
        else:
            double.alike = before.is_overdue(at) and not after.is_overdue(at)
