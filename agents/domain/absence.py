"""`care.absence` becomes state: sickness absence by location, sector and week, weighed by employees."""

from collections.abc import Iterator
from functools import partial
from math import fsum

import msgspec

from agents.domain.outcome import Outcome
from agents.domain.parts import Parts
from alerts.norms import Norms
from streams.calendar import day_number, local_day
from streams.indicators import ALL
from streams.reports import AbsenceReport
from streams.status import Indicator

Week = tuple[int, int, int, float, int, float, float]
"""Observed second, revision, received second, rate, employees, long rate (-1 is unknown), completeness."""

Sectors = dict[str, dict[int, Week]]
"""Weeks of one location (by the day number of their Monday) by sector."""

KEPT_DAYS = 34
"""Weeks that began up to this many days ago are held, older reports are late; how long one stands is a parameter,
`absence-stands`.
"""


class AbsenceState(msgspec.Struct, dict=True):
    """Weeks by location and sector."""

    places: dict[str, Sectors] = {}

    def __post_init__(self) -> None:
        """Begin without parts: they follow from the state."""
        self.parts: Parts[dict[str, Week | None]] = Parts()


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
    """Forget weeks that are too old."""
    first = today - KEPT_DAYS
    for location, sectors in list(state.places.items()):
        if all(min(weeks) >= first for weeks in sectors.values()):
            continue
        state.parts.touched.add(location)
        kept = {
            sector: young
            for sector, weeks in sectors.items()
            if (young := {monday: week for monday, week in weeks.items() if monday >= first})
        }
        if kept:
            state.places[location] = kept
        else:
            del state.places[location]


def indicators(state: AbsenceState, at: int, norms: Norms, _region: str) -> Iterator[Indicator]:
    """Yield the absence per sector as known at second `at`; a rate rests on as many employees as its `observations`."""
    part = partial(_part, stands=norms.parameter("absence-stands"))
    state.parts.renew(state.places, local_day(at), part)
    sectors: dict[str, list[Week | None]] = {}
    for held in state.parts.by_location.values():
        for sector, week in held.items():
            sectors.setdefault(sector, []).append(week)
    if sectors:
        sectors[ALL] = [week for weeks in sectors.values() for week in weeks]
    for sector, weeks in sorted(sectors.items()):
        yield from _sector({"sector": sector}, weeks)


def _part(sectors: Sectors, today: int, stands: float) -> dict[str, Week | None]:
    return {
        sector: weeks[newest] if (newest := max(weeks)) >= today - stands else None
        for sector, weeks in sectors.items()
    }


def _sector(labels: dict[str, str], weeks: list[Week | None]) -> Iterator[Indicator]:
    known = [week for week in weeks if week is not None]
    for name, rated in (
        ("absence_rate", [(week, week[3]) for week in known]),
        ("absence_long_rate", [(week, week[5]) for week in known if week[5] >= 0]),
    ):
        employees = sum(week[4] for week, _ in rated)
        mean = round(fsum(rate * week[4] for week, rate in rated) / employees, 4) if rated else None
        observed = max((week[0] for week, _ in rated), default=0)
        yield Indicator(name, labels, mean, observed, _share([w for w, _ in rated], len(weeks)), employees)
    employees = sum(week[4] for week in known)
    observed = max((week[0] for week in known), default=0)
    share = _share(known, len(weeks))
    yield Indicator("absence_employees", labels, employees if known else None, observed, share, len(known))


def _share(known: list[Week], places: int) -> float:
    return round(fsum(week[6] for week in known) / places, 4)
