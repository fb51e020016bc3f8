"""The rules of Prometheus, built from the norms: a latch that outlives its source, and one alert per ladder step.

Norms, hysteresis and the ladder belong to the judge; Prometheus only carries state to people. So there is no
threshold in here, no `for` on a breach, and nothing that reads a clock. Absence of a series holds the last
state, an explicit 0 ends it: a worker that dies must never look like recovery.
"""

from pathlib import Path
from typing import Any

import yaml

from alerts import metrics
from alerts.annotations import REGION_INFO, Links, breach_annotations, scaled
from alerts.chain_rules import chain_rules
from alerts.norms import Norm, Norms
from alerts.texts import Texts
from streams.regions import REGIONS

HEADER = "# Made by `ketenwacht alerts build` from alerts/norms.toml and alerts/texts; do not edit by hand.\n"
BREACH_ALERT = "NormBreach"
_EACH = "region, norm, scope"
_MEMORY = "12h"


def build_rules(norms: Norms, texts: Texts, links: Links) -> dict[str, Any]:
    """Return the content of the rule file."""
    known = "|".join(norm.id for norm in norms.norms)
    breaches = [
        _breach_alert(norm, step, texts, links)
        for norm in norms.norms
        for step in range(1, len(norm.steps) + 1)
    ]
    return {
        "groups": [
            {"name": "ketenwacht_breach", "interval": "1s", "rules": [*_names(texts), *_latch(), *breaches]},
            {
                "name": "ketenwacht_memory",
                "interval": "1m",
                "rules": [
                    {"record": "region:breach:minute", "expr": "region:breach:held"},
                    {"record": "region:breach_step:minute", "expr": "region:breach_step:held"},
                ],
            },
            {"name": "ketenwacht_chain", "interval": "5s", "rules": chain_rules(texts, links, known)},
        ]
    }


def rules_yaml(norms: Norms, texts: Texts, links: Links) -> str:
    """Return the rule file as text; the same input gives the same bytes."""
    return HEADER + yaml.safe_dump(
        build_rules(norms, texts, links), sort_keys=False, allow_unicode=True, width=110
    )


def write_rules(path: Path, norms: Norms, texts: Texts, links: Links) -> Path:
    """Write the rule file and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(rules_yaml(norms, texts, links), "utf-8")
    return path


def _names(texts: Texts) -> list[dict[str, Any]]:
    """Names of regions as a series, for the texts; as labels of alerts they would make new alerts when they change."""
    return [
        {
            "record": REGION_INFO,
            "expr": "vector(1)",
            "labels": {"region": region.id, "name": region.name, "short": texts.regions[region.id]},
        }
        for region in REGIONS.values()
    ]


def _latch() -> list[dict[str, str]]:
    """Hold state by region, norm and scope: a changed severity replaces the old series instead of joining it.

    Where a breach ended though nobody told that it is over, its alerts live one evaluation longer, to say why they end:
    `closing` is what was held at the evaluation before, and stands before that is recorded anew.
    """
    closing = [
        _record(name, "closing", f"region:{name}:held and on ({_EACH}) {metrics.BREACH_ENDED.name} == 1")
        for name in ("breach", "breach_step")
    ]
    state = [
        _record(name, kind, expression)
        for name, metric in (("breach", metrics.BREACH_ACTIVE), ("breach_step", metrics.BREACH_STEP))
        for kind, expression in (
            ("now", f"max by ({_EACH}, severity, source) ({metric.name})"),
            (
                "held",
                (
                    f"region:{name}:now or on ({_EACH}) region:{name}:held"
                    f" or on ({_EACH}) last_over_time(region:{name}:minute[{_MEMORY}])"
                ),
            ),
        )
    ]
    figures = [
        _record(name, "held", _held_figure(f"region:{name}:held", metric.name, by, _TIMES.get(metric, "")))
        for name, metric, by in (
            ("breach_since", metrics.BREACH_SINCE, _EACH),
            ("breach_active_since", metrics.BREACH_ACTIVE_SINCE, _EACH),
            ("breach_value", metrics.INDICATOR_VALUE, _EACH),
            ("breach_observed", metrics.INDICATOR_OBSERVED, _EACH),
            ("breach_limit", metrics.NORM_THRESHOLD, "region, norm"),
            ("breach_locations", metrics.NORM_LOCATIONS, f"{_EACH}, standing"),
            ("breach_oldest", metrics.NORM_OLDEST, _EACH),
            ("breach_complete", metrics.NORM_COMPLETE, _EACH),
        )
    ]
    # Held as a whole: of places that changed, those of before are gone.
    where = "region:breach_where:held"
    places = (
        f"(max by ({_EACH}, place, name, is) ({metrics.BREACH_WHERE.name}) or on ({_EACH}) {where})"
        f" and on ({_EACH}) {_HELD}"
    )
    return [*closing, *state, *figures, _record("breach_where", "held", places)]


_HELD = "(region:breach:held == 1 or region:breach:closing == 1)"
_TIMES = {metrics.NORM_COMPLETE: "100 * "}
"""What texts cannot multiply themselves."""


def _held_figure(series: str, metric: str, by: str, times: str = "") -> str:
    """Hold a figure for as long as its breach is held, so that a text keeps its figures when a worker dies."""
    on = by.removesuffix(", standing")
    return f"({times}max by ({by}) ({metric}) or {series}) and on ({on}) {_HELD}"


def _record(name: str, kind: str, expression: str) -> dict[str, str]:
    return {"record": f"region:{name}:{kind}", "expr": expression}


def _breach_alert(norm: Norm, step: int, texts: Texts, links: Links) -> dict[str, Any]:
    return {
        "alert": BREACH_ALERT,
        "expr": _reached(norm, step, texts),
        "labels": {
            "norm": norm.id,
            "step": str(step),
            "role": norm.steps[step - 1].role,
            "audience": norm.audience,
        },
        "annotations": breach_annotations(norm, step, texts, links),
    }


def _reached(norm: Norm, step: int, texts: Texts) -> str:
    """The breach has reached this step; the alert's value is the indicator, or NaN when that is not known.

    The first step hangs on the breach itself, so that no slip in counting steps can keep it silent.
    """
    only = f'{{norm="{norm.id}"}}'
    name, far = ("breach", "== 1") if step == 1 else ("breach_step", f">= {step}")
    reached = f"region:{name}:held{only} {far} or on ({_EACH}) region:{name}:closing{only} {far}"
    value = scaled(f"region:breach_value:held{only}", texts.by_norm[norm.id])
    return f"0 * ({reached}) + on ({_EACH}) group_left () ({value}) or on ({_EACH}) NaN * ({reached})"
