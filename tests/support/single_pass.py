"""What one process makes of a log, and what stands on the topics of a broker, in the same form: bytes."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from agents.domain.counts import OUTCOMES
from agents.pipeline import Pipeline, episode_order
from alerts.norms import load_norms
from streams.indicators import indicator_key
from streams.kafka import KafkaSettings
from streams.log_end import read_all
from streams.recording import Record
from streams.regions import ROAZ_IDS
from streams.status import decode_entry, decode_overview, decode_transition, encode
from streams.topics import BREACHES, OVERVIEW, REGION_STATUS


@dataclass
class Made:
    """What a log causes.

    Attributes:
        breaches: the lines of the breach log, each transition once, by episode.
        overviews: the latest overview of each region.
        aggregates: the latest indicators, by region, topic and key.
        counts: what became of the records, by outcome; empty when read from a broker (workers tell it).
    """

    breaches: list[bytes]
    overviews: dict[str, bytes]
    aggregates: dict[tuple[str, str, str], bytes]
    counts: dict[str, int] = field(default_factory=dict)


def single_pass(log: Iterable[Record | int]) -> Made:
    """Return what one process makes of a log of records and ticks."""
    pipeline = Pipeline(load_norms())
    transitions = sorted(pipeline.play(log), key=episode_order)
    return Made(
        [encode(transition) for transition in transitions],
        {region: encode(overview) for region, overview in pipeline.overviews.items()},
        {
            (name, topic, key): msgspec.json.encode(indicator)
            for name, region in pipeline.judged.regions.items()
            for topic, known in region.known.items()
            for series in known.values()
            for key, indicator in series.items()
        },
        {name: getattr(pipeline.counts, name) for name in OUTCOMES},
    )


def on_topics(kafka: KafkaSettings) -> Made:
    """Return what the workers wrote; a transition or entry told twice must be the same to the letter."""
    told: dict[str, bytes] = {}
    for found in read_all(kafka, BREACHES):
        name = decode_transition(found.value).id
        assert told.setdefault(name, found.value) == found.value, f"{name} was told in two ways"
    by_episode = sorted(told.values(), key=lambda value: episode_order(decode_transition(value)))
    overviews = {decode_overview(found.value).region: found.value for found in read_all(kafka, OVERVIEW)}
    return Made(by_episode, overviews, _aggregates(kafka))


def _aggregates(kafka: KafkaSettings) -> dict[tuple[str, str, str], bytes]:
    entries: dict[tuple, bytes] = {}
    known: dict[tuple[str, str, str], bytes] = {}
    for found in read_all(kafka, REGION_STATUS):
        entry = decode_entry(found.value)
        # The tick of a partition is told once, or again word for word by whoever takes it over.
        place = (entry.stage, entry.topic, entry.partition, entry.region, entry.at)
        if place in entries:
            assert entries[place] == found.value, f"{place} was told in two ways"
            continue
        entries[place] = found.value
        if entry.stage == "fold" and entry.region not in ROAZ_IDS:
            continue  # the country is told by its own stage
        for indicator in entry.indicators:
            key = indicator_key(indicator.name, indicator.labels)
            known[entry.region, entry.topic, key] = msgspec.json.encode(indicator)
    return known
