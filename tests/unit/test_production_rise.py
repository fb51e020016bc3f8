"""By how much operations rose: only where a location told of both weeks."""

import pytest

from agents.domain.statements.standing import Standing
from agents.domain.weekly.deliveries import Row, Week, part_of
from agents.domain.weekly.delivery_figures import delivery_figures
from agents.domain.weekly.tally import NOTHING_MISSED

MONDAY = 18_946  # 2021-11-15
STANDING = Standing(MONDAY + 7, 35, 35)


def location(**weeks: dict[str, int]):
    """One location that told, per week, of operations by class."""
    days = {"before": MONDAY - 7, "now": MONDAY}
    told = {
        days[name]: Week(
            (days[name] + 7) * 86_400,
            0,
            0,
            tuple(Row("hospital", "", "", urgency, False, count, -1, -1.0) for urgency, count in own.items()),
            1.0,
        )
        for name, own in weeks.items()
    }
    return part_of({"operatie": told}, NOTHING_MISSED, STANDING)


def rises(*locations) -> dict[str, tuple[float | None, float]]:
    return {
        found.labels["urgency"]: (found.value, found.completeness)
        for found in delivery_figures(dict(enumerate(locations)), STANDING)
        if found.name == "operations_rise"
    }


def test_a_rise_is_against_the_week_before_and_what_is_not_named_was_not_done():
    told = rises(location(before={"U4": 5, "": 2}, now={"U4": 8, "U5": 1}))
    assert (told["U4"], told["U5"], told["unknown"], told["all"]) == ((3, 1.0), (1, 1.0), (-2, 1.0), (2, 1.0))


def test_a_location_that_told_of_one_week_only_does_not_count():
    told = rises(location(before={"U4": 5}, now={"U4": 6}), location(now={"U4": 100}))
    assert told["U4"] == (1, 0.5)


@pytest.mark.parametrize("alone", ["before", "now"])
def test_without_both_weeks_there_is_no_rise(alone):
    assert rises(location(**{alone: {"U4": 5}})) == {}
