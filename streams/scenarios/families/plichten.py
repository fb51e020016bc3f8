"""`plichten`: periodic reports, supply of waits, websites, plans and informed patients: in time, and a day too late."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from random import Random

from streams.recording import Record
from streams.scenarios import duties
from streams.scenarios.coordination import phase
from streams.scenarios.course import level, steps
from streams.scenarios.hospitals import places
from streams.scenarios.scenario import Scenario, Statement, Truth, days, due, recorded
from streams.scenarios.waits import peildata, supply
from streams.scenarios.workstock import Stock, workstock

BEGIN, END = date(2021, 11, 1), date(2021, 12, 31)

_MISSED = date(2021, 11, 30)
"""On this peildatum the second location of R02 supplies nothing."""


def _published() -> Iterator[Statement]:
    # Two-weekly: after the 15th it is due on the 29th and comes the day after, then four days late.
    yield from duties.published(
        "zorgbeeld", (BEGIN, date(2021, 11, 15), date(2021, 11, 30), date(2021, 12, 18), date(2021, 12, 30))
    )
    # Three-weekly, with three days of grace: 24 days after each other, then 27.
    yield from duties.published("ketenmonitor", (BEGIN, date(2021, 11, 25), date(2021, 12, 22)))
    # Monthly, with three days of grace.
    yield from duties.published("monitor-inhaalzorg", (BEGIN, date(2021, 12, 5)))
    yield from duties.published("toegankelijkheid", (BEGIN, date(2021, 12, 9)))
    # Daily in phase 2; in phase 1 nobody asks.
    yield phase(BEGIN, "1")
    yield phase(date(2021, 11, 22), "2A")
    yield phase(date(2021, 12, 13), "1")
    gone = set(days(date(2021, 12, 2), date(2021, 12, 4)))
    told = [on for on in days(date(2021, 11, 20), date(2021, 12, 14)) if on not in gone]
    yield from duties.published("lcps-inzicht", told, hour=9)


def _supplied(chance: Random) -> Iterator[Statement]:
    for region in ("R01", "R02"):
        for place in places(region):
            for on in peildata(BEGIN, END):
                if (region, place.number, on) != ("R02", 1, _MISSED):
                    yield supply(chance, place, on, {"polikliniek": [20]})


def _websites() -> Iterator[Statement]:
    for on in days(BEGIN, END)[::7]:
        yield duties.website(on, "R01", on, location="Website R01")
        # Not touched since 1 November: older than a month from 2 December on, renewed on 20 December.
        updated = BEGIN if on < date(2021, 12, 20) else date(2021, 12, 20)
        yield duties.website(on, "R03", updated, location="Website R03")


def _plans() -> Iterator[Statement]:
    yield from duties.plans(BEGIN, ("R01",))
    first, second, *_ = places("R04")
    yield duties.plan(BEGIN, first, chain=False)
    yield duties.plan(BEGIN, second)
    yield duties.plan(date(2021, 11, 22), first)


def _stock() -> tuple[Stock, ...]:
    told = Stock("U4", level(300), over_treeknorm=level(40))
    reviewed = Stock("U4", level(300))
    return (told, replace(reviewed, urgency="U5"))


def _workstock(chance: Random) -> Iterator[Statement]:
    slack = replace(_stock()[0], informed=steps(2021, {"11-01": 40, "11-15": 30, "11-29": 40}))
    yield from workstock(chance, {"R01": _stock(), "R05": (slack,)}, BEGIN, END)


def _statements(chance: Random) -> Iterator[Statement]:
    yield from _published()
    yield from _supplied(chance)
    yield from _websites()
    yield from _plans()
    yield from _workstock(chance)


def _records(chance: Random) -> list[Record]:
    return recorded(chance, _statements(chance))


TRUTH: tuple[Truth, ...] = due()

PLICHTEN = Scenario(
    name="plichten",
    summary="rapporten, aanlevering, websites, plannen en informatie aan patiënten: op tijd en een dag te laat",
    begin=BEGIN,
    end=END,
    tick_seconds=21_600,
    truth=TRUTH,
    records=_records,
)
