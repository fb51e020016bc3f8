"""Scenarios: from a seed to a recording, with the transitions that it must cause. One file for each."""

from collections.abc import Mapping

from deploy.scenarios.families import FAMILIES
from deploy.scenarios.maart_2020_december_2022 import MAART_2020_DECEMBER_2022
from deploy.scenarios.najaarsgolf import NAJAARSGOLF
from deploy.scenarios.rustig import RUSTIG
from deploy.scenarios.scenario import Scenario, Truth

SCENARIOS: Mapping[str, Scenario] = {
    scenario.name: scenario for scenario in (NAJAARSGOLF, RUSTIG, *FAMILIES, MAART_2020_DECEMBER_2022)
}
"""Every scenario by its name, as `ketenwacht simulate` knows it."""

__all__ = ["SCENARIOS", "Scenario", "Truth"]
