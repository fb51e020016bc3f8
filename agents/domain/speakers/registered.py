"""What a registry says of the locations of a region: who counts elsewhere, who took whose place, who is a total."""

from collections.abc import Iterable

from agents.domain.speakers.speakers import Speakers, is_called_total
from streams.regions import ROAZ_IDS
from streams.registry.registry import Registry


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
    known = {name for name, speaker in speakers.by_location.items() if speaker.times}
    for one in registry.replacements:
        olds, news = known.intersection(one.olds), known.intersection(one.news)
        if olds and news:
            # Until each of those that follow was heard, what they follow tells more.
            names |= olds if day >= one.day and len(news) == len(one.news) else news
    return names


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
