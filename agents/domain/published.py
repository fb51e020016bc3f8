"""What the parties show: periodic reports, plans inhaalzorg of hospitals, and information on websites.

Of each, the newest statement counts. Ages are in whole local days: a report of yesterday is one day old all day.
"""

from collections.abc import Iterator

from streams.calendar import day_number, local_day
from streams.reports import PlanRecorded, WebsiteChecked
from streams.status import Indicator

WEBSITE_KEPT_DAYS = 92
"""What a website said is held this long after it was looked at; how long it stands is a parameter, `website-stands`."""

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
    first = today - WEBSITE_KEPT_DAYS
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


def website_figures(websites: Websites, today: int, stands: float) -> Iterator[Indicator]:
    """Yield per publisher the oldest information, how many have none, and how many do not split it.

    Args:
        websites: what each website said.
        today: local day.
        stands: days for which that stands after it was looked at; then nobody knows.
    """
    known = {key: said for key, said in websites.items() if local_day(said[0]) >= today - stands}
    for publisher in sorted({publisher for publisher, _ in known}):
        labels = {"publisher": publisher}
        own = [website for (name, _), website in known.items() if name == publisher]
        dated = [website for website in own if website[3] >= 0]
        observed = max(website[0] for website in own)
        age = max((today - website[3] for website in dated), default=None)
        yield Indicator("website_age_days", labels, age, observed)
        yield Indicator("websites_without", labels, len(own) - len(dated), observed)
        unsplit = sum(not website[4] for website in dated)
        yield Indicator("websites_unsplit", labels, unsplit, observed)
