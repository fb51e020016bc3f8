"""The judge: what begins and ends a breach, also without any report, by too few and by silence."""

from datetime import UTC, date, datetime
from importlib import resources

import msgspec
import pytest

from agents.judge_status import JudgeImage, JudgePartition, JudgeStatus
from agents.photograph import Photographer
from alerts.judge import judge
from alerts.judged import JudgeState
from alerts.norms import load_norms, parse_norms
from alerts.overview import breach_views
from alerts.verdict import verdict_of
from streams.calendar import day_number, day_start
from streams.evidence import Silence
from streams.indicators import INDICATORS
from streams.log_end import LogRecord
from streams.regions import NL, ROAZ_IDS
from streams.status import Indicator, StatusEntry, encode
from streams.topics import OCCUPANCY, REGION_STATUS
from tests.support.norm_files import file_text, norm_text, only

NORMS = load_norms()
AT = int(datetime(2021, 11, 15, 12, tzinfo=UTC).timestamp())
HOUR, DAY = 3600, 86_400


def entry(at: int, *indicators: Indicator, region: str = "R07", also=(), stage="fold") -> StatusEntry:
    return StatusEntry(stage, OCCUPANCY, 0, region, at, list(indicators), list(also))


def ratio(value: float | None, at: int = AT) -> Indicator:
    return Indicator("occupancy_ratio", {"unit": "ic"}, value, at)


def test_fewer_than_a_norm_looks_at_end_a_breach_and_begin_none():
    norms = only(min_observations="10", few_ends="true")
    state = JudgeState()

    def told(
        hour: int, value: float, observations: int, silence: Silence | None = None, complete: float = 1.0
    ):
        found = Indicator("occupancy_ratio", {"unit": "ic"}, value, AT, complete, observations, silence)
        return [(one.state, one.reason) for one in judge(state, entry(AT + hour * HOUR, found), norms)[0]]

    assert told(0, 0.95, 9) == []
    assert told(1, 0.95, 10) == [("active", "")]
    # Fewer because somebody fell silent: ten or more with them, and beyond the limit.
    assert told(2, 0.95, 9, Silence(0.95, 0.95, 0, 12, 12)) == []
    assert told(3, 0.5, 0, Silence(0.95, 0.95, 0, 12, 12)) == []
    assert told(4, 0.95, 9) == [("resolved", "too-few")]
    assert told(5, 0.95, 9, Silence(0.95, 0.95, 0, 12, 12)) == []
    assert told(6, 0.95, 12, Silence(0.95, 0.95, 0, 9, 9)) == []
    assert told(7, 0.95, 12) == [("active", "")]
    assert told(8, 0.5, 0) == [("resolved", "cleared")]
    assert told(9, 0.95, 12) == [("active", "")]
    assert told(10, 0.95, 9, Silence(0.95, 0.95, AT + 10 * HOUR, 9, 12)) == [("resolved", "supply-ended")]


def test_a_breach_that_is_too_few_while_its_hold_runs_never_was_one():
    norms = only(min_observations="10", few_ends="true", hold='"2h"')
    state = JudgeState()
    told = []
    for hour, observations in ((0, 10), (1, 9)):
        found = Indicator("occupancy_ratio", {"unit": "ic"}, 0.95, AT, 1.0, observations)
        told += judge(state, entry(AT + hour * HOUR, found), norms)[0]
    assert [(one.state, one.reason) for one in told] == [("pending", ""), ("resolved", "not-held")]


@pytest.mark.parametrize(
    ("given_up", "at", "reason"),
    [(0.7, 1, "supply-ended"), (0.87, 1, "supply-ended"), (0.9, 1, "cleared"), (0.7, 0, "cleared")],
)
def test_a_norm_with_a_lowest_value_ends_as_told_or_because_supply_ended(given_up, at, reason):
    norms = only(comparison='"<"', limit="0.85", clear_limit="0.9")
    state = JudgeState()
    judge(state, entry(AT, ratio(0.8)), norms)
    silent = msgspec.structs.replace(ratio(0.95), silence=Silence(0.95, given_up, AT + at))
    (ended,) = judge(state, entry(AT + HOUR, silent), norms)[0]
    assert (ended.state, ended.reason) == ("resolved", reason)


