"""What happened in the last weeks: when which norm was exceeded; for the country, when each region had a breach."""

from collections.abc import Iterable, Sequence
from typing import Any

from alerts.episode import UNTOLD
from alerts.norms import Norms
from alerts.texts import Texts
from dashboards.reports.attention import DAY, SEVERITIES, seconds_of
from dashboards.reports.charts.spans import Span, span_chart
from dashboards.reports.words import label
from streams.regions import NL, REGIONS, ROAZ_IDS
from streams.status import BreachState, Transition

WEEKS = 8
_BEGINS = frozenset[BreachState]({"active", "reopened"})
_ROWS_MAX = 16
_LETTERS = 42

Spans = dict[tuple[str, str, str], list[Span]]
"""Episodes by region, norm and scope."""


def last_weeks(
    region: str, transitions: Sequence[Transition], norms: Norms, texts: Texts, at: int
) -> dict[str, Any]:
    """Return the picture of the eight weeks before a moment.

    Keys: `picture`, `begun`, `ended` and `untold` (breaches of the last seven days; `untold` those that ended though nobody
    told that they are over), `left_out` (rows that are not shown).
    """
    regions = (NL, *ROAZ_IDS) if region == NL else (region,)
    own = [
        each
        for each in transitions
        if each.region in regions
        and seconds_of(each.at) <= at
        and (norm := norms.by_id.get(each.norm)) is not None
        and norm.audience != "operations"
    ]
    first = at - 7 * WEEKS * DAY
    seen = {
        key: [span for span in spans if span.end is None or span.end > first]
        for key, spans in _spans(own).items()
    }
    rows = _by_region(seen) if region == NL else _by_norm(seen, texts)
    week = [each.state for each in own if seconds_of(each.at) > at - 7 * DAY]
    return {
        "picture": span_chart("Overschrijdingen van de laatste acht weken", rows[:_ROWS_MAX], first, at),
        "begun": sum(state in _BEGINS for state in week),
        "ended": _ended(own, at - 7 * DAY, told=True),
        "untold": _ended(own, at - 7 * DAY, told=False),
        "left_out": max(len(rows) - _ROWS_MAX, 0),
    }


def _spans(transitions: Iterable[Transition]) -> Spans:
    spans: Spans = {}
    for each in transitions:
        own = spans.setdefault((each.region, each.norm, each.scope), [])
        if each.state in _BEGINS:
            own.append(Span(each.severity, seconds_of(each.at)))
        elif each.state == "resolved" and own and own[-1].end is None:
            own[-1] = Span(own[-1].style, own[-1].begin, seconds_of(each.at))
    return spans


def _ended(transitions: Iterable[Transition], since: int, *, told: bool) -> int:
    """Return how many breaches ended, by whether somebody told it; what was only pending never began."""
    active = set()
    ended = 0
    for each in transitions:
        if each.state in _BEGINS:
            active.add(each.episode)
        elif each.state == "resolved" and each.episode in active:
            ended += seconds_of(each.at) > since and told is (each.reason not in UNTOLD)
    return ended


def _by_norm(seen: Spans, texts: Texts) -> list[tuple[str, Sequence[Span]]]:
    order = sorted(
        (key for key, spans in seen.items() if spans),
        key=lambda key: (min(SEVERITIES.index(span.style) for span in seen[key]), seen[key][0].begin, key),
    )
    return [(_short(norm, scope, texts), seen[region, norm, scope]) for region, norm, scope in order]


def _by_region(seen: Spans) -> list[tuple[str, Sequence[Span]]]:
    rows = []
    for region in (NL, *ROAZ_IDS):
        own = [span for key, spans in seen.items() if key[0] == region for span in spans]
        # The worst is drawn last, over the others.
        own.sort(key=lambda span: -SEVERITIES.index(span.style))
        rows.append((REGIONS[region].name if region != NL else "Nederland als geheel", own))
    return [*rows] if any(own for _, own in rows) else []


def _short(norm: str, scope: str, texts: Texts) -> str:
    """Return the name of a norm as a subject line has it, with what it is about."""
    parts = [label(part.partition("=")[2]) for part in scope.split(",") if part]
    name = texts.by_norm[norm].norms[norm] + (f" ({', '.join(parts)})" if parts else "")
    return name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1].rstrip(' ,')}\u2026"
