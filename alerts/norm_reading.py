"""A norm in a few words, as the page of norms says it: what is held against what, for how long, where and when."""

from collections.abc import Iterator

from alerts.instruments import FOREVER, Period
from alerts.norms import Norm
from streams.calendar import date_of, local_day
from streams.indicators import ALL, INDICATORS

_WHERE = {1: "the country", 11: "each network", 12: "each network and the country"}


def indicator_of(norm: Norm) -> str:
    """Return the indicator with the labels that matter."""
    labels = ", ".join(f"{name} {value}" for name, value in norm.labels.items() if value != ALL)
    split = f"for each {' and '.join(norm.split)}" if norm.split else ""
    return " ".join(part for part in (f"`{norm.indicator}`", labels, split) if part)


def limit_of(norm: Norm) -> str:
    """Return comparison, limit, unit and where a breach is clear again."""
    overrides = "".join(f"; {region} {_number(norm.limit_in(region))}" for region in sorted(norm.overrides))
    target = "" if norm.target_days is None else f" (within {norm.target_days} d)"
    chance = f", or {_number(norm.chance)} over the square root of the weight" if norm.chance else ""
    return (
        f"{norm.comparison} {_number(norm.limit)} {norm.unit}{target}{chance}, clear at {_number(norm.clear_limit)}"
        + overrides
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:g}"


def holds_of(norm: Norm) -> str:
    """Return hold, clear hold, and for how long a breach that ended may come back."""
    return f"{duration(norm.hold)}, {duration(norm.clear_hold)}, {duration(norm.cooling)}"


def minimum_of(norm: Norm) -> str:
    """Return what is needed to judge at all."""
    fewer = " (fewer end a breach)" if norm.few_ends else ""
    needed = [f"{norm.min_observations} observations{fewer}"] if norm.min_observations > 1 else []
    ratio = INDICATORS[norm.indicator].ratio
    if norm.min_weight and ratio is not None:
        needed.append(f"{norm.min_weight} {ratio.weight}{fewer}")
    if norm.min_completeness:
        beyond = " (incomplete may still prove a breach)" if norm.lower_bound else ""
        needed.append(f"{norm.min_completeness:.0%} complete{beyond}")
    return ", ".join(needed) or "-"


def place_and_time_of(norm: Norm) -> str:
    """Return for whom a norm is judged, how severe, in which phases and from when until when."""
    periods = "; ".join(_period(one) for one in norm.periods)
    return f"judged for {_WHERE[len(norm.regions)]}, {norm.severity}, {periods}"


def _period(period: Period) -> str:
    phases = f", in phase {', '.join(period.phases)}" if period.phases else ""
    until = "" if period.until == FOREVER else f" until {date_of(local_day(period.until - 1))}"
    return f"from {date_of(local_day(period.since))}{until}{phases}"


def steps_of(norm: Norm) -> Iterator[str]:
    """Yield each step of the ladder: role, step of the frameworks, delay."""
    for step in norm.steps:
        anchor = f" ({step.anchor})" if step.anchor else ""
        yield f"{step.role}{anchor} {f'after {duration(step.after_seconds)}' if step.after_seconds else 'at once'}"


def duration(seconds: int) -> str:
    """Return a duration as norms.toml writes it, with hours up to two days.

    >>> duration(0), duration(129600), duration(1209600), duration(5400)
    ('0', '36h', '14d', '90m')
    """
    if seconds == 0:
        return "0"
    if seconds % 86_400 == 0 and seconds > 86_400:
        return f"{seconds // 86_400}d"
    return f"{seconds // 3600}h" if seconds % 3600 == 0 else f"{seconds // 60}m"
