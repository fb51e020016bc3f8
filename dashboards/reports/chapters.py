"""The chapters of the regional report: read from `chapters.toml` and checked once."""

import tomllib
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Annotated

import msgspec
from msgspec import Meta

from streams.indicators import INDICATORS

_Words = Annotated[str, Meta(min_length=3)]


class ChaptersError(ValueError):
    """Chapters that cannot be used; the message names the chapter, the figure and what to do."""


class Series(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One figure: a kind of indicator, a value for each of its labels, and the word for it."""

    name: str
    word: str
    labels: dict[str, str] = {}


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One column of a table; the label of the rows is not among its labels. An optional one is left out where unknown."""

    name: str
    head: str
    labels: dict[str, str] = {}
    optional: bool = False


class Chart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Lines over the last weeks."""

    title: _Words
    lines: Annotated[list[Series], Meta(min_length=1, max_length=3)]
    percent: bool = False


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row for each value of the label `by`."""

    title: _Words
    by: str
    head: str
    columns: Annotated[list[Column], Meta(min_length=1)]


class FigureList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row for each figure."""

    title: _Words
    rows: Annotated[list[Series], Meta(min_length=1)]


class Chapter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One chapter: charts, then tables, then lists of figures."""

    id: str
    title: _Words
    lead: _Words
    chart: list[Chart] = []
    table: list[Table] = []
    figures: list[FigureList] = []


class Related(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A figure that another one stands for on the first page."""

    name: str
    labels: dict[str, str] = {}


class Headline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One figure of the first page, and of the table that lays regions side by side.

    Attributes:
        name: kind of indicator.
        word: what stands above it.
        short: what stands above its column.
        labels: a value for each of its labels.
        also: figures that it stands for: a breach of theirs colours it as well.
    """

    name: str
    word: str
    short: str
    labels: dict[str, str] = {}
    also: list[Related] = []


class Chapters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The figures of the first page, every chapter in order, and what words mean."""

    headline: list[Headline]
    chapter: list[Chapter]
    terms: dict[str, str]


def load_chapters() -> Chapters:
    """Return the project's chapters; raises `ChaptersError`."""
    return parse_chapters(resources.files("dashboards.reports").joinpath("chapters.toml").read_text("utf-8"))


def parse_chapters(text: str) -> Chapters:
    """Return the chapters in a text; raises `ChaptersError`."""
    try:
        chapters = msgspec.convert(tomllib.loads(text), Chapters)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ChaptersError(f"chapters: {error}; see the description at the top of chapters.toml") from error
    for headline in chapters.headline:
        figures: list[Headline | Related] = [headline, *headline.also]
        for figure in figures:
            _check(f"headline {headline.short}", figure.name, figure.labels)
    for chapter in chapters.chapter:
        for name, labels in _figures(chapter):
            _check(f"chapter {chapter.id}", name, labels)
    return chapters


def _check(place: str, name: str, labels: Mapping[str, str]) -> None:
    kind = INDICATORS.get(name)
    if kind is None:
        raise ChaptersError(f"{place}: `{name}` is unknown; see streams/indicators.py")
    if set(labels) != set(kind.labels):
        wanted = ", ".join(kind.labels) or "no labels"
        raise ChaptersError(f"{place}, `{name}`: it has {wanted}; give each a value")


def _figures(chapter: Chapter) -> Iterable[tuple[str, Mapping[str, str]]]:
    series = [line for chart in chapter.chart for line in chart.lines]
    series += [row for figures in chapter.figures for row in figures.rows]
    yield from ((each.name, each.labels) for each in series)
    for table in chapter.table:
        yield from ((column.name, {**column.labels, table.by: ""}) for column in table.columns)
