"""`escalatie`: notices that follow the ladder, skip a step, go to the wrong receiver, or do not come."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from streams.recording import Record
from streams.reports.coordination import Anchor, Role
from streams.scenarios.duties import notice, notice_id
from streams.scenarios.hospitals import places
from streams.scenarios.scenario import Scenario, Statement, Truth, due, local, recorded
from streams.scenarios.waits import peildata, supply

BEGIN, END = date(2021, 11, 1), date(2022, 1, 11)
BLOCKED = date(2021, 11, 2)
"""From this peildatum on a wait for klinische opname is a day too long in R01 to R05."""

AGAIN = date(2022, 1, 11)

NORM = "treeknorm-max-klinisch"

_Step = tuple[Anchor, Role, Role]
E1: _Step = ("E1", "zorgaanbieder", "zorgverzekeraar")
E2: _Step = ("E2", "zorgverzekeraar", "roaz-voorzitter")
E3A: _Step = ("E3a", "zorgverzekeraar", "nza")
E3B: _Step = ("E3b", "zorgaanbieder", "igj")


def _after(region: str, on: date, step: _Step, before: tuple[date, _Step] | None, via: Role | None = None) -> Statement:  # fmt: skip
    answers = None if before is None else notice_id(region, before[0], before[1][0], before[1][2], NORM)
    return notice(region, local(on, 11), step, NORM, answers=answers, via=via)


def _notices() -> Iterator[Statement]:
    first, second, third = BLOCKED + timedelta(days=1), date(2021, 11, 16), date(2021, 11, 23)
    # R01 follows the ladder, each step answering the one before and in time.
    yield _after("R01", first, E1, None)
    yield _after("R01", second, E2, (first, E1))
    yield _after("R01", third, E3A, (second, E2))
    yield _after("R01", third, E3B, (second, E2), via="roaz-voorzitter")
    # R02 goes to the NZa without having spoken in the region.
    yield _after("R02", first, E1, None)
    yield _after("R02", third, E3A, (first, E1))
    # R03's provider goes to the NZa itself, R04's to IGJ without the ROAZ chair.
    yield _after("R03", first, E1, None)
    yield _after("R03", second, E2, (first, E1))
    yield _after("R03", third, ("E3a", "zorgaanbieder", "nza"), (second, E2))
    yield _after("R04", first, E1, None)
    yield _after("R04", second, E2, (first, E1))
    yield _after("R04", third, E3B, (second, E2))
    # R05 tells nobody.


def _statements(chance: Random) -> Iterator[Statement]:
    yield from _notices()
    for region in ("R01", "R02", "R03", "R04", "R05", "R06"):
        for on in peildata(BEGIN, END):
            days = 49 if region == "R06" or on >= AGAIN else 50
            yield supply(chance, places(region)[0], on, {"klinisch": [days]})


def _records(chance: Random) -> list[Record]:
    return recorded(chance, _statements(chance))


_TELL = date(2021, 11, 23)
_FORGOTTEN = timedelta(days=30)
_LONG = ("R01", "R02", "R03", "R04", "R05")

TRUTH: tuple[Truth, ...] = (
    *due(
        *(
            (region, NORM, state, on)
            for region in _LONG
            for state, on in (("active", BLOCKED), ("resolved", AGAIN))
        ),
        ("R02", "notice-skipped", "active", _TELL),
        ("R02", "notice-skipped", "resolved", _TELL + _FORGOTTEN),
        ("R03", "notice-misdirected", "active", _TELL),
        ("R03", "notice-misdirected", "resolved", _TELL + _FORGOTTEN),
        ("R04", "notice-misdirected", "active", _TELL),
        ("R04", "notice-misdirected", "resolved", _TELL + _FORGOTTEN),
    ),
    *due(
        *(
            (region, "treeknorm-prolonged", state, on)
            for region in _LONG
            for state, on in (("active", date(2021, 11, 16)), ("resolved", AGAIN))
        ),
        scope="access=klinisch",
    ),
)

ESCALATIE = Scenario(
    name="escalatie",
    summary="meldingen die de ladder volgen, een stap overslaan, de verkeerde bereiken of uitblijven",
    begin=BEGIN,
    end=END,
    tick_seconds=21_600,
    truth=TRUTH,
    records=_records,
)
