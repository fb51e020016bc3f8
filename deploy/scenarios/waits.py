"""Waiting times: every two weeks, on the Tuesday of an even ISO week, each location gives its waits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from deploy.scenarios.hospitals import HOSPITALS, Place, places
from deploy.scenarios.scenario import Statement, days, local
from streams.reports import WaitingTimesReport, WaitRow
from streams.reports.waiting_times import AccessKind
from streams.topics import WAITING_TIMES

SOURCE = "sim-nza"

SPECIALISMS = ("cardiologie", "chirurgie", "dermatologie", "oogheelkunde", "orthopedie")

ORDINARY: Mapping[AccessKind, tuple[int, int]] = {
    "polikliniek": (4, 18),
    "diagnostiek": (3, 17),
    "dagbehandeling": (7, 25),
    "klinisch": (10, 32),
}
"""Days that people wait in ordinary times: shortest, longest."""

LONG: Mapping[AccessKind, tuple[int, int]] = {
    "polikliniek": (35, 90),
    "diagnostiek": (33, 80),
    "dagbehandeling": (50, 120),
    "klinisch": (60, 160),
}
"""Days that people wait where access is blocked."""

_Range = tuple[int, int]

TREATMENTS: Mapping[tuple[str, AccessKind, str], tuple[_Range, _Range]] = {
    ("orthopedie", "klinisch", "heupprothese"): ((24, 30), (75, 90)),
    ("orthopedie", "klinisch", "knieprothese"): ((26, 32), (78, 95)),
    ("oogheelkunde", "dagbehandeling", "staaroperatie"): ((14, 18), (50, 60)),
}
"""Common treatments, told by the largest location: days in ordinary times, and where access is widely blocked."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """Long waits for one access kind, from one peildatum up to (not including) another.

    Attributes:
        since: first peildatum with long waits.
        until: first peildatum without, or None.
        widely: for two in five treatments; otherwise for a single one.
    """

    since: date
    until: date | None = None
    widely: bool = False

    def holds(self, on: date) -> bool:
        """Return whether waits are long on a peildatum."""
        return self.since <= on and (self.until is None or on < self.until)


BlockedAccess = Mapping[tuple[str, AccessKind], Blocked]


def peildata(begin: date, end: date) -> list[date]:
    """Return the Tuesdays of even ISO weeks."""
    return [on for on in days(begin, end) if on.weekday() == 1 and on.isocalendar().week % 2 == 0]


def waits(chance: Random, blocked: BlockedAccess, begin: date, end: date) -> Iterator[Statement]:
    """Yield the waiting-time reports of every location."""
    for region in HOSPITALS:
        for on in peildata(begin, end):
            columns = {access: _days(chance, region, access, on, blocked) for access in ORDINARY}
            for place in places(region):
                rows = [
                    WaitRow(
                        specialism=specialism,
                        access=access,
                        days=columns[access][place.number * len(SPECIALISMS) + number],
                        observations=chance.randint(15, 60),
                    )
                    for access in ORDINARY
                    for number, specialism in enumerate(SPECIALISMS)
                ]
                rows.append(
                    WaitRow(specialism="plastische chirurgie", access="polikliniek", status="insufficient")
                )
                if place.number == 0:
                    rows.append(WaitRow(specialism="pijngeneeskunde", access="polikliniek", status="closed"))
                    rows += _treatments(chance, region, on, blocked)
                yield report(chance, place, on, rows)


def _treatments(chance: Random, region: str, on: date, blocked: BlockedAccess) -> Iterator[WaitRow]:
    for (specialism, access, treatment), (ordinary, long) in TREATMENTS.items():
        block = blocked.get((region, access))
        days_ = long if block is not None and block.widely and block.holds(on) else ordinary
        wait, seen = float(chance.randint(*days_)), chance.randint(15, 60)
        yield WaitRow(specialism=specialism, treatment=treatment, access=access, days=wait, observations=seen)


def supply(
    chance: Random,
    place: Place,
    on: date,
    waits_of: Mapping[AccessKind, Sequence[float]],
    *,
    weighed: bool = True,
) -> Statement:
    """Return what one location supplies on a peildatum: each wait is of another specialism, and may say what it rests on."""
    rows = [
        WaitRow(
            specialism=f"specialisme {number + 1}",
            access=access,
            days=float(wait),
            observations=chance.randint(15, 60) if weighed else None,
        )
        for access, waits_ in waits_of.items()
        for number, wait in enumerate(waits_)
    ]
    rows.append(WaitRow(specialism="plastische chirurgie", access="polikliniek", status="insufficient"))
    return report(chance, place, on, rows)


def report(chance: Random, place: Place, on: date, rows: list[WaitRow]) -> Statement:
    """Return the report of a location with these rows."""
    return (
        WAITING_TIMES,
        WaitingTimesReport(
            id=f"{SOURCE}:{place.id}:{on:%Y%m%d}:0",
            source=SOURCE,
            region=place.region,
            location=place.name,
            observed_at=local(on),
            received_at=local(on, 10) + timedelta(seconds=chance.randint(0, 18_000)),
            peildatum=on,
            rows=rows,
        ),
    )


def _days(chance: Random, region: str, access: AccessKind, on: date, blocked: BlockedAccess) -> list[float]:
    """Return the waits of all treatments of a region; which are long is fixed, how long is chance.

    The same treatments stay long: if the longest wait moved from one location to another, the region would
    seem to recover between their two reports.
    """
    block = blocked.get((region, access))
    closed = block is not None and block.holds(on)
    found = []
    for number in range(len(HOSPITALS[region].towns) * len(SPECIALISMS)):
        long = block is not None and closed and (number % 5 < 2 if block.widely else number == 0)
        found.append(float(chance.randint(*(LONG if long else ORDINARY)[access])))
    return found
