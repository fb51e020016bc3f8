"""The results as Markdown tables, for the terminal and for docs/performance.md."""

from collections.abc import Iterable, Mapping
from typing import Any


def tables(found: Mapping[str, Any]) -> str:
    """Return every table of a document."""
    parts = [
        f"broker: {found['broker']}, {found['date']}",
        systems_table(found, "mixture"),
        systems_table(found, "single"),
        goals_table(found),
    ]
    return "\n\n".join(part for part in parts if part)


def systems_table(found: Mapping[str, Any], log: str) -> str:
    """Return one line a system on one log."""
    rows = []
    for name, entry in found["systems"].items():
        part = entry if log == "mixture" else entry.get("single")
        if part is None or not {"failed", "records_per_second"} & part.keys():
            continue
        what = f"{entry['title']} (`{name}`)"
        if "failed" in part:
            rows.append((what, "-", "-", "-", "-", part["failed"].splitlines()[0]))
            continue
        rows.append(
            (
                what,
                f"{part['records_per_second']:,.0f}",
                f"{part['readings_per_second']:,.0f}",
                f"{part['cpu_seconds_per_million']:.2f}",
                f"{part['peak_mb']:,.0f}",
                f"{part['records']:,}",
            )
        )
    head = ("system", "records/s", "readings/s", "CPU s per million readings", "peak MB", "records in a run")
    return _table(head, rows) if rows else ""


def goals_table(found: Mapping[str, Any]) -> str:
    """Return one line a goal."""
    rows = [
        (
            goal["goal"],
            goal["log"] or "-",
            f"{goal['measured']:,.3g} {goal['unit']}",
            f"{goal['floor']:g}",
            f"{goal['stretch']:g}",
            {"stretch": "stretch", "floor": "floor", "no": "**not met**"}[goal["met"]],
        )
        for goal in found["goals"]
    ]
    return _table(("goal", "log", "measured", "floor", "stretch", "met"), rows) if rows else ""


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(head)
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
