"""A location that supplies its waits no more ends no breach of the Treeknorm; what it says next does."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from streams.reports import WaitRow
from tests.norms.played import played
from tests.support.reports import waits

FIRST = datetime(2021, 11, 2, 9, tzinfo=UTC)
"""A Tuesday of an even ISO week: a peildatum."""


def told_of(norm: str, supplies: list, days: int) -> list[tuple[int, str]]:
    """Day and state of each transition of a norm in R07."""
    return [(day, one.state) for day, one in played(norm, supplies, days, FIRST) if one.region == "R07"]


def supply(location: str, day: int, days: float) -> object:
    at = FIRST + timedelta(days=day)
    return waits([days], at, "polikliniek", at.date(), location=location)


@pytest.mark.parametrize(("norm", "began"), [("treeknorm-max-polikliniek", 0), ("treeknorm-prolonged", 14)])
def test_a_location_that_falls_silent_ends_no_breach_and_one_that_speaks_does(norm: str, began: int):
    others = [supply("B", day, 20) for day in range(0, 90, 14)]
    silent = [supply("A", 0, 60), supply("A", 14, 60)]
    assert told_of(norm, [*others, *silent], 90) == [(began, "active")]
    mended = [*others, *silent, supply("A", 84, 20)]
    assert told_of(norm, mended, 90) == [(began, "active"), (84, "resolved")]


def left_empty(location: str, day: int) -> object:
    row = WaitRow(specialism="orthopedie", treatment="t0", access="polikliniek", status="unknown")
    return msgspec.structs.replace(supply(location, day, 0), rows=[row])


@pytest.mark.parametrize(("norm", "began"), [("treeknorm-max-polikliniek", 0), ("treeknorm-prolonged", 14)])
def test_a_row_left_empty_and_then_silence_end_no_breach_and_a_known_wait_does(norm: str, began: int):
    others = [supply("B", day, 20) for day in range(0, 90, 14)]
    emptied = [supply("A", 0, 60), supply("A", 14, 60), left_empty("A", 28)]
    assert told_of(norm, [*others, *emptied], 90) == [(began, "active")]
    mended = [*others, *emptied, supply("A", 42, 20)]
    assert told_of(norm, mended, 60) == [(began, "active"), (42, "resolved")]


@pytest.mark.parametrize("norm", ["treeknorm-max-polikliniek", "treeknorm-prolonged"])
def test_a_row_left_empty_after_a_wait_of_exactly_the_norm_is_no_breach(norm: str):
    told = [supply("A", 0, 28), supply("A", 14, 28), left_empty("A", 28), supply("B", 28, 20)]
    assert told_of(norm, told, 60) == []


def test_two_waits_over_the_norm_with_silence_between_end_no_prolonged_breach():
    others = [supply("B", day, 20) for day in range(0, 98, 14)]
    told = [supply("A", day, 60) for day in (0, 14, 70, 84)]
    assert told_of("treeknorm-prolonged", [*others, *told], 98) == [(14, "active")]
