"""A forecast that no other follows runs out of days; that the rest of them fits ends no breach of the beds of a region."""

from datetime import timedelta

import pytest

from tests.norms.case import USUAL
from tests.norms.played import played
from tests.support.reports import forecast

PLANNED = 10


def told_of(norm: str, forecasts: dict[int, list[int]], days: int) -> list[tuple[int, str]]:
    """What became of the norm when these beds are expected, by day of issue."""
    issued = [forecast(beds, USUAL + timedelta(days=day), PLANNED) for day, beds in forecasts.items()]
    return [(day, one.state) for day, one in played(norm, issued, days) if one.scope == "unit=ic"]


NORM_IDS = ("forecast-over-capacity", "forecast-overflow-soon")
FITS = [PLANNED] * 7


@pytest.mark.parametrize("norm", NORM_IDS)
def test_a_forecast_that_is_not_renewed_ends_no_breach(norm: str):
    full_for_two_days = [11, 11, *FITS[2:]]
    assert told_of(norm, {0: full_for_two_days}, 12) == [(0, "active")]
    assert told_of(norm, {0: full_for_two_days, 4: FITS}, 6) == [(0, "active"), (4, "resolved")]


@pytest.mark.parametrize("norm", NORM_IDS)
def test_the_forecast_of_yesterday_ends_a_breach_when_its_other_six_days_fit(norm: str):
    assert told_of(norm, {0: [11, *FITS[1:]]}, 3) == [(0, "active"), (1, "resolved")]


@pytest.mark.parametrize("norm", NORM_IDS)
def test_a_forecast_of_some_days_begins_a_breach(norm: str):
    assert told_of(norm, {0: [11, 11]}, 1) == [(0, "active")]
