"""The phase: which one is in force in a region, and what that does to norms that hold in some phases only."""

import pytest

from agents.domain.country.second_stage import SecondStage, follow
from alerts.judge import judge
from alerts.judged import JudgeState
from alerts.norms import load_norms, parse_norms
from streams.joins import JOINED_COORDINATION
from streams.regions import NL, REGIONS, ROAZ_IDS
from streams.status import Indicator, StatusEntry
from streams.topics import COORDINATION
from tests.support.facts import AT
from tests.support.norm_files import file_text, norm_text

HOUR = 3600
NORM = norm_text(
    id='"agreement-missing"',
    indicator='"agreement_in_force"',
    labels='{ subject = "spreading" }',
    comparison='"<"',
    limit="1",
    clear_limit="1",
    phases='["2A", "2B"]',
    applies_to='"regions"',
    hold='"2h"',
)
NORMS = parse_norms(file_text(NORM))


def coordination(region: str, at: int, *indicators: Indicator) -> StatusEntry:
    others = [name for name in (*REGIONS, "NL-unplaced") if name != region]
    return StatusEntry("fold", COORDINATION, 0, region, at, list(indicators), others)


def phase(number: int, since: int) -> Indicator:
    return Indicator("phase", {}, number, since)


def phases_said(state: SecondStage, entry: StatusEntry) -> dict[str, str]:
    entries = [one for one in follow(state, entry, load_norms()) if one.topic == JOINED_COORDINATION]
    named = [(region, one.phase) for one in entries for region in (one.region, *one.also)]
    assert len(named) == len(REGIONS)
    return dict(named)


def test_a_regions_own_phase_stands_over_the_countrys_when_it_is_newer():
    state = SecondStage()
    assert set(phases_said(state, coordination(NL, AT)).values()) == {""}
    said = phases_said(state, coordination(NL, AT + 1, phase(3, AT)))
    assert set(said.values()) == {"2B"}
    said = phases_said(state, coordination("R05", AT + 2, phase(5, AT - 9)))
    assert set(said.values()) == {"2B"}
    said = phases_said(state, coordination("R05", AT + 3, phase(5, AT + 1)))
    assert {name for name, own in said.items() if own == "2D"} == {"R05"}
    said = phases_said(state, coordination(NL, AT + 4, phase(1, AT + 3)))
    assert set(said.values()) == {"1"}
    assert phases_said(state, coordination(NL, AT + 5)) == said


class Agreements:
    """A judge that hears of agreements in R05, hour by hour."""

    def __init__(self, norms=NORMS) -> None:
        self.norms = norms
        self.state = JudgeState()

    def tell(self, hour: int, in_phase: str, value: int | None = None) -> list[tuple[str, int, str]]:
        found = (
            [] if value is None else [Indicator("agreement_in_force", {"subject": "spreading"}, value, AT)]
        )
        at = AT + hour * HOUR
        entry = StatusEntry("join", JOINED_COORDINATION, -1, "R05", at, found, ["R06", NL], in_phase)
        return [(t.state, t.step, t.reason) for t in judge(self.state, entry, self.norms)[0]]


@pytest.mark.parametrize("other", ["", "1", "2C", "2D", "3"])
def test_a_norm_holds_in_its_phases_only(other):
    told = Agreements()
    assert [told.tell(hour, other, 0) for hour in range(3)] == [[], [], []]
    assert "R05" in told.state.regions
    assert told.state.regions["R05"].verdicts == {}


def test_a_breach_begins_with_the_phase_and_holds_on_into_another_of_its_phases_and_ends_with_the_last():
    told = Agreements()
    assert told.tell(0, "1", 0) == []
    assert told.tell(1, "2A") == [("pending", 0, "")]
    assert told.tell(2, "2B") == []
    assert told.tell(3, "2B") == [("active", 1, "")]
    assert told.tell(4, "2C") == [("resolved", 1, "phase-ended")]
    assert told.state.regions["R05"].verdicts["agreement-missing", ""][0] == "clear"
    assert told.tell(5, "2C") == []
    assert told.tell(6, "2A") == [("pending", 0, "")]


def test_a_pending_breach_ends_with_the_phase_as_well_and_a_met_norm_never_began():
    told = Agreements()
    assert told.tell(0, "2A", 0) == [("pending", 0, "")]
    assert told.tell(1, "3", 0) == [("resolved", 0, "phase-ended")]
    met = Agreements()
    assert [met.tell(hour, phase, 1) for hour, phase in enumerate(("1", "2A", "2B"))] == [[], [], []]


def test_a_norm_without_phases_on_a_join_holds_in_all_of_them():
    told = Agreements(parse_norms(file_text(NORM.replace('phases = ["2A", "2B"]\n', ""))))
    assert told.tell(0, "", 0) == [("pending", 0, "")]
    assert told.tell(2, "3") == [("active", 1, "")]


def test_the_end_of_validity_is_told_as_such_also_when_the_phase_ends_at_the_same_tick():
    told = Agreements(
        parse_norms(
            file_text(
                NORM.replace("valid_from = 2020-01-01", "valid_from = 2020-01-01\nvalid_to = 2021-11-15")
            )
        )
    )
    assert told.tell(0, "2A", 0) == [("pending", 0, "")]
    assert told.tell(24, "1") == [("resolved", 0, "norm-ended")]


def test_what_a_join_says_is_judged_for_regions_and_country():
    both = parse_norms(file_text(NORM.replace('"regions"', '"both"').replace('hold = "2h"\n', "")))
    state = JudgeState()
    for region in (*ROAZ_IDS, NL):
        found = Indicator("agreement_in_force", {"subject": "spreading"}, 0, AT)
        entry = StatusEntry("join", JOINED_COORDINATION, -1, region, AT, [found], [], "2B")
        assert [move.region for move in judge(state, entry, both)[0]] == [region]
