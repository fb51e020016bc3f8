"""The four figures on a tile: intensive care, ward, referrals and follow-up care, out of an overview."""

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from alerts.norms import Norms
from dashboards.beds_of_share import are_of_share
from streams.indicators import ALL
from streams.reports import REPORT_TYPES
from streams.views import IndicatorView

FigureName = Literal["ic", "ward", "referrals", "followup"]

DAY = 86_400
HOUR = 3600


class Figure(msgspec.Struct, frozen=True):
    """One figure of a tile; null where nothing is known.

    Attributes:
        name: `ic` and `ward` (beds occupied of beds staffed), `referrals` (of those expected) or
            `followup` (patients waiting in hospital, with the free places).
        value: the count, or the ratio for referrals.
        of: what it is held against: staffed beds (of the same hospitals), expected referrals or free places.
        ratio: value per `of`, where that is a ratio (0...).
        observed_at: oldest event time of what is shown, ISO 8601 UTC, or empty.
        completeness: lowest completeness of what is shown, 0...1.
    """

    name: FigureName
    value: float | int | None = None
    of: float | int | None = None
    ratio: float | None = None
    observed_at: str = ""
    completeness: float = 1.0


def figures(indicators: Sequence[IndicatorView]) -> list[Figure]:
    """Return the four figures of a region, in the order in which the page shows them."""
    return [
        _beds("ic", indicators),
        _beds("ward", indicators),
        _referrals(indicators),
        _followup(indicators),
    ]


def fresh_seconds(topic: str, norms: Norms) -> int | None:
    """Return how old the data of a report topic may be before they are old, in seconds; None where age says nothing."""
    stands = REPORT_TYPES[topic].declared.stands if topic in REPORT_TYPES else ""
    if not stands:
        return None
    return int(norms.parameter(stands)) * (DAY if norms.parameters[stands].unit == "d" else HOUR)


def _one(indicators: Iterable[IndicatorView], name: str, **labels: str) -> IndicatorView | None:
    return next((each for each in indicators if each.name == name and each.labels == labels), None)


def _known(*found: IndicatorView | None) -> list[IndicatorView]:
    return [each for each in found if each is not None and each.value is not None]


def _figure(
    name: FigureName,
    value: IndicatorView | None,
    of: IndicatorView | None,
    ratio: IndicatorView | None,
) -> Figure:
    known = _known(value, of, ratio)
    return Figure(
        name,
        value.value if value else None,
        of.value if of else None,
        ratio.value if ratio else None,
        min((each.observed_at for each in known), default=""),
        min((each.completeness for each in known), default=1.0),
    )


def _beds(unit: Literal["ic", "ward"], indicators: Sequence[IndicatorView]) -> Figure:
    occupied = _one(indicators, "beds_occupied", unit=unit, label=ALL)
    staffed = _one(indicators, "beds_staffed", unit=unit)
    ratio = _one(indicators, "occupancy_ratio", unit=unit)
    known = [None if each is None else each.value for each in (ratio, occupied, staffed)]
    return _figure(unit, occupied, staffed if are_of_share(*known) else None, ratio)


def _referrals(indicators: Sequence[IndicatorView]) -> Figure:
    totals = {"specialism": ALL, "target": ALL}
    return _figure(
        "referrals",
        _one(indicators, "referrals_week", **totals),
        _one(indicators, "referrals_expected_week", **totals),
        _one(indicators, "referrals_ratio", **totals),
    )


def _followup(indicators: Sequence[IndicatorView]) -> Figure:
    waiting = _known(*(each for each in indicators if each.name == "followup_waiting"))
    places = _known(*(each for each in indicators if each.name == "followup_free_places"))
    totals = [each for each in (*waiting, *places) if each.labels == {"sector": ALL}]
    if totals:
        waiting = [each for each in waiting if each in totals]
        places = [each for each in places if each in totals]
    known = [*waiting, *places]
    return Figure(
        "followup",
        sum(each.value or 0 for each in waiting) if waiting else None,
        sum(each.value or 0 for each in places) if places else None,
        None,
        min((each.observed_at for each in known), default=""),
        min((each.completeness for each in known), default=1.0),
    )
