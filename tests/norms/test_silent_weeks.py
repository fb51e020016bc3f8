"""Silence neither ends nor begins a breach of what is told week by week, until the silent are given up; what is told does."""

from collections.abc import Iterable
from datetime import timedelta
from importlib import resources

import pytest

from alerts.norms import Norms, parse_norms
from streams.reports import Report
from tests.norms.case import NORMS, USUAL
from tests.norms.played import played
from tests.support.reports import absence, operations, production, referrals, stock_row, workstock

OPENED = (0, "active", "")
TEXT = resources.files("alerts").joinpath("norms.toml").read_text("utf-8")
SOON_GIVEN_UP = parse_norms(
    TEXT.replace('name = "workstock-missed"\nvalue = 90', 'name = "workstock-missed"\nvalue = 48').replace(
        'name = "workstock-owed"\nvalue = 371', 'name = "workstock-owed"\nvalue = 48'
    )
)


def told_of(
    norm: str, reports: Iterable[Report], days: int, region: str = "R07", norms: Norms = NORMS
) -> list[tuple[int, str, str]]:
    """What became of the norm in a region: day, state and reason."""
    told = played(norm, reports, days, norms=norms)
    return [(day, one.state, one.reason) for day, one in told if one.region == region]


def ill(rate: float, day: int = 0, location: str = "A", **own) -> Report:
    return absence(rate, 200, USUAL + timedelta(days=day), location=location, **own)


def done(count: int, day: int = 0, location: str = "A", **own) -> Report:
    """Operations of the week before that day, of 100 in the reference year."""
    return production(
        operations(count, reference=100), at=USUAL + timedelta(days=day), location=location, **own
    )


def sent(count: int, day: int = 0, location: str = "A", **own) -> Report:
    """Referrals of the week before that day, of 100 that were expected."""
    return referrals(count, 100, USUAL + timedelta(days=day), location=location, **own)


def weekly(
    make, value: float, location: str = "B", *, first: int = 0, until: int = 100, **own
) -> list[Report]:
    return [make(value, day, location, **own) for day in range(first, until, 7)]


# How it is told, the norm, what breaks it beside what does not, and the day on which who fell silent is given up.
ABSENCE = (ill, "absence-high-ziekenhuis", 9.0, 6.0, 91)
PRODUCTION = (done, "production-low-operatie", 60, 100, 29)
SHORTFALL = (sent, "referral-shortfall", 60, 100, 29)
SURGE = (sent, "referral-surge", 140, 100, 29)
FAMILIES = [ABSENCE, PRODUCTION, SHORTFALL, SURGE]
NAMES = ("make", "norm", "bad", "good")
EACH = pytest.mark.parametrize((*NAMES, "gone"), FAMILIES)
WHILE_SILENT = pytest.mark.parametrize(NAMES, [each[:-1] for each in FAMILIES])


@EACH
def test_a_location_that_falls_silent_ends_no_breach_until_it_is_given_up(make, norm, bad, good, gone):
    told = [make(bad), *weekly(make, good)]
    assert told_of(norm, told, gone) == [OPENED]
    assert told_of(norm, told, gone + 2) == [OPENED, (gone, "resolved", "supply-ended")]


@EACH
def test_a_location_that_falls_silent_begins_no_breach_until_it_is_given_up(make, norm, bad, good, gone):
    better = good + 2 * (good - bad)
    told = [make(better), *weekly(make, bad)]
    assert told_of(norm, told, gone) == []
    assert told_of(norm, told, gone + 2) == [(gone, "active", "")]


@EACH
def test_a_location_that_tells_again_is_judged_again(make, norm, bad, good, gone):
    day = gone // 7 * 7 - 7
    told = [make(bad), *weekly(make, good), make(good, day)]
    assert told_of(norm, told, day + 2) == [OPENED, (day, "resolved", "cleared")]


