"""How often the checks on a series would have found something suspect in public files, by series and by report."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agents.domain.plausible.doubt import Told
from agents.domain.plausible.limits import Limits
from agents.domain.plausible.past import Past
from deploy.score.series import Series
from streams.calendar import date_of, day_start


@dataclass(frozen=True, slots=True)
class Counted:
    """What the checks made of one series.

    Attributes:
        series: region, unit and patients.
        reports: reported days.
        suspect: of each reason the days that were suspect.
        held: the most days for which a trusted figure stood while newer ones were suspect.
    """

    series: str
    reports: int
    suspect: dict[str, list[str]]
    held: int


def count(series: Iterable[Series], limits: Limits) -> list[Counted]:
    """Return what the checks make of the COVID beds, the others, and all together of each series."""
    return [
        _counted(f"{one.name} {one.unit} {part}", days, limits)
        for one in series
        for part, days in (("covid", one.covid), ("noncovid", one.other), ("total", one.all))
        if days
    ]


def _counted(name: str, days: Mapping[int, int], limits: Limits) -> Counted:
    past = Past()
    suspect: dict[str, list[str]] = {}
    held = 0
    for day, value in sorted(days.items()):
        past.take(Told(day, value, day_start(day)), limits)
        if past.doubt is not None:
            suspect.setdefault(past.doubt.reason, []).append(date_of(day).isoformat())
            held = max(held, day - past.day)
    return Counted(name, len(days), suspect, held)
