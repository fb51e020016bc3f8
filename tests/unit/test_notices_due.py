"""A step of the ladder asks for a notice: overdue when it does not come, whichever topic was read first."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.judge import judge
from alerts.judged import JudgeState
from alerts.norms import parse_norms
from streams.calendar import iso
from streams.joins import JOINED_COORDINATION, JOINS, STATUS_SOURCES
from streams.status import Indicator, StatusEntry
from streams.topics import COORDINATION, OCCUPANCY
from tests.support.norm_files import file_text, norm_text

START = 1_637_280_000
HALF_DAY = 43_200
DAY = 86_400
TICKS = [START + HALF_DAY * number for number in range(60)]

NORMS = parse_norms(
    file_text(
        norm_text(
            steps='[{ after = "0h", role = "zorgverzekeraar", anchor = "E1" },'
            ' { after = "14d", role = "roaz-voorzitter", anchor = "E2" }]'
        ),
        norm_text(
            id='"escalation-overdue"',
            family='"escalation"',
            indicator='"escalation_overdue_hours"',
            labels="{}",
            split='["norm"]',
            comparison='">"',
            limit="0",
            clear_limit="0",
        ),
    )
)


def figure(name, value, **labels):
    return Indicator(name, labels, value, START)


def told(at, notices=(), occupancy=0.95, until=TICKS[-1] + 1):
    """What each source says of R07 at a tick; notices are (from tick, anchor, second)."""
    says = {source: [] for source in STATUS_SOURCES}
    if at == TICKS[0]:
        says[OCCUPANCY] = [figure("occupancy_ratio", occupancy, unit="ic")]
        says[JOINED_COORDINATION] = [figure("notices_in_use", 1)]
    if at == until:
        says[OCCUPANCY] = [figure("occupancy_ratio", 0.5, unit="ic")]
    says[COORDINATION] = [
        figure("notice_at", second, anchor=anchor, norm="ic-test")
        for known, anchor, second in notices
        if known == at
    ]
    return {
        source: StatusEntry("join" if source in JOINS else "fold", source, -1, "R07", at, indicators)
        for source, indicators in says.items()
    }


def played(entries):
    state = JudgeState()
    return [
        (one.at, one.state)
        for entry in entries
        for one in judge(state, entry, NORMS)[0]
        if one.norm == "escalation-overdue"
    ]


def in_turn(**how):
    return [entry for at in TICKS for entry in told(at, **how).values()]


def days_after(days):
    return iso(START + int(days * DAY))


def test_a_notice_that_never_comes_is_overdue_half_a_day_after_its_fortnight():
    assert played(in_turn()) == [(days_after(14.5), "active")]


def test_a_notice_in_time_is_never_overdue_until_the_next_step_misses_its_own():
    first = (TICKS[28], "E1", TICKS[28])
    assert played(in_turn(notices=[first])) == [(days_after(21.5), "active")]
    assert played(in_turn(notices=[first, (TICKS[42], "E2", TICKS[42])])) == []


def test_a_late_notice_ends_it():
    late = (TICKS[32], "E1", TICKS[32])
    assert played(in_turn(notices=[late]))[:2] == [(days_after(14.5), "active"), (days_after(16), "resolved")]


def test_a_notice_from_before_the_breach_is_not_about_it():
    assert played(in_turn(notices=[(TICKS[1], "E1", START - 1)])) == [(days_after(14.5), "active")]


def test_a_breach_that_ends_asks_for_no_notice_any_more():
    assert played(in_turn(until=TICKS[28])) == []
    assert played(in_turn(until=TICKS[30])) == [(days_after(14.5), "active"), (days_after(15), "resolved")]


def test_where_nobody_records_notices_nothing_is_said():
    entries = [entry for entry in in_turn() if entry.topic != JOINED_COORDINATION or not entry.indicators]
    assert played(entries) == []


def test_nothing_is_judged_while_one_source_stands_still():
    entries = [entry for entry in in_turn() if entry.topic != "care.absence" or entry.at <= TICKS[10]]
    assert played(entries) == []


def test_an_overview_shows_the_hours_of_its_own_time():
    state = JudgeState()
    shown = {
        overview.at: breach.value
        for entry in in_turn()
        for overview in judge(state, entry, NORMS)[1]
        for breach in overview.breaches
        if breach.norm == "escalation-overdue"
    }
    assert shown == {days_after(days / 2): (days - 28) * 12 for days in range(29, 60)}


@pytest.mark.parametrize("until", [TICKS[-1] + 1, TICKS[31], TICKS[45]])
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000))
def test_it_does_not_matter_which_source_is_read_first(until, seed):
    how = {"until": until, "notices": [(TICKS[33], "E1", TICKS[33]), (TICKS[47], "E2", TICKS[47])]}
    by_source = {source: [told(at, **how)[source] for at in TICKS] for source in STATUS_SOURCES}
    chance = random.Random(seed)
    mixed = []
    while left := [source for source, entries in by_source.items() if entries]:
        source = chance.choice(left)
        ahead = chance.randint(1, 40)
        mixed += by_source[source][:ahead]
        del by_source[source][:ahead]
    assert played(mixed) == played(in_turn(**how))
