"""Coordination: phases of LNAZ, regional agreements, and patients moved between regions."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from streams.regions import NL, ROAZ_IDS
from streams.reports import Agreement, CoordinationReport, PhaseChange, Transfer
from streams.reports.coordination import CoordinationEvent, Phase
from streams.scenarios.scenario import Statement, local
from streams.topics import COORDINATION

SOURCE = "sim-lnaz"


def phases(changes: Sequence[tuple[date, Phase]]) -> Iterator[Statement]:
    """Yield the phase changes; 2D and 3 are confirmed by the minister."""
    for on, phase in changes:
        confirmed = "minister" if phase in {"2D", "3"} else "lnaz"
        event = PhaseChange(
            phase=phase,
            effective_at=local(on, 12),
            requested_by="lnaz",
            confirmed_by=confirmed,  # type: ignore[arg-type]
        )
        yield _statement(NL, on, f"fase-{phase}", event)


def agreements(on: date, valid_to: date) -> Iterator[Statement]:
    """Yield the agreement on spreading of every region."""
    for region in ROAZ_IDS:
        event = Agreement(
            subject="spreading",
            agreed_at=local(on, 9),
            recorded_at=local(on, 11),
            valid_to=local(valid_to),
            parties=["ziekenhuizen", "zorgverzekeraars"],
            initiated_by="roaz-voorzitter",
        )
        yield _statement(region, on, "afspraak-spreiding", event)


def transfers(moved: Sequence[tuple[date, str, str, int]]) -> Iterator[Statement]:
    """Yield transfers of IC patients: day, from, to, number."""
    for on, source, target, number in moved:
        event = Transfer(to_region=target, unit="ic", count=number, decided_by="lcps")
        yield _statement(source, on, f"overplaatsing-{target}", event)


def _statement(region: str, on: date, what: str, event: CoordinationEvent) -> Statement:
    observed = local(on, 12)
    return (
        COORDINATION,
        CoordinationReport(
            id=f"{SOURCE}:{region}:{on:%Y%m%d}:{what}",
            source=SOURCE,
            region=region,
            location=region,
            observed_at=observed,
            received_at=observed + timedelta(minutes=5),
            event=event,
        ),
    )
