"""The wait for each treatment in a region, against its Treeknorm."""

from collections.abc import Mapping
from typing import Any

from dashboards.reports.charts.bars import Bar, bar_chart
from dashboards.reports.figures import Figures
from dashboards.reports.words import count, label
from streams.regions import NL, REGIONS, ROAZ_IDS


def treatments(figures: Figures, limit: int = 24) -> dict[str, Any]:
    """Return the wait of each treatment as bars with their Treeknorm, those first of which the largest part is over it.

    The longest wait says little where all are too long.

    Keys: `picture`, `stamp`, `left_out`.
    """
    norms = figures.norms.treeknorms(figures.region, figures.now.at)
    found = figures.now.all_of(figures.region, "treatment_wait_days_median")
    found.sort(key=lambda each: (*_rank(figures, each.labels), -(each.value or 0)))
    bars = []
    for each in found[:limit]:
        norm = norms.get(each.labels["access"])
        name = f"{each.labels['treatment'] or each.labels['specialism']} ({label(each.labels['access'])})"
        shown = f"{count(each.value or 0)} d" + _over(figures, each.labels)
        bars.append(Bar(name, float(each.value or 0), shown, norm.max_days if norm else None))
    title = "Mediaan van de wachttijd per behandeling"
    return {
        "picture": bar_chart(title, bars, "Treeknorm"),
        "stamp": figures.stamp(figures.region, [(each.name, each.labels) for each in found]),
        "left_out": max(len(found) - limit, 0),
    }


def unequal(figures: Figures) -> list[dict[str, Any]]:
    """Return how far regions lie apart for the same treatment, most first: `name`, `ratio`, `shortest`, `longest`, `stamp`."""
    rows = []
    for found in sorted(figures.now.all_of(NL, "unequal_access_ratio"), key=lambda each: -(each.value or 0)):
        medians = sorted(
            (value, region)
            for region in ROAZ_IDS
            if (value := figures.now.value(region, "treatment_wait_days_median", **found.labels)) is not None
        )
        if len(medians) > 1:
            rows.append(
                {
                    "name": f"{found.labels['treatment']} ({label(found.labels['access'])})",
                    "ratio": figures.cell(NL, found.name, found.labels),
                    "shortest": _place(*medians[0]),
                    "longest": _place(*medians[-1]),
                    "stamp": figures.stamp(NL, [(found.name, found.labels)]),
                }
            )
    return rows


def _place(days: float, region: str) -> str:
    return f"{count(days)} dagen, {REGIONS[region].name}"


def _rank(figures: Figures, labels: Mapping[str, str]) -> tuple[float, float]:
    """Return what sorts a treatment: the part of its waits that is over the Treeknorm, then how many are; most first."""
    waits, over = _counts(figures, labels)
    return (-over / waits, -over) if waits and over else (0.0, 0.0)


def _counts(figures: Figures, labels: Mapping[str, str]) -> tuple[float | None, float | None]:
    waits = figures.now.value(figures.region, "treatment_waits", **labels)
    return waits, figures.now.value(figures.region, "treatment_waits_over_treeknorm", **labels)


def _over(figures: Figures, labels: Mapping[str, str]) -> str:
    """Return how many of the waits behind a median are beyond the Treeknorm."""
    waits, over = _counts(figures, labels)
    return "" if waits is None or over is None else f", {count(over)} van {count(waits)} erboven"
