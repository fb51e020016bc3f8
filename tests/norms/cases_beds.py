"""Beds: occupancy, the national ladder, phase 3, fair share, and the forecast against what is there."""

from datetime import datetime, timedelta

from streams.regions import ROAZ_IDS
from streams.reports import BedReading, OccupancyReport, Report
from tests.norms.case import Case, Given, breach, silent
from tests.support.reports import beds, forecast


def taken(unit: str, occupied: int, staffed: int = 100):
    """Beds of one unit in one hospital."""
    return lambda at: [
        beds(at, readings=[BedReading(unit=unit, label="total", occupied=occupied, staffed=staffed)])
    ]


def occupancy(norm: str, unit: str, limit: int) -> list[Case]:
    """Exactly the limit for a day, one bed less, and the limit for less than the hold of six hours."""
    return [
        breach(norm, f"{limit} of 100 beds taken for half a day", taken(unit, limit)),
        silent(norm, f"{limit - 1} of 100 beds taken", taken(unit, limit - 1)),
        silent(norm, f"{limit} of 100 beds taken for five hours", taken(unit, limit), days=5 / 24, step=1),
    ]


def ladder(limit: int) -> list[Case]:
    """Exactly so many IC beds in the country, and one less."""
    norm = f"ic-ladder-{limit}"
    return [
        breach(norm, f"{limit} IC beds taken", taken("ic", limit, 2000), region="NL"),
        silent(norm, f"{limit - 1} IC beds taken", taken("ic", limit - 1, 2000), region="NL"),
    ]


def strained(regions: int):
    """So many regions with 95 of 100 IC beds taken, the others with 94."""

    def given(at: datetime) -> list[OccupancyReport]:
        return [
            beds(
                at,
                region=region,
                location=f"IC {region}",
                readings=[
                    BedReading(unit="ic", label="total", occupied=95 if n < regions else 94, staffed=100)
                ],
            )
            for n, region in enumerate(ROAZ_IDS)
        ]

    return given


def covid(
    occupied: int, at: datetime, region: str = "R07", unit: str = "ic", others: int = 0
) -> OccupancyReport:
    """COVID patients in a region with a hundred beds."""
    readings = [
        BedReading(unit=unit, label="covid", occupied=occupied),
        BedReading(unit=unit, label="noncovid", occupied=others),
        BedReading(unit=unit, label="total", staffed=100),
    ]
    return beds(at, region=region, location=f"H {region}", readings=readings)


def daily(make: Given, days: int) -> Given:
    """The same reports on so many days from the moment on."""
    return lambda at: [report for n in range(days) for report in make(at + timedelta(days=n))]


def divided(r07: int, r01: int, unit: str = "ic") -> Given:
    """COVID patients in R07, whose share by inhabitants is 55.7 %, and in R01."""
    return daily(lambda at: [covid(r07, at, "R07", unit), covid(r01, at, "R01", unit)], 4)


def fair_share(unit: str) -> list[Case]:
    """Of a hundred patients R07's share is 55.7; ten per cent more is 61.2, less 50.1."""
    above, below, scope = f"fair-share-above-{unit}", f"fair-share-below-{unit}", {"days": 3}
    return [
        breach(above, "62 of 100 patients where 55.7 is fair", divided(62, 38, unit), **scope),
        silent(above, "61 of 100 patients, within ten per cent", divided(61, 39, unit), **scope),
        silent(above, "62 of 100 patients for a day and a half", divided(62, 38, unit), days=1.5),
        silent(above, "6 of 8 patients, too few to judge", divided(6, 2, unit), **scope),
        breach(below, "50 of 100 patients where 55.7 is fair", divided(50, 50, unit), **scope),
        silent(below, "51 of 100 patients, within ten per cent", divided(51, 49, unit), **scope),
    ]


def expected(beds_of_day: list[int], planned: int | None = None, **own) -> Given:
    """A forecast of one region for IC."""
    return lambda at: [forecast(beds_of_day, at, planned, **own)]


def on_day_seven(count: int) -> Given:
    """A forecast for the last day in each region, beside 41 patients without COVID in a hundred beds."""
    return lambda at: [
        report
        for region in ROAZ_IDS
        for report in (
            forecast([10] * 6 + [count], at, region=region),
            covid(10, at, region, others=41),
        )
    ]


def off(told: int, found: int) -> Given:
    """What was expected for each day, and the patients that there are."""

    def given(at: datetime) -> list[Report]:
        before = forecast([told] * 7, at - timedelta(days=1))
        return [before, *daily(lambda day: [covid(found, day)], 3)(at)]

    return given


_IC = {"scope": "unit=ic"}

CASES: list[Case] = [
    *occupancy("ic-occupancy-high", "ic", 90),
    *occupancy("ic-occupancy-critical", "ic", 95),
    *occupancy("ward-occupancy-high", "ward", 92),
    *occupancy("ward-occupancy-critical", "ward", 98),
    *ladder(1150),
    *ladder(1350),
    *ladder(1700),
    breach("phase-3-risk-regions", "6 of 11 regions at 95 %", strained(6), region="NL"),
    silent("phase-3-risk-regions", "5 of 11 regions at 95 %", strained(5), region="NL"),
    breach("phase-3-risk-forecast", "60 expected beside 41, of 100 beds", on_day_seven(60), region="NL"),
    silent("phase-3-risk-forecast", "59 expected beside 41, of 100 beds", on_day_seven(59), region="NL"),
    *fair_share("ic"),
    *fair_share("ward"),
    breach("forecast-missing", "no forecast at all", lambda _at: [], **_IC),
    breach("forecast-missing", "a forecast of six days", expected([5] * 6), **_IC),
    breach("forecast-missing", "a forecast of the day before yesterday", expected([5] * 7), days=2, **_IC),
    silent("forecast-missing", "a forecast of seven days", expected([5] * 7), **_IC),
    silent("forecast-missing", "a forecast of seven days, 23 hours ago", expected([5] * 7), days=23 / 24, step=1, **_IC),
    breach("forecast-over-capacity", "11 expected on day 5 where 10 beds are planned", expected([5, 5, 5, 5, 11, 5, 5], 10), **_IC),
    silent("forecast-over-capacity", "10 expected where 10 beds are planned", expected([10] * 7, 10), **_IC),
    breach("forecast-overflow-soon", "full on day 3", expected([10, 10, 11, 11, 11, 11, 11], 10), **_IC),
    silent("forecast-overflow-soon", "full on day 4", expected([10, 10, 10, 11, 11, 11, 11], 10), days=0.4, **_IC),
    breach("forecast-off", "13 patients where 10 were expected, for two days", off(10, 13), days=2, **_IC),
    silent("forecast-off", "12 patients where 10 were expected, exactly 20 %", off(10, 12), days=2, **_IC),
    silent("forecast-off", "13 patients where 9 were expected, too few to judge", off(9, 13), days=2, **_IC),
]  # fmt: skip
