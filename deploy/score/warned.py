"""Onsets and warnings: which were told before, which came to nothing, and which were acted upon.

- **Over**: more beds occupied than the limit of the norm times the capacity known that day.
- **Onset**: the first day over after 14 quiet days, all of them known and none over.
- **Warning**: the first day on which a norm on the projection speaks, until it was clear for as long as its clear hold.
  It is *right* if an onset follows within 14 days. It is *acted upon* if none did, and the beds would have been over
  within those days had the other patients stayed as many as on the day of the warning: people scaled down first. Else
  it is *wrong*. It is *during* where the region was over that day or in the 14 days before, so that no onset could
  follow, and *open* where the file ends first; neither counts.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from agents.domain.projection.band import quantile
from agents.domain.projection.course import Band
from alerts.norms import Norm
from deploy.score.projected import LINE_DAYS, line
from deploy.score.series import Series
from streams.calendar import date_of
from streams.projected import WINDOWS

QUIET = 14
AHEAD = 14
CLAIMED_FROM = 20
"""Warnings below which no precision is claimed."""

Outcome = Literal["right", "acted", "wrong", "during", "open"]
Ratio = Callable[[int], float | None]
"""What a norm looks at on a day: the projected share of the capacity; None where there is none."""


class Warned(msgspec.Struct, frozen=True):
    """One warning: of which way and norm, for whom, when, with which outcome; `onset` is the day that followed, or empty."""

    way: str
    norm: str
    region: str
    day: str
    outcome: Outcome
    onset: str = ""


class Onset(msgspec.Struct, frozen=True):
    """One onset; `could_be_told` says whether anything was projected in the 14 days before."""

    region: str
    unit: str
    day: str
    could_be_told: bool


class Tally(msgspec.Struct, frozen=True):
    """Warnings and onsets of one norm by one way, of the country or of the German states.

    Attributes:
        counted: warnings that are right, acted upon or wrong.
        precision: share of them that is right; None below `CLAIMED_FROM`.
        useful: share that is right or acted upon; None likewise.
        onsets: onsets that could be told.
        told: those that a warning came before.
        recall: share of those; None without any.
    """

    region: str
    way: str
    norm: str
    counted: int
    right: int
    acted: int
    wrong: int
    during: int
    open: int
    precision: float | None
    useful: float | None
    onsets: int
    told: int
    recall: float | None


def ours(series: Series, bands: Mapping[int, Mapping[str, Band]], norm: Norm) -> Ratio:
    """Return what the norm looks at by our projection."""
    percent, window = int(norm.labels["quantile"]), WINDOWS[norm.labels["days"]]

    def ratio(day: int) -> float | None:
        band, capacity = bands.get(day, {}).get("all"), series.capacity(day)
        if band is None or not capacity:
            return None
        return max(quantile(band.middle[one - 1], band.half[one - 1], percent) for one in window) / capacity

    return ratio


def drawn(series: Series, bands: Mapping[int, Mapping[str, Band]], norm: Norm) -> Ratio:
    """Return what the norm would look at by a straight line through 14 days, on the days on which we project."""
    window, beds = WINDOWS[norm.labels["days"]], series.all

    def ratio(day: int) -> float | None:
        capacity = series.capacity(day)
        if "all" not in bands.get(day, {}) or day not in beds or not capacity:
            return None
        return max(line(beds, day, one) for one in window) / capacity

    return ratio


OURS = "projection"
WAYS: Mapping[str, Callable[[Series, Mapping[int, Mapping[str, Band]], Norm], Ratio]] = {
    OURS: ours,
    f"line of {LINE_DAYS} days": drawn,
}


def onsets(series: Series, limit: float, bands: Mapping[int, object]) -> list[tuple[int, bool]]:
    """Return the onsets of a series, each with whether anything was projected in the 14 days before."""
    over = days_over(series, limit)
    return [
        (day, any(before in bands for before in range(day - AHEAD, day)))
        for day, is_over in over.items()
        if is_over and all(over.get(before) is False for before in range(day - QUIET, day))
    ]


def days_over(series: Series, limit: float) -> dict[int, bool]:
    """Return for each day of which beds and capacity are known whether it was over, a gap as the day before it."""
    found: dict[int, bool] = {}
    beds = series.all
    for day in range(min(beds, default=0), max(beds, default=-1) + 1):
        capacity = series.capacity(day)
        if day in beds and capacity:
            found[day] = beds[day] > limit * capacity
        elif day - 1 in found:
            found[day] = found[day - 1]
    return found


def warnings(
    series: Series, bands: Mapping[int, Mapping[str, Band]], norm: Norm, way: str
) -> Iterator[Warned]:
    """Yield every warning of a norm by one way, in order of time."""
    over, ratio = days_over(series, norm.limit), WAYS[way](series, bands, norm)
    begun = [day for day, _ in onsets(series, norm.limit, bands)]
    open_, clear = False, 0
    for day in sorted(over):
        value = ratio(day)
        if value is None:
            continue
        if open_:
            clear = clear + 1 if value <= norm.clear_limit else 0
            open_ = clear * 86_400 < norm.clear_hold
        elif value >= norm.limit:
            open_, clear = True, 0
            onset = next((one for one in begun if day < one <= day + AHEAD), None)
            yield Warned(
                way,
                norm.id,
                series.name,
                str(date_of(day)),
                _outcome(series, norm.limit, over, day, onset),
                "" if onset is None else str(date_of(onset)),
            )


def _outcome(series: Series, limit: float, over: Mapping[int, bool], day: int, onset: int | None) -> Outcome:
    if any(over.get(before) for before in range(day - QUIET + 1, day + 1)):
        return "during"
    if onset is not None:
        return "right"
    if _would_be_over(series, limit, day):
        return "acted"
    return "wrong" if day + AHEAD <= max(over) else "open"


def _would_be_over(series: Series, limit: float, day: int) -> bool:
    """Return whether the beds would have been over within 14 days with as many other patients as on this day."""
    return any(
        series.covid[later] + series.other[day] > limit * capacity
        for later in range(day + 1, day + AHEAD + 1)
        if later in series.covid and day in series.other and (capacity := series.capacity(later))
    )


def tally(found: Iterable[Warned], begun: Sequence[Onset], region: str, way: str, norm: str) -> Tally:
    """Return how often warnings by one way were right, and how many onsets they came before; region and norm name them."""
    own = [one for one in found if one.way == way]
    of = {
        outcome: sum(one.outcome == outcome for one in own)
        for outcome in ("right", "acted", "wrong", "during", "open")
    }
    counted = of["right"] + of["acted"] + of["wrong"]
    could = [onset for onset in begun if onset.could_be_told]
    told = {(one.region, one.onset) for one in own if one.outcome == "right"}
    came = sum((onset.region, onset.day) in told for onset in could)
    claimed = counted >= CLAIMED_FROM
    return Tally(
        region,
        way,
        norm,
        counted,
        of["right"],
        of["acted"],
        of["wrong"],
        of["during"],
        of["open"],
        round(of["right"] / counted, 4) if claimed else None,
        round((of["right"] + of["acted"]) / counted, 4) if claimed else None,
        len(could),
        came,
        round(came / len(could), 4) if could else None,
    )
