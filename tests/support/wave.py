"""An endless, seeded wave of reports, as bytes: many locations, dirty in every way, norms broken and mended.

Made from templates, because a test under full load needs hundreds of thousands of them; the models decode each.
The same seed gives the same wave, so a test can play it and compute afterwards what it must have caused.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime

from streams.recording import Record
from streams.regions import ROAZ_IDS
from streams.topics import FOLLOW_UP, OCCUPANCY
from tests.support.reports import phase, record, referrals, waits

BEGIN = int(datetime(2021, 10, 1, tzinfo=UTC).timestamp())
TICK_SECONDS = 3600
_LATE_SECONDS = 20 * 86_400
_HEAD = '{"id":"%s","source":"%s","region":"%s","location":"L%d","observed_at":"%s","received_at":"%s","revision":%d,'
_BEDS = (
    _HEAD
    + '"readings":[{"unit":"ic","label":"total","occupied":%d,"staffed":100},{"unit":"ward","label":"total","occupied":%d,"staffed":100}]}'
)
_BEHIND = _HEAD + '"rows":[{"sector":"grz","waiting_in_hospital":%d,"free_places":10}]}'


class Wave:
    """Reports tick by tick.

    Args:
        seed: the same seed gives the same wave.
        locations: how many locations of each region report between two ticks, on each of two topics.
    """

    def __init__(self, seed: int, locations: int) -> None:
        self.seed = seed
        self.locations = locations

    def ticks(self, count: int | None = None) -> Iterator[tuple[int, list[Record]]]:
        """Yield each tick with the records before it; `count` of them and a closing one, or for ever."""
        chance = random.Random(self.seed)
        level = {region: chance.uniform(0.6, 0.95) for region in ROAZ_IDS}
        kept: list[tuple[int, Record]] = []
        number = 0
        while count is None or number < count:
            begin = BEGIN + number * TICK_SECONDS
            end = begin + TICK_SECONDS
            records: list[Record] = []
            for region in ROAZ_IDS:
                # A drifting level, so that a region's mean crosses the limits now and then, and back.
                level[region] = min(max(level[region] + chance.uniform(-0.06, 0.06), 0.5), 1.0)
                for location in range(self.locations):
                    for topic in (OCCUPANCY, FOLLOW_UP):
                        made = _report(chance, topic, region, location, level[region], begin)
                        records += _arrivals(chance, made, kept, number)
            if number % 24 == 0:
                records += _daily(chance, begin)
            records += [each for due, each in kept if due <= number]
            kept = [(due, each) for due, each in kept if due > number]
            chance.shuffle(records)
            yield end, [_at(each, begin, place, len(records)) for place, each in enumerate(records)]
            number += 1
        yield self.closing(number)

    def items(self, count: int) -> Iterator[Record | int]:
        """Yield the first `count` ticks with their records, and the closing round, as one log."""
        for at, records in self.ticks(count):
            yield from records
            yield at

    def closing(self, number: int) -> tuple[int, list[Record]]:
        """Return the tick after so many, and a last word from every region: its overview is then of that very tick."""
        begin = BEGIN + number * TICK_SECONDS
        chance = random.Random(self.seed + 1)
        made = [_report(chance, OCCUPANCY, region, 0, 0.3, begin) for region in ROAZ_IDS]
        return begin + TICK_SECONDS, [_at(each, begin, place, len(made)) for place, each in enumerate(made)]


def _time(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _report(
    chance: random.Random, topic: str, region: str, location: int, level: float, at: int, revision: int = 0
) -> Record:
    name = f"{topic[5]}{region}{location}-{at}-{revision}"
    when = _time(at)
    spread = min(level + chance.uniform(-0.1, 0.1), 1.1)
    if topic == OCCUPANCY:
        counts = (round(100 * spread), round(100 * spread) + 1)
        text = _BEDS % (name, "sim-beds", region, location, when, when, revision, *counts)
    else:
        text = _BEHIND % (name, "sim-vvt", region, location, when, when, revision, round(40 * spread))
    return Record(topic, region.encode(), at * 1000, (), text.encode())


def _arrivals(
    chance: random.Random, made: Record, kept: list[tuple[int, Record]], number: int
) -> list[Record]:
    """What becomes of a report on its way: mostly nothing."""
    fate = chance.random()
    if fate > 0.06:
        return [made]
    value = made.value or b""
    if fate < 0.02:
        kept.append((number + chance.randint(1, 20), made))  # told again, later
        return [made]
    if fate < 0.03:
        kept.append((number + chance.randint(1, 20), made))  # delayed
        return []
    if fate < 0.04:
        corrected = value.replace(b'"revision":0', b'"revision":1').replace(b":100}", b":90}")
        return [made, Record(made.topic, made.key, made.timestamp, (), corrected)]
    if fate < 0.05:
        old = value.replace(
            _time(made.timestamp // 1000).encode(), _time(made.timestamp // 1000 - _LATE_SECONDS).encode()
        )
        return [made, Record(made.topic, made.key, made.timestamp, (), old)]
    return [Record(made.topic, made.key, made.timestamp, (), value[: chance.randint(0, len(value) - 1)])]


def _daily(chance: random.Random, begin: int) -> list[Record]:
    """A little of the topics that are seldom written to."""
    at = datetime.fromtimestamp(begin, UTC)
    told = []
    for region in ROAZ_IDS:
        told.append(record(waits([chance.randint(10, 60) for _ in range(8)], at, region=region)))
        told.append(record(referrals(chance.randint(60, 110), 100, at, region=region)))
    told.append(record(phase(chance.choice(["1", "2A", "2B"]), at, region="NL")))
    return told


def _at(made: Record, begin: int, place: int, of: int) -> Record:
    """The record with the moment at which it is written, within its tick."""
    return Record(
        made.topic,
        made.key,
        begin * 1000 + (place + 1) * TICK_SECONDS * 1000 // (of + 1),
        made.headers,
        made.value,
    )
