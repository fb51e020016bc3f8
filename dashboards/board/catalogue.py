"""What the page must know but what does not change: regions and their places, norms, indicators, limits."""

from collections.abc import Mapping
from typing import Any

from alerts.norms import Norm, Norms
from alerts.texts import Text, Texts
from streams.indicators import INDICATORS
from streams.regions import REGIONS
from streams.reports import REPORT_TYPES

PLACES: Mapping[str, tuple[int, int]] = {
    "R10": (1, 3),
    "R01": (1, 6),
    "R09": (2, 3),
    "R02": (2, 5),
    "R03": (2, 7),
    "R08": (3, 1),
    "R11": (3, 3),
    "R04": (3, 5),
    "R07": (4, 1),
    "R06": (4, 3),
    "R05": (4, 5),
}
"""Row and first half-column (1...8) of each network's tile, roughly as on the map; each is two wide."""

_TIMES = ("feed_received_at", "notified_per_admission")
"""Ratios that read as `1,4 keer`, not as a percentage."""


def page_catalogue(norms: Norms, texts: Texts) -> dict[str, Any]:
    """Return the document that the page reads once: plain data, ready for JSON.

    Keys: `regions` (id, name, area, abbreviation, row, column; north to south), `country`, `norms` by id
    (title, short name, where it ends, source, article, assumption, what to do, roles of the ladder), `indicators` by name (text, unit, topic),
    `topics` (what each report topic is called), `roles` (Dutch words) and `ladder` (limits of the national intensive care ladder, ascending).
    """
    return {
        "regions": [
            {
                "id": region,
                "name": REGIONS[region].name,
                "area": texts.regions[region],
                "abbreviation": REGIONS[region].abbreviation,
                "row": row,
                "column": column,
            }
            for region, (row, column) in PLACES.items()
        ],
        "country": {"id": "NL", "name": REGIONS["NL"].name, "area": "", "abbreviation": "NL"},
        "norms": {norm.id: _norm(norm, texts.by_norm[norm.id]) for norm in norms.norms},
        "indicators": {
            kind.name: {
                "text": kind.text.split(":")[0],
                "unit": "times" if kind.name in _TIMES else kind.unit,
                "topic": kind.topic,
            }
            for kind in INDICATORS.values()
        },
        "topics": {topic: kind.declared.called for topic, kind in REPORT_TYPES.items()},
        "roles": texts.roles,
        "ladder": sorted(norm.limit for norm in norms.norms if norm.family == "ic-ladder"),
    }


def _norm(norm: Norm, text: Text) -> dict[str, Any]:
    return {
        "title": norm.title,
        "short": text.norms[norm.id],
        "unit": "times" if norm.indicator in _TIMES else norm.unit,
        "below": norm.comparison.startswith("<"),
        "clear": {region: norm.clear_limit_in(region) for region in norm.regions},
        "meaning": text.meaning,
        "action": text.action,
        "source": norm.source,
        "article": norm.article,
        "assumption": norm.assumption.text if norm.assumption else "",
        "roles": [step.role for step in norm.steps],
    }
