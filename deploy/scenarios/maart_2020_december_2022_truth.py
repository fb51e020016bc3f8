"""What `maart-2020-december-2022` must cause, by wave and by phase. Crossings follow from the tables of `covid_years`."""

from datetime import date, datetime

from deploy.scenarios.covid_years import ROOMY
from deploy.scenarios.scenario import Truth, around, due, expected
from streams.regions import NL, ROAZ_IDS

LATE_WITH_AGREEMENTS, AGREED_LATE = "R04", date(2021, 12, 1)
"""This region records no agreements until then."""

LATE_WITH_PLANS, PLANNED_LATE = "R09", date(2021, 9, 15)
"""And this one has no plan inhaalzorg when the second half of 2021 begins."""

_Span = tuple[date, date]
"""The day on which it begins, and on which it ends."""

_HIGH = "ic-occupancy-high"

# Full: the first wave, the third, and autumn 2021. In the second (winter 2020-2021) beds were added in time.
_FULL: tuple[_Span, ...] = (
    (date(2020, 4, 2), date(2020, 4, 19)),
    (date(2021, 4, 20), date(2021, 5, 14)),
    (date(2021, 11, 12), date(2021, 12, 24)),
)
# All networks together, with those that have room: in the third wave only.
_COUNTRY_FULL: _Span = (date(2021, 4, 28), date(2021, 5, 10))

_LADDER: tuple[tuple[str, date, date], ...] = (
    ("ic-ladder-1150", date(2020, 3, 26), date(2020, 5, 3)),
    ("ic-ladder-1350", date(2020, 3, 31), date(2020, 4, 24)),
    ("ic-ladder-1150", date(2021, 4, 14), date(2021, 5, 11)),
)

# Weekly figures: the Monday after the first odd week, and after the first ordinary one.
_FEW_REFERRALS: tuple[_Span, ...] = (
    (date(2020, 3, 23), date(2020, 6, 22)),
    (date(2020, 12, 28), date(2021, 2, 8)),
    (date(2021, 11, 29), date(2022, 1, 10)),
)
_FEW_OPERATIONS: tuple[_Span, ...] = (
    (date(2020, 3, 23), date(2020, 6, 8)),
    (date(2020, 11, 2), date(2021, 6, 14)),
    (date(2021, 11, 29), date(2022, 2, 7)),
)
_ILL: tuple[_Span, ...] = (
    (date(2020, 3, 30), date(2020, 5, 25)),
    (date(2020, 12, 7), date(2021, 2, 22)),
    (date(2021, 12, 6), date(2022, 4, 18)),
)
# Daily: 50, 20, 13 and 34 % fewer rooms, and 16 % in February 2022.
_ROOMS_CLOSED: tuple[tuple[str, date, date], ...] = (
    ("or-reduction-high", date(2020, 3, 23), date(2020, 6, 2)),
    ("or-reduction-critical", date(2020, 3, 23), date(2020, 6, 2)),
    ("or-reduction-high", date(2020, 10, 26), date(2022, 3, 14)),
    ("or-reduction-critical", date(2021, 11, 22), date(2022, 1, 31)),
)


_TOO_LATE: _Span = (date(2021, 11, 29), date(2022, 5, 2))
_KADER = date(2022, 3, 1)


def _spans(region: str, norm: str, spans: tuple[_Span, ...]) -> tuple[Truth, ...]:
    return due(
        *(row for first, last in spans for row in ((region, norm, "active", first), (region, norm, "resolved", last)))
    )  # fmt: skip


def _about(on: date) -> tuple[datetime, datetime]:
    """Return the days in which the regions cross a limit: by whole beds, so not all on the same one."""
    return around(on, days_before=3, days_after=3)


_FULL_REGIONS = [region for region in ROAZ_IDS if region not in ROOMY]

TRUTH: tuple[Truth, ...] = (
    *(
        expected(region, _HIGH, state, _about(on))
        for region in _FULL_REGIONS
        for first, last in _FULL
        for state, on in (("active", first), ("resolved", last))
    ),
    expected(NL, _HIGH, "active", _about(_COUNTRY_FULL[0])),
    expected(NL, _HIGH, "resolved", _about(_COUNTRY_FULL[1])),
    *(
        expected(NL, norm, state, around(on))
        for norm, first, last in _LADDER
        for state, on in (("active", first), ("resolved", last))
    ),
    *(truth for region in (*ROAZ_IDS, NL) for truth in _spans(region, "referral-shortfall", _FEW_REFERRALS)),
    *(
        truth
        for region in ("R01", "R07")
        for truth in _spans(region, "production-low-operatie", _FEW_OPERATIONS)
    ),
    *_spans("R01", "absence-high-ziekenhuis", _ILL),
    *(
        truth
        for region in ("R01", "R07")
        for norm, first, last in _ROOMS_CLOSED
        for truth in _spans(region, norm, ((first, last),))
    ),
    # 1.4 million referrals by the end of May 2021, 380,000 operations in that summer.
    *due(
        (NL, "referrals-missed", "active", date(2021, 5, 24)),
        (NL, "operations-missed", "active", date(2021, 7, 26)),
    ),
    # U4 and U5 go on while U3 is too late, from 29 November 2021: it is the kader of 1 March 2022 that asks about it.
    *_spans("R07", "u3-overdue", (_TOO_LATE,)),
    *_spans(NL, "kpz-share-low", (_TOO_LATE,)),
    *_spans("R07", "hospital-u45-while-u3-overdue", ((_KADER, _TOO_LATE[1]),)),
    *_spans("R07", "zbc-u45-while-u3-overdue", ((_KADER, _TOO_LATE[1]),)),
    *_spans(LATE_WITH_PLANS, "plans-missing", ((date(2021, 6, 30), PLANNED_LATE),)),
    *_spans(NL, "lcps-insight-missing", ((date(2022, 3, 13), date(2022, 3, 15)),)),
    # The supplement of 18 November 2021, in phase 2C, with three days to agree.
    *(
        truth
        for subject in ("ic-dependent", "spreading")
        for truth in due(
            (LATE_WITH_AGREEMENTS, "agreement-missing", "active", date(2021, 11, 20)),
            (LATE_WITH_AGREEMENTS, "agreement-missing", "resolved", AGREED_LATE),
            scope=f"subject={subject}",
        )
    ),
)