def test_an_incomplete_sum_proves_a_national_breach_but_never_its_end():
    state = JudgeState()
    labels = {"unit": "ic", "label": "all"}

    def told(at, beds, completeness):
        found = Indicator("beds_occupied", labels, beds, at, completeness)
        moves, _ = judge(state, entry(at, found, region=NL, stage="nation"), NORMS)
        return [(move.norm, move.state) for move in moves]

    assert told(AT, 1149, 0.6) == []
    assert told(AT + HOUR, 1150, 0.6) == [("ic-ladder-1150", "active")]
    assert told(AT + 2 * HOUR, 900, 0.6) == []
    assert told(AT + 30 * HOUR, 901, 0.6) == [("ic-ladder-1150", "step")]  # nobody knows that it is over
    assert [view.judged for view in breach_views(state.regions[NL], NL, NORMS)] == [False]
    assert told(AT + 31 * HOUR, 902, 0.95) == []
    assert told(AT + 55 * HOUR, 903, 0.95) == [("ic-ladder-1150", "resolved")]


def test_a_region_can_have_a_limit_of_its_own():
    norms = only(overrides="{ R07 = { limit = 0.7, clear_limit = 0.6 } }")
    for region, begins in (("R07", True), ("R08", False)):
        moves, _ = judge(JudgeState(), entry(AT, ratio(0.8), region=region), norms)
        assert [move.limit for move in moves] == ([0.7] if begins else [])


def test_a_norm_is_judged_from_its_first_day_though_nothing_changed():
    norms = only(valid_from="2021-11-16")
    first = day_start(day_number(date(2021, 11, 16)))
    state = JudgeState()
    assert judge(state, entry(AT, ratio(0.95)), norms)[0] == []
    assert judge(state, entry(first - 1), norms)[0] == []
    (begun,) = judge(state, entry(first), norms)[0]
    assert (begun.state, begun.since) == ("active", "2021-11-15T23:00:00Z")


def test_a_breach_ends_when_its_norm_does():
    norms = only(valid_to="2021-11-15")
    state = JudgeState()
    judge(state, entry(AT, ratio(0.95)), norms)
    last = day_start(day_number(date(2021, 11, 16)))
    assert judge(state, entry(last - 1), norms)[0] == []
    (ended,) = judge(state, entry(last), norms)[0]
    assert (ended.state, ended.reason) == ("resolved", "norm-ended")
    assert state.regions["R07"].verdicts["ic-test", ""][0] == "clear"
    assert judge(state, entry(last + HOUR, ratio(0.99)), norms)[0] == []


def test_a_breach_of_a_norm_that_left_the_file_ends_and_breaks_nothing():
    state = JudgeState()
    judge(state, entry(AT, ratio(0.95)), only())
    other = only(id='"ward-test"', labels='{ unit = "ward" }')
    (ended,) = judge(state, entry(AT + HOUR), other)[0]
    assert (ended.norm, ended.state, ended.reason, ended.limit) == ("ic-test", "resolved", "norm-ended", 0.9)
    assert breach_views(state.regions["R07"], "R07", other) == []


def test_an_unknown_value_keeps_a_breach_open():
    state = JudgeState()
    norms = only()
    judge(state, entry(AT, ratio(0.95)), norms)
    assert judge(state, entry(AT + HOUR, ratio(None)), norms)[0] == []
    assert judge(state, entry(AT + 90 * DAY), norms)[0] == []
    assert [view.state for view in breach_views(state.regions["R07"], "R07", norms)] == ["active"]
    (ended,) = judge(state, entry(AT + 91 * DAY, ratio(0.5)), norms)[0]
    assert ended.reason == "cleared"


def test_a_tick_that_was_passed_before_tells_nothing():
    state = JudgeState()
    norms = only()
    assert len(judge(state, entry(AT, ratio(0.95)), norms)[0]) == 1
    assert judge(state, entry(AT, ratio(0.1)), norms)[0] == []
    assert judge(state, entry(AT - 1, ratio(0.1)), norms)[0] == []


