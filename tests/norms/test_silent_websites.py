"""A website that nobody looks at any more neither ends nor begins a breach, until it is given up; what is seen on it does."""

from datetime import UTC, date, datetime, timedelta

import pytest

from streams.reports import CoordinationReport, WebsiteChecked
from tests.norms.played import played
from tests.support.reports import event

FIRST = datetime(2022, 3, 7, 11, tzinfo=UTC)
OPENED = (0, "active", "")


def told_of(norm: str, seen: list[CoordinationReport], days: int) -> list[tuple[int, str, str]]:
    """What became of the norm: day, state and reason."""
    return [(day, one.state, one.reason) for day, one in played(norm, seen, days, FIRST)]


def looked(location: str, day: int, *, split: bool = True, age: int | None = 1) -> CoordinationReport:
    at = FIRST + timedelta(days=day)
    on: date | None = None if age is None else (at - timedelta(days=age)).date()
    what = WebsiteChecked(publisher="zorgaanbieder", updated_on=on, split=split)
    return event(what, at, location=location)


OTHERS = [looked("B", day) for day in range(0, 110, 10)]
LACKING = [
    ("website-without", {"age": None}),
    ("website-unsplit", {"split": False}),
    ("website-outdated", {"age": 40}),
]


@pytest.mark.parametrize(("norm", "lacks"), LACKING)
def test_a_website_that_nobody_looks_at_any_more_ends_no_breach_until_it_is_given_up(norm, lacks):
    seen = [*OTHERS, looked("A", 0, **lacks)]
    assert told_of(norm, seen, 91) == [OPENED]
    assert told_of(norm, seen, 93) == [OPENED, (91, "resolved", "supply-ended")]


@pytest.mark.parametrize(("norm", "lacks"), LACKING)
@pytest.mark.parametrize("day", [20, 60])
def test_a_website_that_shows_it_ends_the_breach(norm, lacks, day):
    seen = [*OTHERS, looked("A", 0, **lacks), looked("A", day)]
    assert told_of(norm, seen, day + 2) == [OPENED, (day, "resolved", "cleared")]
