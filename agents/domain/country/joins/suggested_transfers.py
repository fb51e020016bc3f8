"""Suggested transfers: which patients moved between regions would restore fair share. A suggestion, never an order.

LCPS decides on spreading between regions (kader MSZ, 1-3-2022, art. 1.3a). Better no suggestion than one that rests on
a hospital that fell silent: what is suggested restores fair share as told, and with what the silent told last as well;
nobody is moved from or to a region of which anything is carried forward; and nobody is sent to a region of which too little is known (`room-completeness`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import floor

from agents.domain.country.joins.bed_facts import BED_FIGURES, FREE, UNITS
from agents.domain.country.joins.facts import Facts, newest, share_of_all
from agents.domain.country.joins.fair_share import Share, covid_beds, shares_of
from streams.regions import REGIONS
from streams.status import Indicator

READS = BED_FIGURES | {"beds_free"}
"""Names of the figures from which transfers are suggested."""

_DUST = 1e-9
"""What the sum of fractions may be off."""


def suggested_transfers(facts: Facts) -> Iterator[tuple[str, Indicator]]:
    """Yield per giving region and unit how many patients to which region."""
    carried = frozenset(facts.carried_in(READS, REGIONS))
    with_missed = replace(facts, view="carried") if facts.silences(READS, REGIONS) else None
    for unit in UNITS:
        told = covid_beds(facts, unit)
        observed, complete = newest(*told.values()), share_of_all(told)
        also = None if with_missed is None else _moves(with_missed, unit)
        for (giver, taker), patients in _moves(facts, unit).items():
            if carried & {giver, taker}:
                continue
            sure = patients if also is None else min(patients, also.get((giver, taker), 0))
            if sure:
                labels = {"to": taker, "unit": unit}
                yield giver, Indicator("transfer_suggested", labels, sure, observed, complete)


def _moves(facts: Facts, unit: str) -> dict[tuple[str, str], int]:
    told = covid_beds(facts, unit)
    shares = shares_of(facts, told)
    least = facts.norms.parameter("room-completeness")
    free = {region: _free(facts.figure(region, FREE[unit]), told[region], least) for region in shares}
    band, chance = (facts.norms.parameter(f"fair-share-{name}") for name in ("band", "chance"))
    return {(giver, taker): patients for giver, taker, patients in moves(shares, free, band, chance)}


def _free(free: Indicator | None, patients: Indicator, least: float) -> float:
    """Return the free beds of a region: none where too few tell, as patients nobody tells of lie there all the same."""
    if free is None or min(free.completeness, patients.completeness) < least:
        return 0.0
    return free.value or 0.0


def moves(
    shares: Mapping[str, Share], free: Mapping[str, float], band: float, chance: float
) -> Iterator[tuple[str, str, int]]:
    """Yield from, to, and how many: whole patients, largest first, never more than the receiver has free beds.

    Only moves of which at least one end lies outside the bandwidth: within it a region has its fair share.
    """
    outside = {region for region, share in shares.items() if share.is_beyond(band, chance)}
    gives, takes = {}, {}
    for region, share in shares.items():
        if (over := floor(share.actual - share.most + _DUST)) > 0:
            gives[region] = over
        elif (room := floor(min(share.least - share.actual, free[region]) + _DUST)) > 0:
            takes[region] = room
    while True:
        pairs = [(giver, taker) for giver in gives for taker in takes if giver in outside or taker in outside]
        if not pairs:
            return
        giver, taker = min(pairs, key=lambda pair: (-gives[pair[0]], -takes[pair[1]], pair))
        patients = min(gives[giver], takes[taker])
        yield giver, taker, patients
        for left, region in ((gives, giver), (takes, taker)):
            left[region] -= patients
            if not left[region]:
                del left[region]
