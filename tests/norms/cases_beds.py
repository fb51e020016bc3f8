"""Beds: occupancy, the national ladder, phase 3, fair share, and the forecast against what is there."""

from datetime import datetime, timedelta

from deploy.scenarios.inhabitants import INHABITANTS, SHARED
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
        breach(norm, f"{limit} IC beds taken", spread(limit), region="NL"),
        silent(norm, f"{limit - 1} IC beds taken", spread(limit - 1), region="NL"),
    ]


def spread(occupied: int):
    """So many IC beds taken, over all networks: none of them can have them alone."""
    each, more = divmod(occupied, len(ROAZ_IDS))

    def given(at: datetime) -> list[OccupancyReport]:
        return [
            beds(
                at,
                region=region,
                location=f"IC {region}",
                readings=[BedReading(unit="ic", label="total", occupied=each + (n < more), staffed=200)],
            )
            for n, region in enumerate(ROAZ_IDS)
        ]

    return given


def strained(regions: int, among: int = len(ROAZ_IDS), complete: float = 1.0):
    """So many regions with 95 of 100 IC beds taken, the others with 94; the last ones may not tell at all."""

    def given(at: datetime) -> list[OccupancyReport]:
        return [
            beds(
                at,
                region=region,
                location=f"IC {region}",
                readings=[
                    BedReading(unit="ic", label="total", occupied=95 if n < regions else 94, staffed=100)
                ],
                completeness=complete,
            )
            for n, region in enumerate(ROAZ_IDS[:among])
        ]

    return given


def covid(
    occupied: int, at: datetime, region: str = "R07", unit: str = "ic", others: int = 0, **own: float
) -> OccupancyReport:
    """COVID patients in a region with a hundred beds."""
    readings = [
        BedReading(unit=unit, label="covid", occupied=occupied),
        BedReading(unit=unit, label="noncovid", occupied=others),
        BedReading(unit=unit, label="total", staffed=100),
    ]
    return beds(at, region=region, location=f"H {region}", readings=readings, **own)


def daily(make: Given, days: int) -> Given:
    """The same reports on so many days from the moment on."""
    return lambda at: [report for n in range(days) for report in make(at + timedelta(days=n))]


def divided(
    r07: int, unit: str = "ic", elsewhere: int = 3515, without: int = 0, complete: float = 1.0
) -> Given:
    """COVID patients in R07, where 12 % of the people live, and by inhabitants in the others; some tell nothing."""
    own = INHABITANTS["R07"]
    others = [region for region in ROAZ_IDS if region != "R07"][without:]
    people = sum(INHABITANTS[name] for name in ROAZ_IDS) - own

    def given(at: datetime) -> list[Report]:
        fair = {name: round(elsewhere * INHABITANTS[name] / people) for name in others}
        return [
            covid(r07, at, "R07", unit, completeness=complete),
            *(covid(count, at, name, unit) for name, count in fair.items()),
        ]

    return daily(given, 4)


def uneven(unit: str) -> Given:
    """An even spread of 3,500 where three quarters of Noord- en Oost-Gelderland lie in R02, a tenth in R03."""
    parts = {"R02": 0.75, "R03": 0.1, "R04": 0.15}
    people = {
        name: INHABITANTS[name] + round((parts[name] - 1 / 3) * SHARED["VR06"][0]) if name in parts else INHABITANTS[name]
        for name in ROAZ_IDS
    }  # fmt: skip
    each = 3500 / sum(people.values())
    return daily(lambda at: [covid(round(each * own), at, name, unit) for name, own in people.items()], 4)


def fair_share(unit: str) -> list[Case]:
    """Beside 3,515 elsewhere some 500 are fair in R07: from 558 on it is ten per cent more, up to 443 less; of few, chance."""
    above, below, scope = f"fair-share-above-{unit}", f"fair-share-below-{unit}", {"days": 3}
    return [
        breach(above, "558 patients where 507 are fair", divided(558, unit), **scope),
        breach(
            above,
            "31 patients where 21.2 are fair, beyond what chance explains",
            divided(31, unit, 140),
            **scope,
        ),
        breach(above, "the same, of ten of eleven regions", divided(596, unit, without=1), **scope),
        silent(above, "557 patients, within ten per cent", divided(557, unit), **scope),
        silent(above, "30 patients where 21 are fair, which is chance", divided(30, unit, 140), **scope),
        silent(above, "558 patients for a day and a half", divided(558, unit), days=1.5),
        silent(above, "18 patients where 8.8 are fair, too few to judge", divided(18, unit, 52), **scope),
        silent(above, "of nine of eleven regions, too few to judge", divided(600, unit, without=2), **scope),
        silent(above, "a region that may have more of what is shared", uneven(unit), region="R02", **scope),
        breach(below, "443 patients where 493 are fair", divided(443, unit), **scope),
        silent(below, "444 patients, within ten per cent", divided(444, unit), **scope),
        silent(below, "half of the hospitals told of theirs", divided(250, unit, complete=0.5), **scope),
        silent(below, "a region that may have less of what is shared", uneven(unit), region="R03", **scope),
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


def off(told: int, found: int, complete: float = 1.0) -> Given:
    """What was expected for each day, and the patients that there are."""

    def given(at: datetime) -> list[Report]:
        before = forecast([told] * 7, at - timedelta(days=1))
        return [before, *daily(lambda day: [covid(found, day, completeness=complete)], 3)(at)]

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
    breach("phase-3-risk-regions", "6 of 11 regions at 95 %, five that tell nothing", strained(6, 6), region="NL"),
    silent("phase-3-risk-regions", "11 regions at 95 %, of which less than half tells", strained(11, complete=0.4), region="NL"),
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
    breach("forecast-off-below", "7 patients where 10 were expected, for two days", off(10, 7), days=2, **_IC),
    silent("forecast-off-below", "8 patients where 10 were expected, exactly 20 %", off(10, 8), days=2, **_IC),
    silent("forecast-off-below", "7 patients where 10 were expected, of half of the hospitals", off(10, 7, complete=0.5), days=2, **_IC),
    silent("forecast-off", "13 patients where 9 were expected, too few to judge", off(9, 13), days=2, **_IC),
]  # fmt: skip