@WHILE_SILENT
def test_others_end_a_breach_whatever_the_silent_location_would_say(make, norm, bad, good):
    better = good + 2 * (good - bad)
    told = [make(bad), *weekly(make, good, until=20), *weekly(make, better, first=21)]
    ended = told_of(norm, told, 30)
    assert ended == [OPENED, (21, "resolved", "cleared")]


@WHILE_SILENT
def test_a_breach_with_and_without_the_silent_location_begins_while_it_is_silent(make, norm, bad, good):
    worse = max(0, bad + 2 * (bad - good))
    told = [make(good), *weekly(make, good, until=20), *weekly(make, worse, first=21)]
    assert told_of(norm, told, 26) == [(21, "active", "")]


@EACH
def test_a_region_that_falls_silent_ends_no_breach_of_the_country_until_it_is_given_up(
    make, norm, bad, good, gone
):
    others = [one for region in ("R01", "R02", "R03", "R04", "R05", "R06", "R08") for one in weekly(make, good, region=region)]  # fmt: skip
    worse = good + 10 * (bad - good) if bad > good else 0
    silent = [make(worse, location=name) for name in "ACDE"]
    assert told_of(norm, [*silent, *others], gone, "NL") == [OPENED]
    assert told_of(norm, [*silent, *others], gone + 2, "NL") == [OPENED, (gone, "resolved", "supply-ended")]


def test_a_week_that_is_just_being_told_ends_and_begins_nothing_until_the_rest_cannot_change_it():
    names = "ABCDEFGHIJ"
    before = [done(100, 0, name) for name in names]
    low = [done(70, 7 + number, name) for number, name in enumerate(names)]
    # Two of ten are too few; of five the others could still make up; with six it is 82 % whoever tells the rest.
    assert told_of("production-low-operatie", [*before, *low], 20) == [(12, "active", "")]
    high = [done(100, 14 + number, name) for number, name in enumerate(names)]
    # The other way round 90 % is reached with seven of ten.
    told = told_of(
        "production-low-operatie", [*before, *low[:1], *[done(70, 7, n) for n in names[1:]], *high], 30
    )
    assert told == [(7, "active", ""), (20, "resolved", "cleared")]


def stock(day: int, location: str, *rows) -> Report:
    return workstock(*rows, at=USUAL + timedelta(days=day), location=location)


def stocks(location: str, *rows, first: int = 0, until: int = 100) -> list[Report]:
    return [stock(day, location, *rows) for day in range(first, until, 7)]


@pytest.mark.parametrize(
    ("norm", "late", "fine"),
    [
        (
            "patients-uninformed",
            {"over_treeknorm": 20, "informed": 10},
            {"over_treeknorm": 20, "informed": 20},
        ),
        ("risk-unreviewed", {"overdue": 5, "reviewed": 1}, {"overdue": 5, "reviewed": 5}),
        ("u3-overdue", {"overdue": 1}, {"overdue": 0}),
    ],
)
def test_the_werkvoorraad_of_a_silent_location_ends_no_breach_until_it_is_given_up(norm, late, fine):
    # On day 98 all of these norms hold; of 26 locations one is too few to be incomplete.
    others = [
        one for number in range(25) for one in stocks(f"B{number}", stock_row(**fine), first=98, until=200)
    ]
    silent = stock(98, "A", stock_row(**late))
    began = (98, "active", "")
    assert told_of(norm, [silent, *others], 98 + 49, norms=SOON_GIVEN_UP) == [began]
    ended = (98 + 49, "resolved", "supply-ended")
    assert told_of(norm, [silent, *others], 98 + 50, norms=SOON_GIVEN_UP) == [began, ended]
    mended = stock(98 + 28, "A", stock_row(**fine))
    assert told_of(norm, [silent, mended, *others], 98 + 30) == [began, (98 + 28, "resolved", "cleared")]


SUMMER = -17 * 7
"""The first Monday of August 2021, in days from the usual moment: the ambition ended with the year."""


