"""What a registry says of the locations of a region: who counts elsewhere, who took whose place, who is a total."""

from collections.abc import Iterable, Iterator

from agents.domain.speakers.speakers import Speakers, is_called_total
from streams.regions import ROAZ_IDS
from streams.registry.registry import Registry, Replacement


def aside(registry: Registry, speakers: Speakers, region: str, day: int) -> set[str]:
    """Return who does not count on a local day: nobody registered it, it counts in another network, or others replace it."""
    replacing = {name for double in speakers.doubles if double.alike for name in double.news}
    names = set(speakers.unregistered) - replacing
    if region in ROAZ_IDS:
        names |= {
            name
            for name in speakers.by_location
            if (found := registry.named(name)) is not None and registry.network_on(found, day) != region
        }
    for _, olds, news, over in _replaced(registry, speakers, day):
        # Until each of those that follow was heard, what they follow tells more.
        names |= olds if over else news
    return names


def ended(registry: Registry, speakers: Speakers, region: str, day: int) -> dict[str, int]:
    """Return whom others replaced, or who moved to another network, with the day: what they did before it nobody else tells."""
    days = {
        name: one.day for one, olds, _, over in _replaced(registry, speakers, day) if over for name in olds
    }
    for name in speakers.by_location:
        found = registry.named(name)
        left = None if found is None else registry.left_on(found, region, day)
        if left is not None:
            days[name] = min(left, days.get(name, left))
    return days


def _replaced(
    registry: Registry, speakers: Speakers, day: int
) -> Iterator[tuple[Replacement, set[str], set[str], bool]]:
    """Yield who follows whom of those that were heard, and whether those that follow count."""
    known = {name for name, speaker in speakers.by_location.items() if speaker.times}
    for one in registry.replacements:
        olds, news = known.intersection(one.olds), known.intersection(one.news)
        if olds and news:
            yield one, olds, news, day >= one.day and len(news) == len(one.news)


def reconsider(registry: Registry | None, speakers: Speakers) -> None:
    """Look at all names again after lines took effect."""
    known: Iterable[str] = speakers.by_location
    if registry is None:
        speakers.unregistered.clear()
        speakers.renamed.clear()
        speakers.called = {name for name in known if is_called_total(name)}
        return
    for name in [one for one in speakers.unregistered if registry.named(one) is not None]:
        del speakers.unregistered[name]
    for name in [one for one in speakers.renamed if registry.named(one) is not None]:
        del speakers.renamed[name]
    speakers.called = {
        name
        for name in known
        if is_called_total(name) or ((found := registry.named(name)) is not None and found.type == "total")
    }
