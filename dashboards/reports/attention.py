"""What asks for attention now: breaches of norms, from worst to least."""

import operator
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from alerts.norms import Norm, Norms
from alerts.rests_on import rests_on
from alerts.texts import Text, Texts
from alerts.where_text import counts_text, where_text
from dashboards.reports.knowledge import Knowledge
from dashboards.reports.words import compact, count, label, short_moment
from dashboards.reports.words import texts as words
from streams.regions import NL, REGIONS, ROAZ_IDS
from streams.silent import UnjudgedView
from streams.views import BreachView

SEVERITIES = ("critical", "warning", "info")
STANDINGS = ("critical", "warning", "undecided-over", "info", "undecided")
"""How the norms on a figure may stand, worst first: breached, or not judged (`alerts.worst`)."""
_NAMED = 3
_COMPARED = {">": "meer dan", ">=": "vanaf", "<": "minder dan", "<=": "tot en met"}
_OVER = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}
DAY = 86_400


def groups(region: str, now: Knowledge, norms: Norms, texts: Texts) -> list[dict[str, object]]:
    """Return the active breaches of care norms, grouped by what is to be done about them, worst first.

    Each group has `severity`, `word`, `summary`, `action` and `rows`; a row has `title`, `where` (who is behind it, the worst
    first), `value`, `counts` (that it is the ratio of), `limit`, `ends` (where that is not at the limit), `since`, `days`, `step`, `next`, `source`, `assumption`, `observed`, `rests_on`.
    """
    by_text: dict[str, list[tuple[BreachView, Norm]]] = {}
    for breach in care_breaches(now.breaches.get(region, ()), norms):
        norm = norms.by_id[breach.norm]
        by_text.setdefault(texts.by_norm[norm.id].id, []).append((breach, norm))
    found = []
    for own in by_text.values():
        own.sort(
            key=lambda each: (SEVERITIES.index(each[0].severity), each[0].since, each[0].norm, each[0].scope)
        )
        text = texts.by_norm[own[0][1].id]
        severity = own[0][0].severity
        found.append(
            {
                "severity": severity,
                "word": words()["states"][severity].replace("\u00ad", ""),
                "summary": text.summary,
                "action": text.action,
                "rows": [_row(region, breach, norm, texts, now) for breach, norm in own],
            }
        )
    return sorted(found, key=lambda group: (SEVERITIES.index(str(group["severity"])), str(group["summary"])))


def _row(region: str, breach: BreachView, norm: Norm, texts: Texts, now: Knowledge) -> dict[str, object]:
    text = texts.by_norm[norm.id]
    found = None if norm.split else now.find(region, norm.indicator, **norm.labels)
    step = norm.steps[breach.step - 1] if 0 < breach.step <= len(norm.steps) else None
    after = norm.steps[breach.step] if breach.step < len(norm.steps) else None
    age = (now.at - seconds_of(breach.since)) // DAY
    return {
        "title": title(norm, breach.scope),
        "where": where_text(breach.where, breach.others, norm.indicator, texts),
        "counts": counts_text(breach.part, breach.of, norm.indicator, texts),
        "value": figure(breach.value, text, texts),
        "limit": f"{_COMPARED[norm.comparison]} {figure(breach.limit, text, texts, noun=False)}",
        "ends": _ends(region, breach, norm, text, texts),
        "since": compact(breach.since),
        "days": "vandaag" if age < 1 else f"{age} dag{'en' if age > 1 else ''}",
        "step": f"{breach.step} van {len(norm.steps)}: {texts.roles[step.role]}" if step else "",
        "next": f"{texts.roles[after.role]}, {_when(after.after_seconds)}" if after else "",
        "source": f"{norm.source}, {norm.article}",
        "assumption": norm.assumption.text if norm.assumption else "",
        "observed": short_moment(breach.observed_at),
        "rests_on": ""
        if found is None or found.evidence is None
        else rests_on(found.evidence, found.observed_at, found.completeness, texts.rests_on),
    }


def _ends(region: str, breach: BreachView, norm: Norm, text: Text, texts: Texts) -> str:
    """Return where a breach ends: a value back within its limit would look like a mistake without it."""
    clear = norm.clear_limit_in(region)
    if clear == breach.limit:
        return ""
    return f"eindigt bij {figure(clear, text, texts, noun=False)} of {'hoger' if norm.comparison.startswith('<') else 'lager'}"


def worst(found: Collection[str]) -> str:
    """Return the worst of these `STANDINGS`, or nothing where there is none."""
    return next((each for each in STANDINGS if each in found), "")


def unjudged(region: str, now: Knowledge, norms: Norms) -> list[dict[str, object]]:
    """Return the care norms that cannot be judged, but for open breaches: `word` and `titles`, possibly over the limit first."""
    own = _not_judged(now, region, norms)
    words_of = words()["states"]
    return [
        {
            "word": words_of[word].replace("\u00ad", ""),
            "titles": [title(norms.by_id[one.norm], one.scope) for one in found],
        }
        for word, over in (("undecided-over", True), ("undecided", False))
        if (found := [one for one in own if one.over is over])
    ]


