"""What a figure rests on, in one sentence: the same on the live page, in reports and in mails.

`3 van 4 locaties, 1 doorgetrokken, oudste 19-11 06:00`. Prometheus fills in that of a mail, from the metrics of its breach.
"""

from collections.abc import Callable
from datetime import datetime

from alerts.texts import RestsOnText
from streams.calendar import AMSTERDAM
from streams.evidence import Evidence

EXPECTED, COUNTED, CARRIED, SUSPECT, EXPIRED = STANDINGS = (
    "expected",
    "counted",
    "carried",
    "suspect",
    "expired",
)
"""What locations are counted as, as `ketenwacht_norm_locations` has it."""

_MOMENT = "2-1 15:04"
_WHOLE = 0.995
"""What is as complete as this is whole: completeness is rounded."""


def rests_on(evidence: Evidence | None, newest: int, completeness: float, text: RestsOnText) -> str:
    """Return what a figure rests on; how complete it is where it rests on no locations.

    Args:
        evidence: its locations.
        newest: newest event time in it, seconds; an oldest that is the same is not said.
        completeness: share of what should be in it, 0...1; rounded down, so that only what is whole is called whole.
        text: the words.
    """
    if evidence is None or not evidence.expected:
        return text.share.format(_percent(completeness))
    counts = (evidence.counted, evidence.expected)
    parts = [(text.location if evidence.expected == 1 else text.locations).format(*counts)]
    if evidence.carried:
        parts.append(text.carried.format(evidence.carried))
    if evidence.suspect:
        parts.append(text.suspect.format(evidence.suspect))
    if evidence.expired:
        parts.append((text.expired_one if evidence.expired == 1 else text.expired).format(evidence.expired))
    if (told := told_share(evidence, completeness)) < _WHOLE:
        parts.append(text.share.format(_percent(told)))
    if evidence.oldest and evidence.oldest != newest:
        parts.append(text.oldest.format(short_moment(evidence.oldest)))
    return ", ".join(parts)


def told_share(evidence: Evidence, completeness: float) -> float:
    """Return how complete a figure is as far as locations report, 0...1: what those say is no whole where they say so.

    Of the country also how many regions have any that report.
    """
    told = evidence.counted - evidence.carried
    return min(1.0, completeness * evidence.expected / told) if told else 1.0


def _percent(share: float) -> int:
    """Return a share in whole percent, rounded down."""
    return int(round(100 * share, 4))


def short_moment(at: int) -> str:
    """Return a moment in the time of Amsterdam, without its year.

    >>> short_moment(1637298000)
    '19-11 06:00'
    """
    local = datetime.fromtimestamp(at, AMSTERDAM)
    return f"{local.day}-{local.month} {local:%H:%M}"


def rests_on_template(query: Callable[[str], str], text: RestsOnText) -> str:
    """Return the same sentence as a template of Prometheus; empty where the metrics say nothing.

    Args:
        query: opens a query of the series of a breach whose name matches.
        text: the words.
    """
    told = {name: f'{{{{ printf "%.0f" ${name} }}}}' for name in STANDINGS}
    counts = (told[COUNTED], told[EXPECTED])
    percent = '{{ printf "%.4f" $percent | reReplaceAll "[.].*" "" }}'  # rounded down
    names = (*STANDINGS, "oldest", "newest", "percent")
    cases = "{{ else }}".join(
        f'{{{{ if eq .Labels.standing "{name}" }}}}{{{{ ${name} = .Value }}}}' for name in STANDINGS
    )
    others = "".join(
        f'{{{{ else }}}}{{{{ if match "{name}" .Labels.__name__ }}}}{{{{ ${own} = .Value }}}}'
        for name, own in (("oldest", "oldest"), ("observed", "newest"), ("complete", "percent"))
    )
    return (
        query("region:breach_(locations|oldest|observed|complete):held")
        + "".join(f"{{{{ ${name} := {-1.0 if name == 'percent' else 0.0} }}}}" for name in names)
        + "{{ range . }}"
        + cases
        + others
        + "{{ end }}" * (len(names) + 1)
        + "{{ if gt $expected 0.0 }}"
        + _one_or_more(EXPECTED, text.location.format(*counts), text.locations.format(*counts))
        + f"{{{{ if gt $carried 0.0 }}}}, {text.carried.format(told[CARRIED])}{{{{ end }}}}"
        + f"{{{{ if gt $suspect 0.0 }}}}, {text.suspect.format(told[SUSPECT])}{{{{ end }}}}"
        + "{{ if gt $expired 0.0 }}, "
        + _one_or_more(EXPIRED, text.expired_one.format(told[EXPIRED]), text.expired.format(told[EXPIRED]))
        + "{{ end }}"
        + f"{{{{ if and (ge $percent 0.0) (lt $percent {100 * _WHOLE}) }}}}, {text.share.format(percent)}{{{{ end }}}}"
        + "{{ if gt $oldest 0.0 }}{{ if ne $oldest $newest }}, "
        + text.oldest.format(f'{{{{ ($oldest | toTime).Local.Format "{_MOMENT}" }}}}')
        + "{{ end }}{{ end }}{{ else }}{{ if ge $percent 0.0 }}"
        + text.share.format(percent)
        + "{{ end }}{{ end }}{{ end }}"
    )


def _one_or_more(name: str, one: str, more: str) -> str:
    return f"{{{{ if eq ${name} 1.0 }}}}{one}{{{{ else }}}}{more}{{{{ end }}}}"
