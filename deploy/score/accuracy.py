"""How far a projection was off, and how often the beds lay within its band, by wave and days ahead."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean

import msgspec

from agents.domain.projection.course import Band
from deploy.score.projected import damped, line, persistence
from deploy.score.series import Series
from deploy.score.waves import WAVES

AHEAD = (1, 3, 5, 7)


class Accuracy(msgspec.Struct, frozen=True):
    """Of one part of one series (or of several taken together), in one wave, so many days ahead.

    Attributes:
        days: pairs of days that are both known.
        error: mean absolute error, in beds.
        persistence, line, damped: that of the simpler ways, on the same pairs.
        covered: share of the pairs in which the beds lay within the 80 % band.
    """

    region: str
    unit: str
    part: str
    wave: str
    ahead: int
    days: int
    error: float
    persistence: float
    line: float
    damped: float
    covered: float


class _Pair(msgspec.Struct):
    day: int
    ahead: int
    ours: float
    half: float
    stays: float
    drawn: float
    damped: float
    truth: float


def accuracy(told: Sequence[tuple[Series, dict[int, dict[str, Band]]]], region: str) -> Iterator[Accuracy]:
    """Yield how good the projections of these series were, all pairs of days together."""
    for unit in dict.fromkeys(series.unit for series, _ in told):
        for part in ("all", "covid", "other"):
            pairs = [
                pair for series, bands in told if series.unit == unit for pair in _pairs(series, bands, part)
            ]
            for wave in WAVES:
                for ahead in AHEAD:
                    own = [
                        pair for pair in pairs if pair.ahead == ahead and wave.first <= pair.day <= wave.last
                    ]
                    if own:
                        yield Accuracy(
                            region,
                            unit,
                            part,
                            wave.name,
                            ahead,
                            len(own),
                            round(fmean(abs(pair.ours - pair.truth) for pair in own), 2),
                            round(fmean(abs(pair.stays - pair.truth) for pair in own), 2),
                            round(fmean(abs(pair.drawn - pair.truth) for pair in own), 2),
                            round(fmean(abs(pair.damped - pair.truth) for pair in own), 2),
                            round(fmean(abs(pair.ours - pair.truth) <= pair.half for pair in own), 4),
                        )


def _pairs(series: Series, bands: dict[int, dict[str, Band]], part: str) -> Iterator[_Pair]:
    beds: Mapping[int, int] = getattr(series, part)
    for day, found in bands.items():
        if part not in found or day not in beds:
            continue
        middle, half = found[part]
        for ahead in AHEAD:
            if day + ahead in beds:
                yield _Pair(
                    day,
                    ahead,
                    middle[ahead - 1],
                    half[ahead - 1],
                    persistence(beds, day, ahead),
                    line(beds, day, ahead),
                    damped(series, part, day, ahead),
                    beds[day + ahead],
                )
