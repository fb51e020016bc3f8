"""Who is behind a figure in one sentence, and its counts: the same on the live page, in reports and in mails.

`Erasmus MC 38 van 38 bedden, Maasstad 19 van 20 en 4 andere`, and `35 van 38 bedden` behind `92,1 %`. Prometheus fills in those
of a mail, from the metrics of its breach.
"""

from collections.abc import Callable, Sequence

from alerts.texts import Texts
from streams.regions import UNPLACED
from streams.where import Place

_UNKNOWN = "{} van {}"
"""For a figure of a norm that is not in the file."""


def counts_text(part: float | None, of: float | None, indicator: str, texts: Texts) -> str:
    """Return the counts that a figure is the ratio of, such as `35 van 38 bedden`; empty without any."""
    if part is None or of is None:
        return ""
    return texts.where.counted.get(indicator, _UNKNOWN).format(_count(part), _count(of))


def where_text(places: Sequence[Place], others: int, indicator: str, texts: Texts) -> str:
    """Return who is behind a figure, the worst first; empty where nobody is known."""
    first = texts.where.counted.get(indicator, _UNKNOWN)
    named = [
        f"{place_name(one.name, texts)} {(_short(first) if number else first).format(_count(one.part), _count(one.of))}"
        for number, one in enumerate(places)
    ]
    rest = {0: "", 1: f" {texts.where.other}"}.get(others, f" {texts.where.others.format(_count(others))}")
    return ", ".join(named) + (rest if named else "")


def place_name(name: str, texts: Texts) -> str:
    """Return what a place is called: a region by its name, all others as reported."""
    return texts.where.unplaced if name == UNPLACED else texts.regions.get(name, name)


def _short(counted: str) -> str:
    """Return how counts are told a second time: without what stands before and behind them."""
    return counted[counted.index("{}") : counted.rindex("{}") + 2]


def _count(value: float) -> str:
    """Return a count with Dutch separators."""
    return f"{value:,.0f}".replace(",", ".")


_DUTCH = ' | reReplaceAll "^([0-9]+)([0-9]{3})$" "${1}.${2}"'


def counts_template(query: Callable[[str], str], indicator: str, texts: Texts) -> str:
    """Return the counts of a figure as a template of Prometheus; empty where the metrics say nothing.

    Args:
        query: opens a query of `region:breach_where:held` of a breach, of which the beginning of the selector is given.
        indicator: the figure.
        texts: the words.
    """
    part, of = (f"{{{{ ${name}{_DUTCH} }}}}" for name in ("part", "of"))
    return (
        query('place=\\"0\\",')
        + '{{ $part := "" }}{{ $of := "" }}{{ range . }}{{ if eq .Labels.is "part" }}{{ $part = printf "%.0f" .Value }}{{ end }}'
        + '{{ if eq .Labels.is "of" }}{{ $of = printf "%.0f" .Value }}{{ end }}{{ end }}'
        + f"{{{{ if $of }}}}{texts.where.counted[indicator].format(part, of)}{{{{ end }}}}"
        + "{{ end }}"
    )


def where_template(query: Callable[[str], str], indicator: str, texts: Texts) -> str:
    """Return who is behind a figure as a template of Prometheus, as `counts_template` does."""
    value = f'{{{{ printf "%.0f" .Value{_DUTCH} }}}}'
    of = (
        '{{ range $all }}{{ if and (eq .Labels.is "of") (eq .Labels.place $one.Labels.place) }}'
        + value
        + "{{ end }}{{ end }}"
    )
    counted = texts.where.counted[indicator]
    return (
        query("")
        + '{{ $all := . | sortByLabel "place" }}{{ range $one := $all }}'
        + '{{ if and (eq .Labels.is "part") (ne .Labels.place "0") }}{{ if ne .Labels.place "1" }}, {{ end }}{{ .Labels.name }} '
        + f'{{{{ if eq .Labels.place "1" }}}}{counted.format(value, of)}{{{{ else }}}}{_short(counted).format(value, of)}{{{{ end }}}}'
        + "{{ end }}{{ end }}"
        + '{{ range $all }}{{ if eq .Labels.is "others" }}{{ if eq .Value 1.0 }} '
        + f"{texts.where.other}{{{{ else }}}}{{{{ if gt .Value 0.0 }}}} {texts.where.others.format(value)}"
        + "{{ end }}{{ end }}{{ end }}{{ end }}{{ end }}"
    )
