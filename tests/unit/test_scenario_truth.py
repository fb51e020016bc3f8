"""Scenarios cause what they promise: each transition of the truth in its time, and no other."""

import pytest

from agents.pipeline import Pipeline
from alerts.norms import load_norms
from streams.replay import with_ticks
from streams.scenarios import SCENARIOS, Truth
from streams.status import Transition

# Coarser than the scenario's own hour, to be quick; the windows hold for both.
TICK_SECONDS = 10_800


def play(name: str, seed: int) -> tuple[Pipeline, list[Transition], int]:
    _, records = SCENARIOS[name].recording(seed)
    pipeline = Pipeline(load_norms())
    transitions = list(pipeline.play(with_ticks(records, TICK_SECONDS)))
    # A breach that did not last is no alert: it never was active.
    told = [one for one in transitions if one.state == "active" or (one.state == "resolved" and one.step)]
    return pipeline, told, len(records)


def expected_order(truth: Truth) -> tuple[str, str, str, str]:
    return truth.region, truth.norm, truth.scope, truth.at_earliest


def test_the_wave_causes_exactly_what_it_promises():
    pipeline, told, produced = play("najaarsgolf", 1)
    told.sort(key=lambda one: (one.region, one.norm, one.scope, one.at))
    truth = sorted(SCENARIOS["najaarsgolf"].truth, key=expected_order)
    assert [(one.region, one.norm, one.scope, one.state) for one in told] == [
        (one.region, one.norm, one.scope, one.state) for one in truth
    ]
    outside = [
        (one, true.at_earliest, true.at_latest)
        for one, true in zip(told, truth, strict=True)
        if not true.at_earliest <= one.at <= true.at_latest
    ]
    assert outside == []
    counts = pipeline.counts
    assert counts.applied + counts.duplicate + counts.late + counts.dead_lettered == produced
    assert counts.duplicate > 0
    assert counts.late > 0
    assert counts.dead_lettered == 9


def test_the_two_regions_that_keep_access_open_have_no_breach_of_a_treeknorm():
    regions = {truth.region for truth in SCENARIOS["najaarsgolf"].truth if truth.norm.startswith("treeknorm")}
    assert {f"R{number:02}" for number in range(1, 12)} - regions == {"R03", "R10"}


@pytest.mark.parametrize("seed", [1, 2])
def test_a_quiet_fortnight_alerts_nobody(seed: int):
    pipeline, told, produced = play("rustig", seed)
    assert told == []
    assert pipeline.counts.dead_lettered == 0
    assert pipeline.counts.applied + pipeline.counts.duplicate == produced
