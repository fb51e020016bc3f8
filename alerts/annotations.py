"""The words of one alert, as Prometheus fills them in: Go templates that read the held figures.

Prometheus fills them in for every firing alert every second, so each figure is queried once and the value comes
with the alert itself. Every figure is optional: one that is missing becomes "onbekend", never an error in a mail.
Local times are those of the Prometheus process, which runs with TZ=Europe/Amsterdam.
"""

from dataclasses import dataclass

from alerts.metrics import BREACH_ENDED, CARE, NORM_INSUFFICIENT, NORM_SILENT, SILENT_TOLD
from alerts.norm import EVERY_CHAIR, Step
from alerts.norms import Norm
from alerts.rests_on import rests_on_template
from alerts.texts import ChainText, Text, Texts
from alerts.where import TOLD_OF, is_ratio
from alerts.where_text import counts_template, where_template
from streams.indicators import SILENT
from streams.joins import JOINS

REGION_INFO = "region:name:info"
UNKNOWN = "onbekend"
NAMED = 3
"""How many of those who are silent an alert names."""
NOT_JUDGED = (
    "Nu niet te beoordelen: de gegevens zijn onvolledig. De overschrijding blijft open tot volledige cijfers het "
    "einde bewijzen; ga de stand zelf na. "
)
LIMIT_WORDS = {">": "hoogstens", ">=": "minder dan", "<": "minstens", "<=": "meer dan"}
_DUTCH = (
    ' | reReplaceAll "\\\\.0$" "" | reReplaceAll "\\\\." ","'
    ' | reReplaceAll "^([0-9]+)([0-9]{3})(,|$)" "${1}.${2}${3}"'
    ' | reReplaceAll "^([0-9]+)([0-9]{3})\\\\." "${1}.${2}."'
)
_ELSE_UNKNOWN = "{{ else }}" + UNKNOWN + "{{ end }}"


@dataclass(frozen=True, slots=True)
class Links:
    """Where the links in a mail lead. `{region}`, `{runbook}` and `{heading}` are filled in.

    Attributes:
        page: the live page of a region.
        dashboard: the region's dashboard.
        runbook: the runbook's heading for an alert.
    """

    page: str
    dashboard: str
    runbook: str


def breach_annotations(norm: Norm, step: int, texts: Texts, links: Links) -> dict[str, str]:
    """Return the annotations of step `step` (1 is the first) of a norm's ladder."""
    text = texts.by_norm[norm.id]
    value = _value(text, texts)
    meaning = text.meaning + _counted(norm)
    annotations = {
        "summary": text.summary,
        "description": f"{_named('name')} ({{{{ $labels.region }}}}): {norm.title} is {value}"
        f"{{{{ with $labels.scope }}}} ({{{{ . }}}}){{{{ end }}}}. {meaning}",
        "region_name": _named("short"),
        "norm_title": norm.title,
        "norm_short": text.norms[norm.id],
        "value": value,
        "limit": _limit(norm, text, texts),
        "limit_word": LIMIT_WORDS[norm.comparison],
        "since": _moment(_of_breach("region:breach_since:held", norm)) + _ELSE_UNKNOWN,
        "episode_since": _of_breach("region:breach_since:held", norm)
        + '{{ (. | first | value | toTime).UTC.Format "2006-01-02T15:04:05Z" }}{{ end }}',
        "observed": _moment(_of_breach("region:breach_observed:held", norm)) + _ELSE_UNKNOWN,
        "rests_on": rests_on_template(
            lambda names: _of_selected(f'{{__name__=~\\"{names}\\",', norm), texts.rests_on
        ),
        "basis": f"{norm.source}; {norm.article}",
        "meaning": meaning,
        "action": _action(norm.steps[step - 1], text, texts),
        "ladder": f"trap {step} van {len(norm.steps)}: {texts.roles[norm.steps[step - 1].role]}",
        "next": _next(norm, step, texts),
        "runbook_url": links.runbook.format(runbook=text.runbook, heading=text.id),
        "dashboard_url": links.dashboard.format(region="{{ $labels.region }}"),
        "page_url": links.page.format(region="{{ $labels.region }}"),
    }
    annotations |= _where(norm, norm.steps[step - 1], texts)
    ends = _ends(norm, text, texts)
    if ends:
        annotations["ends"] = ends
    anchor = norm.steps[step - 1].anchor
    if anchor:
        annotations["anchor"] = texts.anchors[anchor]
    annotations["ended"] = _ended(norm, texts)
    if norm.audience != "operations":
        annotations["caution"] = _caution(norm)
    if norm.assumption is not None:
        said = norm.assumption
        annotations["assumption"] = f"{said.text} ({said.owner}, {_date(said.date)})"
    return annotations


