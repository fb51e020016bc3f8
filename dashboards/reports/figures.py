"""Figures as the report shows them: each with its time, completeness and sources, or with the reason why it is unknown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from alerts.norms import Norms
from alerts.rests_on import rests_on
from alerts.texts import read_texts
from dashboards.beds_of_share import are_of_share
from dashboards.reports.attention import worst
from dashboards.reports.chapters import Chart, Column, FigureList, Headline, Series, Table
from dashboards.reports.charts.lines import Line, Point, line_chart, sparkline
from dashboards.reports.knowledge import Knowledge
from dashboards.reports.monitor import told
from dashboards.reports.recorded import Told
from dashboards.reports.words import UNKNOWN, amount, count, label, short_moment
from streams.indicators import ALL, INDICATORS, indicator_key
from streams.regions import NL
from streams.status import Indicator

WEEK = 7 * 86_400
_NEAR = 3 * 86_400
_PLAIN = ("ratio", "d", "h", "weeks", "percent", "phase", "s")
"""Units that stand behind a value even where the heading says what is counted."""


@dataclass(frozen=True)
class Cell:
    """A value as text, the worst that holds of its norms (one of `STANDINGS`, or nothing), and why it is unknown (or nothing)."""

    text: str
    severity: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Tile:
    """A figure of the first page."""

    word: str
    value: Cell
    of: str
    change: str
    national: str
    spark: Markup
    stamp: str


class Figures:
    """What one region's report shows, out of what was told until now."""

    def __init__(self, region: str, told_until_now: Told, norms: Norms) -> None:
        self.region = region
        self.now = told_until_now.now
        self.norms = norms
        self.history = told_until_now.history
        self._text = read_texts().rests_on
        self.before = _four_weeks_ago(self.now.at, self.history)

    def cell(self, region: str, name: str, labels: Mapping[str, str]) -> Cell:
        """Return a value of a region, without the unit that its heading names."""
        figure = told(self.now, region, name, labels)
        if figure["value"] is None:
            return Cell(UNKNOWN, reason=figure["reason"])
        return Cell(bare(figure["value"], name), self.severity(region, name, labels))

    def severity(self, region: str, name: str, labels: Mapping[str, str]) -> str:
        """Return the worst that holds of the norms on a figure (one of `STANDINGS`), or nothing."""
        found = {
            breach.severity
            for breach in self.now.breaches.get(region, ())
            if breach.state == "active" and self._is_about(breach.norm, breach.scope, name, labels)
        }
        found |= {
            "undecided-over" if one.over else "undecided"
            for one in self.now.unjudged.get(region, ())
            if not one.open and self._is_about(one.norm, one.scope, name, labels)
        }
        return worst(found)

    def _is_about(self, norm_id: str, scope: str, name: str, labels: Mapping[str, str]) -> bool:
        norm = self.norms.by_id.get(norm_id)
        if norm is None or norm.indicator != name or norm.audience == "operations":
            return False
        split = dict(part.split("=", 1) for part in scope.split(",") if "=" in part)
        return {**norm.labels, **split} == dict(labels)

    def stamp(
        self, region: str, series: Sequence[tuple[str, Mapping[str, str]]], *, sources: bool = True
    ) -> str:
        """Return time, what they rest on and sources of figures that stand together: the oldest, the least complete, all."""
        found = [(name, self._known(region, name, labels)) for name, labels in series]
        known = [(name, each) for name, each in found if each is not None]
        if not known:
            return ""
        figures = [told(self.now, region, name, each.labels) for name, each in known]
        oldest = min(figure["observed_at"] or "" for figure in figures)
        least = min((each for _, each in known), key=_completeness)
        ground = rests_on(least.evidence, least.observed_at, least.completeness, self._text)
        heard = sorted({each for name, _ in known for each in self.now.sources(region, name)})
        parts = (oldest and short_moment(oldest), ground, ", ".join(heard) if sources else "")
        return " \u00b7 ".join(filter(None, parts))

    def _known(self, region: str, name: str, labels: Mapping[str, str]) -> Indicator | None:
        found = self.now.find(region, name, **labels)
        return found if found is not None and found.value is not None else None

    def points(self, region: str, name: str, labels: Mapping[str, str]) -> list[Point]:
        """Return the values of the last weeks and of now, where they are known."""
        key = indicator_key(name, labels)
        moments = [*self.history, self.now]
        found = [(each.at, each.figures.get(region, {}).get(key)) for each in moments]
        return [(at, float(each.value)) for at, each in found if each is not None and each.value is not None]

    def headline(self, region: str, headline: Headline) -> Cell:
        """Return the value of a headline, as severe as the worst of what it stands for."""
        cell = self.cell(region, headline.name, headline.labels)
        if cell.reason:
            return cell
        found = {cell.severity, *(self.severity(region, each.name, each.labels) for each in headline.also)}
        return replace(cell, severity=worst(found))

    def tile(self, headline: Headline) -> Tile:
        """Return a figure of the first page."""
        name, labels = headline.name, headline.labels
        country = self.now.value(NL, name, **labels)
        return Tile(
            headline.word,
            self.headline(self.region, headline),
            self._of(name, labels),
            self._change(name, labels),
            "" if self.region == NL or country is None else f"Nederland {bare(country, name)}",
            sparkline(self.points(self.region, name, labels)),
            self.stamp(self.region, [(name, labels)]),
        )

    def _of(self, name: str, labels: Mapping[str, str]) -> str:
        """Return what a ratio is made of, where people ask for it: beds, if the same hospitals tell of both."""
        if name != "occupancy_ratio":
            return ""
        ratio = self.now.value(self.region, name, **labels)
        occupied = self.now.value(self.region, "beds_occupied", label=ALL, **labels)
        staffed = self.now.value(self.region, "beds_staffed", **labels)
        if occupied is None or staffed is None or not are_of_share(ratio, occupied, staffed):
            return ""
        return f"{count(occupied)} van {count(staffed)} bedden"

    def _change(self, name: str, labels: Mapping[str, str]) -> str:
        now = self.now.value(self.region, name, **labels)
        then = None if self.before is None else self.before.value(self.region, name, **labels)
        if now is None or then is None:
            return ""
        ratio = INDICATORS[name].unit == "ratio"
        points = ratio or INDICATORS[name].unit == "percent"
        difference = round((now - then) * (100 if ratio else 1), 1)
        if not difference:
            return "gelijk aan 4 weken geleden"
        arrow = "\u25b2" if difference > 0 else "\u25bc"
        return f"{arrow}\u00a0{count(abs(difference))}{' punt' if points else ''} in 4 weken"

    def chart(self, chart: Chart) -> dict[str, object]:
        """Return a chart with its stamp; its picture is empty where there is too little to draw."""
        styles = ("own", "second", "third")
        lines = [
            Line(line.word, self.points(self.region, line.name, line.labels), style)
            for line, style in zip(chart.lines, styles, strict=False)
        ]
        stamp = self.stamp(self.region, [(line.name, line.labels) for line in chart.lines])
        return {
            "title": chart.title,
            "picture": line_chart(chart.title, lines, percent=chart.percent),
            "stamp": stamp,
        }

    def table(self, table: Table) -> dict[str, object]:
        """Return a table: heads, and rows of a name, cells and a stamp; the total last. No rows where nothing is known."""
        columns = [each for each in table.columns if not each.optional or self._told(each, table.by)]
        values = {
            found.labels[table.by]
            for column in columns
            for found in self.now.all_of(self.region, column.name)
            if {**found.labels, **column.labels} == dict(found.labels)
        }
        order = sorted(values, key=lambda value: (value == ALL, value))
        rows = []
        for value in order:
            series = [(column.name, {**column.labels, table.by: value}) for column in columns]
            cells = [self.cell(self.region, name, labels) for name, labels in series]
            word = "totaal" if value == ALL else label(value)
            rows.append(
                {
                    "name": word,
                    "cells": cells,
                    "stamp": self.stamp(self.region, series),
                    "total": value == ALL,
                }
            )
        heads = [column.head for column in columns]
        return {"title": table.title, "head": table.head, "heads": heads, "rows": rows}

    def _told(self, column: Column, by: str) -> bool:
        """Return whether anything is known for a column."""
        found = self.now.all_of(self.region, column.name)
        return any(
            each.value is not None
            and {**each.labels, **column.labels, by: each.labels[by]} == dict(each.labels)
            for each in found
        )

    def list(self, figures: FigureList) -> dict[str, object]:
        """Return a list of figures: a word, the value now, four weeks ago, in the country, and a stamp."""
        return {"title": figures.title, "rows": [self._row(row) for row in figures.rows]}

    def _row(self, row: Series) -> dict[str, object]:
        then = None if self.before is None else self.before.value(self.region, row.name, **row.labels)
        country = self.now.value(NL, row.name, **row.labels)
        return {
            "word": row.word,
            "now": self.cell(self.region, row.name, row.labels),
            "before": bare(then, row.name),
            "country": bare(country, row.name),
            "stamp": self.stamp(self.region, [(row.name, row.labels)]),
        }


def _completeness(found: Indicator) -> tuple[float, int]:
    own = found.evidence
    return found.completeness, 0 if own is None else -own.carried - own.expired


def bare(value: float | None, name: str) -> str:
    """Return a value with its unit where that is needed to read it, and without where it only counts."""
    unit = INDICATORS[name].unit
    if value is None:
        return UNKNOWN
    if name == "workstock_change_4w_ratio":
        return ("+" if value > 0 else "") + amount(value, unit, name)
    return amount(value, unit, name) if unit in _PLAIN else count(value)


def _four_weeks_ago(at: int, history: Sequence[Knowledge]) -> Knowledge | None:
    wanted = at - 4 * WEEK
    nearest = min(history, key=lambda each: abs(each.at - wanted), default=None)
    return nearest if nearest is not None and abs(nearest.at - wanted) <= _NEAR else None
