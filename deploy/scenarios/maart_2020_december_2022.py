"""`maart-2020-december-2022`: the waves and phases of almost three years, with the dates that are public."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from random import Random

from deploy.scenarios import covid_years as years
from deploy.scenarios import duties
from deploy.scenarios.absence import absence
from deploy.scenarios.beds import Census, census
from deploy.scenarios.coordination import agreements, phases
from deploy.scenarios.course import Figure, level
from deploy.scenarios.covid_years import BEGIN, END
from deploy.scenarios.forecast import Outlook, forecast
from deploy.scenarios.maart_2020_december_2022_truth import (
    AGREED_LATE,
    LATE_WITH_AGREEMENTS,
    LATE_WITH_PLANS,
    PLANNED_LATE,
    TRUTH,
)
from deploy.scenarios.operating_rooms import Rooms, operating_rooms
from deploy.scenarios.production import Output, production
from deploy.scenarios.referrals import referrals_of
from deploy.scenarios.scenario import Scenario, Statement, days, stated
from deploy.scenarios.workstock import Stock, workstock
from streams.regions import ROAZ_IDS
from streams.reports.occupancy import Unit

_PHASE_2 = date(2020, 10, 1)
_FORECAST_SINCE = date(2020, 9, 30)
"""The day before phase 2 came into force, which asks for forecasts from October 2020 on."""

_STOCK_SINCE = date(2021, 7, 5)

_AGREED = (_PHASE_2, date(2021, 9, 1), date(2022, 8, 1))
"""Agreements are renewed about every year."""


def _beds() -> Mapping[str, Mapping[Unit, Census]]:
    covid, others = years.parts(years.IC_COVID), years.parts(years.IC_OTHERS)
    staffed = years.parts(years.IC_STAFFED, more=1.25)
    return {region: {"ic": Census(covid[region], others[region], staffed[region])} for region in ROAZ_IDS}


def _outlooks() -> Mapping[str, Mapping[Unit, Outlook]]:
    covid, ward = years.parts(years.IC_COVID), years.parts(years.WARD_COVID)
    return {
        region: {
            "ic": Outlook(covid[region], years.Times(covid[region], 1.2, 3)),
            "ward": Outlook(ward[region], years.Times(ward[region], 1.2, 9)),
        }
        for region in ROAZ_IDS
    }


def _agreements() -> Iterator[Statement]:
    on_time = [region for region in ROAZ_IDS if region != LATE_WITH_AGREEMENTS]
    for on in _AGREED:
        yield from agreements(on, on + timedelta(days=500), on_time)
    for on in (AGREED_LATE, _AGREED[-1]):
        yield from agreements(on, on + timedelta(days=500), (LATE_WITH_AGREEMENTS,))


def _weekly(chance: Random) -> Iterator[Statement]:
    told: Mapping[tuple[str, str], tuple[Figure, int]] = {
        ("alle", "hospital"): (years.Times(years.REFERRED, 12_300), 12_300)
    }
    yield from referrals_of(chance, dict.fromkeys(ROAZ_IDS, told), BEGIN, END)
    done = Output("operatie", years.Times(years.DONE, 13_200), 13_200)
    plannable = Output("operatie", level(40), urgency="U4")
    of_clinics = Output("operatie", level(30), urgency="U4", provider="zbc")
    own = {"R01": (done, plannable), "R07": (done, plannable, of_clinics)}
    yield from production(chance, own, BEGIN, END)
    late = {"R01": Stock("U3", level(300)), "R07": Stock("U3", level(300), overdue=years.TOO_LATE)}
    yield from workstock(chance, {region: (stock,) for region, stock in late.items()}, _STOCK_SINCE, END)
    yield from absence(chance, {("R01", "ziekenhuis"): years.ABSENT}, ("R01", "R03"), BEGIN, END)


def _statements(chance: Random) -> Iterator[Statement]:
    yield from phases(years.PHASES)
    yield from census(chance, _beds(), BEGIN, END)
    yield from forecast(chance, _outlooks(), _FORECAST_SINCE, END)
    yield from _agreements()
    unsaid = {on for first, last in years.NO_INSIGHT for on in days(first, last)}
    told = [on for on in days(_PHASE_2, END) if on not in unsaid]
    yield from duties.published("lcps-inzicht", told, hour=9)
    yield from duties.plans(date(2021, 6, 21), [region for region in ROAZ_IDS if region != LATE_WITH_PLANS])
    yield from duties.plans(PLANNED_LATE, (LATE_WITH_PLANS,))
    rooms = {region: Rooms(100, years.Times(years.ROOMS_SHARE, 100)) for region in ("R01", "R07")}
    yield from operating_rooms(chance, rooms, BEGIN, END)
    yield from _weekly(chance)


MAART_2020_DECEMBER_2022 = Scenario(
    name="maart-2020-december-2022",
    summary="de golven en fasen van bijna drie jaar, per dag, met de openbare fasedata",
    begin=BEGIN,
    end=END,
    tick_seconds=86_400,
    truth=TRUTH,
    records=stated(_statements),
)
