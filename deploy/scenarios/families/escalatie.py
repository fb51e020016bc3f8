"""`escalatie`: notices that follow the ladder, skip a step, go to the wrong receiver, or do not come."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from random import Random

from deploy.scenarios import ordinary
from deploy.scenarios.duties import notice, notice_id
from deploy.scenarios.hospitals import places
from deploy.scenarios.scenario import Scenario, Statement, Truth, due, local, stated
from deploy.scenarios.waits import peildata, supply
from streams.reports.coordination import Anchor, Role

BEGIN, END = date(2021, 11, 1), date(2022, 1, 25)
BLOCKED, PROLONGED, AGAIN = date(2021, 11, 2), date(2021, 11, 16), date(2022, 1, 11)
"""Peildata: a wait for klinische opname is a day too long, is so for the second time, and no longer is."""

NORM = "treeknorm-prolonged"

_Step = tuple[Anchor, Role, Role]
E1: _Step = ("E1", "zorgaanbieder", "zorgverzekeraar")
E2: _Step = ("E2", "zorgverzekeraar", "roaz-voorzitter")
E3A: _Step = ("E3a", "zorgverzekeraar", "nza")
E3A_BY_PROVIDER: _Step = ("E3a", "zorgaanbieder", "nza")
E3B: _Step = ("E3b", "zorgaanbieder", "igj")
E4: _Step = ("E4", "nza", "minister")

# Steps are reached at once, after 14, 21 and 35 days; the notice is due 14, 7, 14 and 14 days later.
DUE: Mapping[Anchor, date] = {
    "E1": date(2021, 11, 30),
    "E2": date(2021, 12, 7),
    "E3a": date(2021, 12, 21),
    "E4": date(2022, 1, 4),
}

FIRST, SECOND, THIRD, FOURTH = date(2021, 11, 17), date(2021, 12, 2), date(2021, 12, 8), date(2021, 12, 22)
LATE = DUE["E1"] + timedelta(days=1)


def _chain(region: str, *told: tuple[date, _Step], via: Role | None = None) -> Iterator[Statement]:
    """Yield notices of which each answers the one before."""
    before: str | None = None
    for on, step in told:
        yield notice(region, local(on, 11), step, NORM, answers=before, via=via)
        before = notice_id(region, on, step[0], step[2], NORM)


def _notices() -> Iterator[Statement]:
    # R01 follows the ladder in time, and tells IGJ in coordination with the ROAZ chair.
    yield from _chain("R01", (FIRST, E1), (SECOND, E2), (THIRD, E3A), (FOURTH, E4))
    answers = notice_id("R01", SECOND, "E2", "roaz-voorzitter", NORM)
    yield notice("R01", local(THIRD, 12), E3B, NORM, answers=answers, via="roaz-voorzitter")
    # R02 goes to the NZa without having spoken in the region.
    yield from _chain("R02", (FIRST, E1), (THIRD, E3A))
    # R03's provider goes to the NZa itself: that is no notice of its insurer.
    yield from _chain("R03", (FIRST, E1), (SECOND, E2), (THIRD, E3A_BY_PROVIDER))
    # R04's provider goes to IGJ without the chair, besides a ladder that is kept.
    yield from _chain("R04", (FIRST, E1), (SECOND, E2), (THIRD, E3A), (FOURTH, E4))
    answers = notice_id("R04", SECOND, "E2", "roaz-voorzitter", NORM)
    yield notice("R04", local(THIRD, 12), E3B, NORM, answers=answers)
    # R05 tells nobody. R07 tells the insurer a day late, and keeps to the ladder from there.
    yield from _chain("R07", (LATE, E1), (SECOND, E2), (THIRD, E3A), (FOURTH, E4))


def _statements(chance: Random) -> Iterator[Statement]:
    regions = ("R01", "R02", "R03", "R04", "R05", "R06", "R07")
    yield from ordinary.in_phase_two(chance, BEGIN, END)
    yield from _notices()
    for region in regions:
        for on in peildata(BEGIN, END):
            days = 49 if region == "R06" or on >= AGAIN else 50
            yield supply(chance, places(region)[0], on, {"klinisch": [days]})


_COUNTED = timedelta(days=30)
_LONG = ("R01", "R02", "R03", "R04", "R05", "R07")

TRUTH: tuple[Truth, ...] = (
    *due(
        *((region, "treeknorm-max-klinisch", "active", BLOCKED) for region in _LONG),
        *((region, "treeknorm-max-klinisch", "resolved", AGAIN) for region in _LONG),
        ("R02", "notice-skipped", "active", THIRD),
        ("R02", "notice-skipped", "resolved", THIRD + _COUNTED),
        ("R03", "notice-misdirected", "active", THIRD),
        ("R03", "notice-misdirected", "resolved", THIRD + _COUNTED),
        ("R04", "notice-misdirected", "active", THIRD),
        ("R04", "notice-misdirected", "resolved", THIRD + _COUNTED),
    ),
    *due(
        *((region, "treeknorm-prolonged", "active", PROLONGED) for region in _LONG),
        *((region, "treeknorm-prolonged", "resolved", AGAIN) for region in _LONG),
        scope="access=klinisch",
    ),
    *due(
        ("R02", "escalation-overdue", "active", DUE["E2"]),
        ("R02", "escalation-overdue", "resolved", AGAIN),
        ("R03", "escalation-overdue", "active", DUE["E3a"]),
        ("R03", "escalation-overdue", "resolved", AGAIN),
        ("R05", "escalation-overdue", "active", DUE["E1"]),
        ("R05", "escalation-overdue", "resolved", AGAIN),
        ("R07", "escalation-overdue", "active", DUE["E1"]),
        ("R07", "escalation-overdue", "resolved", LATE),
        scope=f"norm={NORM}",
    ),
)

ESCALATIE = Scenario(
    name="escalatie",
    summary="meldingen die de ladder volgen, een stap overslaan, de verkeerde bereiken of uitblijven",
    begin=BEGIN,
    end=END,
    tick_seconds=21_600,
    truth=TRUTH,
    records=stated(_statements),
)
