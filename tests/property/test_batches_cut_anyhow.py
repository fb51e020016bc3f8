"""However the fetched records are cut into batches, a stage writes the same, byte for byte and in the same order."""

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.fold_reports import FoldReports
from agents.judge_status import JudgeStatus
from agents.sum_nation import SumNation
from alerts.norms import load_norms
from streams.topics import BREACHES, FOLLOW_UP, OCCUPANCY, REGION_STATUS, dead_letter_topic
from tests.support.stages import consumed, on_status_log, through
from tests.support.wave import Wave

NORMS = load_norms()
LOG = list(Wave(4, 2).items(24))
SOURCES = {topic: consumed(LOG, topic, 0, 1) for topic in (OCCUPANCY, FOLLOW_UP)}


def fold(topic: str, cuts=()):
    return through(FoldReports(topic, 1, NORMS).make(0, {}), SOURCES[topic], cuts)


@cache
def uncut(topic: str):
    return fold(topic)


STATUS = on_status_log(uncut(OCCUPANCY) + uncut(FOLLOW_UP))
STAGES = (SumNation, JudgeStatus)


@cache
def uncut_stage(stage):
    return through(stage(NORMS).make(0, {}), STATUS, ())


def cuts_of(records):
    return st.sets(st.integers(1, len(records) - 1), max_size=60)


@settings(max_examples=15)
@given(st.sampled_from(sorted(SOURCES)), st.data())
def test_a_fold_writes_the_same_entries_and_dead_letters(topic, data):
    written = fold(topic, data.draw(cuts_of(SOURCES[topic])))
    assert written == uncut(topic)
    assert {each.topic for each in written} == {REGION_STATUS, dead_letter_topic(topic)}


@settings(max_examples=10)
@given(cuts_of(STATUS))
def test_the_country_and_the_judge_write_the_same(cuts):
    for stage in STAGES:
        assert through(stage(NORMS).make(0, {}), STATUS, cuts) == uncut_stage(stage)


def test_these_logs_have_something_to_say():
    assert sum(each.topic == BREACHES for each in uncut_stage(JudgeStatus)) > 20
    assert uncut_stage(SumNation)
