"""The integral monitor: what each indicator of the registry says at the end of a month, per region and for the country.

The NZa fact sheet (summer 2021) describes it; `monitor.toml` is its list. What is not known is null with the reason,
never 0.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dashboards.reports.knowledge import Knowledge, regions_of
from dashboards.reports.months import months_before
from dashboards.reports.recorded import Months
from dashboards.reports.registry import Figure, MonitorIndicator, Registry
from streams.calendar import iso
from streams.indicators import INDICATORS, indicator_key
from streams.regions import NL, REGIONS

NOT_HEARD = "geen bron heeft hier iets over gemeld"
NOT_SAID = "de bronnen melden dit niet"
NO_LONGER = "de laatste cijfers zijn te oud"
NOT_NATIONAL = "een landelijk cijfer volgt niet uit die van de regio's"

Labels = Mapping[str, str]


def monitor_document(registry: Registry, months: Months, before: int = 0) -> dict[str, Any]:
    """Return the monitor as plain data, ready for JSON.

    Args:
        registry: which indicators there are.
        months: what was known at the end of the month, and of those before.
        before: how many months before are given as a series with each figure; 0 for none.

    Keys: `month`, `at` (ISO 8601 UTC), `origin`, `registry` (its version) and `indicators`. Each indicator has
    `number`, `id`, `title`, `source`, `scope`, `note`, `not_seen`, and `regions` by id: a list of figures with `name`,
    `labels`, `text`, `value`, `unit`, `observed_at`, `completeness`, `source` (the feeds it comes from), `reason` (why
    there is no value, else null) and, if asked for, `series` of `month`, `value`, `observed_at`, `completeness`.
    """
    now = months.ends[months.month]
    earlier = [(month, months.ends.get(month)) for month in months_before(months.month, before)]
    return {
        "month": months.month,
        "at": iso(now.at),
        "origin": months.origin,
        "registry": registry.version,
        "indicators": [_indicator(each, now, earlier) for each in registry.indicator],
    }


def _indicator(
    indicator: MonitorIndicator, now: Knowledge, earlier: Sequence[tuple[str, Knowledge | None]]
) -> dict[str, Any]:
    rows = [
        (figure.name, labels)
        for figure in indicator.figure
        for labels in _series(figure, [now, *(known for _, known in earlier if known is not None)])
    ]
    return {
        "number": indicator.number,
        "id": indicator.id,
        "title": indicator.title,
        "source": indicator.source,
        "scope": indicator.scope,
        "note": indicator.note,
        "not_seen": indicator.not_seen,
        "regions": {
            region: [
                told(now, region, name, labels)
                | ({"series": _earlier(earlier, region, name, labels)} if earlier else {})
                for name, labels in rows
            ]
            for region in regions_of(indicator.scope)
        },
    }


def _series(figure: Figure, known: Iterable[Knowledge]) -> list[Labels]:
    """Return the label values that a figure shows: those written out, and those that a pattern finds anywhere."""
    found = {}
    if not any("*" in each for label in figure.labels for each in figure.wanted(label)):
        combinations: list[dict[str, str]] = [{}]
        for label in figure.kind.labels:
            combinations = [c | {label: each} for c in combinations for each in figure.wanted(label)]
        return list(combinations)
    for moment in known:
        for region in REGIONS:
            for key, indicator in moment.figures.get(region, {}).items():
                if indicator.name == figure.name and figure.selects(indicator.labels):
                    found[key] = indicator.labels
    pattern = {label: " | ".join(figure.wanted(label)) for label in figure.kind.labels}
    return [labels for _, labels in sorted(found.items())] or [pattern]


def told(known: Knowledge, region: str, name: str, labels: Labels) -> dict[str, Any]:
    """Return one figure of one region, with its time, completeness and sources, or the reason why it is unknown."""
    kind = INDICATORS[name]
    found = known.figures.get(region, {}).get(indicator_key(name, labels))
    sources = known.sources(region, name)
    has_value = found is not None and found.value is not None
    return {
        "name": name,
        "labels": dict(labels),
        "text": kind.text,
        "unit": kind.unit,
        "value": found.value if found is not None else None,
        "observed_at": iso(found.observed_at) if found is not None and found.observed_at else None,
        "completeness": found.completeness if found is not None and has_value else None,
        "source": ", ".join(sources) or None,
        "reason": None if has_value else _reason(region, name, was_known=found is not None, sources=sources),
    }


def _reason(region: str, name: str, *, was_known: bool, sources: Sequence[str]) -> str:
    kind = INDICATORS[name]
    if region == NL and kind.national == "none" and not kind.topic.startswith("joined."):
        return NOT_NATIONAL
    if was_known:
        return NO_LONGER
    return NOT_SAID if sources else NOT_HEARD


def _earlier(
    earlier: Sequence[tuple[str, Knowledge | None]], region: str, name: str, labels: Labels
) -> list[dict[str, Any]]:
    series = []
    for month, known in earlier:
        figure = told(known or Knowledge(0), region, name, labels)
        series.append(
            {"month": month} | {key: figure[key] for key in ("value", "observed_at", "completeness")}
        )
    return series
