"""The goals: how much faster than each peer, how late at most; the floor must be met, the stretch is tried for."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Ratio:
    """Our rate as a multiple of a peer's on the same log: the median over the rounds, in which they take turns."""

    peer: str
    floor: float
    stretch: float
    ours: str = "ketenwacht"


RATIOS = (
    Ratio("faust_windowed", 30, 50),
    Ratio("quix_window", 10, 15),
    Ratio("quix_fold", 2, 3),
    Ratio("bytewax_window", 1.5, 2),
    Ratio("bytewax_map", 1, 1.5),
    Ratio("aiokafka_loop", 0.5, 0.75),
    Ratio("confluent_loop", 0.35, 0.5),
    Ratio("confluent_loop", 1, 1, ours="backtest"),
)


@dataclass(frozen=True, slots=True)
class Limit:
    """A time that must not be longer."""

    title: str
    path: tuple[str, ...]
    floor: float
    stretch: float
    unit: str


LIMITS = (
    Limit("produced to folded at 1 k records/s, p99", ("latency_ms", "p99"), 25, 15, "ms"),
    Limit("report to transition, tick 1 s, p99", ("latency_ms", "transition_p99"), 1300, 1100, "ms"),
    Limit("recovery per 100 k keys", ("recovery_seconds_per_100k_keys",), 4, 2, "s"),
)


def ratios(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return each goal with what was measured; a goal that was not measured is left out."""
    rows = []
    for goal in RATIOS:
        for log in ("mixture", "single"):
            ours, theirs = _runs(found, goal.ours, log), _runs(found, goal.peer, log)
            if ours and theirs:
                measured = median(mine / other for mine, other in zip(ours, theirs, strict=False))
                rows.append(
                    {
                        "goal": f"{goal.ours} against {goal.peer}",
                        "log": log,
                        "measured": round(measured, 3),
                        "floor": goal.floor,
                        "stretch": goal.stretch,
                        "unit": "x",
                        "met": _met(measured >= goal.floor, measured >= goal.stretch),
                    }
                )
    for limit in LIMITS:
        value = _at(found, limit.path)
        if value is not None:
            rows.append(
                {
                    "goal": limit.title,
                    "log": "",
                    "measured": value,
                    "floor": limit.floor,
                    "stretch": limit.stretch,
                    "unit": limit.unit,
                    "met": _met(value <= limit.floor, value <= limit.stretch),
                }
            )
    return rows


def _met(floor: bool, stretch: bool) -> str:
    return "stretch" if stretch else "floor" if floor else "no"


def _runs(found: Mapping[str, Any], name: str, log: str) -> list[float]:
    """Return a system's readings/s in each round; systems that are given a part of a log compare by readings."""
    entry = found.get("systems", {}).get(name, {})
    part = entry if log == "mixture" else entry.get("single", {})
    if not part.get("runs"):
        return []
    return [float(run) * part["readings"] / part["records"] for run in part["runs"]]


def _at(found: Mapping[str, Any], path: tuple[str, ...]) -> float | None:
    part: Any = found
    for name in path:
        if not isinstance(part, Mapping) or name not in part:
            return None
        part = part[name]
    return float(part) if part is not None else None
