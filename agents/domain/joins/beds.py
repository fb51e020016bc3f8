"""joined.beds: fair share, forecast and intensive care, from beds, forecasts and the phase."""

from agents.domain.joins.bed_facts import BED_FIGURES
from agents.domain.joins.fair_share import fair_share
from agents.domain.joins.forecasts import against_beds, days_covered
from agents.domain.joins.ic_pressure import ic_pressure
from agents.domain.joins.join import Join, Part
from agents.domain.joins.suggested_transfers import suggested_transfers
from streams.joins import JOINED_BEDS

_EXPECTED = {"forecast_beds", "forecast_expected_today", "forecast_planned_beds"}

BEDS = Join(
    JOINED_BEDS,
    (
        Part("fair-share", BED_FIGURES, of_all=fair_share),
        Part("suggested-transfers", BED_FIGURES, of_all=suggested_transfers, tells_silence=True),
        Part("forecast-there", frozenset({"forecast_age_hours", "forecast_days_ahead"}), days_covered),
        Part("forecast-fits", BED_FIGURES | _EXPECTED, against_beds),
        Part("ic-pressure", BED_FIGURES | {"occupancy_ratio", "forecast_beds"}, of_all=ic_pressure),
    ),
)
