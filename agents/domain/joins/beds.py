"""joined.beds: fair share, forecast and intensive care, from beds, forecasts and the phase."""

from collections.abc import Iterator

from agents.domain.joins.facts import Facts
from agents.domain.joins.fair_share import fair_share
from agents.domain.joins.forecasts import forecasts
from agents.domain.joins.ic_pressure import ic_pressure
from agents.domain.joins.join import Join
from streams.joins import JOINED_BEDS
from streams.status import Indicator


def _compute(facts: Facts) -> Iterator[tuple[str, Indicator]]:
    yield from fair_share(facts)
    yield from forecasts(facts)
    yield from ic_pressure(facts)


BEDS = Join(
    JOINED_BEDS,
    frozenset(
        {
            "beds_occupied",
            "beds_staffed",
            "occupancy_ratio",
            "forecast_age_hours",
            "forecast_beds",
            "forecast_days_ahead",
            "forecast_expected_today",
            "forecast_planned_beds",
        }
    ),
    _compute,
)
