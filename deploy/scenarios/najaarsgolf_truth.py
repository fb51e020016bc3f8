"""What `najaarsgolf` must cause: every transition to active or resolved, with the time in which it comes.

The norm ids are those of `alerts/norms.toml`; a test holds the two together. Windows follow from the tables
in `najaarsgolf.py`: the day on which a course crosses a limit, or a report is due, plus the norm's hold.
"""

from datetime import date, datetime, timedelta

from deploy.scenarios.scenario import Truth, around, expected, local
from streams.calendar import AMSTERDAM
from streams.regions import NL

SILENT_SINCE = datetime(2021, 10, 20, 7, tzinfo=AMSTERDAM)
SILENT_UNTIL = datetime(2021, 10, 24, 7, tzinfo=AMSTERDAM)
"""The bed reports of R10 are not received for these four days."""

FLOOD_ON = date(2021, 11, 3)
"""On this morning R06 sends the bed reports of ten days once more."""

NOTIFIED_ON = date(2021, 11, 25)
"""On this day R07 notifies twelve times its admissions."""

IC_HIGH, IC_CRITICAL = "ic-occupancy-high", "ic-occupancy-critical"
WARD_HIGH = "ward-occupancy-high"
IC_LADDER = "ic-ladder-1150"
SHORTFALL, SURGE = "referral-shortfall", "referral-surge"
SILENT, BACKDATED, NOTIFIED = "feed-silent", "flood-backdated", "flood-notified"

_BEDS = "source=sim-beds,topic=care.occupancy"

_Expected = tuple[str, str, str, date]

# Crossings of a course, with the day on which they fall.
_COURSES: tuple[_Expected, ...] = (
    ("R02", IC_HIGH, "active", date(2021, 11, 20)),
    ("R02", IC_CRITICAL, "active", date(2021, 11, 25)),
    ("R04", IC_HIGH, "active", date(2021, 11, 20)),
    ("R05", IC_HIGH, "active", date(2021, 11, 8)),
    ("R05", IC_CRITICAL, "active", date(2021, 11, 15)),
    ("R05", IC_CRITICAL, "resolved", date(2021, 11, 29)),
    ("R05", IC_HIGH, "resolved", date(2021, 12, 2)),
    ("R06", IC_HIGH, "active", date(2021, 11, 15)),
    ("R06", IC_HIGH, "resolved", date(2021, 12, 8)),
    ("R07", IC_HIGH, "active", date(2021, 11, 23)),
    ("R09", IC_HIGH, "active", date(2021, 11, 21)),
    ("R09", IC_CRITICAL, "active", date(2021, 11, 26)),
    ("R09", IC_CRITICAL, "resolved", date(2021, 12, 11)),
    ("R11", IC_HIGH, "active", date(2021, 11, 29)),
    ("R05", WARD_HIGH, "active", date(2021, 11, 16)),
    ("R05", WARD_HIGH, "resolved", date(2021, 12, 9)),
    ("R09", WARD_HIGH, "active", date(2021, 11, 26)),
    (NL, IC_LADDER, "active", date(2021, 12, 7)),
)

# Waits: the Tuesday on which the first long waits are told, or the last ones are gone.
_WAITS: tuple[_Expected, ...] = (
    ("R01", "treeknorm-max-dagbehandeling", "active", date(2021, 10, 19)),
    ("R02", "treeknorm-max-klinisch", "active", date(2021, 11, 16)),
    ("R02", "treeknorm-80-klinisch", "active", date(2021, 11, 30)),
    ("R04", "treeknorm-max-polikliniek", "active", date(2021, 10, 5)),
    ("R05", "treeknorm-max-klinisch", "active", date(2021, 11, 2)),
    ("R05", "treeknorm-80-klinisch", "active", date(2021, 11, 16)),
    ("R06", "treeknorm-max-polikliniek", "active", date(2021, 10, 5)),
    ("R06", "treeknorm-80-polikliniek", "active", date(2021, 10, 19)),
    ("R06", "treeknorm-max-diagnostiek", "active", date(2021, 10, 19)),
    ("R07", "treeknorm-max-polikliniek", "active", date(2021, 10, 5)),
    ("R07", "treeknorm-80-polikliniek", "active", date(2021, 10, 19)),
    ("R07", "treeknorm-max-klinisch", "active", date(2021, 11, 2)),
    ("R08", "treeknorm-max-dagbehandeling", "active", date(2021, 11, 16)),
    ("R08", "treeknorm-80-dagbehandeling", "active", date(2021, 11, 30)),
    ("R09", "treeknorm-max-polikliniek", "active", date(2021, 10, 5)),
    ("R11", "treeknorm-max-diagnostiek", "active", date(2021, 10, 5)),
    ("R11", "treeknorm-80-diagnostiek", "active", date(2021, 10, 19)),
    ("R11", "treeknorm-max-diagnostiek", "resolved", date(2021, 11, 30)),
    ("R11", "treeknorm-80-diagnostiek", "resolved", date(2021, 11, 30)),
    ("R11", "treeknorm-max-klinisch", "active", date(2021, 11, 30)),
)

