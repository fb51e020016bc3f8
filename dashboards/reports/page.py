"""The regional report (regiorapportage): one HTML file that holds all it needs, for screen and for paper."""

from functools import cache
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup

from alerts.norms import Norms
from alerts.texts import Texts
from dashboards.reports import attention
from dashboards.reports.capacity import capacity
from dashboards.reports.chapters import Chapter, Chapters
from dashboards.reports.figures import Figures
from dashboards.reports.recorded import Told
from dashboards.reports.side_by_side import side_by_side
from dashboards.reports.treatments import treatments, unequal
from dashboards.reports.weeks import last_weeks
from dashboards.reports.words import UNKNOWN, amount, compact, moment, topic
from streams.calendar import iso
from streams.regions import NL, REGIONS


def report_page(region: str, told: Told, norms: Norms, texts: Texts, chapters: Chapters) -> str:
    """Return the report of a region or, for `NL`, of the country.

    Raises:
        KeyError: there is no such region.
    """
    figures = Figures(region, told, norms)
    breaches = told.now.breaches.get(region, [])
    tiles = [figures.tile(headline) for headline in chapters.headline]
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("dashboards.reports"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2").render(
        region=REGIONS[region],
        country=region == NL,
        style=Markup(style()),  # noqa: S704 - our own file
        at=moment(iso(told.now.at)),
        origin=told.origin,
        phase=_phase(figures),
        summary=attention.summary(told.now, region, norms, texts),
        unknown_tiles=sum(bool(tile.value.reason) for tile in tiles),
        pending=sum(each.state == "pending" for each in breaches),
        tiles=tiles,
        groups=attention.groups(region, told.now, norms, texts),
        unjudged=attention.unjudged(region, told.now, norms),
        weeks=last_weeks(region, told.transitions, norms, texts, told.now.at),
        regions=side_by_side(figures, chapters.headline) if region == NL else None,
        capacity=capacity(figures),
        treatments=treatments(figures),
        unequal=unequal(figures) if region == NL else [],
        chapters=[_chapter(figures, chapter) for chapter in chapters.chapter],
        feeds=_feeds(figures),
        silent=_silent(figures),
        terms=chapters.terms,
        unknown=UNKNOWN,
    )


@cache
def style() -> str:
    """Return the style sheet that every report holds."""
    return resources.files("dashboards.reports").joinpath("templates", "report.css").read_text("utf-8")


def _chapter(figures: Figures, chapter: Chapter) -> dict[str, Any]:
    return {
        "id": chapter.id,
        "title": chapter.title,
        "lead": chapter.lead,
        "charts": [shown for chart in chapter.chart if (shown := figures.chart(chart))["picture"]],
        "tables": [figures.table(table) for table in chapter.table],
        "lists": [figures.list(each) for each in chapter.figures],
    }


def _phase(figures: Figures) -> str:
    """Return the LNAZ phase in force: a region's own change stands before the country's when it is newer."""
    own, country = (figures.now.find(name, "phase") for name in (figures.region, NL))
    known = [each for each in (own, country) if each is not None and each.value is not None]
    if not known:
        return ""
    newest = max(known, key=lambda each: each.observed_at)
    return amount(newest.value, "phase")


def _feeds(figures: Figures) -> list[dict[str, str]]:
    heard = figures.now.all_of(figures.region, "feed_received_at")
    return [
        {
            "topic": topic(found.labels["topic"]),
            "source": found.labels["source"],
            "at": moment(iso(int(found.value or 0))),
        }
        for found in sorted(heard, key=lambda each: (each.labels["topic"], each.labels["source"]))
    ]


def _silent(figures: Figures) -> list[dict[str, str]]:
    """Return who told of a topic before and does so no more: those who are missed, then those who do not count now."""
    rows = []
    for found in figures.now.silent.get(figures.region, ()):
        who = [
            f"{one.location}{' (deels)' if one.partly else ''}, {compact(one.told_at)}" for one in found.named
        ]
        more = found.count - len(who)
        rest = [f"en {more} {'andere' if more == 1 else 'anderen'}"] if more else []
        word = "wordt gemist" if found.view == "missed" else "telt niet meer mee"
        rows.append({"topic": topic(found.topic), "word": word, "who": "; ".join([*who, *rest])})
    return rows
