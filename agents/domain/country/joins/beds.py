"""joined.beds: fair share, forecast, projection and intensive care, from beds, forecasts and the phase."""

from agents.domain.country.joins.bed_facts import BED_FIGURES
from agents.domain.country.joins.fair_share import fair_share
from agents.domain.country.joins.forecasts import against_room, days_covered, error_of_today
from agents.domain.country.joins.ic_pressure import ic_pressure
from agents.domain.country.joins.join import Join
from agents.domain.country.joins.part import Part
from agents.domain.country.joins.projections import READS as READS_OF_COURSE
from agents.domain.country.joins.projections import projections, write_down
from agents.domain.country.joins.suggested_transfers import READS, suggested_transfers
from streams.joins import JOINED_BEDS

BEDS = Join(
    JOINED_BEDS,
    (
        Part("fair-share", BED_FIGURES, of_all=fair_share),
        Part("suggested-transfers", READS, of_all=suggested_transfers, tells_silence=True),
        Part("forecast-there", frozenset({"forecast_age_hours", "forecast_days_ahead"}), days_covered),
        Part(
            "forecast-fits",
            frozenset({"beds_for_covid", "forecast_beds", "forecast_planned_beds"}),
            against_room,
        ),
        Part("forecast-true", frozenset({"beds_occupied", "forecast_expected_today"}), error_of_today),
        Part(
            "ic-pressure",
            frozenset({"beds_for_covid", "occupancy_ratio", "forecast_beds"}),
            of_all=ic_pressure,
        ),
        Part("projection", READS_OF_COURSE, of_all=projections, six_hourly=True),
    ),
    write_down,
)
