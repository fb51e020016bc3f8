"""The chain: referrals, vervolgzorg, operating rooms, werkvoorraad, production, absence."""

from datetime import datetime, timedelta

from streams.reports import FollowUpReport, FollowUpRow, ProductionReport, ReferralRow, ReferralsReport
from tests.norms.case import Case, Given, breach, silent
from tests.support.reports import _common, absence, operations, production, rooms, stock_row, workstock


def referred(
    count: int, expected: int, source: str = "sim-referrals", zbc: tuple[int, int] | None = None
) -> Given:
    """Referrals of the week before to hospitals, and to clinics where said."""

    def given(at: datetime) -> list[ReferralsReport]:
        rows = [ReferralRow(specialism="orthopedie", target="hospital", count=count, expected=expected)]
        if zbc is not None:
            rows.append(ReferralRow(specialism="orthopedie", target="zbc", count=zbc[0], expected=zbc[1]))
        week = (at - timedelta(days=7 + at.weekday())).date()
        return [ReferralsReport(**_common(at, None, {"source": source}), week_start=week, rows=rows)]

    return given


def waiting(sector: str, people: int, free: int, days: int = 2) -> Given:
    """Vervolgzorg of one sector, day after day."""

    def given(at: datetime) -> list[FollowUpReport]:
        row = FollowUpRow(sector=sector, waiting_in_hospital=people, free_places=free)
        moments = [at + timedelta(days=n) for n in range(days)]
        return [FollowUpReport(**_common(moment, None, {}), rows=[row]) for moment in moments]

    return given


def strain(sector: str) -> list[Case]:
    """More than two wait for each free place, for a day."""
    norm = f"followup-strain-{sector}"
    return [
        breach(norm, "21 wait for 10 places, for two days", waiting(sector, 21, 10), days=2),
        silent(norm, "20 wait for 10 places", waiting(sector, 20, 10), days=2),
        silent(norm, "21 wait for 10 places, for less than a day", waiting(sector, 21, 10), days=0.9),
        silent(norm, "9 wait and no place is free, too few to judge", waiting(sector, 9, 0), days=2),
    ]


def stocked(*rows, weeks: int = 1, **own) -> Given:
    """The werkvoorraad of one location, in so many weeks up to the moment."""
    return lambda at: [workstock(*rows, at=at - timedelta(days=7 * n), **own) for n in reversed(range(weeks))]


def grown(urgency: str, before: int, now: int) -> Given:
    """The stock of a class four weeks ago and now."""
    return lambda at: [
        workstock(stock_row(urgency, patients), at=at - timedelta(days=7 * n))
        for n, patients in ((4, before), (3, before), (2, before), (1, before), (0, now))
    ]


def growing(urgency: str) -> list[Case]:
    """One more than four weeks ago, as many, and too few to judge by."""
    norm, step = f"workstock-growing-{urgency.lower()}", {"step": 24}
    return [
        breach(norm, "41 patients where 40 were four weeks ago", grown(urgency, 40, 41), **step),
        silent(norm, "40 patients where 40 were", grown(urgency, 40, 40), **step),
        silent(norm, "12 patients where 9 were, too few to judge", grown(urgency, 9, 12), **step),
    ]


def of_a_quarter(hours: float) -> Given:
    """OR hours in stock, at ten hours a week."""
    return lambda at: [
        workstock(stock_row("U4", 40, or_hours=hours), at=at),
        production(operations(10, or_hours=10.0), at=at),
    ]


def silent_location(days: int) -> Given:
    """Location B supplied for the last time so many days before the moment; A goes on."""
    return lambda at: [
        workstock(at=at - timedelta(days=days), location="B"),
        *stocked(weeks=3)(at),
    ]


def done(kind: str, count: int, reference: int = 100) -> Given:
    """What was done in the week before, against 2019."""

    def given(at: datetime) -> list[ProductionReport]:
        return [production(operations(count, None, reference, kind=kind), at=at)]

    return given


def little(name: str, kind: str) -> list[Case]:
    """84 and 85 per cent of 2019, and too little to judge by."""
    norm = f"production-low-{name}"
    return [
        breach(norm, "84 where 100 were done in 2019", done(kind, 84)),
        silent(norm, "85 where 100 were done, exactly 85 %", done(kind, 85)),
        silent(norm, "10 where 19 were done, too few to judge", done(kind, 10, 19)),
    ]


OTHERS = ("R01", "R02", "R03", "R04", "R05")


def beside_others(own: int, reference: int = 100, others: int = 5) -> Given:
    """Operations in the week before, beside regions that did as many as in 2019."""

    def given(at: datetime) -> list[ProductionReport]:
        row = operations(own, None, reference)
        told = [production(row, at=at)]
        for region in OTHERS[:others]:
            full = operations(reference, None, reference)
            told.append(production(full, at=at, region=region, location=region))
        return told

    return given


