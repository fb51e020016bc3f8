"""What the parties show: periodic reports, plans inhaalzorg of hospitals, and information on websites.

Of each, the last write wins. Ages are in whole local days: a report of yesterday is one day old all day. A website that
nobody looks at any more became neither better nor worse.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from agents.domain.figures.in_views import InViews
from agents.domain.parties.said import Said
from agents.domain.statements.stale import Last, last_of_views
from agents.domain.statements.standing import Standing, Views
from streams.calendar import day_number, local_day
from streams.reports import PlanRecorded, ReportPublished, WebsiteChecked
from streams.status import Indicator

_PROVIDER = "zorgaanbieder"
PERIODIC = ("ketenmonitor", "monitor-inhaalzorg", "toegankelijkheid", "zorgbeeld")
"""Reports about the country that come again and again. One of them that never came is missed from the day on which the
first of them is recorded; before that, nobody records them."""


class Publication(NamedTuple):
    """The newest report of one kind."""

    observed: int
    revision: int
    received: int


class Plan(NamedTuple):
    """A plan inhaalzorg: whether the insurers have it, and what it covers."""

    observed: int
    revision: int
    received: int
    handed_to_insurers: bool
    recovery_section: bool
    chain_section: bool


class Site(NamedTuple):
    """Whose website it is."""

    publisher: str
    location: str


class Website(NamedTuple):
    """What a website shows: the day of its information (-1: none), and whether that is split."""

    observed: int
    revision: int
    received: int
    updated: int
    split: bool


Published = dict[str, Publication]
Plans = dict[str, Plan]
Websites = dict[Site, Website]


def publication_of(event: ReportPublished, said: Said) -> tuple[str, Publication]:
    """Return which periodic report was published, and when."""
    return event.report, Publication(said.observed, said.revision, said.received)


def plan_of(event: PlanRecorded, said: Said) -> tuple[str, Plan]:
    """Return whose plan a report is about, and what it says."""
    covered = (event.handed_to_insurers, event.recovery_section, event.chain_section)
    return said.location, Plan(said.observed, said.revision, said.received, *covered)


def website_of(event: WebsiteChecked, said: Said) -> tuple[Site, Website]:
    """Return whose website a report is about, and what it says."""
    updated = -1 if event.updated_on is None else day_number(event.updated_on)
    website = Website(said.observed, said.revision, said.received, updated, event.split)
    return Site(event.publisher, said.location), website


def forget_plans(plans: Plans, first: int) -> None:
    """Forget plans that nobody spoke of since local day `first`."""
    for location in [name for name, plan in plans.items() if local_day(plan.observed) < first]:
        del plans[location]


def forget_websites(websites: Websites, first: int) -> None:
    """Forget websites that nobody looked at since local day `first`."""
    for site in [site for site, website in websites.items() if local_day(website.observed) < first]:
        del websites[site]


def report_ages(published: Published, today: int, since: int) -> Iterator[Indicator]:
    """Yield how long ago each periodic report was published; one that never was, since second `since` (0: not at all)."""
    for kind in PERIODIC if since else ():
        if kind not in published:
            yield Indicator("report_age_days", {"report": kind}, max(0, today - local_day(since)), since)
    for kind, report in sorted(published.items()):
        age = max(0, today - local_day(report.observed))
        yield Indicator("report_age_days", {"report": kind}, age, report.observed)


def plan_figures(plans: Plans, heard: int) -> Iterator[Indicator]:
    """Yield the plans that are recorded; none is 0, as far as was heard up to second `heard`."""
    observed = max((plan.observed for plan in plans.values()), default=heard)
    whole = [
        plan.handed_to_insurers and plan.recovery_section and plan.chain_section for plan in plans.values()
    ]
    yield Indicator("plans_recorded", {}, len(plans), observed)
    yield Indicator("plans_incomplete", {}, whole.count(False), observed)


def website_figures(websites: Websites, standing: Standing) -> Iterator[Indicator]:
    """Yield per publisher the oldest information, how many have none, and how many do not split it.

    Args:
        websites: what each website said.
        standing: how long that stands after it was looked at, and is carried forward after that.
    """
    every = [standing.views(local_day(one.observed), (site, one)) for site, one in websites.items()]
    yield from InViews(every).figures(partial(_figures, standing.today))


def _figures(
    today: int, own: Sequence[tuple[Site, Website]], _expected: Sequence[tuple[Site, Website]]
) -> Iterator[Indicator]:
    for publisher in sorted({site.publisher for site, _ in own}):
        labels = {"publisher": publisher}
        websites = [website for site, website in own if site.publisher == publisher]
        dated = [website for website in websites if website.updated >= 0]
        observed = max(website.observed for website in websites)
        age = max((today - website.updated for website in dated), default=None)
        yield Indicator("website_age_days", labels, age, observed)
        yield Indicator("websites_without", labels, len(websites) - len(dated), observed)
        if publisher == _PROVIDER:  # an insurer points at mediation, which has nothing to split
            yield Indicator("websites_unsplit", labels, sum(not website.split for website in dated), observed)


def stale_websites(websites: Websites, standing: Standing) -> dict[str, Last]:
    """Return the locations whose website nobody looks at any more, with when somebody did."""
    views: dict[str, list[Views[Website]]] = {}
    for site, website in websites.items():
        views.setdefault(site.location, []).append(standing.views(local_day(website.observed), website))
    return {location: last for location, own in views.items() if (last := last_of_views(own)) is not None}
