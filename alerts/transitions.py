"""A move of an episode as it is told on `care.breaches`."""

from alerts.episode import Episode, Move
from streams.calendar import iso
from streams.status import Transition


def told_as(
    region: str,
    at: int,
    norm: str,
    episode: Episode,
    move: Move,
    value: float | None,
    limit: float,
    unit: str,
    severity: str,
    observed: int,
) -> Transition:
    """Return the transition that a move is; moments are seconds."""
    return Transition(
        at=iso(at),
        region=region,
        norm=norm,
        scope=episode.scope,
        state=move.state,
        value=value,
        limit=limit,
        unit=unit,
        severity=severity,
        step=move.step,
        since=iso(episode.began),
        observed_at=iso(observed),
        episode=episode.id,
        reason=move.reason,
        count=episode.count,
    )
