"""The indicators of waits, held against the Treeknormen: as told, and as they would be with those who fell silent."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import partial
from math import fsum
from typing import NamedTuple

from agents.domain.waits.waits import UNDECIDED, Key, Limits, Waits
from streams.calendar import day_start
from streams.evidence import Silence
from streams.status import Indicator

_Figure = Callable[[list[float]], float | int | None]
"""A figure of waits that are given shortest first."""


class _Told(NamedTuple):
    """Waits, shortest first: those that stand, with those that are missed, and with those given up as well."""

    days: list[float]
    missed: list[float]
    given_up: list[float]


def wait_figures(access: str, specialism: str, waits: Waits, limits: Limits) -> Iterator[Indicator]:
    """Yield the indicators of one specialism, or of all together.

    Where no row stands they have no value, and say only what those would who fell silent.
    """
    if not (waits.rows or waits.missed_days or waits.given_up):
        return
    labels = {"access": access, "specialism": specialism}
    figure = partial(_figure, labels, waits, _told(waits))
    longest, within, target = limits
    hidden = _hides_one_over(waits, limits)
    yield figure("waits", len, None)
    yield plain("waits_closed", labels, waits, waits.closed)
    yield plain("wait_days_median", labels, waits, _median(waits.days))
    yield figure("wait_days_max", _longest, longest, hidden=hidden)
    if longest is not None and within is not None:
        over = partial(_between, longest)
        yield figure("waits_over_treeknorm", over, longest, hidden=hidden)
        yield figure("waits_over_treeknorm_ratio", partial(_share, over), longest)
        yield _prolonged(labels, waits, longest)
        if access == UNDECIDED:
            yield figure("waits_undecidable", partial(_between, within, upto=longest), within)
        if target is not None:
            reached = partial(_between, -1.0, upto=target)
            yield figure("waits_within_target", reached, target)
            yield figure("waits_within_target_ratio", partial(_share, reached), target)


def treatment_figures(key: Key, waits: Waits, limits: Limits) -> Iterator[Indicator]:
    """Yield the indicators of one treatment; where no row stands, only what the median would be with the silent ones."""
    labels = key._asdict()
    if waits.rows or waits.missed_days or waits.given_up:
        yield _treatment_median(labels, waits)
    if not waits.rows:
        return
    yield plain("treatment_waits", labels, waits, len(waits.days))
    if limits.longest is not None:
        over = None if _hides_one_over(waits, limits) else _between(limits.longest, waits.days)
        yield plain("treatment_waits_over_treeknorm", labels, waits, over)


def part_figure(key: Key, part: str, waits: Waits) -> Indicator | None:
    """Return the median of one treatment in a part of the network; None of too few locations, whoever fell silent."""
    found = _treatment_median(
        {**key._asdict(), "part": part}, waits, "treatment_part_wait_days_median", _PART_LOCATIONS
    )
    known = (found.value, *(() if found.silence is None else (found.silence.missed, found.silence.given_up)))
    return None if all(value is None for value in known) else found


_PART_LOCATIONS = 3
"""One hospital is not a region: a part of a network is a safety region of which so many locations tell their wait."""


def _treatment_median(
    labels: dict[str, str], waits: Waits, name: str = "treatment_wait_days_median", at_least: int = 1
) -> Indicator:
    """Return the median, which others are held against: longer or shorter, either may be the worse."""
    silence = None
    if waits.missed_days or waits.given_up:
        told = _told(waits)
        missed, given_up = _median(told.missed, at_least), _median(told.given_up, at_least)
        since = day_start(max(one.day for one in waits.given_up)) if missed != given_up else 0
        silence = Silence(missed, given_up, since, len(told.missed), len(told.given_up))
    return plain(name, labels, waits, _median(waits.days, at_least), silence)


def _told(waits: Waits) -> _Told:
    if not (waits.missed_days or waits.given_up):
        return _Told(waits.days, waits.days, waits.days)
    missed = sorted([*waits.days, *waits.missed_days])
    return _Told(waits.days, missed, sorted([*missed, *(one.days for one in waits.given_up)]))


def _figure(
    labels: dict[str, str],
    waits: Waits,
    told: _Told,
    name: str,
    of: _Figure,
    beyond: float | None,
    *,
    hidden: bool = False,
) -> Indicator:
    """Return a figure with what it would be with those who fell silent; waits beyond this many days make it worse."""
    silence = None
    if waits.missed_days or waits.given_up:
        worse = [one.day for one in waits.given_up if beyond is not None and one.days > beyond]
        silence = Silence(
            of(told.missed) if _anybody(waits) else None,
            of(told.given_up),
            day_start(max(worse)) if worse else 0,
            len(told.missed),
            len(told.given_up),
        )
    return plain(name, labels, waits, None if hidden else of(told.days), silence)


def _prolonged(labels: dict[str, str], waits: Waits, longest: float) -> Indicator:
    """Return how many waits are over the norm for long; unknown where that is not known of one, and of none that is."""
    prolonged = _between(longest, waits.lasting)
    doubtful = _between(longest, waits.doubtful)
    silence = None
    if doubtful or waits.given_up:
        worse = [one.day for one in waits.given_up if one.lasting > longest]
        missed = prolonged + doubtful
        seen = len(waits.days) + len(waits.missed_days)
        silence = Silence(
            missed if _anybody(waits) else None,
            missed + len(worse),
            day_start(max(worse)) if worse else 0,
            seen,
            seen + len(waits.given_up),
        )
    return plain("waits_prolonged", labels, waits, None if doubtful and not prolonged else prolonged, silence)


def plain(
    name: str,
    labels: dict[str, str],
    waits: Waits,
    value: float | None,
    silence: Silence | None = None,
    observations: int | None = None,
) -> Indicator:
    """Return a figure of some waits; where none stands it has no value."""
    observed = waits.newest * 86_400
    expected = waits.rows + waits.missed
    share = round(fsum((waits.whole, *waits.shares)) / expected, 4) if expected else 0.0
    seen = len(waits.days) if observations is None else observations
    return Indicator(name, labels, value if waits.rows else None, observed, share, seen, silence)


def _anybody(waits: Waits) -> bool:
    """Return whether anybody tells of these waits or is missed: else all who did are given up."""
    return bool(waits.rows or waits.missed_days)


def _hides_one_over(waits: Waits, limits: Limits) -> bool:
    """Return whether no wait that stands is over the norm while a missed one was."""
    if limits.longest is None or not waits.missed_days or waits.missed_days[-1] <= limits.longest:
        return False
    return not waits.days or waits.days[-1] <= limits.longest


def _between(beyond: float, days: list[float], upto: float | None = None) -> int:
    """Return how many waits are longer than some days, and no longer than others."""
    return (len(days) if upto is None else bisect_right(days, upto)) - bisect_right(days, beyond)


def _share(count: Callable[[list[float]], int], days: list[float]) -> float | None:
    return round(count(days) / len(days), 6) if days else None


def _longest(days: list[float]) -> float | None:
    return days[-1] if days else None


def _median(days: list[float], at_least: int = 1) -> float | None:
    if len(days) < at_least:
        return None
    middle = len(days) // 2
    return round(float(days[middle] if len(days) % 2 else (days[middle - 1] + days[middle]) / 2), 2)