def _not_judged(now: Knowledge, region: str, norms: Norms) -> list[UnjudgedView]:
    return [
        one
        for one in now.unjudged.get(region, ())
        if not one.open and one.norm in norms.by_id and norms.by_id[one.norm].audience != "operations"
    ]


def _doubt(now: Knowledge, region: str, norms: Norms) -> list[str]:
    """Return a sentence on what may be over its limit and cannot be judged; none where nothing may be."""
    own = _not_judged(now, region, norms)
    over = [title(norms.by_id[one.norm], one.scope) for one in own if one.over]
    if not over:
        return [f"{_norms(len(own))} niet te beoordelen."] if own else []
    more = len(over) - _NAMED
    rest = f" en {more} {'andere' if more == 1 else 'anderen'}" if more > 0 else ""
    return [f"Niet te beoordelen, mogelijk over de grens: {'; '.join(over[:_NAMED])}{rest}."]


def _norms(count_of: int) -> str:
    return "Eén norm is" if count_of == 1 else f"{count_of} normen zijn"


def _when(seconds: int) -> str:
    return f"na {seconds // DAY} dagen" if seconds >= 2 * DAY else f"na {seconds // 3600} uur"


def title(norm: Norm, scope: str) -> str:
    """Return the name of a norm with the part of it that a breach is about."""
    parts = [label(part.partition("=")[2]) for part in scope.split(",") if part]
    return norm.title + (f" ({', '.join(parts)})" if parts else "")


def figure(value: float | None, text: Text, texts: Texts, *, noun: bool = True) -> str:
    """Return a value as the alert about it shows it."""
    if value is None:
        return "onbekend"
    value = 100 * value if text.figure == "percent" else value
    return " ".join(filter(None, (count(value), texts.unit(text, value), text.noun if noun else "")))


def summary(now: Knowledge, region: str, norms: Norms, texts: Texts) -> str:
    """Return one or two sentences: how many norms are exceeded, and which is the worst; for the country also where."""
    care = care_breaches(now.breaches.get(region, ()), norms)
    said = (
        [_worst(region, care, now, norms, texts)]
        if care
        else ["Er is geen norm overschreden, voor zover bekend."]
    ) + _doubt(now, region, norms)
    if region == NL:
        said = [f"Landelijk: {said[0][0].lower()}{said[0][1:]}", *said[1:], _where(now, norms)]
    return " ".join(said)


def care_breaches(breaches: Iterable[BreachView], norms: Norms) -> list[BreachView]:
    """Return the active breaches that are about care, not about the supply of data."""
    return [
        each
        for each in breaches
        if each.state == "active" and norms.by_id[each.norm].audience != "operations"
    ]


def _worst(region: str, care: Sequence[BreachView], now: Knowledge, norms: Norms, texts: Texts) -> str:
    worst = min(care, key=lambda each: (SEVERITIES.index(each.severity), each.since, each.norm))
    norm = norms.by_id[worst.norm]
    critical = sum(each.severity == "critical" for each in care)
    many = f"Er zijn {len(care)} overschrijdingen" if len(care) > 1 else "Er is \u00e9\u00e9n overschrijding"
    hard = f", waarvan {critical} kritiek" if critical and len(care) > 1 else ""
    row = _row(region, worst, norm, texts, now)
    within = worst.value is not None and not _OVER[norm.comparison](worst.value, worst.limit)
    limit = f"{row['limit']}, {row['ends']}" if within and row["ends"] else row["limit"]
    when = "sinds vandaag" if row["days"] == "vandaag" else f"al {row['days']}"
    counts = f" = {row['counts']}" if row["counts"] else ""
    where = f" Waar: {row['where']}." if row["where"] else ""
    return f"{many}{hard}. Het zwaarst: {title(norm, worst.scope)}: {row['value']}{counts} (grens {limit}), {when}.{where}"


def _where(now: Knowledge, norms: Norms) -> str:
    by_region = {region: care_breaches(now.breaches.get(region, ()), norms) for region in ROAZ_IDS}
    exceeded = [region for region, care in by_region.items() if care]
    critical = [
        REGIONS[region].name
        for region, care in by_region.items()
        if any(each.severity == "critical" for each in care)
    ]
    where = f"In {len(exceeded)} van de {len(ROAZ_IDS)} regio's is een norm overschreden"
    return where + (f"; kritiek in {', '.join(critical)}." if critical else ", nergens kritiek.")


def seconds_of(at: str) -> int:
    """Return an ISO 8601 moment in seconds since 1970."""
    return int(datetime.fromisoformat(at).timestamp())
