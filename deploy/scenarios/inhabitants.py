"""The share of each region in the inhabitants: a table of the simulators' own, apart from what the judge divides by.

Safety regions on 1-1-2021 (CBS StatLine, regional key figures), added up for each network; VR06 and VR13 lie in several
and count in each for an even part. Where the judge's table is wrong, a scenario does not get the transitions it must cause.
"""

from collections.abc import Mapping

INHABITANTS: Mapping[str, int] = {
    "R01": 1_733_032,
    "R02": 811_885,
    "R03": 908_806,
    "R04": 1_542_407,
    "R05": 1_115_895,
    "R06": 2_573_853,
    "R07": 2_175_517,
    "R08": 1_936_035,
    "R09": 1_222_971,
    "R10": 2_093_199,
    "R11": 1_361_093,
}
"""Inhabitants by region."""

SHARES: Mapping[str, float] = {
    region: number / sum(INHABITANTS.values()) for region, number in INHABITANTS.items()
}
"""The part of all inhabitants that lives in a region, by region."""

SHARED: Mapping[str, tuple[int, tuple[str, ...]]] = {
    "VR06": (831_319, ("R02", "R03", "R04")),
    "VR13": (1_071_316, ("R09", "R10")),
}
"""Safety regions that lie in several networks: inhabitants, and the networks, each of which counts an even part of them."""