def rooms_beside_others(own: int, normal: int = 20, days: int = 16) -> Given:
    """Operating rooms day after day, beside five regions that run all of theirs."""
    return lambda at: [
        rooms(in_use, normal, at + timedelta(days=day), region=region, location=region)
        for day in range(days)
        for region, in_use in (("R07", own), *((other, normal) for other in OTHERS))
    ]


def sick(sector: str, high: float, critical: float) -> list[Case]:
    """Exactly two and four points above what is usual, a tenth less, and too few people."""
    cases = []
    for norm, limit in ((f"absence-high-{sector}", high), (f"absence-critical-{sector}", critical)):
        for told, rate, people, make in (
            (f"{limit} %", limit, 100, breach),
            (f"{limit - 0.1:.1f} %", round(limit - 0.1, 1), 100, silent),
            (f"{limit} % of 99 people, too few to judge", limit, 99, silent),
        ):
            cases.append(make(norm, told, _sick(sector, rate, people)))
    return cases


def _sick(sector: str, rate: float, people: int) -> Given:
    return lambda at: [absence(rate, people, at, sector)]


CASES: list[Case] = [
    breach("referral-shortfall", "84 of 100 expected referrals", referred(84, 100)),
    silent("referral-shortfall", "85 of 100 expected referrals, exactly 85 %", referred(85, 100)),
    silent("referral-shortfall", "50 of 99 expected referrals, too few to judge", referred(50, 99)),
    breach("referral-surge", "116 where 100 are expected", referred(116, 100)),
    silent("referral-surge", "115 where 100 are expected, exactly 15 % more", referred(115, 100)),
    breach("referrals-missed", "1,400,001 missed", referred(0, 700_000, zbc=(0, 700_001)), region="NL"),
    silent("referrals-missed", "1,400,000 missed", referred(0, 700_000, zbc=(0, 700_000)), region="NL"),
    breach("operations-missed", "380,001 fewer than in 2019", done("operatie", 0, 380_001), region="NL"),
    silent("operations-missed", "380,000 fewer than in 2019", done("operatie", 0, 380_000), region="NL"),
    *strain("verpleeghuis"),
    *strain("grz"),
    *strain("wijkverpleging"),
    breach("or-reduction-high", "17 of 20 rooms in use", lambda at: [rooms(17, 20, at)]),
    silent("or-reduction-high", "18 of 20 rooms in use", lambda at: [rooms(18, 20, at)]),
    breach("or-reduction-critical", "14 of 20 rooms in use", lambda at: [rooms(14, 20, at)]),
    silent("or-reduction-critical", "15 of 20 rooms in use", lambda at: [rooms(15, 20, at)]),
    breach("scaling-up-behind-operations", "82 % beside five of 100 %", beside_others(82), days=8),
    silent("scaling-up-behind-operations", "83 % beside five of 100 %", beside_others(83), days=8),
    silent("scaling-up-behind-operations", "82 % for less than a week", beside_others(82), days=6),
    silent(
        "scaling-up-behind-operations", "half, and four other regions", beside_others(50, others=4), days=8
    ),
    silent("scaling-up-behind-operations", "9 of 99, too few to judge", beside_others(9, 99), days=8),
    breach("scaling-up-behind-rooms", "16 of 20 rooms beside all of five", rooms_beside_others(16), days=15),
    silent("scaling-up-behind-rooms", "17 of 20 rooms beside all of five", rooms_beside_others(17), days=15),
    silent("scaling-up-behind-rooms", "16 of 20 rooms for 13 days", rooms_beside_others(16), days=13),
    silent("scaling-up-behind-rooms", "7 of 9 rooms, too few to judge", rooms_beside_others(7, 9), days=15),
    breach("workstock-weeks", "131 hours at 10 a week, for two days", of_a_quarter(131), days=2),
    silent("workstock-weeks", "130 hours at 10 a week, exactly 13 weeks", of_a_quarter(130), days=2),
    *growing("U4"),
    *growing("U5"),
    breach(
        "workstock-supply-missing", "the last werkvoorraad is three weeks old", silent_location(21), step=24
    ),
    silent("workstock-supply-missing", "the last werkvoorraad is a week old", silent_location(7), step=24),
    *little("polikliniek", "polikliniek"),
    *little("opname", "opname"),
    *little("operatie", "operatie"),
    *little("oncologie", "oncologische-diagnose"),
    *sick("ziekenhuis", 7.1, 9.1),
    *sick("vvt", 8.7, 10.7),
    *sick("ggz", 8.1, 10.1),
    *sick("gehandicaptenzorg", 8.1, 10.1),
    *sick("huisartsenzorg", 7.1, 9.1),
]
