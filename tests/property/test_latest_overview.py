"""The latest overview of a region is of its latest change, however far one topic runs ahead of the others."""

import random
from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.domain.country.second_stage import SecondStage, follow
from agents.domain.partition import empty_partition, tick
from agents.pipeline import Pipeline
from alerts.judge import judge
from alerts.judged import JudgeState
from alerts.norms import load_norms
from streams.codec import RefusedError
from streams.regions import REGIONS
from streams.status import StatusEntry, encode
from streams.topics import REPORT_TOPICS
from tests.support.entrance import receive
from tests.support.wave import Wave

NORMS = load_norms()


def entries_by_topic(wave: Wave, ticks: int) -> dict[str, list[StatusEntry]]:
    """What each topic says, tick by tick, and what the country and the joins make of it."""
    said = defaultdict(list)
    folds = {topic: empty_partition(topic, 0, tuple(REGIONS)) for topic in REPORT_TOPICS}
    second = SecondStage()
    for item in wave.items(ticks):
        if not isinstance(item, int):
            try:
                receive(folds[item.topic], item.key, item.value, item.timestamp)
            except RefusedError:
                continue
            continue
        for topic, fold in folds.items():
            for entry in tick(fold, item, NORMS):
                said[topic].append(entry)
                for following in follow(second, entry, NORMS):
                    said[following.topic].append(following)
    return said


@settings(max_examples=8)
@given(st.integers(0, 10_000))
def test_the_latest_overview_does_not_depend_on_which_topic_was_read_first(seed):
    chance = random.Random(seed)
    wave = Wave(seed, 2)
    alone = Pipeline(NORMS)
    for _ in alone.play(wave.items(8)):
        pass
    waiting = {topic: iter(entries) for topic, entries in entries_by_topic(wave, 8).items()}
    judged, latest = JudgeState(), {}
    while waiting:
        topic = chance.choice(sorted(waiting))
        for _ in range(chance.randint(1, 60)):
            entry = next(waiting[topic], None)
            if entry is None:
                del waiting[topic]
                break
            latest |= {overview.region: overview for overview in judge(judged, entry, NORMS)[1]}
    assert latest.keys() == set(REGIONS)
    assert {name: encode(one) for name, one in latest.items()} == {
        name: encode(one) for name, one in alone.overviews.items()
    }
