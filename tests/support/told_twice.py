"""Streams that are told twice, once in another way that must make no difference: hospitals, what they report, and what follows.

A hospital reports every topic: beds, vervolgzorg and operating rooms each day at noon, weekly figures on Mondays, waits on the
Tuesdays of even weeks. What it reports on a day is one table of counts, so that it can be divided, multiplied and told under
another name.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

from agents.pipeline import Pipeline
from alerts.norms import load_norms
from deploy.scenarios.course import apportion
from streams.calendar import seconds
from streams.registry.file import parse_lines
from streams.registry.registry import Registry, registry_of
from streams.reports import BedReading, Report
from streams.status import Indicator, Transition
from tests.support.reports import (
    absence,
    beds,
    follow_up,
    operations,
    phase,
    production,
    record,
    referrals,
    rooms,
    stock_row,
    waits,
    workstock,
)

NORMS = load_norms()
BEGIN = datetime(2021, 11, 8, 11, tzinfo=UTC)
"""A Monday, in the time of fair share and of phase 2."""

Counts = dict[str, int]

ORDINARY: Counts = {
    "ic covid": 15, "ic noncovid": 20, "ic staffed": 40, "ward covid": 60, "ward noncovid": 200, "ward staffed": 280,
    "admissions": 12, "notified": 12, "waiting": 30, "free": 30, "rooms": 20, "usual rooms": 24,
    "referrals": 900, "expected referrals": 1_000, "operations": 100, "usual operations": 120, "operated hours": 220,
    "patients": 400, "others": 200, "late": 20, "reviewed": 12, "over treeknorm": 40, "informed": 30, "hours": 900, "employees": 3_000,
}  # fmt: skip
"""What a hospital reports, before chance."""


@dataclass(frozen=True)
class Hospital:
    """One location: its region, and what it reports on each day: counts, the rate of absence, and waits in days."""

    name: str
    region: str
    days: list[Counts]
    rates: list[float]
    waits: list[list[float]]


def drawn(chance: Random, name: str, region: str, days: int, size: float = 1.0) -> Hospital:
    """A hospital of about some size, full or not, that moves by a few parts in a hundred each day."""
    size *= chance.uniform(0.7, 1.3)
    own = {what: count * size * chance.uniform(0.75, 1.25) for what, count in ORDINARY.items()}
    found = []
    for _ in range(days):
        own = {what: count * chance.uniform(0.96, 1.04) for what, count in own.items()}
        found.append(_possible({what: round(count) for what, count in own.items()}))
    rates = [round(chance.uniform(4, 11), 2) for _ in range(days)]
    return Hospital(
        name, region, found, rates, [[chance.randint(10, 60) for _ in range(6)] for _ in range(days)]
    )


def _possible(counts: Counts) -> Counts:
    """No more of a part than of the whole."""
    limits = {
        "late": counts["patients"],
        "reviewed": min(counts["late"], counts["patients"]),
        "informed": counts["over treeknorm"],
        "over treeknorm": counts["patients"],
        "rooms": counts["usual rooms"],
    }
    return counts | {what: min(counts[what], most) for what, most in limits.items()}


def divided(hospital: Hospital, names: Iterable[str], shares: tuple[float, ...]) -> list[Hospital]:
    """The hospital as several that report the same together; waits add up to nothing, and are left out."""
    each = [{what: apportion(count, shares) for what, count in counts.items()} for counts in hospital.days]
    return [
        replace(
            hospital,
            name=name,
            days=[{w: parts[number] for w, parts in one.items()} for one in each],
            waits=[],
        )
        for number, name in enumerate(names)
    ]


def multiplied(hospital: Hospital, times: int) -> Hospital:
    """The hospital, so many times as large."""
    return replace(
        hospital, days=[{w: times * count for w, count in counts.items()} for counts in hospital.days]
    )


def reports(hospital: Hospital, day: int) -> Iterator[Report]:
    """What a hospital reports on a day."""
    at, counts = BEGIN + timedelta(days=day), hospital.days[day]
    who = {"region": hospital.region, "location": hospital.name}
    yield beds(at, readings=list(_readings(counts)), **who)
    yield follow_up(counts["waiting"], counts["free"], at, **who)
    yield rooms(counts["rooms"], counts["usual rooms"], at, **who)
    if at.weekday() == 0:
        yield referrals(counts["referrals"], counts["expected referrals"], at, **who)
        done = operations(
            counts["operations"], "U4", counts["usual operations"], or_hours=float(counts["operated hours"])
        )
        yield production(done, at=at, **who)
        late = {what: counts[what] for what in ("reviewed", "informed")}
        late |= {"overdue": counts["late"], "over_treeknorm": counts["over treeknorm"]}
        yield workstock(
            stock_row("U3", counts["patients"], or_hours=float(counts["hours"]), **late),
            stock_row("U4", counts["others"], or_hours=float(counts["hours"])),
            at=at,
            **who,
        )
        yield absence(hospital.rates[day], max(1, counts["employees"]), at, **who)
    if hospital.waits and at.weekday() == 1 and at.isocalendar().week % 2 == 0:
        yield waits(hospital.waits[day], at, "klinisch", **who)


def _readings(counts: Counts) -> Iterator[BedReading]:
    for unit in ("ic", "ward"):
        flows = {what: counts[what] for what in ("admissions", "notified")} if unit == "ward" else {}
        yield BedReading(unit=unit, label="covid", occupied=counts[f"{unit} covid"], **flows)
        yield BedReading(unit=unit, label="noncovid", occupied=counts[f"{unit} noncovid"])
        yield BedReading(unit=unit, label="total", staffed=counts[f"{unit} staffed"])


Figures = dict[tuple[str, str], Indicator]
"""Figures by region and key."""

Verdicts = dict[tuple[str, str, str], str]
"""Verdicts by region, norm and scope."""


@dataclass
class Followed:
    """What followed: the figures and the verdicts after each tick, and every transition."""

    figures: list[Figures] = field(default_factory=list)
    verdicts: list[Verdicts] = field(default_factory=list)
    transitions: list[Transition] = field(default_factory=list)

    @property
    def moves(self) -> list[tuple[str, str, str, str, str, int]]:
        """The transitions, without what they rest on."""
        return sorted(
            (one.at, one.region, one.norm, one.scope, one.state, one.step) for one in self.transitions
        )


def play(told: Callable[[int], Iterable[Report]], days: int, registry: Registry | None = None) -> Followed:
    """Play what is told on each day, with ticks an hour after it, in the evening and in the next morning."""
    pipeline, found = Pipeline(NORMS, registry), Followed()
    pipeline.receive(record(phase("2B", BEGIN - timedelta(days=1), region="NL", location="NL")))
    for day in range(days):
        pipeline.receive(*(record(report) for report in told(day)))
        for hours in (1, 8, 20):
            at = seconds(BEGIN + timedelta(days=day, hours=hours))
            found.transitions += pipeline.tick(at)
            found.figures.append(figures(pipeline))
            found.verdicts.append(verdicts(pipeline))
    assert not pipeline.refused
    return found


def figures(pipeline: Pipeline) -> Figures:
    """Every figure that is known now."""
    return {
        (region, key): one
        for region, judged in pipeline.judged.regions.items()
        for names in judged.known.values()
        for keys in names.values()
        for key, one in keys.items()
        if one.value is not None
    }


def verdicts(pipeline: Pipeline) -> Verdicts:
    """How every norm is judged now."""
    return {
        (region, norm, scope): verdict
        for region, judged in pipeline.judged.regions.items()
        for (norm, scope), (verdict, _, _) in judged.verdicts.items()
    }


def registry(*lines: dict) -> Registry:
    """A registry in which everybody may speak for every registered location, of these lines."""
    whole = {"line": "source", "id": "sim-beds", "publisher": "X", "locations": ["*", "areas"]}
    whole["topics"] = [
        "care.occupancy", "care.follow-up", "care.operating-rooms", "care.referrals", "care.production", "care.workstock",
        "care.absence", "care.waiting-times", "care.coordination",
    ]  # fmt: skip
    lnaz = whole | {"id": "sim-lnaz", "locations": ["any"]}
    signed = [{"owner": "beheer", "date": "2021-01-01"} | line for line in (whole, lnaz, *lines)]
    return registry_of(parse_lines("\n".join(map(json.dumps, signed)), "test"))


def place(name: str, region: str) -> dict:
    """The line of a location."""
    return {"line": "location", "id": identity(name), "name": name, "network": region}


def identity(name: str) -> str:
    """The id of a location."""
    return name.lower().replace(" ", "-")


def on(day: int) -> str:
    """The date of a day, as a line of the registry has it."""
    return (BEGIN + timedelta(days=day)).date().isoformat()