def test_a_werkvoorraad_that_grew_when_its_location_fell_silent_is_not_told_to_shrink():
    grew = [stock(SUMMER - 28, "A", stock_row("U4", 100)), stock(SUMMER, "A", stock_row("U4", 150))]
    shrinks = [stock(SUMMER + day, "B", stock_row("U4", 200 - day)) for day in range(-28, 120, 7)]
    opened, ended = (SUMMER, "active", ""), (SUMMER + 91, "resolved", "supply-ended")
    assert told_of("workstock-growing-u4", [*grew, *shrinks], SUMMER + 91) == [opened]
    assert told_of("workstock-growing-u4", [*grew, *shrinks], SUMMER + 100) == [opened, ended]
    told = [*grew, *shrinks, stock(SUMMER + 28, "A", stock_row("U4", 140))]
    assert told_of("workstock-growing-u4", told, SUMMER + 40) == [
        opened,
        (SUMMER + 28, "resolved", "cleared"),
    ]


def test_a_werkvoorraad_that_shrank_when_its_location_fell_silent_lets_no_other_grow_the_whole():
    shrank = [stock(SUMMER - 28, "A", stock_row("U4", 150)), stock(SUMMER, "A", stock_row("U4", 100))]
    grows = [stock(SUMMER + day, "B", stock_row("U4", 200 + day)) for day in range(-28, 120, 7)]
    assert told_of("workstock-growing-u4", [*shrank, *grows], SUMMER + 91) == []
    assert told_of("workstock-growing-u4", [*shrank, *grows], SUMMER + 100) == [(SUMMER + 91, "active", "")]


def test_locations_that_fall_silent_neither_end_nor_begin_a_low_share_on_time_in_the_country():
    def each(names: str, overdue: int, until: int, region: str) -> list[Report]:
        row = stock_row(overdue=overdue)
        return [
            workstock(row, at=USUAL + timedelta(days=day), location=name, region=region)
            for name in names
            for day in range(0, until, 7)
        ]

    late = each("AB", 3, 1, "R07")
    assert told_of("kpz-share-low", [*late, *each("CDEFG", 0, 100, "R08")], 90, "NL") == [OPENED]
    on_time = [*each("ABCDE", 0, 1, "R07"), *each("CD", 3, 100, "R08"), *each("EFGH", 0, 100, "R08")]
    assert told_of("kpz-share-low", on_time, 90, "NL") == []


def test_a_location_that_owes_its_werkvoorraad_until_it_is_given_up_did_not_supply_it():
    others, silent = stocks("B", stock_row()), stock(0, "A", stock_row())
    told = told_of("workstock-supply-missing", [*others, silent], 60, norms=SOON_GIVEN_UP)
    assert told == [(21, "active", ""), (49, "resolved", "supply-ended")]
    told = told_of("workstock-supply-missing", [*others, silent, stock(28, "A", stock_row())], 40)
    assert told == [(21, "active", ""), (28, "resolved", "cleared")]


def test_a_location_with_much_work_that_falls_silent_ends_no_breach_of_the_weeks_of_work():
    def each(location: str, stock_hours: float, done_hours: float, until: int) -> list[Report]:
        days = range(0, until, 7)
        rows = [stock(day, location, stock_row(or_hours=stock_hours)) for day in days]
        return rows + [
            production(
                operations(40, or_hours=done_hours, specialism="orthopedie"),
                at=USUAL + timedelta(days=day),
                location=location,
            )
            for day in days
        ]

    # Together 14 weeks; the other alone one and a quarter.
    told = [*each("A", 1300.0, 20.0, 1), *each("B", 100.0, 80.0, 100)]
    assert told_of("workstock-weeks", told, 90) == [(0, "pending", ""), (1, "active", "")]
    less = [*told, *(stock(28, "A", stock_row(or_hours=300.0)), done(40, 28))]
    assert told_of("workstock-weeks", less, 33)[2:] == [(28, "resolved", "cleared")]
