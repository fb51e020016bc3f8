"""Urgency classes, and U4 and U5 that must not go before U3 or put too much on vervolgzorg."""

from datetime import datetime, timedelta

from streams.reports import FollowUpReport, FollowUpRow, Report
from tests.norms.case import Case, Given, breach, silent
from tests.support.reports import _common, operations, production, stock_row, workstock


def late(urgency: str, overdue: int = 0, postponed: int = 0, *, ic: bool = False) -> Given:
    """Ten patients of a class, of whom so many are past the limit from each start of the clock."""
    row = stock_row(urgency, 10, overdue=overdue, overdue_postponed=postponed, ic_dependent=ic)
    return lambda at: [workstock(row, at=at)]


def overdue(norm: str, urgency: str) -> list[Case]:
    """One past the limit from either start, and nobody."""
    return [
        breach(norm, "one patient past the limit from the indication", late(urgency, 1)),
        breach(norm, "one patient past the limit from the postponement", late(urgency, 0, 1)),
        silent(norm, "ten patients, nobody past the limit", late(urgency)),
    ]


def on_time(locations: int, of: int) -> Given:
    """So many locations without anyone late for U3, of all that supply."""
    return lambda at: [
        workstock(stock_row("U3", 10, overdue=int(n >= locations)), at=at, location=f"L{n}")
        for n in range(of)
    ]


def crowded(people: int, free: int, at: datetime, days: int = 1) -> list[FollowUpReport]:
    """Waiting for geriatric rehabilitation, and its free places, day after day."""
    row = FollowUpRow(sector="grz", waiting_in_hospital=people, free_places=free)
    return [
        FollowUpReport(**_common(at + timedelta(days=n), None, {"location": "V"}), rows=[row])
        for n in range(days)
    ]


def operated(
    at: datetime, count: int = 3, provider: str = "hospital", before: int | None = None
) -> list[Report]:
    """U4 operations of the last full week, and of the week before it where said."""
    weeks = [(0, count)] if before is None else [(7, before), (0, count)]
    return [
        production(operations(done, "U4", provider=provider), at=at - timedelta(days=back), location="P")
        for back, done in weeks
    ]


def beside_u3(
    before: int,
    now: int,
    count: int = 3,
    *,
    ic: bool = False,
    provider: str = "hospital",
    weeks_ago: int = 0,
) -> Given:
    """U3 past its limit the week before and now, beside operations of class U4 in the last week or one before it."""

    def given(at: datetime) -> list[Report]:
        stock = [
            workstock(stock_row("U3", 10, overdue=number, ic_dependent=ic), at=at - timedelta(days=back))
            for back, number in ((7, before), (0, now))
        ]
        return [*stock, *operated(at - timedelta(weeks=weeks_ago), count, provider)]

    return given


def beside_strain(
    people: int, count: int = 3, provider: str = "hospital", before: int | None = None
) -> Given:
    """Operations of class U4 while so many wait for ten places."""
    return lambda at: [*crowded(people, 10, at), *operated(at, count, provider, before)]


def priority(norm: str, *, ic: bool) -> list[Case]:
    """U3 past its limit rises while U4 goes on, or it does not rise, or U4 stands still."""
    return [
        breach(norm, "from 1 to 2 patients too late, beside 3 operations U4", beside_u3(1, 2, ic=ic)),
        silent(
            norm,
            "from 1 to 2 patients too late, 3 operations U4 a week too long ago",
            beside_u3(1, 2, ic=ic, weeks_ago=1),
        ),
        silent(norm, "2 patients too late in both weeks", beside_u3(2, 2, ic=ic)),
        silent(norm, "from 1 to 2 patients too late, no operation U4", beside_u3(1, 2, 0, ic=ic)),
    ]


def while_late(norm: str, provider: str, other: str) -> list[Case]:
    """One U3 too late beside U4 of a kind of provider."""
    return [
        breach(norm, "one U3 too late, 3 operations U4", beside_u3(1, 1, provider=provider)),
        silent(
            norm,
            "one U3 too late, 3 operations U4 a week too long ago",
            beside_u3(0, 1, provider=provider, weeks_ago=1),
        ),
        silent(norm, "no U3 too late, 3 operations U4", beside_u3(0, 0, provider=provider)),
        silent(norm, f"one U3 too late, U4 only by {other}", beside_u3(1, 1, provider=other)),
    ]


def while_strained(norm: str, provider: str, other: str) -> list[Case]:
    """Vervolgzorg over and at its limit beside U4 of a kind of provider."""
    return [
        breach(norm, "21 wait for 10 places, 3 operations U4", beside_strain(21, provider=provider)),
        silent(norm, "20 wait for 10 places, 3 operations U4", beside_strain(20, provider=provider)),
        silent(norm, f"21 wait for 10 places, U4 only by {other}", beside_strain(21, provider=other)),
    ]


_VETO = "u45-rising-while-followup-strained"

CASES: list[Case] = [
    *overdue("u1-overdue", "U1"),
    *overdue("u2-overdue", "U2"),
    *overdue("u3-overdue", "U3"),
    breach("u3-ic-overdue", "one patient who needs an IC bed is too late", late("U3", 1, ic=True)),
    silent("u3-ic-overdue", "one patient who needs no IC bed is too late", late("U3", 1)),
    breach("kpz-share-low", "3 of 5 locations on time", on_time(3, 5), region="NL"),
    silent("kpz-share-low", "4 of 5 locations on time", on_time(4, 5), region="NL"),
    silent("kpz-share-low", "none of 4 locations on time, too few to judge", on_time(0, 4), region="NL"),
    *priority("u45-while-u3-ic-rising", ic=True),
    silent("u45-while-u3-ic-rising", "those who are too late need no IC bed", beside_u3(1, 2)),
    *priority("u45-while-u3-rising", ic=False),
    *while_late("zbc-u45-while-u3-overdue", "zbc", "hospital"),
    *while_late("hospital-u45-while-u3-overdue", "hospital", "zbc"),
    *while_strained("zbc-u45-while-followup-strained", "zbc", "hospital"),
    *while_strained("hospital-u45-while-followup-strained", "hospital", "zbc"),
    breach(_VETO, "21 wait for 10 places, operations U4 from 3 to 4", beside_strain(21, 4, before=3)),
    silent(_VETO, "21 wait for 10 places, 3 operations U4 in both weeks", beside_strain(21, 3, before=3)),
    silent(_VETO, "20 wait for 10 places, operations U4 from 3 to 4", beside_strain(20, 4, before=3)),
]
