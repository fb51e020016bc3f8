"""`plichten`: periodic reports, insight by LCPS, supply of waits and plans inhaalzorg: in time, and a day too late."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from deploy.scenarios import duties, forecast, ordinary
from deploy.scenarios.coordination import agreements, phase
from deploy.scenarios.hospitals import places
from deploy.scenarios.scenario import Scenario, Statement, Truth, days, due, stated
from deploy.scenarios.waits import peildata, supply
from streams.regions import NL, ROAZ_IDS

BEGIN, END = date(2021, 7, 5), date(2021, 10, 27)

PHASE_2, PHASE_1 = date(2021, 7, 19), date(2021, 10, 4)
_NO_INSIGHT = (date(2021, 8, 2), date(2021, 8, 4))
"""Three days in phase 2 on which LCPS says nothing; in phase 1 nobody asks."""

PLANNED = date(2021, 7, 26)

_NOT_SUPPLIED = (date(2021, 7, 27), date(2021, 9, 7))
"""Peildata on which a location of R02 supplies nothing: before the two-weekly supply of 10 August 2021, and after."""


def _on(*month_days: str) -> list[date]:
    return [date.fromisoformat(f"2021-{one}") for one in month_days]


def _published() -> Iterator[Statement]:
    # Two-weekly until September, with a day of grace: 15 days after each other, then 17, and no more after August.
    yield from duties.published("zorgbeeld", _on("07-05", "07-20", "08-06", "08-17"))
    # Three-weekly, with three days of grace: 24 days after each other, then 27.
    yield from duties.published("ketenmonitor", _on("07-05", "07-29", "08-25", "09-15", "10-06", "10-27"))
    # Monthly from September, with three days of grace: the 48 days before do not count, the 37 after do.
    yield from duties.published("monitor-inhaalzorg", _on("07-12", "08-29", "10-05"))
    # Monthly: 34 days after each other, then 38.
    yield from duties.published("toegankelijkheid", _on("07-05", "08-08", "09-15", "10-13"))
    yield phase(BEGIN, "1")
    yield phase(PHASE_2, "2B")
    yield phase(PHASE_1, "1")
    yield from agreements(PHASE_2 - timedelta(days=1), END)
    first, last = _NO_INSIGHT
    told = [on for on in days(PHASE_2 - timedelta(days=1), PHASE_1) if not first <= on <= last]
    yield from duties.published("lcps-inzicht", told, hour=9)


def _supplied(chance: Random) -> Iterator[Statement]:
    for region in ("R01", "R02"):
        for place in places(region):
            for on in peildata(BEGIN, END):
                if (region, place.number) != ("R02", 1) or on not in _NOT_SUPPLIED:
                    yield supply(chance, place, on, {"polikliniek": [20]})


def _plans() -> Iterator[Statement]:
    # R04 has one without the chain, R05 none at all, until they make good.
    yield from duties.plans(BEGIN, [region for region in ROAZ_IDS if region not in {"R04", "R05"}])
    first, second, *_ = places("R04")
    yield duties.plan(BEGIN, first, chain=False)
    yield duties.plan(BEGIN, second)
    yield duties.plan(PLANNED, first)
    yield from duties.plans(PLANNED, ("R05",))


TRUTH: tuple[Truth, ...] = due(
    (NL, "report-due-zorgbeeld", "active", date(2021, 8, 5)),
    (NL, "report-due-zorgbeeld", "resolved", date(2021, 8, 6)),
    (NL, "report-due-ketenmonitor", "active", date(2021, 8, 23)),
    (NL, "report-due-ketenmonitor", "resolved", date(2021, 8, 25)),
    (NL, "report-due-monitor-inhaalzorg", "active", date(2021, 10, 3)),
    (NL, "report-due-monitor-inhaalzorg", "resolved", PHASE_1),  # nothing asks for it any more
    (NL, "report-due-toegankelijkheid", "active", date(2021, 9, 12)),
    (NL, "report-due-toegankelijkheid", "resolved", date(2021, 9, 15)),
    (NL, "lcps-insight-missing", "active", date(2021, 8, 3)),
    (NL, "lcps-insight-missing", "resolved", date(2021, 8, 5)),
    ("R02", "supply-missing", "active", date(2021, 9, 8)),
    ("R02", "supply-missing", "resolved", date(2021, 9, 21)),
    ("R04", "plans-incomplete", "active", PHASE_2),
    ("R04", "plans-incomplete", "resolved", PLANNED),
    ("R05", "plans-missing", "active", PHASE_2),
    ("R05", "plans-missing", "resolved", PLANNED),
)

PLICHTEN = Scenario(
    name="plichten",
    summary="periodieke rapporten, inzicht van LCPS, aanlevering en plannen: op tijd en een dag te laat",
    begin=BEGIN,
    end=END,
    tick_seconds=43_200,
    truth=TRUTH,
    records=stated(
        lambda chance: [
            *_published(),
            *_supplied(chance),
            *_plans(),
            *forecast.forecast(chance, ordinary.outlooks(ordinary.FEW), BEGIN, END),
        ]
    ),
)
