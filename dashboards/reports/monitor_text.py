"""The integral monitor as lines for a terminal."""

from collections.abc import Iterator
from typing import Any

from dashboards.reports.words import amount, labels, moment
from streams.regions import NL


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
        for place, figures in zip(*_rows(regions), strict=True):
            for name, figure in figures.items():
                yield f"     {name:3}  {amount(figure['value'], figure['unit'], figure['name']):>22}  {place}{_known(figure)}"


def _rows(regions: dict[str, list[dict[str, Any]]]) -> tuple[list[str], list[dict[str, dict[str, Any]]]]:
    """Return the text of each figure, and whose values are shown: the country's, else those of regions that know it."""
    texts, shown = [], []
    for number, figure in enumerate(next(iter(regions.values()))):
        split = labels(figure["labels"])
        texts.append(figure["text"] + (f" ({split})" if split else ""))
        own = {name: figures[number] for name, figures in regions.items()}
        known = {name: each for name, each in own.items() if each["value"] is not None}
        country = own.get(NL)
        if country is not None and (country["value"] is not None or not known):
            known = {NL: country}
        shown.append(known or own)
    return texts, shown


def _known(figure: dict[str, Any]) -> str:
    if figure["value"] is None:
        return f" - {figure['reason']}"
    return f" - {moment(figure['observed_at'])}, {int(100 * figure['completeness'])} % volledig"
