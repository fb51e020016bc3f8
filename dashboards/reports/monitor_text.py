"""The integral monitor as lines for a terminal."""

from collections.abc import Iterator, Mapping
from typing import Any

from dashboards.reports.words import amount, label, labels, moment
from streams.indicators import ALL
from streams.regions import NL

_REGIONS_ON_A_LINE = 4


def monitor_lines(document: dict[str, Any]) -> Iterator[str]:
    """Yield the monitor (`monitor_document`) for people: the country's figures, or each region's where it has none."""
    yield f"integrale monitor {document['month']}, stand van {moment(document['at'])} ({document['origin']})"
    for indicator in document["indicators"]:
        yield ""
        yield f"{indicator['number']:>3}  {indicator['title']}"
        for note in filter(
            None, (indicator["note"], indicator["not_seen"] and f"Niet te zien: {indicator['not_seen']}")
        ):
            yield f"     {note}"
        regions = indicator["regions"]
        for number in range(len(next(iter(regions.values())))):
            yield from _figure({name: figures[number] for name, figures in regions.items()})


def _figure(own: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Yield one figure: on a line where the country knows it, else its regions below it."""
    first = next(iter(own.values()))
    split = _split(first["labels"])
    text = first["text"] + (f" ({split})" if split else "")
    known = {name: each for name, each in own.items() if each["value"] is not None}
    country = own.get(NL)
    if NL in known or (country is not None and not known):
        shown = known.get(
            NL, first
        )  # a region says why nothing is known; the country only that it cannot be added up
        yield f"     {NL:3}  {_amount(shown):>22}  {text}{_known(shown)}"
        return
    said = {name: _known(each) for name, each in (known or own).items()}
    alike = len(set(said.values())) == 1
    yield f"     {text}{next(iter(said.values())) if alike else ''}"
    parts = [f"{name:3}  {_amount(own[name]):<16}{'' if alike else each}" for name, each in said.items()]
    step = _REGIONS_ON_A_LINE if alike else 1
    for start in range(0, len(parts), step):
        yield f"          {''.join(parts[start : start + step])}".rstrip()


def _amount(figure: Mapping[str, Any]) -> str:
    return amount(figure["value"], figure["unit"], figure["name"])


def _split(values: Mapping[str, str]) -> str:
    """Return the words for labels; where nothing was found they are what was looked for: `*`, or a list."""
    if not any("*" in value or "|" in value for value in values.values()):
        return labels(values)
    asked = [value.replace(" ", "").split("|") for _, value in sorted(values.items())]
    words = [
        " of ".join(label(each.strip("*-")) for each in value if each not in {"*", ALL}) for value in asked
    ]
    return ", ".join(filter(None, words))


def _known(figure: dict[str, Any]) -> str:
    if figure["value"] is None:
        return f" - {figure['reason']}"
    return f" - {moment(figure['observed_at'])}, {int(100 * figure['completeness'])} % volledig"
