"""Coordination: phases of LNAZ, regional agreements, patients moved between regions, and single events."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Literal

from deploy.scenarios.scenario import Statement, local
from streams.regions import NL, ROAZ_IDS
from streams.reports import Agreement, CoordinationReport, PhaseChange, Transfer
from streams.reports.coordination import CoordinationEvent, Phase, Role
from streams.topics import COORDINATION

SOURCE = "sim-lnaz"


def event(
    region: str, at: datetime, what: str, said: CoordinationEvent, *, location: str | None = None
) -> Statement:
    """Return one event; region, day and `what` make its id."""
    return (
        COORDINATION,
        CoordinationReport(
            id=f"{SOURCE}:{region}:{at:%Y%m%d}:{what}",
            source=SOURCE,
            region=region,
            location=location or region,
            observed_at=at,
            received_at=at + timedelta(minutes=5),
            event=said,
        ),
    )


def phase(
    on: date,
    name: Phase,
    *,
    region: str = NL,
    requested_by: Role = "lnaz",
    confirmed_by: Role | None = None,
) -> Statement:
    """Return a phase change at noon; 2D and 3 are confirmed by the minister unless said otherwise."""
    confirmed: Role = confirmed_by or ("minister" if name in {"2D", "3"} else "lnaz")
    at = local(on, 12)
    said = PhaseChange(phase=name, effective_at=at, requested_by=requested_by, confirmed_by=confirmed)
    return event(region, at, f"fase-{name}", said)


def phases(changes: Sequence[tuple[date, Phase]]) -> Iterator[Statement]:
    """Yield regular phase changes of the country."""
    for on, name in changes:
        yield phase(on, name)


def agreement(
    region: str,
    subject: Literal["spreading", "ic-dependent"],
    on: date,
    valid_to: date,
    *,
    recorded: bool = True,
    beds: int | None = None,
    by: Role = "roaz-voorzitter",
) -> Statement:
    """Return an agreement, recorded two hours later unless it is not; valid until the night before `valid_to`."""
    said = Agreement(
        subject=subject,
        agreed_at=local(on, 9),
        recorded_at=local(on, 11) if recorded else None,
        valid_to=local(valid_to),
        parties=["ziekenhuizen", "zorgverzekeraars"],
        initiated_by=by,
        reserved_ic_beds=beds,
    )
    name = "spreiding" if subject == "spreading" else "ic-afhankelijk"
    return event(region, local(on, 12), f"afspraak-{name}", said)


def agreements(on: date, valid_to: date, regions: Iterable[str] = ROAZ_IDS) -> Iterator[Statement]:
    """Yield both agreements of every region."""
    for region in regions:
        yield agreement(region, "spreading", on, valid_to)
        yield agreement(region, "ic-dependent", on, valid_to, beds=6)


def transfers(moved: Sequence[tuple[date, str, str, int]], by: Role = "lcps") -> Iterator[Statement]:
    """Yield transfers of IC patients: day, from, to, number."""
    for on, source, target, number in moved:
        said = Transfer(to_region=target, unit="ic", count=number, decided_by=by)
        yield event(source, local(on, 12), f"overplaatsing-{target}", said)
