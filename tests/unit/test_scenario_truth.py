"""Scenarios cause what they promise: each transition of the truth in its time, and no other."""

import collections

import pytest

from agents.pipeline import Pipeline
from alerts.norms import load_norms
from deploy.scenarios import SCENARIOS, Scenario
from deploy.scenarios.families import FAMILIES
from deploy.scenarios.registry import NOBODY
from streams.regions import ROAZ_IDS
from streams.registry.load import registry_of_recording
from streams.replay import with_ticks
from streams.status import Transition

PROJECTED = {norm.id for norm in load_norms().norms if norm.family == "projection"}
"""No scenario can say beforehand what a projection says: its truth is what came of it (docs/scorecard.md)."""

# Coarser than the hour of the large ones, to be quick; the windows hold for both.
TICK_SECONDS = 10_800


def play(name: str, seed: int) -> tuple[Pipeline, list[Transition], int]:
    scenario = SCENARIOS[name]
    header, records = scenario.recording(seed)
    pipeline = Pipeline(load_norms(), registry_of_recording(header.registry))
    step = max(TICK_SECONDS, scenario.tick_seconds)
    transitions = list(pipeline.play(with_ticks(records, step)))
    # A breach that did not last is no alert: it never was active.
    told = [
        one
        for one in transitions
        if one.state in {"active", "reopened"} or (one.state == "resolved" and one.step)
    ]
    return pipeline, told, len(records)


def without_projections(told: list[Transition]) -> list[Transition]:
    return [one for one in told if one.norm not in PROJECTED]


def differences(name: str, told: list[Transition]) -> list[str]:
    """Name each transition that must come and did not, and each that came and must not."""
    found = []
    waiting = collections.defaultdict(list)
    for truth in sorted(SCENARIOS[name].truth, key=lambda one: one.at_earliest):
        waiting[truth.region, truth.norm, truth.scope, truth.state].append(truth)
    for one in sorted(told, key=lambda each: each.at):
        due = waiting[one.region, one.norm, one.scope, one.state]
        if not due:
            found.append(
                f"not in the truth: {one.at} {one.region} {one.norm} {one.scope} {one.state} {one.value}"
            )
        else:
            truth = due.pop(0)
            if not truth.at_earliest <= one.at <= truth.at_latest:
                found.append(f"not in its time: {one.at} {truth}")
    return found + [f"did not come: {truth}" for left in waiting.values() for truth in left]


@pytest.mark.parametrize("name", list(SCENARIOS))
def test_a_scenario_causes_exactly_what_it_promises(name: str):
    pipeline, told, produced = play(name, 1)
    assert differences(name, without_projections(told)) == []
    counts = pipeline.counts
    assert counts.applied + counts.duplicate + counts.late + counts.dead_lettered == produced
    assert counts.dead_lettered == (10 if name == "najaarsgolf" else 0)
    assert pipeline.unknown_senders == ({NOBODY} if name == "najaarsgolf" else set())
    assert counts.duplicate > 0
    assert (counts.late > 0) == (name == "najaarsgolf")


def test_another_seed_of_a_quiet_fortnight_alerts_nobody_either():
    assert play("rustig", 2)[1] == []


def test_every_norm_alerts_in_some_scenario():
    alerted = {truth.norm for scenario in SCENARIOS.values() for truth in scenario.truth}
    assert {norm.id for norm in load_norms().norms} - PROJECTED == alerted


def test_in_the_autumn_wave_six_of_the_seven_regions_whose_intensive_care_fills_up_hear_so_before():
    _, told, _ = play("najaarsgolf", 1)
    active = [one for one in told if one.state == "active"]
    full = {one.region: one.at for one in active if one.norm == "ic-occupancy-high"}
    before = {
        one.region
        for one in active
        if one.norm.startswith("projected-ic") and one.at < full.get(one.region, "")
    }
    assert len(full) == 7
    assert full.keys() - before == {"R06"}


@pytest.mark.parametrize("scenario", FAMILIES, ids=lambda one: one.name)
def test_in_every_scenario_of_a_family_some_region_comes_near_and_is_silent(scenario: Scenario):
    told = {truth.region for truth in scenario.truth}
    reporting = {(record.key or b"").decode() for record in scenario.recording(1)[1]} & set(ROAZ_IDS)
    assert reporting - told


def test_the_two_regions_that_keep_access_open_have_no_breach_of_a_treeknorm():
    regions = {truth.region for truth in SCENARIOS["najaarsgolf"].truth if truth.norm.startswith("treeknorm")}
    assert set(ROAZ_IDS) - regions == {"R03", "R10"}