# Referrals: the Monday on which the week is told. Vervolgzorg: the day after the first report, for the hold.
_REPORTS: tuple[_Expected, ...] = (
    ("R09", SURGE, "active", date(2021, 10, 18)),
    ("R09", SURGE, "resolved", date(2021, 10, 25)),
    ("R04", SHORTFALL, "active", date(2021, 11, 22)),
    ("R04", SHORTFALL, "resolved", date(2021, 12, 13)),
    ("R02", "followup-strain-verpleeghuis", "active", date(2021, 11, 9)),
    ("R06", "followup-strain-wijkverpleging", "active", date(2021, 11, 23)),
    ("R08", "followup-strain-grz", "active", date(2021, 11, 16)),
    ("R08", "followup-strain-grz", "resolved", date(2021, 11, 30)),
    # Two weeks after the rooms of the region were cut further than those of the country.
    ("R07", "scaling-up-behind-rooms", "active", date(2021, 12, 13)),
)

# Long waits on two peildata after each other, by access kind.
_PROLONGED: tuple[_Expected, ...] = (
    ("R01", "dagbehandeling", "active", date(2021, 11, 2)),
    ("R02", "klinisch", "active", date(2021, 11, 30)),
    ("R04", "polikliniek", "active", date(2021, 10, 19)),
    ("R05", "klinisch", "active", date(2021, 11, 16)),
    ("R06", "polikliniek", "active", date(2021, 10, 19)),
    ("R06", "diagnostiek", "active", date(2021, 11, 2)),
    ("R07", "polikliniek", "active", date(2021, 10, 19)),
    ("R07", "klinisch", "active", date(2021, 11, 16)),
    ("R08", "dagbehandeling", "active", date(2021, 11, 30)),
    ("R09", "polikliniek", "active", date(2021, 10, 19)),
    ("R11", "diagnostiek", "active", date(2021, 10, 19)),
    ("R11", "diagnostiek", "resolved", date(2021, 11, 30)),
    ("R11", "klinisch", "active", date(2021, 12, 14)),
)

# Treatments that take more than twice as long in one region as in another, a day after the peildatum.
_UNEQUAL: tuple[tuple[str, date], ...] = (
    ("access=klinisch,specialism=orthopedie,treatment=heupprothese", date(2021, 11, 3)),
    ("access=klinisch,specialism=orthopedie,treatment=knieprothese", date(2021, 11, 3)),
    ("access=dagbehandeling,specialism=oogheelkunde,treatment=staaroperatie", date(2021, 11, 17)),
)

# The rest of the chain. Fair share holds from 3 November on, and must last two days; a quarter more of few IC patients is chance.
_CHAIN: tuple[_Expected, ...] = (
    ("R05", "fair-share-above-ward", "active", date(2021, 11, 9)),
    ("R05", "or-reduction-high", "active", date(2021, 11, 15)),
    ("R05", "absence-high-ziekenhuis", "active", date(2021, 11, 22)),
    ("R06", "u3-overdue", "active", date(2021, 11, 22)),
    ("R06", "u3-ic-overdue", "active", date(2021, 11, 22)),
    ("R07", "or-reduction-high", "active", date(2021, 11, 29)),
    ("R07", "or-reduction-critical", "active", date(2021, 11, 29)),
)


def _hours(since: datetime, first: int, last: int) -> tuple[datetime, datetime]:
    return since + timedelta(hours=first), since + timedelta(hours=last)


TRUTH: tuple[Truth, ...] = (
    *(expected(region, norm, state, around(on, days_before=2, days_after=2)) for region, norm, state, on in _COURSES),
    *(expected(region, norm, state, around(on, days_before=0)) for region, norm, state, on in (*_WAITS, *_REPORTS, *_CHAIN)),
    *(
        expected(region, "fair-share-above-ward", "resolved", around(date(2021, 11, 26), days_before=1))
        for region in ("R05",)
    ),
    *(
        expected(region, "treeknorm-prolonged", state, around(on, days_before=0), f"access={access}")
        for region, access, state, on in _PROLONGED
    ),
    *(expected(NL, "unequal-access", "active", around(on, days_before=0), scope) for scope, on in _UNEQUAL),
    expected("R10", SILENT, "active", _hours(SILENT_SINCE, 34, 40), _BEDS),
    expected("R10", SILENT, "resolved", _hours(SILENT_UNTIL, 0, 14), _BEDS),
    *(
        truth
        for region in ("R06", NL)
        for truth in (
            expected(region, BACKDATED, "active", _hours(local(FLOOD_ON, 10), 0, 3), _BEDS),
            expected(region, BACKDATED, "resolved", around(FLOOD_ON + timedelta(days=2), days_before=0, days_after=0), _BEDS),
        )
    ),
    expected("R07", NOTIFIED, "active", _hours(local(NOTIFIED_ON, 18), 0, 4)),
    expected("R07", NOTIFIED, "resolved", _hours(local(NOTIFIED_ON + timedelta(days=1), 18), 0, 48)),
)  # fmt: skip
"""Every transition to active or resolved that must come, and no other may."""
