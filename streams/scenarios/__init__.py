"""Scenarios: from a seed to a recording, with the transitions that it must cause. One file for each."""

from collections.abc import Mapping

from streams.scenarios.families import FAMILIES
from streams.scenarios.maart_2020_december_2022 import MAART_2020_DECEMBER_2022
from streams.scenarios.najaarsgolf import NAJAARSGOLF
from streams.scenarios.rustig import RUSTIG
from streams.scenarios.scenario import Scenario, Truth

SCENARIOS: Mapping[str, Scenario] = {
    scenario.name: scenario for scenario in (NAJAARSGOLF, RUSTIG, *FAMILIES, MAART_2020_DECEMBER_2022)
}
"""Every scenario by its name, as `ketenwacht simulate` knows it."""

__all__ = ["SCENARIOS", "Scenario", "Truth"]
