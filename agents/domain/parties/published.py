"""What the parties show: periodic reports, plans inhaalzorg of hospitals, and information on websites.

Of each, the newest statement counts. Ages are in whole local days: a report of yesterday is one day old all day. A website
that nobody looks at any more became neither better nor worse (`agents.domain.figures.silence`).
"""

from collections.abc import Iterator

from agents.domain.figures.silence import with_silent
from agents.domain.statements.silent import Last, last_of
from agents.domain.statements.weeks import Spans
from streams.calendar import day_number, local_day
from streams.reports import PlanRecorded, WebsiteChecked
from streams.status import Indicator, View

WEBSITE_KEPT_DAYS = 92
"""What was seen on a website longer ago is late; how long it stands, and the website is missed after that, are parameters
(`website-stands`, `website-missed`)."""

WEBSITE_HELD_DAYS = 371
"""What a website said last is held this long, to know what that was when it is missed or was given up."""

PERIODIC = ("ketenmonitor", "monitor-inhaalzorg", "toegankelijkheid", "zorgbeeld")
"""Reports about the country that come again and again. One of them that never came is missed from the day on which the
first of them is recorded; before that, nobody records them."""

PLAN_KEPT_DAYS = 800
"""A plan was for half a year; it is held this long after it was last said."""

Published = dict[str, tuple[int, int, int]]
"""Observed second, revision and received second of the newest report of each kind."""

Plans = dict[str, tuple[int, int, int, bool, bool, bool]]
"""By location: observed second, revision, received second, handed to insurers, covers recovery, covers the chain."""

Websites = dict[tuple[str, str], tuple[int, int, int, int, bool]]
"""By publisher and location: observed second, revision, received second, day of the information (-1: none), split."""


def plan_of(
    event: PlanRecorded, observed: int, revision: int, received: int
) -> tuple[int, int, int, bool, bool, bool]:
    """Return what a report says of a plan."""
    covered = (event.handed_to_insurers, event.recovery_section, event.chain_section)
    return observed, revision, received, *covered


def website_of(
    event: WebsiteChecked, observed: int, revision: int, received: int
) -> tuple[int, int, int, int, bool]:
    """Return what a report says of a website."""
    updated = -1 if event.updated_on is None else day_number(event.updated_on)
    return observed, revision, received, updated, event.split


def forget(plans: Plans, websites: Websites, today: int) -> None:
    """Forget plans and websites that nobody spoke of for long; the newest reports stay, their age goes on."""
    for location in [name for name, plan in plans.items() if local_day(plan[0]) < today - PLAN_KEPT_DAYS]:
        del plans[location]
    first = today - WEBSITE_HELD_DAYS
    for key in [key for key, website in websites.items() if local_day(website[0]) < first]:
        del websites[key]


def report_ages(published: Published, today: int, since: int) -> Iterator[Indicator]:
    """Yield how long ago each periodic report was published; one that never was, since second `since` (0: not at all)."""
    for kind in PERIODIC if since else ():
        if kind not in published:
            yield Indicator("report_age_days", {"report": kind}, max(0, today - local_day(since)), since)
    for kind, (observed, _, _) in sorted(published.items()):
        yield Indicator("report_age_days", {"report": kind}, max(0, today - local_day(observed)), observed)


def plan_figures(plans: Plans, heard: int) -> Iterator[Indicator]:
    """Yield the plans that are recorded; none is 0, as far as was heard up to second `heard`."""
    observed = max((plan[0] for plan in plans.values()), default=heard)
    incomplete = sum(not all(plan[3:]) for plan in plans.values())
    yield Indicator("plans_recorded", {}, len(plans), observed)
    yield Indicator("plans_incomplete", {}, incomplete, observed)


def website_figures(websites: Websites, spans: Spans) -> Iterator[Indicator]:
    """Yield per publisher the oldest information, how many have none, and how many do not split it.

    Args:
        websites: what each website said.
        spans: how long that stands after it was looked at, and for how long a website is missed after that.
    """
    looked = {key: local_day(said[0]) for key, said in websites.items()}
    views = {key: spans.view_of(day) for key, day in looked.items()}
    told, missed, given_up = (
        {key: websites[key] for key, view in views.items() if view in among} for among in _LOOKED_AT
    )
    figures = _figures(told, spans.today)
    if len(told) == len(websites):
        yield from figures
        return
    with_missed, with_all = list(_figures(missed, spans.today)), list(_figures(given_up, spans.today))
    yield from with_silent(figures, with_missed, with_all, spans.given_up_at(looked.values()))


def silent_websites(websites: Websites, spans: Spans) -> dict[str, Last]:
    """Return the locations whose website nobody looks at any more, with when somebody did."""
    views: dict[str, list[tuple[View, int]]] = {}
    for (_, location), said in websites.items():
        views.setdefault(location, []).append((spans.view_of(local_day(said[0])), said[0]))
    return {location: last for location, told in views.items() if (last := last_of(told)) is not None}


_LOOKED_AT: tuple[frozenset[View], ...] = (
    frozenset({"told"}),
    frozenset({"told", "missed"}),
    frozenset({"told", "missed", "given_up"}),
)
"""Of which views the websites count that are told, missed, or given up."""


def _figures(websites: Websites, today: int) -> Iterator[Indicator]:
    for publisher in sorted({publisher for publisher, _ in websites}):
        labels = {"publisher": publisher}
        own = [website for (name, _), website in websites.items() if name == publisher]
        dated = [website for website in own if website[3] >= 0]
        observed = max(website[0] for website in own)
        age = max((today - website[3] for website in dated), default=None)
        yield Indicator("website_age_days", labels, age, observed)
        yield Indicator("websites_without", labels, len(own) - len(dated), observed)
        unsplit = sum(not website[4] for website in dated)
        yield Indicator("websites_unsplit", labels, unsplit, observed)
