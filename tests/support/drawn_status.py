"""Status entries of regions, drawn from a seed: what folds could say tick by tick, shared out over partitions anyhow."""

import random
from collections.abc import Iterator, Mapping

from agents.domain.country.nation import MEMBERS
from streams.evidence import Silence
from streams.indicators import ALL, indicator_key
from streams.regions import NL
from streams.status import Indicator, StatusEntry
from streams.topics import (
    COORDINATION,
    FOLLOW_UP,
    FORECAST,
    OCCUPANCY,
    PRODUCTION,
    REPORT_TOPICS,
    WAITING_TIMES,
    WORKSTOCK,
)

BEGIN = 1_636_930_800  # 2021-11-14T23:00:00Z: midnight in Amsterdam
HOUR = 3600

SILENCES = (None, Silence(30, 30), Silence(40, 61, BEGIN), Silence(None, 20, BEGIN - HOUR))
"""What a figure would be with those who fell silent; nobody is missed in what is coordinated, nor in a newest moment."""

Said = dict[tuple[str, str], dict[int, list[Indicator]]]
"""By topic and region, what changed at each of its ticks; nothing at most of them."""


def kinds() -> Mapping[str, list[tuple[str, dict[str, str], tuple]]]:
    """What each topic may say: name, labels, values."""
    units = [{"unit": unit} for unit in ("ic", "ward")]
    classes = [{"ic": ic, "urgency": "U3"} for ic in ("yes", ALL)]
    operations = [
        {"ic": ALL, "provider": provider, "urgency": urgency}
        for provider in ("hospital", "zbc", ALL)
        for urgency in ("U4", "U5")
    ]
    specialisms = [{"specialism": name} for name in ("orthopedie", ALL)]
    return {
        OCCUPANCY: [
            *[("beds_occupied", {"label": label, **one}, (0, 7, 40, None)) for one in units for label in ("covid", ALL)],
            *[("beds_staffed", one, (40, 60, None)) for one in units],
            *[(name, one, (-5, 0, 30, None)) for one in units for name in ("beds_free", "beds_for_covid")],
            ("occupancy_ratio", {"unit": "ic"}, (0.7, 0.95, None)),
        ],
        FORECAST: [
            ("forecast_age_hours", {}, (0, 24, 25)),
            *[("forecast_days_ahead", one, (0, 6, 7)) for one in units],
            *[("forecast_expected_today", one, (0, 20)) for one in units],
            *[("forecast_beds", {"day": str(day), **one}, (5, 50, None)) for one in units for day in (1, 7)],
            ("forecast_planned_beds", {"day": "7", "unit": "ic"}, (10, None)),
        ],
        COORDINATION: [
            ("phase", {}, (1, 3, 5)),
            ("agreement_valid", {"subject": "spreading"}, (0, 1, 2)),
            ("agreement_unrecorded", {"subject": "ic-dependent"}, (0, 1)),
            ("report_age_days", {"report": "lcps-inzicht"}, (0, 1, 4)),
        ],
        WORKSTOCK: [
            ("workstock_monday_at", {}, (BEGIN, BEGIN, BEGIN - 14 * 24 * HOUR)),
            *[("workstock_overdue", one, (0, 3)) for one in classes],
            *[("workstock_overdue_rise", one, (-1, 0, 2)) for one in classes],
            *[("workstock_or_hours", one, (100.5, 40)) for one in specialisms],
        ],
        PRODUCTION: [
            ("operations_monday_at", {}, (BEGIN - 7 * 24 * HOUR, BEGIN, None)),
            *[("operations_week", one, (0, 11)) for one in operations],
            *[("operated_or_hours_week", one, (0, 12.5)) for one in specialisms],
        ],
        FOLLOW_UP: [("followup_strain_ratio", {"sector": name}, (0.5, 0.7)) for name in ("grz", "verpleeghuis")],
        WAITING_TIMES: [
            ("treatment_wait_days_median", {"access": "behandeling", "specialism": "orthopedie", "treatment": name}, (0, 20, 61, None))
            for name in ("heup", "knie")
        ],
    }  # fmt: skip


def drawn(chance: random.Random, ticks: int) -> Said:
    """What regions say at `ticks` hours; some, but never the country, miss a tick or have one of their own."""
    possible = kinds()
    said: Said = {}
    for topic in REPORT_TOPICS:
        for region in MEMBERS:
            own = said[topic, region] = {}
            for number in range(1, ticks + 1):
                at = BEGIN + number * HOUR
                if region != NL and number < ticks and chance.random() < 0.1:
                    if chance.random() < 0.5:
                        continue
                    at += HOUR // 2
                # Later ones of a kind replace: a region says each at most once at a tick.
                told = {}
                for name, labels, values in possible.get(topic, []):
                    if chance.random() < 0.15:
                        observed = at - chance.choice((0, 0, HOUR, 30 * HOUR))
                        share = chance.choice((1.0, 0.9))
                        counted = topic != COORDINATION and not name.endswith("_at")
                        silence = chance.choice(SILENCES) if counted else None
                        found = Indicator(name, labels, chance.choice(values), observed, share, 20, silence)
                        told[indicator_key(name, labels)] = found
                own[at] = list(told.values())
    return said


def entries(chance: random.Random, said: Said, partitions: int) -> Iterator[StatusEntry]:
    """The same as a log: each partition in order, the partitions of all topics in any order."""
    streams = []
    for topic in REPORT_TOPICS:
        place = {region: chance.randrange(partitions) for region in MEMBERS}
        for partition in range(partitions):
            members = [region for region in MEMBERS if place[region] == partition]
            chance.shuffle(members)
            streams.append(_of_partition(said, topic, partition, members))
    while streams:
        stream = chance.choice(streams)
        for _ in range(chance.randint(1, 9)):
            entry = next(stream, None)
            if entry is None:
                streams.remove(stream)
                break
            yield entry


def _of_partition(said: Said, topic: str, partition: int, members: list[str]) -> Iterator[StatusEntry]:
    for at in sorted({at for region in members for at in said[topic, region]}):
        here = [region for region in members if at in said[topic, region]]
        changed = [region for region in here if said[topic, region][at]]
        quiet = [region for region in here if region not in changed]
        for number, region in enumerate(changed):
            told = said[topic, region][at]
            yield StatusEntry("fold", topic, partition, region, at, told, quiet if number == 0 else [])
        if quiet and not changed:
            yield StatusEntry("fold", topic, partition, quiet[0], at, [], quiet[1:])