def _where(norm: Norm, step: Step, texts: Texts) -> dict[str, str]:
    """Who is behind the figure, and the counts that it is the ratio of. No chair hears of another one's region."""
    if norm.indicator not in TOLD_OF:
        return {}
    templates = {} if step.role == EVERY_CHAIR else {"where": where_template}
    if is_ratio(norm.indicator):
        templates["counts"] = counts_template
    return {
        name: template(
            lambda chosen: _of_selected(f"region:breach_where:held{{{chosen}", norm), norm.indicator, texts
        )
        for name, template in templates.items()
    }


_COUNTED = {
    "wait_days_max": ("waits_over_treeknorm", "boven de norm"),
    "waits_within_target_lasting_ratio": ("waits_within_target", "binnen de streefnorm"),
}


def _counted(norm: Norm) -> str:
    """How many of the published waits it is about: a longest wait says little where all are too long."""
    if norm.indicator not in _COUNTED:
        return ""
    name, where = _COUNTED[norm.indicator]
    of = f'{{region=%q,access=\\"{norm.labels["access"]}\\",specialism=\\"all\\"}}'
    some, every = (f'printf "max({CARE[one].name}{of})" $labels.region' for one in (name, "waits"))
    return (
        f"{{{{ with query ({some}) }}}}{{{{ $some := . | first | value }}}}{{{{ with query ({every}) }}}}"
        ' Nu {{ printf "%.0f" $some }} van {{ printf "%.0f" (. | first | value) }} gepubliceerde wachttijden'
        f" {where}.{{{{ end }}}}{{{{ end }}}}"
    )


def _action(step: Step, text: Text, texts: Texts) -> str:
    """What the reader does now: who hears it at once is told what to do, who hears it later that it is not solved."""
    at_once = step.after_seconds == 0 and step.role != EVERY_CHAIR
    return text.action if at_once else texts.escalation[step.role]


def chain_annotations(text: ChainText, links: Links) -> dict[str, str]:
    """Return the annotations of an alert on the chain itself; it has no figures."""
    return {
        "summary": text.summary,
        "description": f"{text.summary}. {text.meaning}",
        "meaning": text.meaning,
        "action": text.action,
        "runbook_url": links.runbook.format(runbook="keten", heading=text.alert.lower()),
    }


def scaled(series: str, text: Text) -> str:
    """Return the expression of a figure as people read it: ratios in percent."""
    return f"100 * {series}" if text.figure == "percent" else series


def _value(text: Text, texts: Texts) -> str:
    """The alert's own value: Dutch notation, one decimal if it has one; not a number means not known."""
    words = _unit("$value", text, texts) + (f" {text.noun}" if text.noun else "")
    return (
        f'{{{{ if eq (printf "%.1f" $value) "NaN" }}}}{UNKNOWN}'
        f'{{{{ else }}}}{{{{ printf "%.1f" $value{_DUTCH} }}}}{words}{{{{ end }}}}'
    )


def _unit(value: str, text: Text, texts: Texts) -> str:
    """The unit behind a value, in the singular behind one."""
    one = texts.singulars.get(text.unit)
    if one is None:
        return f" {text.unit}" if text.unit else ""
    return f' {{{{ if eq (printf "%.1f" {value}) "1.0" }}}}{one}{{{{ else }}}}{text.unit}{{{{ end }}}}'


def _limit(norm: Norm, text: Text, texts: Texts) -> str:
    series = scaled(f'region:breach_limit:held{{region=%q,norm=\\"{norm.id}\\"}}', text)
    unit = _unit("(. | first | value)", text, texts)
    return (
        f'{{{{ with query (printf "{series}" $labels.region) }}}}'
        f'{{{{ printf "%.1f" (. | first | value){_DUTCH} }}}}{unit}' + _ELSE_UNKNOWN
    )


def _ends(norm: Norm, text: Text, texts: Texts) -> str:
    """Where a breach ends, if that is not at its limit: a value back within the limit would look like a mistake."""
    side = "hoger" if norm.comparison.startswith("<") else "lager"

    def said(region: str | None) -> str:
        limit = norm.limit if region is None else norm.limit_in(region)
        clear = norm.clear_limit if region is None else norm.clear_limit_in(region)
        if clear == limit:
            return ""
        value = 100 * clear if text.figure == "percent" else clear
        number = f"{round(value, 1):,}".removesuffix(".0")
        shown = number.translate(str.maketrans(",.", ".,"))
        return " ".join(filter(None, (shown, texts.unit(text, value), "of", side)))

    usual = said(None)
    others = [(region, own) for region in sorted(norm.overrides) if (own := said(region)) != usual]
    if not others:
        return usual
    cases = "{{ else }}".join(f'{{{{ if eq $labels.region "{region}" }}}}{own}' for region, own in others)
    return cases + "{{ else }}" + usual + "{{ end }}" * len(others)


