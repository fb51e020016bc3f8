"""PromQL that both dashboards use. Every metric comes from the catalogue or from the rules' recordings.

While one worker takes over from another, both may export a series for a moment: hence `max by`.
"""

from alerts.metrics import (
    BREACH_ACTIVE,
    CARE,
    LAG,
    LAST_TICK,
    NORM_INSUFFICIENT,
    NORM_THRESHOLD,
    REPORTS,
    SOURCE_LAST_EVENT,
    SOURCE_MAX_AGE,
    Metric,
)
from alerts.rests_on import CARRIED, COUNTED, EXPECTED, EXPIRED, SUSPECT
from dashboards.grafana.panels import NORM_LINE, Query

HELD = f"region:{BREACH_ACTIVE.name.removeprefix('ketenwacht_').removesuffix('_active')}:held"
"""Whether a breach is active, by the latch: a worker that dies does not look like recovery."""

SHORT = "* on (region) group_left (short) region:name:info"
"""Adds the region's short name, for legends."""

STREAM_TIME = f"max({LAST_TICK.name})"


def care(kind: str) -> Metric:
    """Return the metric of a kind of indicator; raises KeyError where there is none."""
    return CARE[f"ketenwacht_{kind}"] if f"ketenwacht_{kind}" in CARE else CARE[kind]


def figure(kind: str, by: str = "region", **labels: str) -> str:
    """Return the selector of an indicator, kept apart by the labels in `by`."""
    chosen = {"region": "=~$region", **labels}
    inside = ", ".join(
        f'{name}=~"{value[2:]}"' if value.startswith("=~") else f'{name}="{value}"'
        for name, value in chosen.items()
    )
    return f"max by ({by}) ({care(kind).name}{{{inside}}})"


def norm_line(norm: str, name: str, region: str = '=~"$region"') -> Query:
    """Return the limit of a norm as a dashed line; the strictest where regions differ."""
    return Query(
        f'min({NORM_THRESHOLD.name}{{norm="{norm}", region{region}}})', f"{NORM_LINE} {name}".strip()
    )


def active(extra: str = "") -> str:
    """Return the active breaches of the chosen regions, 1 each."""
    return f'{HELD}{{region=~"$region"{extra}}} == 1'


def breach_columns() -> list[Query]:
    """Return the columns of the table of breaches: value, limit, step, since, the moment of the figure, and what it rests on."""
    by = "region, norm, scope"
    chosen = '{region=~"$region"}'
    return [
        Query(
            f"max by ({by}, severity) (region:breach_step:held{chosen}) and on ({by}) ({active()})",
            column="Trap",
        ),
        Query(f"max by ({by}) (region:breach_value:held{chosen})", column="Waarde"),
        Query(
            f"max by ({by}) ({active()}) * on (region, norm) group_left ()"
            f" max by (region, norm) (region:breach_limit:held{chosen})",
            column="Grens",
        ),
        Query(f"max by ({by}) (region:breach_since:held{chosen}) * 1000", column="Sinds"),
        Query(f"max by ({by}) (region:breach_observed:held{chosen}) * 1000", column="Stand"),
        *rests_on_columns("region:breach_locations:held", "region:breach_oldest:held"),
    ]


def rests_on_columns(locations: str, oldest: str) -> list[Query]:
    """Return the columns that say what figures rest on, from the series with its locations and with its oldest moment."""
    by = "region, norm, scope"
    return [
        *(
            Query(
                f'max by ({by}) ({locations}{{region=~"$region", standing="{standing}"}})',
                column=column,
            )
            for standing, column in _STANDINGS.items()
        ),
        Query(f'max by ({by}) ({oldest}{{region=~"$region"}}) * 1000', column="Oudste"),
    ]


_STANDINGS = {
    EXPECTED: "Verwacht",
    COUNTED: "Meegeteld",
    CARRIED: "Doorgetrokken",
    SUSPECT: "Verdacht",
    EXPIRED: "Telt niet meer mee",
}


SOURCE_AGE = Query(
    f'scalar({STREAM_TIME}) - min by (source) ({SOURCE_LAST_EVENT.name}{{region=~"$region"}})', "{{source}}"
)
SOURCE_LIMIT = Query(f"max by (source) ({SOURCE_MAX_AGE.name})", f"{NORM_LINE} {{{{source}}}}")
OUTCOMES = Query(f"sum by (outcome) (rate({REPORTS.name}[$__rate_interval]))", "{{outcome}}")
WAITING = Query(f"sum by (stage) (max by (stage, topic, partition) ({LAG.name}))", "{{stage}}")
REFUSED = Query(f'sum(increase({REPORTS.name}{{outcome="dead_lettered"}}[$__range]))')
LATE = Query(f'sum(increase({REPORTS.name}{{outcome="late"}}[$__range]))')
INSUFFICIENT = (
    f'sum by (region) (max by (region, norm, scope) ({NORM_INSUFFICIENT.name}{{region=~"$region"}}))'
)
