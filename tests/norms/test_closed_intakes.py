"""A closed intake, or one with too few waits to publish, is no shorter wait: it ends no breach, and begins none."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from streams.reports import WaitingTimesReport
from tests.norms.played import played
from tests.support.reports import waits

FIRST = datetime(2021, 11, 2, 9, tzinfo=UTC)
"""A Tuesday of an even ISO week: a peildatum."""

MAX, PROLONGED, SHARE = "treeknorm-max-polikliniek", "treeknorm-prolonged", "treeknorm-80-polikliniek"
"""Over 28 days; twice in a row; 80 % within 21 days."""

Told = list[tuple[int, str, str]]


def told_of(norm: str, supplies: list[WaitingTimesReport], days: int) -> Told:
    """Day, state and reason of each transition of a norm in R07."""
    told = played(norm, supplies, days, FIRST)
    return [(day, one.state, one.reason) for day, one in told if one.region == "R07"]


def supply(day: int, *days: float, location: str = "A", **own) -> WaitingTimesReport:
    at = FIRST + timedelta(days=day)
    return waits(list(days), at, "polikliniek", at.date(), location=location, **own)


def closed(day: int, rows: int = 1, status: str = "closed", **own) -> WaitingTimesReport:
    report = supply(day, *[0] * rows, **own)
    emptied = [msgspec.structs.replace(row, days=None, status=status) for row in report.rows]
    return msgspec.structs.replace(report, rows=emptied)


def closing(rows: int = 1, status: str = "closed", begin: int = 28, until: int = 130) -> list:
    return [closed(day, rows, status) for day in range(begin, until, 14)]


def others(*days: float, until: int = 130) -> list[WaitingTimesReport]:
    return [supply(day, *days, location="B") for day in range(0, until, 14)]


def three(*days: float) -> list[WaitingTimesReport]:
    """The same waits of three locations, from the peildatum before the first on."""
    return [supply(day, *days, location=place) for place in "BCD" for day in range(-14, 130, 14)]


OVER = [supply(0, 60), supply(14, 60)]
"""Twice over the norm; missed until 90 days after the second, day 104."""

STATUSES = pytest.mark.parametrize("status", ["closed", "insufficient"])
NORMS = pytest.mark.parametrize(
    ("norm", "opened"), [(MAX, (0, "active", "")), (PROLONGED, (14, "active", ""))]
)


@STATUSES
@NORMS
@pytest.mark.parametrize("beside", [[], others(20)], ids=["alone", "beside another"])
def test_a_breach_stays_until_the_last_wait_is_given_up_and_is_not_told_as_over(norm, opened, status, beside):
    told = [*OVER, *closing(status=status), *beside]
    assert told_of(norm, told, 105) == [opened]
    assert told_of(norm, told, 125) == [opened, (105, "resolved", "supply-ended")]


@STATUSES
@NORMS
def test_a_location_that_tells_again_ends_the_breach_or_goes_on_with_it(norm, opened, status):
    told = [*OVER, *closing(status=status, until=70)]
    assert told_of(norm, [*told, supply(70, 20)], 90) == [opened, (70, "resolved", "cleared")]
    assert told_of(norm, [*told, supply(70, 60)], 120) == [opened]


def test_a_location_that_opens_again_over_the_norm_after_it_was_given_up_is_a_new_breach():
    told = [*OVER, *closing(until=110), supply(112, 60)]
    ended = [(0, "active", ""), (105, "resolved", "supply-ended")]
    assert told_of(MAX, told, 115) == [*ended, (112, "active", "")]


@STATUSES
@pytest.mark.parametrize("norm", [MAX, PROLONGED])
def test_an_intake_that_closes_after_a_wait_of_exactly_the_norm_is_no_breach(norm: str, status: str):
    within = [supply(0, 28), supply(14, 28), *closing(status=status)]
    assert told_of(norm, within, 125) == []
    assert told_of(norm, [*within, *others(28)], 125) == []


@NORMS
def test_an_intake_that_never_told_a_wait_hides_nothing_of_the_others(norm, opened):
    told = [*closing(begin=0), supply(0, 60, location="B"), supply(14, 60, location="B")]
    mended = [*told, supply(28, 28, location="B")]
    assert told_of(norm, mended, 60) == [opened, (28, "resolved", "cleared")]


@NORMS
def test_a_wait_that_turns_out_to_have_been_short_before_the_intake_closed_ends_the_breach(norm, opened):
    corrected = msgspec.structs.replace(
        supply(14, 20, revision=1), received_at=FIRST + timedelta(days=40), id="corrected"
    )
    told = [*OVER, *closing(), *others(20), corrected]
    assert told_of(norm, told, 60) == [opened, (40, "resolved", "cleared")]


def test_a_closed_intake_that_was_a_slip_is_corrected():
    slip = closed(28)
    mended = msgspec.structs.replace(
        supply(28, 20, revision=1), received_at=FIRST + timedelta(days=30), id="mended"
    )
    assert told_of(MAX, [*OVER, slip, mended], 40) == [(0, "active", ""), (30, "resolved", "cleared")]


def test_closed_between_two_waits_over_the_norm_is_prolonged_as_a_supply_that_did_not_come():
    assert told_of(PROLONGED, [supply(0, 60), closed(14), supply(28, 60)], 30) == [(28, "active", "")]
    assert told_of(PROLONGED, [supply(0, 60), closed(14), supply(28, 28)], 30) == []


@STATUSES
def test_late_waits_behind_a_closed_intake_end_no_breach_of_the_share_until_they_are_given_up(status: str):
    told = [supply(-14, *[25] * 8), supply(0, *[25] * 8), *closing(8, status, begin=14), *three(*[10] * 6)]
    opened = (0, "active", "")
    assert told_of(SHARE, told, 91) == [opened]
    assert told_of(SHARE, told, 92) == [opened, (91, "resolved", "supply-ended")]


@STATUSES
def test_waits_in_time_behind_a_closed_intake_begin_no_breach_of_the_share_until_they_are_given_up(status):
    told = [supply(-14, *[10] * 16), supply(0, *[10] * 16), *closing(16, status, begin=14)]
    told += three(*[10] * 4, *[25] * 2)
    assert told_of(SHARE, told, 91) == []
    assert told_of(SHARE, told, 92) == [(91, "active", "")]


def test_a_longer_wait_elsewhere_begins_a_breach_whatever_is_closed():
    told = [supply(0, 20), *closing(begin=14), *others(20, until=40), supply(42, 29, location="B")]
    assert told_of(MAX, told, 45) == [(42, "active", "")]