def _ended(norm: Norm, texts: Texts) -> str:
    """Why a breach ended though nobody told that it is over; empty while it goes on, and when it was told."""
    cases = "{{ else }}".join(
        f'{{{{ if eq $reason "{reason}" }}}}{words}' for reason, words in texts.endings.items()
    )
    return (
        _of_breach(BREACH_ENDED.name, norm)
        + '{{ with . | first | label "reason" }}{{ $reason := . }}'
        + cases
        + "{{ end }}" * (len(texts.endings) + 2)
    )


def _of_breach(series: str, norm: Norm, plus: str = "") -> str:
    return _of_selected(series + "{", norm, plus)


def _of_selected(begin: str, norm: Norm, plus: str = "") -> str:
    """Open a query of what is selected of the breach; `begin` is the beginning of its selector."""
    selector = f'{begin}region=%q,norm=\\"{norm.id}\\",scope=%q}}{plus}'
    return f'{{{{ with query (printf "{selector}" $labels.region $labels.scope) }}}}'


def _moment(query: str) -> str:
    return query + '{{ (. | first | value | toTime).Local.Format "2-1-2006, 15:04" }} uur'


def _named(label: str) -> str:
    """The name of the region, or its id where there is none."""
    query = f'{{{{ with query (printf "{REGION_INFO}{{region=%q}}" $labels.region) }}}}'
    return query + f'{{{{ . | first | label "{label}" }}}}{{{{ else }}}}{{{{ $labels.region }}}}{{{{ end }}}}'


def _next(norm: Norm, step: int, texts: Texts) -> str:
    if step == len(norm.steps):
        return "Dit is de laatste trap van de ladder."
    following = norm.steps[step]
    days, rest = divmod(following.after_seconds, 86_400)
    delay = f"{following.after_seconds // 3600} uur" if rest else f"{days} dag{'en' if days != 1 else ''}"
    due = _of_breach("region:breach_active_since:held", norm, f" + {following.after_seconds}")
    return (
        f"Trap {step + 1} van {len(norm.steps)}: {texts.roles[following.role]}, "
        f"{due}op {_moment('')}{{{{ else }}}}{delay} na het begin{{{{ end }}}}"
        ", als de overschrijding dan nog duurt."
    )


def _caution(norm: Norm) -> str:
    """What makes the figures less certain: too little to judge by, or a silent feed. Neither holds back an alert."""
    topic = _told_in(norm)
    silent = f'region:breach:held{{norm=\\"feed-silent\\",region=%q,scope=~\\".*topic={topic}\\"}} == 1'
    little = _of_breach(NORM_INSUFFICIENT.name, norm, " == 1")
    return (
        little
        + NOT_JUDGED
        + "{{ end }}"
        + _silent(norm)
        + f'{{{{ with query (printf "{silent}" $labels.region) }}}}'
        "Let op, een bron zwijgt en deze cijfers kunnen achterlopen:"
        "{{ range . }} {{ .Labels.scope }}{{ end }}.{{ end }}"
    )


def _told_in(norm: Norm) -> str:
    """The report topics that a norm is judged by, as a regular expression within a template within PromQL."""
    topics = JOINS.get(norm.topics[0], norm.topics[:1])
    told = "|".join(name.replace(".", "\\\\\\\\.") for name in topics)
    return f"({told})" if len(topics) > 1 else told


def _silent(norm: Norm) -> str:
    """Who is silent where that keeps a breach open, the longest silent first, with when each told last."""
    of = f'{{region=%q,topic=~\\"{_told_in(norm)}\\"}}'
    told = f'{{{{ with query (printf "sort(max by (location) ({SILENT_TOLD.name}{of}))" $labels.region) }}}}'
    counted = f'{{{{ with query (printf "sum(max by (topic) ({CARE[SILENT].name}{of})) - {NAMED}" $labels.region) }}}}'
    # Whoever is silent on two topics of a join is counted twice: then how many others there are is not said.
    rest = "{{ if gt (. | first | value) 0.0 }} en {{ . | first | value }} {{ if eq (. | first | value) 1.0 }}andere{{ else }}anderen{{ end }}{{ end }}"
    if norm.topics[0] in JOINS:
        rest = "{{ if gt (. | first | value) 0.0 }} en anderen{{ end }}"
    return (
        _of_breach(NORM_SILENT.name, norm, " == 1")
        + "Geen nieuwe cijfers van "
        + told
        + f"{{{{ range $place, $one := . }}}}{{{{ if lt $place {NAMED} }}}}{{{{ if $place }}}}, {{{{ end }}}}"
        + "{{ $one.Labels.location }} (laatste: {{ ($one.Value | toTime).Local.Format "
        + '"2-1-2006, 15:04" }} uur){{ end }}{{ end }}'
        + counted
        + rest
        + "{{ end }}{{ else }}een locatie elders of met een aanmeldstop{{ end }}"
        + ": zonder die is niet te zeggen of de overschrijding voorbij is. {{ end }}"
    )


def _date(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{int(day)}-{int(month)}-{year}"
