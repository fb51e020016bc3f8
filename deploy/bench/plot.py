"""The picture of the results: rates of all systems on both logs, and how ours scales."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

_OURS, _THEIRS = "#154273", "#9aa7b5"
"""Dark for ours, grey for the others; the names say it too."""


def draw(found: Mapping[str, Any], path: Path) -> None:
    """Draw a document as SVG; the same document gives the same bytes."""
    mpl.rcParams["svg.hashsalt"] = "ketenwacht"
    scaling = found.get("scaling") or {}
    figure = Figure(figsize=(11, 8 if scaling else 4.2), layout="constrained")
    grid = figure.subplots(2 if scaling else 1, 2, squeeze=False)
    _rates(grid[0][0], found, "mixture", "readings_per_second", "about 25 figures a report: readings/s")
    _rates(grid[0][1], found, "single", "records_per_second", "one figure a report: records/s")
    if scaling:
        _scaling(grid[1][0], scaling, ("locations", "series", "partitions"), "times as many")
        _scaling(grid[1][1], scaling, ("workers",), "workers")
    figure.suptitle(f"{found['broker']} broker, {found['date']}, {found['machine']['cores']} cores")
    figure.savefig(path, format="svg", metadata={"Date": None})


def _rates(axes: Any, found: Mapping[str, Any], log: str, measure: str, title: str) -> None:
    rows = []
    for name, entry in found["systems"].items():
        part = entry if log == "mixture" else entry.get("single", {})
        if measure in part:
            rows.append((name, part[measure]))
    rows.reverse()
    colours = [_OURS if name in {"ketenwacht", "backtest"} else _THEIRS for name, _ in rows]
    bars = axes.barh([name for name, _ in rows], [rate for _, rate in rows], color=colours)
    axes.bar_label(bars, labels=[f"{rate:,.0f}" for _, rate in rows], padding=3, fontsize=8)
    if rows:
        axes.set_xscale("log")
        axes.set_xlim(10, max(rate for _, rate in rows) * 6)
    axes.set_title(title, fontsize=10)


def _scaling(axes: Any, scaling: Mapping[str, Any], names: tuple[str, ...], label: str) -> None:
    for name in names:
        points = scaling.get(name) or []
        axes.plot(
            [point["times"] for point in points if "records_per_second" in point],
            [point["records_per_second"] for point in points if "records_per_second" in point],
            marker="o",
            label=name,
        )
    axes.set_ylim(bottom=0)
    axes.set_xlabel(label)
    axes.set_ylabel("records/s")
    if len(names) > 1:
        axes.set_xscale("log")
        axes.legend()
    else:
        axes.set_xticks([point["times"] for point in scaling.get(names[0]) or []])
