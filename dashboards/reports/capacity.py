"""Capacity inside and outside the region (kader MSZ art. 1.5b asks the NZa for both), and what is expected.

Outside is the sum of the other regions; no other region is named in the report of a region.
"""

from collections.abc import Iterable
from math import fsum
from typing import Any

from agents.domain.country.joins.forecasts import NO_OVERFLOW
from dashboards.reports.charts.lines import Line, line_chart
from dashboards.reports.figures import Cell, Figures
from dashboards.reports.words import UNKNOWN, count
from streams.indicators import ALL
from streams.regions import NL, REGIONS, ROAZ_IDS

_UNITS = (("ic", "Intensive care"), ("ward", "Kliniek"))
_DAYS = range(1, 8)


def capacity(figures: Figures) -> dict[str, Any]:
    """Return the chapter on capacity.

    Keys: `charts`, `beds` (rows for inside and outside), `rooms`, `forecast` (rows), `spread` (rows) and `suggested`.
    """
    return {
        "charts": [_chart(figures, unit, word) for unit, word in _UNITS],
        "beds": [_beds(figures, unit, word) for unit, word in _UNITS],
        "rooms": [_rooms(figures)],
        "forecast": [row for unit, word in _UNITS if (row := _forecast(figures, unit, word))],
        "spread": [row for unit, word in _UNITS if (row := _spread(figures, unit, word))],
        "suggested": _suggested(figures),
    }


def _chart(figures: Figures, unit: str, word: str) -> dict[str, Any]:
    region = figures.region
    lines = [
        Line("bezet", figures.points(region, "beds_occupied", {"unit": unit, "label": ALL})),
        Line("met personeel", figures.points(region, "beds_staffed", {"unit": unit}), "second"),
        Line("COVID", figures.points(region, "beds_occupied", {"unit": unit, "label": "covid"}), "third"),
    ]
    title = f"{word}, bedden"
    stamp = figures.stamp(
        region, [("beds_occupied", {"unit": unit, "label": ALL}), ("beds_staffed", {"unit": unit})]
    )
    return {"title": title, "picture": line_chart(title, lines), "stamp": stamp}


def _beds(figures: Figures, unit: str, word: str) -> dict[str, Any]:
    region = figures.region
    names = [
        ("beds_occupied", {"unit": unit, "label": ALL}),
        ("beds_staffed", {"unit": unit}),
        ("occupancy_ratio", {"unit": unit}),
    ]
    inside = [figures.cell(region, name, labels) for name, labels in names]
    others = [] if region == NL else [each for each in ROAZ_IDS if each != region]
    occupied = _sum(figures, others, "beds_occupied", unit=unit, label=ALL)
    staffed = _sum(figures, others, "beds_staffed", unit=unit)
    outside = [_counted(occupied), _counted(staffed), _ratio(figures, others, unit)]
    return {
        "name": word,
        "inside": inside,
        "outside": outside if others else [],
        "outside_known": f"{occupied[1]} van {len(others)} regio's" if others else "",
        "stamp": figures.stamp(region, names),
    }


def _sum(figures: Figures, regions: Iterable[str], name: str, **labels: str) -> tuple[float | None, int]:
    """Return the sum over regions that are known, and how many those are."""
    known = [value for each in regions if (value := figures.now.value(each, name, **labels)) is not None]
    return (fsum(known) if known else None), len(known)


def _counted(total: tuple[float | None, int]) -> Cell:
    value, _ = total
    return Cell(UNKNOWN, reason="van geen andere regio bekend") if value is None else Cell(count(value))


def _ratio(figures: Figures, regions: Iterable[str], unit: str) -> Cell:
    """Return the occupancy of other regions together, weighed by the staffed beds of those who tell of patients too."""
    above = below = 0.0
    for each in regions:
        ratio = figures.now.value(each, "occupancy_ratio", unit=unit)
        free = figures.now.find(each, "beds_free", unit=unit)
        if ratio is not None and free is not None:
            above, below = above + ratio * free.weighs, below + free.weighs
    return Cell(f"{count(100 * above / below)}\u00a0%") if below else Cell(UNKNOWN)


def _rooms(figures: Figures) -> dict[str, Any]:
    names = ("or_rooms_in_use", "or_rooms_normal", "or_reduction_ratio")
    return {
        "cells": [figures.cell(figures.region, name, {}) for name in names],
        "country": figures.cell(NL, "or_reduction_ratio", {}),
        "stamp": figures.stamp(figures.region, [(name, {}) for name in names]),
    }


def _forecast(figures: Figures, unit: str, word: str) -> dict[str, Any] | None:
    region = figures.region
    expected = [figures.cell(region, "forecast_beds", {"day": str(day), "unit": unit}) for day in _DAYS]
    if all(cell.text == UNKNOWN for cell in expected):
        return None
    names = ("forecast_shortfall_beds", "forecast_overflow_day")
    short, overflow = (figures.cell(region, name, {"unit": unit}) for name in names)
    if figures.now.value(region, "forecast_overflow_day", unit=unit) == NO_OVERFLOW:
        overflow = Cell("niet")
    stamp = figures.stamp(region, [("forecast_beds", {"day": str(day), "unit": unit}) for day in _DAYS])
    return {
        "name": word,
        "expected": expected,
        "short": short,
        "overflow": overflow,
        "stamp": stamp,
    }


def _spread(figures: Figures, unit: str, word: str) -> dict[str, Any] | None:
    region = figures.region
    share_of = figures.cell(region, "fair_share_beds", {"unit": unit})
    if share_of.text == UNKNOWN:
        return None
    return {
        "name": word,
        "covid": figures.cell(region, "beds_occupied", {"unit": unit, "label": "covid"}),
        "fair": share_of,
        "deviation": figures.cell(region, "fair_share_deviation_ratio", {"unit": unit}),
        "stamp": figures.stamp(region, [("fair_share_beds", {"unit": unit})]),
    }


def _suggested(figures: Figures) -> list[str]:
    """Return the moves that would restore fair share: those out of this region, or all of them for the country."""
    said = []
    for region in ROAZ_IDS if figures.region == NL else (figures.region,):
        found = figures.now.all_of(region, "transfer_suggested")
        for unit, word in _UNITS:
            moves = [
                f"{count(each.value or 0)} naar {REGIONS[each.labels['to']].name}"
                for each in sorted(found, key=lambda each: (-(each.value or 0), each.labels["to"]))
                if each.labels["unit"] == unit and each.labels["to"] in REGIONS and each.value
            ]
            if moves:
                origin = f"{REGIONS[region].name}, " if figures.region == NL else ""
                said.append(f"{origin}{word}: {', '.join(moves)}")
    return said