def test_the_country_is_judged_by_its_own_stage_only():
    norms = only()
    assert judge(JudgeState(), entry(AT, ratio(0.95), region=NL), norms)[0] == []
    assert judge(JudgeState(), entry(AT, ratio(0.95), region="NL-unplaced"), norms)[0] == []
    assert len(judge(JudgeState(), entry(AT, ratio(0.95), region=NL, stage="nation"), norms)[0]) == 1


@pytest.mark.parametrize(
    ("source", "heard", "silent_after"),
    [
        # daily feeds: 36 hours by the clock, also over a clock change
        ("lcps", datetime(2021, 11, 15, 12, tzinfo=UTC), datetime(2021, 11, 17, 0, tzinfo=UTC)),
        ("lcps", datetime(2021, 10, 30, 12, tzinfo=UTC), datetime(2021, 11, 1, 0, tzinfo=UTC)),
        # ... and from 16-4-2022 on without weekends and holidays: an ordinary weekend, the long one of Easter 2022, Friday
        ("lcps", datetime(2022, 6, 17, 13, tzinfo=UTC), datetime(2022, 6, 21, 1, tzinfo=UTC)),
        ("lcps", datetime(2022, 4, 15, 13, tzinfo=UTC), datetime(2022, 4, 20, 1, tzinfo=UTC)),
        ("lcps", datetime(2022, 4, 9, 13, tzinfo=UTC), datetime(2022, 4, 11, 1, tzinfo=UTC)),
        # working days only: a weekend, Easter (Friday is a working day), and a clock change in the weekend
        ("sim-vvt", datetime(2021, 11, 12, 11, tzinfo=UTC), datetime(2021, 11, 15, 23, tzinfo=UTC)),
        ("sim-vvt", datetime(2021, 4, 2, 10, tzinfo=UTC), datetime(2021, 4, 6, 22, tzinfo=UTC)),
        ("sim-vvt", datetime(2021, 10, 29, 10, tzinfo=UTC), datetime(2021, 11, 1, 23, tzinfo=UTC)),
        ("sim-vvt", datetime(2021, 11, 16, 12, tzinfo=UTC), datetime(2021, 11, 18, 0, tzinfo=UTC)),
    ],
)
def test_a_feed_is_silent_after_its_own_time(source: str, heard: datetime, silent_after: datetime):
    norm = NORMS.by_id["feed-silent"]
    at = int(heard.timestamp())
    labels = {"source": source, "topic": OCCUPANCY}
    last = Indicator("feed_received_at", labels, at, at)
    limit = int(silent_after.timestamp())
    assert verdict_of(norm, "R07", last, limit, NORMS) == ("clear", 1.0)
    assert verdict_of(norm, "R07", last, limit + 60, NORMS)[0] == "breach"


def test_a_source_that_ended_is_missed_until_that_day_and_then_no_more():
    entry = '\n[[feed]]\nsource = "gone"\nmax_age = "36h"\ncalendar = "daily"\nended = 2021-11-20\n'
    norms = parse_norms(resources.files("alerts").joinpath("norms.toml").read_text("utf-8") + entry)
    heard = int(datetime(2021, 11, 15, 12, tzinfo=UTC).timestamp())
    last = Indicator("feed_received_at", {"source": "gone", "topic": OCCUPANCY}, heard, heard)
    ended = int(datetime(2021, 11, 19, 23, tzinfo=UTC).timestamp())
    norm = norms.by_id["feed-silent"]
    assert verdict_of(norm, "R07", last, ended - 1, norms)[0] == "breach"
    assert verdict_of(norm, "R07", last, ended, norms) == ("clear", 0.0)
    assert verdict_of(norm, "R07", last, ended + 10**8, norms) == ("clear", 0.0)


def test_every_indicator_has_a_kind():
    assert {norm.indicator for norm in NORMS.norms} <= INDICATORS.keys()


