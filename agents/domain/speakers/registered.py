"""What a registry says of the locations of a region: who counts elsewhere, who took whose place, who is a total."""

from collections.abc import Collection, Iterable, Mapping
from operator import attrgetter

from agents.domain.speakers.speakers import Speakers, is_called_total
from streams.calendar import day_start
from streams.regions import ROAZ_IDS
from streams.registry.registry import Registry


def aside(registry: Registry, speakers: Speakers, region: str, day: int, gone: Collection[str]) -> set[str]:
    """Return who does not count on a local day: nobody registered it, it counts in another network, or others replace it.

    Args:
        registry: the one in force.
        speakers: who speaks in the region.
        region: its id.
        day: local day.
        gone: who has expired, so that nobody is counted twice with it.
    """
    replacing = {name for double in speakers.doubles if double.alike for name in double.news}
    names = set(speakers.unregistered) - replacing
    if region in ROAZ_IDS:
        names |= {
            name
            for name in speakers.by_location
            if (found := registry.named(name)) is not None and registry.network_on(found, day) != region
        }
    replaced, waiting = _replaced(registry, speakers, day, gone)
    return names.union(replaced, waiting)


def ended(
    registry: Registry, speakers: Speakers, region: str, day: int, gone: Collection[str]
) -> dict[str, int]:
    """Return whom others replaced, or who moved to another network, with the day: what they did before it nobody else tells."""
    days, _ = _replaced(registry, speakers, day, gone)
    for name in speakers.by_location:
        found = registry.named(name)
        left = None if found is None else registry.left_on(found, region, day)
        if left is not None:
            days[name] = min(left, days.get(name, left))
    return days


def _replaced(
    registry: Registry, speakers: Speakers, day: int, gone: Collection[str]
) -> tuple[dict[str, int], set[str]]:
    """Return whom others replaced, each with the day, and who waits until all of those that follow were heard.

    Lines are taken by their days: what was split and is merged again counts again.
    """
    replaced: dict[str, int] = {}
    waiting: set[str] = set()
    heard = {name: speaker.last for name, speaker in speakers.by_location.items() if speaker.times}
    for one in sorted(registry.replacements, key=attrgetter("day")):
        olds, news = ([name for name in names if name in heard] for names in (one.olds, one.news))
        if not olds or not news:
            continue
        # Who was heard before that day only, as in a trial, has not taken over.
        since = day_start(one.day)
        over = day >= one.day and len(news) == len(one.news) and all(heard[name] >= since for name in news)
        counting, others = (news, olds) if over else (olds, news)
        if all(name in gone for name in counting) and _last(heard, others) > _last(heard, counting):
            continue  # the line has it wrong: who should count has expired, and the others go on reporting
        if over:
            for name in news:
                replaced.pop(name, None)
            waiting.difference_update(news)
            replaced.update((name, one.day) for name in olds)
        elif not all(name in replaced or name in waiting for name in olds):
            waiting.update(news)
    return replaced, waiting


def _last(heard: Mapping[str, int], names: Iterable[str]) -> int:
    return max(heard[name] for name in names)


def reconsider(registry: Registry | None, speakers: Speakers) -> None:
    """Look at all names again after lines took effect."""
    see_totals(registry, speakers)
    if registry is None:
        speakers.unregistered.clear()
        speakers.renamed.clear()
        return
    for names in (speakers.unregistered, speakers.renamed, speakers.newcomers):
        for name in [one for one in names if registry.named(one) is not None]:
            del names[name]

    def is_named(names: Iterable[str]) -> bool:
        return any(registry.named(name) is not None for name in names)

    # Who is registered is a location of its own. An old name that no line knows is what the new one was called before.
    speakers.doubles = [one for one in speakers.doubles if not (is_named(one.olds) and is_named(one.news))]


def see_totals(registry: Registry | None, speakers: Speakers) -> None:
    """See who is called a total: it follows from the names and from the lines."""
    speakers.called = {
        name
        for name in speakers.by_location
        if is_called_total(name)
        or (registry is not None and (found := registry.named(name)) is not None and found.type == "total")
    }
