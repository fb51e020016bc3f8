"""Treeknormen: the longest wait, 80 % within the target, prolonged, undecidable, and the share over the norm."""

from datetime import date, datetime, time, timedelta

from msgspec.structs import replace

from streams.calendar import AMSTERDAM
from streams.reports import WaitingTimesReport
from tests.norms.case import Case, Given, breach, silent
from tests.support.reports import waits

LONGEST = {
    "polikliniek": 28,
    "diagnostiek": 28,
    "dagbehandeling": 42,
    "klinisch": 49,
    "behandeling": 49,
    "ggz-aanmelding": 28,
    "ggz-beoordeling": 28,
    "ggz-extramuraal": 70,
    "ggz-semimuraal": 70,
    "ggz-intramuraal": 70,
    "ggz-beschermd-wonen": 91,
    "verpleeghuis": 42,
    "verzorging": 91,
    "wijkverpleging": 42,
    "wlz-extramuraal": 42,
    "wlz-intramuraal": 91,
    "gehandicapten-dagbesteding": 42,
    "gehandicapten-wonen": 91,
    "gehandicapten-zintuiglijk-wonen": 56,
    "huisarts": 3,
    "apotheek": 1,
    "paramedisch": 7,
    "mondzorg": 21,
}
"""Maximum days by access kind, as the sources have them."""

TARGET = {
    "polikliniek": 21,
    "diagnostiek": 21,
    "dagbehandeling": 28,
    "klinisch": 35,
    "verpleeghuis": 28,
    "verzorging": 56,
    "wijkverpleging": 28,
    "huisarts": 2,
}
"""Days within which 80 % should be helped."""


def longest(access: str, days: int) -> list[Case]:
    """Just over the maximum, and exactly on it."""
    norm = f"treeknorm-max-{access}"
    return [
        breach(norm, f"a wait of {days + 1} days", lambda at: [waits([days + 1], at, access)]),
        silent(norm, f"a wait of exactly {days} days", lambda at: [waits([days], at, access)]),
    ]


def target(access: str, days: int) -> list[Case]:
    """Eleven of fifteen in time, exactly twelve, none of fourteen, and what says too little; on two peildata."""
    norm = f"treeknorm-80-{access}"
    now, before, late = days, days, days + 1

    def told(within: int, over: int, *, places: int = 3, twice: bool = True, weights: tuple[int, ...] = ()):
        return published([now] * within + [late] * over, access, places, twice, weights)

    def better(at: datetime) -> list[WaitingTimesReport]:
        first = published([before] * 15, access, 3, False)(at - timedelta(days=14))
        return [*first, *published([late] * 15, access, 3, False)(at)]

    heavy = (100,) * 11 + (15,) * 4
    return [
        breach(norm, f"11 of 15 waits of three locations within {days} days, on two peildata", told(11, 4)),
        breach(norm, "11 of 15 waits in time, of half of the patients", told(11, 4, weights=(4,) * 11 + (8,) * 4)),
        silent(norm, f"12 of 15 waits within {days} days, exactly 80 %", told(12, 3)),
        silent(norm, "11 of 15 waits in time, of nearly all patients", told(11, 4, weights=heavy)),
        silent(norm, "none of 14 waits in time, too few to judge", told(0, 14)),
        silent(norm, "none of 15 waits in time, of two locations", told(0, 15, places=2)),
        silent(norm, "none of 15 waits in time, half of the patients at one location", told(0, 15, weights=(99,) * 5 + (5,) * 10)),
        silent(norm, "none of 15 waits in time on one peildatum", told(0, 15, twice=False)),
        silent(norm, "all in time on the peildatum before", better),
    ]  # fmt: skip


