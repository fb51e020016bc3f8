"""`care.absence` becomes state: sickness absence by location, sector and week, weighed by employees.

A location that falls silent makes a mean neither better nor worse: while it is missed, figures are told with its newest
week as well (`agents.domain.figures.silence`).
"""

from collections.abc import Iterator, Mapping
from functools import partial
from math import fsum

import msgspec

from agents.domain.figures.silence import with_silent
from agents.domain.statements.outcome import Outcome
from agents.domain.statements.parts import Parts
from agents.domain.statements.silent import Last, last_of
from agents.domain.statements.weeks import Spans, kept_weeks
from alerts.norms import Norms
from streams.calendar import day_number, local_day
from streams.indicators import ALL
from streams.reports import AbsenceReport
from streams.status import Indicator, View

Week = tuple[int, int, int, float, int, float, float]
"""Observed second, revision, received second, rate, employees, long rate (-1 is unknown), completeness."""

Sectors = dict[str, dict[int, Week]]
"""Weeks of one location (by the day number of their Monday) by sector."""

_Newest = tuple[int, Week]
"""Monday of the newest week of one location in one sector, and that week."""

KEPT_DAYS = 34
"""Weeks that began up to this many days ago are held, older reports are late; how long one stands, and how long its
location is missed after that, are parameters (`absence-stands`, `absence-missed`).
"""

HELD_DAYS = 371
"""The newest week of a location is held this long, to know what it told when it is missed or was given up."""


class AbsenceState(msgspec.Struct, dict=True):
    """Weeks by location and sector."""

    places: dict[str, Sectors] = {}

    def __post_init__(self) -> None:
        """Begin without parts: they follow from the state."""
        self.parts: Parts[dict[str, _Newest]] = Parts()


def fold(state: AbsenceState, report: AbsenceReport, observed: int, received: int, today: int) -> Outcome:
    """Take a report into the state; `late` if the week is no longer held."""
    monday = day_number(report.week_start)
    if today and monday < today - KEPT_DAYS:
        return "late"
    location, revision, completeness = report.location, report.revision, report.completeness
    sectors = state.places.get(location)
    if sectors is None:
        sectors = state.places[location] = {}
    changed = False
    for row in report.rows:
        long_rate = -1.0 if row.long_rate is None else row.long_rate
        new = (observed, revision, received, row.rate, row.employees, long_rate, completeness)
        weeks = sectors.setdefault(row.sector, {})
        held = weeks.get(monday)
        if held is None or new > held:
            weeks[monday] = new
            changed = True
    if changed:
        state.parts.touched.add(location)
        return "applied"
    return "duplicate"


def advance(state: AbsenceState, today: int) -> None:
    """Forget weeks that are too old, but for the newest of each location and sector."""
    first = today - KEPT_DAYS
    for location, sectors in list(state.places.items()):
        if all(min(weeks) >= first for weeks in sectors.values()):
            continue
        for sector, weeks in list(sectors.items()):
            kept = kept_weeks(weeks, first, max(weeks), today - HELD_DAYS)
            if len(kept) == len(weeks):
                continue
            state.parts.touched.add(location)
            if kept:
                sectors[sector] = {monday: week for monday, week in weeks.items() if monday in kept}
            else:
                del sectors[sector]
        if not sectors:
            del state.places[location]


def indicators(state: AbsenceState, at: int, norms: Norms, _region: str) -> Iterator[Indicator]:
    """Yield the absence per sector as known at second `at`; a rate rests on as many employees as its `observations`."""
    today = local_day(at)
    spans = Spans(today, norms.parameter("absence-stands"), norms.parameter("absence-missed"))
    state.parts.renew(state.places, today, _newest, partial(_last, spans=spans))
    held: dict[str, list[_Newest]] = {}
    for part in state.parts.by_location.values():
        for sector, newest in part.items():
            held.setdefault(sector, []).append(newest)
    if held:
        held[ALL] = [newest for own in held.values() for newest in own]
    for sector, own in sorted(held.items()):
        yield from _sector_with_silent({"sector": sector}, own, spans)


def _newest(sectors: Sectors, _today: int) -> dict[str, _Newest]:
    return {sector: (newest := max(weeks), weeks[newest]) for sector, weeks in sectors.items()}


def _last(part: dict[str, _Newest], spans: Spans) -> Last | None:
    return last_of((spans.view_of(monday), week[0]) for monday, week in part.values())


def _sector_with_silent(labels: dict[str, str], held: list[_Newest], spans: Spans) -> Iterator[Indicator]:
    by_view: Mapping[View, list[Week]] = {"told": [], "missed": [], "given_up": []}
    for monday, week in held:
        by_view[spans.view_of(monday)].append(week)
    told, missed, given_up = by_view.values()
    figures = _sector(labels, told, len(told) + len(missed)) if told or missed else iter(())
    if len(told) == len(held):
        yield from figures
        return
    with_missed = list(_sector(labels, told + missed, len(held)))
    with_all = list(_sector(labels, told + missed + given_up, len(held))) if given_up else with_missed
    since = spans.given_up_at(monday for monday, _ in held)
    yield from with_silent(figures, with_missed, with_all, since)


def _sector(labels: dict[str, str], known: list[Week], places: int) -> Iterator[Indicator]:
    for name, rated in (
        ("absence_rate", [(week, week[3]) for week in known]),
        ("absence_long_rate", [(week, week[5]) for week in known if week[5] >= 0]),
    ):
        employees = sum(week[4] for week, _ in rated)
        mean = round(fsum(rate * week[4] for week, rate in rated) / employees, 4) if rated else None
        observed = max((week[0] for week, _ in rated), default=0)
        yield Indicator(name, labels, mean, observed, _share([w for w, _ in rated], places), employees)
    employees = sum(week[4] for week in known)
    observed = max((week[0] for week in known), default=0)
    share = _share(known, places)
    yield Indicator("absence_employees", labels, employees if known else None, observed, share, len(known))


def _share(known: list[Week], places: int) -> float:
    return round(fsum(week[6] for week in known) / places, 4)
