"""The norms as a page for people, so that `docs/norms.md` can never say anything else than `norms.toml`."""

from collections.abc import Iterator
from itertools import groupby

from alerts.norms import FeedCalendar, Norm, Norms
from streams.indicators import ALL

HEADER = "<!-- Made by `make generate` from alerts/norms.toml; do not edit by hand. -->\n"

_FAMILIES = {
    "treeknorm": "Treeknormen: how long people wait",
    "occupancy": "Beds against staffed beds",
    "ic-ladder": "The national IC ladder",
    "referrals": "Referrals by general practitioners",
    "vervolgzorg": "Follow-up care",
    "data": "The data itself",
}
_WHERE = {1: "the country", 11: "each network", 12: "each network and the country"}
_INTRODUCTION = """\
Every norm that is judged, version {version}: {count} norms. A breach begins when the value passes the limit, becomes
active when that lasted the hold, and ends when the value was at or beyond the clear limit for the clear hold. With
fewer observations, or less complete, the verdict is "insufficient": neither good nor breach. Labels that are not
named stand for the total.

Titles and assumptions are Dutch, as operators read them. Where no source gives a number, the number is an
**assumption** with an owner and a date, and the alert says so. Change `alerts/norms.toml`, then follow
[operations.md](operations.md#change-a-norm).
"""


def norms_markdown(norms: Norms) -> str:
    """Return the page; the same norms give the same bytes."""
    parts = [HEADER, "# Norms\n", _INTRODUCTION.format(version=norms.version, count=len(norms.norms))]
    for family, members in groupby(norms.norms, key=lambda norm: norm.family):
        parts.append(f"## {_FAMILIES.get(family, family)}\n")
        parts += _family(list(members))
    parts.append("## How long a source may be silent\n")
    parts.append("`feed-silent` holds the age of a source's newest report against these.\n")
    parts.append(_feeds(norms))
    return "\n".join(parts)


def _family(members: list[Norm]) -> Iterator[str]:
    rows = ["| norm | title | indicator | limit | hold, clear hold | at least |", "|---|---|---|---|---|---|"]
    rows += [
        f"| `{norm.id}` | {norm.title} | {_indicator(norm)} | {_limit(norm)} | {_holds(norm)} | {_minimum(norm)} |"
        for norm in members
    ]
    yield "\n".join(rows) + "\n"
    told: dict[tuple[str, ...], list[str]] = {}
    for norm in members:
        told.setdefault(_background(norm), []).append(f"`{norm.id}`")
    for background, ids in told.items():
        names = "All of these" if len(ids) == len(members) > 1 else ", ".join(ids)
        yield "\n".join((f"{names}:\n", *(f"- {line}" for line in background))) + "\n"


def _limit(norm: Norm) -> str:
    overrides = "".join(f"; {region} {norm.limit_in(region):g}" for region in sorted(norm.overrides))
    return f"{norm.comparison} {norm.limit:g} {norm.unit}, clear at {norm.clear_limit:g}{overrides}"


def _holds(norm: Norm) -> str:
    return f"{duration(norm.hold)}, {duration(norm.clear_hold)}"


def _minimum(norm: Norm) -> str:
    needed = [f"{norm.min_observations} observations"] if norm.min_observations > 1 else []
    if norm.min_completeness:
        beyond = " (incomplete may still prove a breach)" if norm.lower_bound else ""
        needed.append(f"{norm.min_completeness:.0%} complete{beyond}")
    return ", ".join(needed) or "-"


def _background(norm: Norm) -> tuple[str, ...]:
    lines = [
        f"source: {norm.source}; {norm.article}",
        f"judged for {_WHERE[len(norm.regions)]}, {norm.severity}, {_validity(norm)}",
        "ladder: " + ", ".join(_steps(norm)),
    ]
    if norm.assumption:
        lines.append(f"assumption ({norm.assumption.owner}, {norm.assumption.date}): {norm.assumption.text}")
    return tuple(lines)


def _indicator(norm: Norm) -> str:
    labels = ", ".join(f"{name} {value}" for name, value in norm.labels.items() if value != ALL)
    split = f"for each {' and '.join(norm.split)}" if norm.split else ""
    return " ".join(part for part in (f"`{norm.indicator}`", labels, split) if part)


def _validity(norm: Norm) -> str:
    return f"from {norm.valid_from}{f' until {norm.valid_to}' if norm.valid_to else ''}"


def _steps(norm: Norm) -> Iterator[str]:
    for step in norm.steps:
        anchor = f" ({step.anchor})" if step.anchor else ""
        yield f"{step.role}{anchor} {f'after {duration(step.after_seconds)}' if step.after_seconds else 'at once'}"


def _feeds(norms: Norms) -> str:
    rows = ["| source | longest ordinary silence | weekends and holidays |", "|---|---|---|"]
    rows += [_feed(feed) for _, feed in sorted(norms.feeds.items(), key=_default_last)]
    return "\n".join(rows) + "\n"


def _default_last(item: tuple[str, FeedCalendar]) -> tuple[bool, str]:
    return item[0] == "default", item[0]


def _feed(feed: FeedCalendar) -> str:
    name = "every other source" if feed.source == "default" else f"`{feed.source}`"
    return f"| {name} | {duration(feed.max_age)} | {'not counted' if feed.working_days_only else 'counted'} |"


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
