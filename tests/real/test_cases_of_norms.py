"""Small inputs that once gave a wrong alert, or none: each played as `ketenwacht backtest` plays it."""

from pathlib import Path

import orjson
import pytest

from tests.golden.recordings import ketenwacht

CASES = Path(__file__).resolve().parents[2].parent / "shared" / "cases"


def told(name: str) -> list[dict]:
    """The transitions of a case; skipped where the cases are not at hand."""
    path = CASES / f"{name}.jsonl"
    if not path.is_file():
        pytest.skip(f"no case {path}")
    lines = ketenwacht("backtest", path, "--json").stdout.splitlines()
    return [orjson.loads(line) for line in lines if line.startswith("{")]


def active(name: str) -> set[tuple[str, str, str]]:
    """Region, norm and scope of what became active."""
    return {(one["region"], one["norm"], one["scope"]) for one in told(name) if one["state"] == "active"}


def test_patients_where_no_bed_has_staff_are_over_the_limit():
    assert active("c10_zero_staffed") == {
        ("R05", "ic-occupancy-high", ""),
        ("R05", "ic-occupancy-critical", ""),
    }


def test_the_first_days_of_a_source_are_no_flood():
    assert told("d0_cold_start_flood") == []


def test_no_step_is_taken_while_the_figure_is_clear():
    found = told("i1_step_while_clear")
    assert [one["state"] for one in found] == ["active", "step", "resolved"]
    assert all(one["value"] >= one["limit"] for one in found if one["state"] == "step")
    assert found[-1]["value"] == 760


def test_a_wait_of_sixty_days_from_intake_to_treatment_is_within_its_norm():
    assert told("ggz60") == []


def test_what_one_location_published_says_nothing_of_a_region():
    assert told("w80") == []


def test_a_part_of_a_network_that_waits_four_times_as_long_is_named():
    scope = "access=klinisch,specialism=orthopedie,treatment=Knieprothese,part=Zeeland"
    assert ("NL", "unequal-access-part", scope) in active("knee")


def test_outside_phase_2_only_the_standing_regulation_is_cited_for_patients_who_were_not_informed():
    found = {norm for _, norm, _ in active("un_p1")}
    assert found - {"feed-silent"} == {"patients-uninformed-standing"}


def test_before_march_2022_no_rule_put_u3_before_u4_and_u5():
    assert not [norm for _, norm, _ in active("u45a") if norm.startswith(("u45-", "hospital-u45", "zbc-u45"))]


def test_an_even_spread_alarms_nobody():
    assert not [norm for _, norm, _ in active("fs_even_true") if norm.startswith("fair-share")]


def suspect(name: str, at: str) -> list[str]:
    """What is suspect in a case at a moment."""
    told(name)
    path = CASES / f"{name}.jsonl"
    rows = orjson.loads(ketenwacht("suspect", "list", "--recording", path, "--at", at, "--json").stdout)
    return [row["what"] for row in rows]


def test_a_figure_typed_wrong_fires_no_care_alert_and_is_suspect():
    assert not [norm for _, norm, _ in active("d11_typo_nation") if norm.startswith("ic-ladder")]
    assert suspect("d11_typo_nation", "2021-11-24T18:00") == [
        "NL: ic covid 2280 op 2021-11-24, na 538 (ver boven alles; lcps)"
    ]
    assert not suspect("d11_typo_nation", "2021-11-25T18:00")


def test_the_same_figure_for_three_weeks_is_suspect():
    assert [what.split(",")[0] for what in suspect("d6_frozen", "2021-11-25T18:00")] == [
        "NL: ic covid 705 op 2021-11-25",
        "NL: ic noncovid 460 op 2021-11-25",
    ]