def test_silence_is_shown_on_the_metrics_page_of_regions_in_which_nothing_changed():
    stage = JudgeStatus(NORMS)
    held = stage.make(0, {})
    photographer = Photographer([], stage, NORMS, "1")

    def tell(offset: int, one: StatusEntry) -> None:
        held.handle([LogRecord(REGION_STATUS, 0, offset, one.at * 1000, b"R07", encode(one), ())], 0)

    heard = Indicator("feed_received_at", {"source": "lcps", "topic": OCCUPANCY}, AT, AT)
    for number, region in enumerate(ROAZ_IDS):
        tell(number, entry(AT, heard, region=region))
    photographer.take(ready=True)
    tell(99, entry(AT + 2 * DAY, region=ROAZ_IDS[0], also=ROAZ_IDS[1:]))

    def active(picture) -> dict[str, float]:
        return {
            labels[0]: value
            for labels, value in picture["ketenwacht_breach_active"]
            if labels[1] == "feed-silent"
        }

    assert active(photographer.take(ready=True)) == dict.fromkeys(ROAZ_IDS, 1.0)
    tell(100, entry(AT + 3 * DAY, region=ROAZ_IDS[0], also=ROAZ_IDS[1:]))
    ages = {
        labels[0]: value
        for labels, value in photographer.take(ready=True)["ketenwacht_indicator"]
        if labels[1] == "feed-silent"
    }
    assert ages == dict.fromkeys(ROAZ_IDS, 2.0)


def test_a_breach_that_ended_with_its_norm_is_shown_as_zero():
    norms = only(valid_to="2021-11-15")
    stage = JudgeStatus(norms)
    held = stage.make(0, {})
    assert isinstance(held, JudgePartition)
    assert isinstance(held.image, JudgeImage)
    photographer = Photographer([], stage, norms, "1")
    for offset, one in enumerate([entry(AT, ratio(0.95)), entry(AT + DAY)]):
        held.handle([LogRecord(REGION_STATUS, 0, offset, one.at * 1000, b"R07", encode(one), ())], 0)
        picture = photographer.take(ready=True)
        assert [value for _, value in picture["ketenwacht_breach_active"]] == [1.0 - offset]
        ends = [labels for labels, _ in picture.get("ketenwacht_breach_ended", ())]
        assert ends == [("R07", "ic-test", "", "norm-ended")] * offset


def test_why_a_breach_ended_is_shown_until_the_next_one_where_nobody_told_that_it_is_over():
    stage = JudgeStatus(only())
    held = stage.make(0, {})
    photographer = Photographer([], stage, only(), "1")
    given_up = Silence(None, 0.95, AT + 2 * HOUR)
    for hour, value, silence, reason in (
        (0, 0.95, None, ""),
        (1, 0.95, Silence(0.95), ""),
        (2, 0.5, given_up, "supply-ended"),
        (3, 0.5, given_up, "supply-ended"),
        (4, 0.96, given_up, ""),
        (5, 0.5, given_up, ""),  # given up before this one began
    ):
        found = msgspec.structs.replace(ratio(value), silence=silence)
        one = entry(AT + hour * HOUR, found)
        held.handle([LogRecord(REGION_STATUS, 0, hour, one.at * 1000, b"R07", encode(one), ())], 0)
        shown = photographer.take(ready=True).get("ketenwacht_breach_ended", ())
        assert [labels[3] for labels, _ in shown] == [reason] * bool(reason), hour


def test_two_norms_on_one_indicator_live_apart():
    from alerts.norms import parse_norms

    norms = parse_norms(
        file_text(norm_text(), norm_text(id='"ic-critical"', limit="0.95", clear_limit="0.9"))
    )
    state = JudgeState()
    assert [m.norm for m in judge(state, entry(AT, ratio(0.92)), norms)[0]] == ["ic-test"]
    assert [m.norm for m in judge(state, entry(AT + 1, ratio(0.96)), norms)[0]] == ["ic-critical"]
    ended = judge(state, entry(AT + 2, ratio(0.88)), norms)[0]
    assert [(m.norm, m.state) for m in ended] == [("ic-critical", "resolved")]


def test_a_breach_of_what_its_norm_no_longer_looks_at_ends():
    split = {"indicator": '"occupancy_ratio"', "labels": "{}", "split": '["unit"]'}
    state = JudgeState()
    assert [one.state for one in judge(state, entry(AT, ratio(0.95)), only(**split))[0]] == ["active"]
    ward = only(**split | {"labels": '{ unit = "ward" }'})
    ended = judge(state, entry(AT + HOUR, ratio(0.96)), ward)[0]
    assert [(one.state, one.scope, one.reason) for one in ended] == [("resolved", "unit=ic", "norm-ended")]