def published(
    days: list[float], access: str, places: int, twice: bool = True, weights: tuple[int, ...] = ()
) -> Given:
    """Waits, dealt out over so many locations, on one peildatum or on two."""

    def given(at: datetime) -> list[WaitingTimesReport]:
        each = -(-len(days) // places)
        reports = []
        for when in (at - timedelta(days=14), at) if twice else (at,):
            for place in range(places):
                own = slice(place * each, (place + 1) * each)
                report = waits(days[own], when, access, location="ABC"[place])
                rows = [replace(row, observations=n) for row, n in zip(report.rows, weights[own], strict=True)] if weights else report.rows  # fmt: skip
                reports.append(replace(report, rows=rows))
        return reports

    return given


def peildata(*days: float):
    """One wait for klinische opname on following fortnightly peildata, the last one at the moment itself."""

    def given(at: datetime) -> list[WaitingTimesReport]:
        first = at - timedelta(days=14 * (len(days) - 1))
        return [waits([wait], first + timedelta(days=14 * n), "klinisch") for n, wait in enumerate(days)]

    return given


def treatments(days: list[float], access: str = "klinisch", **own):
    """Waits of so many treatments at one peildatum."""
    return lambda at: [waits(days, at, access, **own)]


def share(access: str) -> list[Case]:
    """Of fifteen waits five over the norm, four, and all of fourteen."""
    norm, over, within = f"treeknorm-share-{access}", LONGEST[access] + 1, 10
    return [
        breach(norm, "5 of 15 waits over the norm", treatments([over] * 5 + [within] * 10, access), region="NL"),
        silent(norm, "4 of 15 waits over the norm", treatments([over] * 4 + [within] * 11, access), region="NL"),
        silent(norm, "14 of 14 waits over it, too few to judge", treatments([over] * 14, access), region="NL"),
    ]  # fmt: skip


def of_two_regions(one: float, other: float):
    """The same treatment in two regions."""
    return lambda at: [
        waits([one], at, "klinisch", region="R07"),
        waits([other], at, "klinisch", region="R01", location="B"),
    ]


def knees(days: float, places: int = 3):
    """Waits of so many days at locations in Zeeland, of 40 in Rotterdam and in another network: the letter's own example."""
    zeeland = ["Adrz, Goes", "Adrz, Vlissingen", "ZorgSaam, Terneuzen"][:places]
    rotterdam = ["Erasmus MC, Rotterdam", "Ikazia, Rotterdam", "Maasstad, Rotterdam", "Franciscus, Rotterdam"]

    def given(at: datetime) -> list[WaitingTimesReport]:
        return [
            *(waits([days], at, "klinisch", location=place) for place in zeeland),
            *(waits([40], at, "klinisch", location=place) for place in rotterdam),
            waits([40], at, "klinisch", region="R01", location="UMCG, Groningen"),
        ]

    return given


DUE = date(2021, 11, 30)
"""A Tuesday of an even ISO week: waits are due at 23:59."""


def supplied(*on: date):
    """A location that supplied its waits on these days."""
    return lambda _at: [waits([10], datetime.combine(day, time(12), AMSTERDAM), "klinisch") for day in on]


def at_due(hour: int, minute: int, later: int = 0) -> datetime:
    """A moment on the day on which supply is due, or later."""
    return datetime.combine(DUE + timedelta(days=later), time(hour, minute), AMSTERDAM)


_SCOPE = "access=klinisch,specialism=orthopedie,treatment=t0"
_ZEELAND = "access=klinisch,specialism=orthopedie,treatment=t0,part=Zeeland"
_TWO_EARLIER = DUE - timedelta(days=14)

CASES: list[Case] = [
    *(case for access, days in LONGEST.items() for case in longest(access, days)),
    *(case for access, days in TARGET.items() for case in target(access, days)),
    breach("treeknorm-prolonged", "50 days on two peildata", peildata(50, 50), scope="access=klinisch", step=24),
    silent("treeknorm-prolonged", "50 days on one peildatum", peildata(50), scope="access=klinisch", step=24),
    silent("treeknorm-prolonged", "50 and then 49 days", peildata(50, 49), scope="access=klinisch", step=24),
    silent("treeknorm-prolonged", "50, 49 and 50 days", peildata(50, 49, 50), scope="access=klinisch", step=24),
    breach("treeknorm-undecidable", "a treatment of 43 days", treatments([43], "behandeling"), region="NL"),
    breach("treeknorm-undecidable", "a treatment of 49 days", treatments([49], "behandeling"), region="NL"),
    silent("treeknorm-undecidable", "a treatment of 42 days", treatments([42], "behandeling"), region="NL"),
    silent("treeknorm-undecidable", "a treatment of 50 days", treatments([50], "behandeling"), region="NL"),
    *share("dagbehandeling"),
    *share("klinisch"),
    *share("behandeling"),
    breach("unequal-access", "medians of 61 and 30 days", of_two_regions(61, 30), days=2, region="NL", scope=_SCOPE),
    silent("unequal-access", "medians of 60 and 30 days", of_two_regions(60, 30), days=2, region="NL", scope=_SCOPE),
    silent("unequal-access", "known in one region only", treatments([61]), days=2, region="NL", scope=_SCOPE),
    breach("unequal-access-part", "160 days at three locations in Zeeland, 40 elsewhere", knees(160), days=2, region="NL", scope=_ZEELAND),
    silent("unequal-access-part", "160 days at two locations in Zeeland", knees(160, places=2), days=2, region="NL", scope=_ZEELAND),
    silent("unequal-access-part", "80 days at three locations in Zeeland, 40 elsewhere", knees(80), days=2, region="NL", scope=_ZEELAND),
    breach("supply-missing", "nothing by Tuesday 23:59 of an even week", supplied(_TWO_EARLIER), on=at_due(23, 59), days=0.05, step=24),
    silent("supply-missing", "nothing yet at 23:58", supplied(_TWO_EARLIER), on=at_due(23, 58), days=0.0, step=24),
    silent("supply-missing", "supplied on the day itself", supplied(_TWO_EARLIER, DUE), on=at_due(12, 0, later=1), step=24),
]  # fmt: skip
