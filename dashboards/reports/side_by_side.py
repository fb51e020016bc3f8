"""The regions side by side: the figures of the first page for each, with what is exceeded there."""

from collections.abc import Sequence
from typing import Any

from dashboards.reports.attention import care_breaches
from dashboards.reports.chapters import Headline
from dashboards.reports.charts.bars import Bar, bar_chart
from dashboards.reports.figures import Figures
from dashboards.reports.words import amount
from streams.regions import NL, REGIONS, ROAZ_IDS


def side_by_side(figures: Figures, headlines: Sequence[Headline]) -> dict[str, Any]:
    """Return `heads`, `rows` (the country last), `sources` and `picture`."""
    series = [(each.name, each.labels) for each in headlines]
    rows = [
        {
            "name": REGIONS[region].name,
            "short": REGIONS[region].abbreviation,
            "country": region == NL,
            "cells": [figures.headline(region, headline) for headline in headlines],
            "critical": _active(figures, region, "critical"),
            "warning": _active(figures, region, "warning"),
            "info": _active(figures, region, "info"),
            "stamp": figures.stamp(region, series, sources=False),
        }
        for region in (*ROAZ_IDS, NL)
    ]
    return {
        "heads": [each.short for each in headlines],
        "rows": rows,
        "sources": ", ".join(
            sorted(
                {
                    source
                    for region in REGIONS
                    for name, _ in series
                    for source in figures.now.sources(region, name)
                }
            )
        ),
        "picture": _intensive_care(figures),
    }


def _active(figures: Figures, region: str, severity: str) -> int:
    care = care_breaches(figures.now.breaches.get(region, ()), figures.norms)
    return sum(each.severity == severity for each in care)


def _intensive_care(figures: Figures) -> Any:
    limits = [
        norm
        for norm in figures.norms.norms
        if norm.indicator == "occupancy_ratio"
        and norm.labels == {"unit": "ic"}
        and norm.severity == "critical"
        and norm.holds_at(figures.now.at)
    ]
    bars = []
    for region in ROAZ_IDS:
        value = figures.now.value(region, "occupancy_ratio", unit="ic")
        if value is not None:
            limit = min((norm.limit_in(region) for norm in limits if region in norm.regions), default=None)
            name = REGIONS[region].name
            bars.append(Bar(name, value, amount(value, "ratio"), limit))
    bars.sort(key=lambda bar: -bar.value)
    return bar_chart("Bezetting van de intensive care per regio", bars, "grens voor kritiek")
