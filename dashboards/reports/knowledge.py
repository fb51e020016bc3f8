"""What is known of every region at one moment: from a recording that was played, or from the live system."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from alerts.judged import JudgeState
from alerts.norms import Norms
from alerts.overview import breach_views
from alerts.unjudged import silent_views, unjudged_views
from streams.indicators import INDICATORS, indicator_key
from streams.joins import JOINS, JUDGED_NOTICES
from streams.regions import REGIONS
from streams.silent import SilentView, UnjudgedView
from streams.status import Indicator
from streams.topics import COORDINATION, REPORT_TOPICS
from streams.views import BreachView

Figures = Mapping[str, Indicator]
"""Indicators of a region, by key (`streams.indicators.indicator_key`); one without a value was known before."""


@dataclass(frozen=True)
class Knowledge:
    """Every figure and open breach, as known at a moment.

    Attributes:
        at: the moment, seconds.
        figures: by region id.
        breaches: open breaches by region id.
        silent: who fell silent, by region id.
        unjudged: norms that cannot be judged because of that, by region id.
    """

    at: int
    figures: Mapping[str, Figures] = field(default_factory=dict)
    breaches: Mapping[str, list[BreachView]] = field(default_factory=dict)
    silent: Mapping[str, Sequence[SilentView]] = field(default_factory=dict)
    unjudged: Mapping[str, Sequence[UnjudgedView]] = field(default_factory=dict)

    def find(self, region: str, name: str, **labels: str) -> Indicator | None:
        """Return one indicator, or None where it is not known at all."""
        return self.figures.get(region, {}).get(indicator_key(name, labels))

    def value(self, region: str, name: str, **labels: str) -> float | int | None:
        """Return the value of one indicator, or None where it is not known."""
        found = self.find(region, name, **labels)
        return None if found is None else found.value

    def all_of(self, region: str, name: str) -> list[Indicator]:
        """Return every series of a kind that has a value, in order of labels."""
        figures = self.figures.get(region, {})
        return [
            found for _, found in sorted(figures.items()) if found.name == name and found.value is not None
        ]

    def sources(self, region: str, name: str) -> list[str]:
        """Return the sources that were heard about what an indicator rests on."""
        topics = topics_of(name)
        heard = self.all_of(region, "feed_received_at")
        return sorted({found.labels["source"] for found in heard if found.labels["topic"] in topics})


def topics_of(name: str) -> tuple[str, ...]:
    """Return the report topics that a kind of indicator rests on."""
    topic = INDICATORS[name].topic
    if topic == JUDGED_NOTICES:
        return (COORDINATION,)
    return JOINS.get(topic) or ((topic,) if topic else REPORT_TOPICS)


def judged_knowledge(
    judged: JudgeState,
    at: int,
    norms: Norms,
    keep: Callable[[Indicator], bool] | None = None,
) -> Knowledge:
    """Return what the judge knows; `keep` says which figures (all by default)."""
    return Knowledge(
        at,
        {
            name: {
                key: found
                for by_name in region.known.values()
                for series in by_name.values()
                for key, found in series.items()
                if keep is None or keep(found)
            }
            for name, region in judged.regions.items()
        },
        {name: breach_views(region, name, norms) for name, region in judged.regions.items()},
        {name: silent_views(region) for name, region in judged.regions.items()},
        {name: unjudged_views(region, name, norms) for name, region in judged.regions.items()},
    )


def by_key(indicators: Iterable[Indicator]) -> dict[str, Indicator]:
    """Return indicators by their key."""
    return {indicator_key(found.name, found.labels): found for found in indicators}


def regions_of(scope: str) -> list[str]:
    """Return the regions that a scope (`regions`, `country`, `both`) tells about, the country last."""
    return [name for name in REGIONS if scope == "both" or (name == "NL") == (scope == "country")]
