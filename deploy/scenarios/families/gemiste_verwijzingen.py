"""`gemiste-verwijzingen`: fewer and more referrals than expected, at the limits and just beyond."""

from collections.abc import Mapping
from datetime import date

from deploy.scenarios.course import Figure, level, steps
from deploy.scenarios.referrals import referrals_of
from deploy.scenarios.scenario import Scenario, Truth, due, stated

BEGIN, END = date(2021, 10, 4), date(2021, 11, 8)
TOLD, AGAIN = date(2021, 10, 18), date(2021, 11, 1)
"""Mondays: the first odd week is told, and the first ordinary one after it."""


def _weeks(odd: int, ordinary: int) -> Figure:
    # The week that is told on 18 October begins on the 11th.
    return steps(2021, {"09-27": ordinary, "10-11": odd, "10-25": ordinary})


REFERRALS: Mapping[str, Mapping[tuple[str, str], tuple[Figure, int]]] = {
    "R01": {("cardiologie", "hospital"): (_weeks(850, 1000), 1000)},
    "R02": {("cardiologie", "hospital"): (_weeks(849, 1000), 1000)},
    "R03": {("cardiologie", "hospital"): (_weeks(60, 99), 99)},
    "R04": {("cardiologie", "hospital"): (_weeks(1150, 1000), 1000)},
    "R05": {("cardiologie", "hospital"): (_weeks(1151, 1000), 1000)},
    # What hospitals miss, clinics take over: nobody is missed.
    "R06": {
        ("orthopedie", "hospital"): (_weeks(600, 800), 800),
        ("orthopedie", "zbc"): (_weeks(380, 200), 200),
    },
    # So large that the country stays near what is expected.
    "R07": {("oogheelkunde", "hospital"): (level(20_000), 20_000)},
}


TRUTH: tuple[Truth, ...] = due(
    ("R02", "referral-shortfall", "active", TOLD),
    ("R02", "referral-shortfall", "resolved", AGAIN),
    ("R05", "referral-surge", "active", TOLD),
    ("R05", "referral-surge", "resolved", AGAIN),
)

GEMISTE_VERWIJZINGEN = Scenario(
    name="gemiste-verwijzingen",
    summary="verwijzingen op en net voorbij 85 en 115 procent van wat verwacht wordt",
    begin=BEGIN,
    end=END,
    tick_seconds=21_600,
    truth=TRUTH,
    records=stated(lambda chance: referrals_of(chance, REFERRALS, BEGIN, END)),
)
