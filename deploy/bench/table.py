"""The results as Markdown tables, for the terminal and for docs/performance.md."""

from collections.abc import Iterable, Mapping
from typing import Any


def tables(found: Mapping[str, Any]) -> str:
    """Return every table of a document."""
    parts = [
        heading(found),
        systems_table(found, "mixture"),
        systems_table(found, "single"),
        goals_table(found),
        times_table(found),
        scaling_table(found),
        profile_table(found),
    ]
    return "\n\n".join(part for part in parts if part)


def heading(found: Mapping[str, Any]) -> str:
    """Return a line that says on what it was measured, and with which versions."""
    machine = found["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in found["versions"].items())
    return (
        f"{found['date']}, {found['broker']} broker, {found['partitions']} partitions, medians of {found['rounds']}; "
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gb']:.0f} GB, {machine['system']}; {versions}.{_stolen(found)}"
    )


def _stolen(found: Mapping[str, Any]) -> str:
    shares = [f"{part} {percent:.0f} %" for part, percent in found.get("stolen_percent", {}).items()]
    return (
        f" Of the processors the host gave to other machines meanwhile: {', '.join(shares)}."
        if shares
        else ""
    )


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


def _three_digits(value: float) -> str:
    """Return a figure with three digits, and all of them where it is larger."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def goals_table(found: Mapping[str, Any]) -> str:
    """Return one line a goal."""
    rows = [
        (
            goal["goal"],
            goal["log"] or "-",
            f"{_three_digits(goal['measured'])} {goal['unit']}",
            f"{goal['floor']:g}",
            f"{goal['stretch']:g}",
            {"stretch": "stretch", "floor": "floor", "no": "**not met**"}[goal["met"]],
        )
        for goal in found["goals"]
    ]
    return _table(("goal", "log", "measured", "floor", "stretch", "met"), rows) if rows else ""


def _between(late: Mapping[str, Any], name: str) -> str:
    """Return the best and the worst run, where they are told one by one."""
    runs = [run[name] for run in late.get("runs", ())]
    of = f" of {late['tried']}" if late.get("tried", 0) > len(runs) else ""
    return f" ({min(runs):.0f} to {max(runs):.0f} in {len(runs)}{of} runs)" if runs else ""


def times_table(found: Mapping[str, Any]) -> str:
    """Return how late and how soon back."""
    rows = []
    late = found.get("latency_ms")
    if late:
        rate = f"{late['records_per_second']:,} records/s of the mixture"
        rows += [
            (
                f"produced to folded, {rate}",
                f"{late['p50']:.1f} ms",
                f"{late['p99']:.1f} ms{_between(late, 'p99')}",
                f"{late['records']:,}",
            ),
            (
                "report to its transition on `care.breaches`, a tick a second",
                f"{late['transition_p50']:.0f} ms",
                f"{late['transition_p99']:.0f} ms{_between(late, 'transition_p99')}",
                f"{late['transitions']:,}",
            ),
        ]
    back = found.get("recovery")
    if back:
        runs = back["runs"]
        rows.append(
            (
                f"killed with -9, from assigned to ready, {back['series']:,} series",
                f"{sorted(runs)[len(runs) // 2]:.2f} s",
                f"{max(runs):.2f} s (longest)",
                str(len(runs)),
            )
        )
    return _table(("what", "p50", "p99", "of"), rows) if rows else ""


def scaling_table(found: Mapping[str, Any]) -> str:
    """Return one line a point of a scaling line."""
    rows = []
    for name, points in (found.get("scaling") or {}).items():
        for point in points:
            if "failed" in point:
                rows.append((f"{name} x {point['times']:g}", "-", "-", "-", point["failed"].splitlines()[0]))
                continue
            cost = point.get("cpu_seconds_per_million")
            what = f"{name} x {point['times']:g}"
            if "series" in point:
                what += (
                    f" ({point['locations']:,} locations, {point['series']:,} series, {point['partitions']} partitions, "
                    f"a tick each {point['tick_every']:,})"
                )
            rows.append(
                (
                    what,
                    f"{point['records_per_second']:,.0f}",
                    f"{point['readings_per_second']:,.0f}" if "readings_per_second" in point else "-",
                    f"{cost:.2f}" if cost is not None else "-",
                    f"{point['peak_mb']:,.0f}" if "peak_mb" in point else "-",
                )
            )
    head = ("ours, more of", "records/s", "readings/s", "CPU s per million readings", "peak MB")
    return _table(head, rows) if rows else ""


def profile_table(found: Mapping[str, Any]) -> str:
    """Return what each part of the work costs a record, on both logs."""
    measured = found.get("profile") or {}
    by_log = {log: {each["part"]: each for each in entry["parts"]} for log, entry in measured.items()}
    names = list(dict.fromkeys(name for parts in by_log.values() for name in parts))
    rows = [
        (
            name,
            *(
                f"{100 * parts[name]['share']:.0f} %, {parts[name]['microseconds_per_record']:.1f}"
                if name in parts
                else "-"
                for parts in by_log.values()
            ),
        )
        for name in names
    ]
    return (
        _table(("part of our work", *(f"{log}: share, us a record" for log in by_log)), rows) if rows else ""
    )


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(head)
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
