"""What the metrics page shows of a judge that was restored under another norms file."""

import pytest

from agents.domain.partition import tick
from agents.engine.snapshot import encode_state
from agents.fold_reports import FoldReports, outgoing_entry
from agents.judge_status import JudgeImage, JudgeStatus
from agents.photograph import Photographer
from agents.sum_nation import SumNation
from alerts.judged import Judged, JudgeState
from alerts.metrics import BREACH_ACTIVE, NORM_SILENT, NORM_THRESHOLD, SILENT_TOLD
from alerts.norms import load_norms
from streams.evidence import Silence
from streams.indicators import SILENT, indicator_key
from streams.signature import SigningKeys
from streams.silent import Silent
from streams.status import Indicator
from streams.topics import OCCUPANCY
from tests.support.stages import on_status_log, through


def test_a_norm_that_a_changed_file_no_longer_has_is_passed_over_and_the_others_shown():
    norms = load_norms()
    verdicts = {("gone-norm", ""): ("breach", 1.0, 1), ("ic-occupancy-high", ""): ("clear", 0.5, 1)}
    image = JudgeImage(JudgeState({"R07": Judged(verdicts=verdicts)}))
    judge = JudgeStatus(norms)
    judge.make(0, {"judge": encode_state(image)})

    picture = Photographer((), judge, norms, "1").take(ready=True)

    shown = {labels[1] for labels, _ in picture[BREACH_ACTIVE.name]}
    assert shown == {"ic-occupancy-high"}
    assert {labels[1] for labels, _ in picture[NORM_THRESHOLD.name]} == {"ic-occupancy-high"}


@pytest.mark.parametrize("stage", ["nation", "judge"])
def test_what_was_lost_of_the_status_log_is_shown_for_a_day_whoever_takes_the_stage(stage):
    norms = load_norms()
    fold, nation, judge = FoldReports(OCCUPANCY, 1, norms), SumNation(norms), JudgeStatus(norms)
    factory = {"nation": nation, "judge": judge}[stage]
    folds, began = fold.make(0, {}), 1_800_000_000
    nation.make(0, {})
    judge.make(0, {})

    def passed(at: int) -> None:
        entries = [outgoing_entry(entry, SigningKeys()) for entry in tick(folds.state, at, norms)]
        through(factory.held, on_status_log(entries), ())

    def picture():
        return Photographer((), judge, norms, "1", nation=nation).take(ready=True)

    passed(began)
    pieces = factory.held.whole()
    factory.held.lose(5, 9)
    changed = factory.held.pieces()
    kept = {**pieces, **{name: piece for name, piece in changed.items() if piece is not None}}
    factory.dropped(0)
    assert "ketenwacht_lost_status_offsets" not in picture()
    factory.make(0, kept)
    lost = ((stage, "5", "9", "2027-01-15T08:00:00Z"), 4.0)
    passed(began + 86_399)
    assert picture()["ketenwacht_lost_status_offsets"] == (lost,)
    passed(began + 86_400)
    assert "ketenwacht_lost_status_offsets" not in picture()
    assert dict(picture()["ketenwacht_status_entries_lost_total"]) == {
        **dict.fromkeys([("nation",), ("judge",)], 0.0),
        (stage,): 4.0,
    }


def test_what_was_lost_is_shown_with_its_place_for_a_day_whoever_takes_the_partition():
    norms = load_norms()
    fold = FoldReports(OCCUPANCY, 1, norms)
    stage = fold.make(0, {})
    at = 1_800_000_000
    tick(stage.state, at, norms)
    stage.lose(5, 9)
    stage = fold.make(0, stage.whole())

    def picture():
        return Photographer((fold,), JudgeStatus(norms), norms, "1").take(ready=True)

    lost = (((OCCUPANCY, "0", "5", "9", "2027-01-15T08:00:00Z"), 4.0),)
    tick(stage.state, at + 86_399, norms)
    assert picture()["ketenwacht_lost_offsets"] == lost
    tick(stage.state, at + 86_400, norms)
    assert "ketenwacht_lost_offsets" not in picture()
    assert dict(picture()["ketenwacht_reports_total"])[OCCUPANCY, "lost"] == 4.0
    assert stage.state.counts.total == 0


def test_the_skew_of_the_ticks_and_a_time_that_is_ahead_are_shown():
    norms = load_norms()
    fold = FoldReports(OCCUPANCY, 2, norms)
    for partition, last in ((0, 1000), (1, 990)):
        fold.make(partition, {}).state.last_tick = last
    fold.door.refused_ticks[OCCUPANCY, "ahead"] = 3

    def picture(now: float):
        return Photographer((fold,), JudgeStatus(norms), norms, "1", lambda: now).take(ready=True)

    assert picture(1001.5)["ketenwacht_tick_skew_seconds"] == (((OCCUPANCY,), -1.5),)
    assert picture(985.0)["ketenwacht_time_ahead"] == (((OCCUPANCY,), 0.0),)
    assert picture(984.0)["ketenwacht_time_ahead"] == (((OCCUPANCY,), 1.0),)
    assert picture(0.0)["ketenwacht_ticks_refused_total"] == (
        ((OCCUPANCY, "malformed"), 0.0),
        ((OCCUPANCY, "ahead"), 3.0),
        ((OCCUPANCY, "unsigned"), 0.0),
    )
    assert picture(0.0)["ketenwacht_tick_timestamp_seconds"] == ((("fold", OCCUPANCY), 990.0),)


def test_who_is_silent_is_shown_with_when_it_told_last_and_what_it_leaves_unjudged():
    norms = load_norms()
    silent = Indicator(
        SILENT, {"topic": OCCUPANCY}, 25, 9, silent=(Silent("A", 5), Silent("B", 7, partly=True))
    )
    ratio = Indicator("occupancy_ratio", {"unit": "ic"}, 0.8, 9, silence=Silence(0.95, 0.95))
    judged = Judged(
        known={OCCUPANCY: {one.name: {indicator_key(one.name, one.labels): one} for one in (silent, ratio)}},
        verdicts={
            ("ic-occupancy-high", ""): ("insufficient", 0.8, 9),
            ("ic-occupancy-critical", ""): ("clear", 0.8, 9),
        },
    )
    judge = JudgeStatus(norms)
    judge.make(0, {"judge": encode_state(JudgeImage(JudgeState({"R07": judged})))})

    picture = Photographer((), judge, norms, "1").take(ready=True)

    assert picture["ketenwacht_silent_locations"] == ((("R07", OCCUPANCY), 25.0),)
    assert picture[SILENT_TOLD.name] == ((("R07", OCCUPANCY, "A"), 5.0), (("R07", OCCUPANCY, "B"), 7.0))
    assert picture[NORM_SILENT.name] == ((("R07", "ic-occupancy-high", ""), 1.0),)


def test_the_same_name_in_two_regions_of_the_country_is_one_series():
    silent = Indicator(SILENT, {"topic": OCCUPANCY}, 2, 9, silent=(Silent("A", 5), Silent("A", 7)))
    judged = Judged(known={OCCUPANCY: {SILENT: {indicator_key(SILENT, silent.labels): silent}}})
    norms = load_norms()
    judge = JudgeStatus(norms)
    judge.make(0, {"judge": encode_state(JudgeImage(JudgeState({"NL": judged})))})

    picture = Photographer((), judge, norms, "1").take(ready=True)

    assert picture[SILENT_TOLD.name] == ((("NL", OCCUPANCY, "A"), 5.0),)
    assert NORM_SILENT.name not in picture
