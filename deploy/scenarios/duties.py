"""Duties: the reports that are published, plans, websites, mediation, and who tells whom about a breach."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from deploy.scenarios.coordination import SOURCE, event
from deploy.scenarios.hospitals import Place, places
from deploy.scenarios.scenario import Statement, days, local, mondays
from streams.regions import NL
from streams.reports import Mediation, Notice, PlanRecorded, ReportPublished, WebsiteChecked
from streams.reports.coordination import Anchor, ReportKind, Role

_PUBLISHERS: dict[ReportKind, Role] = {
    "zorgbeeld": "nza",
    "ketenmonitor": "nza",
    "monitor-inhaalzorg": "nza",
    "toegankelijkheid": "nza",
    "lcps-inzicht": "lcps",
    "regiobeeld": "nza",
    "volume-inhaalzorg": "nza",
}


def published(kind: ReportKind, on: Iterable[date], region: str = NL, hour: int = 15) -> Iterator[Statement]:
    """Yield a periodic report on each of the days."""
    for day in on:
        said = ReportPublished(publisher=_PUBLISHERS[kind], report=kind, period=f"{day:%Y-%m-%d}")
        yield event(region, local(day, hour), f"rapport-{kind}", said)


def every(number: int, begin: date, end: date) -> list[date]:
    """Return every so many days from the first on."""
    return days(begin, end)[::number]


def reports_due(begin: date, end: date) -> Iterator[Statement]:
    """Yield every periodic report on time: two-weekly, three-weekly, monthly, daily."""
    yield from published("zorgbeeld", every(14, begin, end))
    yield from published("ketenmonitor", every(21, begin, end))
    yield from published("monitor-inhaalzorg", every(28, begin, end))
    yield from published("toegankelijkheid", every(28, begin, end))
    yield from published("lcps-inzicht", days(begin, end), hour=9)


def plans(on: date, regions: Iterable[str]) -> Iterator[Statement]:
    """Yield a whole plan inhaalzorg of every location."""
    for region in regions:
        for place in places(region):
            yield plan(on, place)


def plan(on: date, place: Place, *, handed: bool = True, recovery: bool = True, chain: bool = True) -> Statement:  # fmt: skip
    """Return the plan inhaalzorg of one location."""
    said = PlanRecorded(handed_to_insurers=handed, recovery_section=recovery, chain_section=chain)
    return event(place.region, local(on, 10), f"plan-{place.number}", said, location=place.name)


def website(
    on: date,
    region: str,
    updated_on: date | None,
    *,
    publisher: Role = "zorgaanbieder",
    split: bool = True,
) -> Statement:
    """Return what a website of a region said on a day."""
    said = WebsiteChecked(publisher=publisher, updated_on=updated_on, split=split)
    return event(region, local(on, 9), f"website-{publisher}", said, location=f"Website {publisher} {region}")


def websites(regions: Iterable[str], begin: date, end: date) -> Iterator[Statement]:
    """Yield what the websites of every region say every two weeks, never older than two weeks."""
    roles: tuple[Role, ...] = ("zorgaanbieder", "zorgverzekeraar")
    for region in regions:
        for on in every(14, begin, end):
            for publisher in roles:
                yield website(on, region, on - timedelta(days=3), publisher=publisher)


def mediation(
    regions: Iterable[str], begin: date, end: date, requested: int = 20, matched: int = 15
) -> Iterator[Statement]:
    """Yield zorgbemiddeling of the week before, on every Monday."""
    for region in regions:
        for on in mondays(begin, end):
            said = Mediation(
                week_start=on - timedelta(days=7), requested=requested, matched=matched, answer_days=4
            )
            yield event(region, local(on, 10), "bemiddeling", said, location=f"Zorgverzekeraars {region}")


def notice(
    region: str,
    at: datetime,
    ladder: tuple[Anchor | None, Role, Role],
    norm: str,
    *,
    answers: str | None = None,
    via: Role | None = None,
) -> Statement:
    """Return a notice: its step of the ladder, who tells and who is told."""
    anchor, sender, receiver = ladder
    said = Notice(
        sender=sender,
        receiver=receiver,
        norm=norm,
        subject="langdurige overschrijding",
        anchor=anchor,
        answers=answers,
        via=via,
    )
    return event(region, at, _notice_name(anchor, receiver, norm), said)


def notice_id(region: str, on: date, anchor: Anchor | None, receiver: Role, norm: str) -> str:
    """Return the id of a notice, for those that answer it."""
    return f"{SOURCE}:{region}:{on:%Y%m%d}:{_notice_name(anchor, receiver, norm)}"


def _notice_name(anchor: Anchor | None, receiver: Role, norm: str) -> str:
    return f"melding-{anchor or 'los'}-{receiver}-{norm}"
