"""After a clock that ran ahead the time begins again: judging goes on, nothing is told twice, and the end is as it would be.

Whoever of the partitions comes first to the new time, the country and the judge say the same.
"""

import random
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.fold_reports import FoldReports
from agents.judge_status import JudgeStatus
from agents.sum_nation import SumNation
from alerts.norms import load_norms
from streams.calendar import iso
from streams.control import TickerReset
from streams.status import decode_entry, decode_overview, decode_transition
from streams.topics import BREACHES, OVERVIEW, REGION_STATUS, REPORT_TOPICS
from tests.support.reports import record, waits
from tests.support.stages import consumed, on_status_log, through
from tests.support.wave import Wave

NORMS = load_norms()
PARTITIONS = 3
HOUR = 3600
TICKS = 16
BEFORE = 4
"""Ticks before the clock runs ahead."""


def log(leap: int | None):
    """Ticks an hour; after some of them two that lie far ahead, and a reset."""
    items = []
    for number, (at, records) in enumerate(Wave(6, 2).ticks(TICKS)):
        items += [*records, at]
        if number + 1 == BEFORE:
            # Said at the next tick, which may be one of the wrong clock, and by nobody again.
            items.append(record(waits([77] * 8, datetime.fromtimestamp(at, UTC), region="R05")))
        if number + 1 == BEFORE and leap is not None:
            items += [at + leap, at + leap + HOUR, TickerReset(at=at + 1, after=at + leap + 2 * HOUR)]
    return items


def folded(items):
    """What each report partition writes to the status log, in its order."""
    written = []
    for topic in REPORT_TOPICS:
        for partition in range(PARTITIONS):
            stage = FoldReports(topic, PARTITIONS, NORMS).make(partition, {})
            said = through(stage, consumed(items, topic, partition, PARTITIONS), ())
            written.append([each for each in said if each.topic == REGION_STATUS])
    return written


FOLDED = {leap: folded(log(leap)) for leap in (None, 50 * 60, 7 * HOUR, 23 * HOUR)}


def judged(written, seed: int):
    """What the judge says when the partitions come to the status log in a drawn order."""
    chance = random.Random(seed)
    left = [list(own) for own in written]
    nation, judge = SumNation(NORMS).make(0, {}), JudgeStatus(NORMS).make(0, {})
    said = []
    while left := [own for own in left if own]:
        own = chance.choice(left)
        for _ in range(chance.randint(1, 12)):
            if not own:
                break
            entry = on_status_log([own.pop(0)])
            following = through(nation, entry, ())
            said += through(judge, entry, ())
            said += through(judge, on_status_log(following), ())
    return said


def transitions(said):
    return [decode_transition(each.value) for each in said if each.topic == BREACHES]


def last_overviews(said):
    return {each.key: decode_overview(each.value) for each in said if each.topic == OVERVIEW}


@pytest.mark.parametrize("leap", [leap for leap in FOLDED if leap])
def test_judging_goes_on_at_once_and_ends_as_if_no_clock_had_been_wrong(leap):
    said = judged(FOLDED[leap], 1)
    honest = judged(FOLDED[None], 1)
    ends = [at for at in log(None) if isinstance(at, int)]

    assert {each.at for each in last_overviews(said).values()} == {iso(ends[-1])}
    told = {decode_overview(each.value).at for each in said if each.topic == OVERVIEW and each.key == b"NL"}
    assert {
        decode_overview(each.value).at for each in honest if each.topic == OVERVIEW and each.key == b"NL"
    } <= told

    expected, found = last_overviews(honest), last_overviews(said)
    for region, overview in expected.items():
        assert found[region].indicators == overview.indicators, region
        # What the wrong time began may still be open; what is true is not missed.
        assert {(one.norm, one.scope) for one in overview.breaches} <= {
            (one.norm, one.scope) for one in found[region].breaches
        }, region


@pytest.mark.parametrize("leap", [leap for leap in FOLDED if leap])
def test_whoever_passed_over_the_entries_of_the_wrong_time_knows_the_same_in_the_end(leap):
    """Entries that lie far ahead of when they were written are passed over where the broker's clock was right."""
    begins = next(each.at for each in log(leap) if isinstance(each, TickerReset))
    without = []
    for own in FOLDED[leap]:
        entries = [decode_entry(each.value) for each in own]
        again = next(place for place, entry in enumerate(entries) if entry.after)
        without.append(
            [each for each, entry in zip(own[:again], entries, strict=False) if entry.at < begins]
            + own[again:]
        )
    assert sum(map(len, without)) < sum(map(len, FOLDED[leap]))
    assert {key: one.indicators for key, one in last_overviews(judged(without, 3)).items()} == {
        key: one.indicators for key, one in last_overviews(judged(FOLDED[None], 3)).items()
    }


@pytest.mark.parametrize("leap", [leap for leap in FOLDED if leap])
def test_nothing_is_told_twice(leap):
    told = transitions(judged(FOLDED[leap], 2))
    assert len({one.id for one in told}) == len(told)
    began = [one.episode for one in told if one.state in {"pending", "active"} and one.step <= 1]
    assert len(began) > 20


@settings(max_examples=6)
@given(st.sampled_from([leap for leap in FOLDED if leap]), st.integers(0, 2**20))
def test_whoever_comes_first_to_the_new_time_the_result_is_the_same(leap, seed):
    one, other = judged(FOLDED[leap], seed), judged(FOLDED[leap], 0)
    assert sorted(msgspec.json.encode(each) for each in transitions(one)) == sorted(
        msgspec.json.encode(each) for each in transitions(other)
    )
    assert last_overviews(one) == last_overviews(other)


def test_once_the_time_is_past_the_wrong_one_nothing_remembers_it():
    for own in FOLDED[7 * HOUR]:
        entries = [decode_entry(each.value) for each in own]
        assert any(entry.after for entry in entries)
        assert not entries[-1].after


def test_a_reset_of_before_changes_nothing():
    items = log(7 * HOUR)
    (reset,) = [each for each in items if isinstance(each, TickerReset)]
    assert folded([*items, reset]) == FOLDED[7 * HOUR]
