"""The whole score of a set of files."""

from collections.abc import Mapping, Sequence
from itertools import groupby

import msgspec

from agents.domain.projection.course import Band
from alerts.norms import Norm, Norms
from deploy.score.accuracy import Accuracy, accuracy
from deploy.score.projected import projections
from deploy.score.series import Series
from deploy.score.warned import WAYS, Onset, Tally, Warned, onsets, tally, warnings
from streams.calendar import date_of
from streams.regions import NL

INDICATOR = "projected_occupancy_ratio"
STATES = "German states"
TOGETHER = "together"
"""The tally of all norms on one unit, each warning counted."""


class Score(msgspec.Struct, frozen=True):
    """What `ketenwacht score --json` prints.

    Attributes:
        norms: digest of the norms, with the register of capacity.
        files: name of each file with the number of its series and days.
        accuracy: errors and bands, of the country and of the German states together.
        onsets: every onset.
        warnings: every warning by every way.
        tallies: warnings and onsets counted, of the country and of the states.
    """

    norms: str
    files: list[dict[str, str | int]]
    accuracy: list[Accuracy]
    onsets: list[Onset]
    warnings: list[Warned]
    tallies: list[Tally]


def score(files: Mapping[str, Sequence[Series]], norms: Norms) -> Score:
    """Return the score of the series in these files, by name of the file."""
    told = [(series, projections(series)) for own in files.values() for series in own]
    found = Score(norms.digest, [_file(name, own) for name, own in files.items()], [], [], [], [])
    for region, group in groupby(told, key=_region):
        own = list(group)
        found.accuracy.extend(accuracy(own, region))
        for unit in dict.fromkeys(series.unit for series, _ in own):
            of_unit = [one for one in own if one[0].unit == unit and one[0].other]
            _warnings(region, of_unit, norms_of(norms, region, unit), found)
    return found


def norms_of(norms: Norms, region: str, unit: str) -> list[Norm]:
    """Return the norms on the projection of a unit that hold for the country, or for a region."""
    return [
        norm
        for norm in norms.norms
        if norm.indicator == INDICATOR
        and norm.labels["unit"] == unit
        and (norm.regions == (NL,)) == (region == NL)
    ]


def _region(told: tuple[Series, Mapping[int, Mapping[str, Band]]]) -> str:
    series, _ = told
    return NL if series.name == NL else STATES


def _file(name: str, own: Sequence[Series]) -> dict[str, str | int]:
    days = {day for series in own for day in series.covid}
    return {
        "name": name,
        "series": len(own),
        "days": len(days),
        "first": str(date_of(min(days, default=0))),
        "last": str(date_of(max(days, default=0))),
    }


def _warnings(
    region: str,
    told: Sequence[tuple[Series, dict[int, dict[str, Band]]]],
    norms: Sequence[Norm],
    found: Score,
) -> None:
    """Add the warnings of the norms on one unit, and the onsets that they are held against; the norms have one limit."""
    if not told or not norms:
        return
    begun = [
        Onset(series.name, series.unit, str(date_of(day)), could)
        for series, bands in told
        for day, could in onsets(series, norms[0].limit, bands)
    ]
    found.onsets.extend(begun)
    for way in WAYS:
        together: list[Warned] = []
        for norm in norms:
            own = [one for series, bands in told for one in warnings(series, bands, norm, way)]
            found.tallies.append(tally(own, begun, region, way, norm.id))
            together += own
        found.warnings.extend(together)
        found.tallies.append(tally(together, begun, region, way, TOGETHER))
