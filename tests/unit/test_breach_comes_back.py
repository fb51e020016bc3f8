"""A breach that comes back soon after its end is the same one."""

from datetime import UTC, datetime

from alerts.judge import judge
from alerts.judged import JudgeState
from alerts.norms import load_norms
from streams.status import Indicator, StatusEntry
from streams.topics import OCCUPANCY
from tests.support.norm_files import only

NORMS = load_norms()
AT = int(datetime(2021, 11, 15, 12, tzinfo=UTC).timestamp())
HOUR = 3600


def entry(at: int, *indicators: Indicator) -> StatusEntry:
    return StatusEntry("fold", OCCUPANCY, 0, "R07", at, list(indicators))


def ratio(value: float) -> Indicator:
    return Indicator("occupancy_ratio", {"unit": "ic"}, value, AT)


def test_a_breach_that_comes_back_soon_is_the_same_one_and_goes_on_where_it_was():
    norms = only(cooling='"2d"', steps='[{ after = "0h", role = "lcps" }, { after = "1d", role = "igj" }]')
    state = JudgeState()

    def told(hour: int, value: float):
        return judge(state, entry(AT + hour * HOUR, ratio(value)), norms)[0]

    (begun,) = told(0, 0.95)
    (ended,) = told(10, 0.5)
    (again,) = told(30, 0.95)
    assert told(43, 0.95) == []  # over for 23 hours
    (step,) = told(44, 0.95)
    assert [(one.state, one.step, one.count) for one in (begun, ended, again, step)] == [
        ("active", 1, 0), ("resolved", 1, 0), ("reopened", 1, 1), ("step", 2, 1)
    ]  # fmt: skip
    assert {one.episode for one in (begun, ended, again, step)} == {begun.episode}
    assert len({one.id for one in (begun, ended, again, step)}) == 4
    assert again.since == begun.since
    assert state.regions["R07"].ended == {}
    assert [(one.state, one.count) for one in told(45, 0.5)] == [("resolved", 1)]
    (anew,) = told(45 + 48, 0.95)
    assert (anew.state, anew.count, anew.episode == begun.episode) == ("active", 0, False)


def test_a_breach_of_a_norm_that_ended_begins_anew():
    state = JudgeState()
    judge(state, entry(AT, ratio(0.95)), only(cooling='"2d"'))
    gone = only(id='"another"', cooling='"2d"')
    assert judge(state, entry(AT + HOUR, ratio(0.96)), gone)[0][0].reason == "norm-ended"
    back = judge(state, entry(AT + 2 * HOUR, ratio(0.95)), only(cooling='"2d"'))[0]
    assert "active" in {one.state for one in back}
    assert "reopened" not in {one.state for one in back}


def test_every_norm_has_a_hold_or_a_time_within_which_a_breach_is_the_same_one():
    flickering = [norm.id for norm in NORMS.norms if not (norm.hold or norm.clear_hold or norm.cooling)]
    assert flickering == ["agreement-not-by-chair", "phase-change-irregular"]  # each is an event of its own
