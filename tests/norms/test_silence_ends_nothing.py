"""A hospital that falls silent ends no breach: what the others say is no whole sum."""

from datetime import timedelta

import pytest

from agents.pipeline import Pipeline
from streams.calendar import seconds
from tests.norms.case import NORMS, USUAL, in_force
from tests.support.reports import operations, production, record, stock_row, workstock

LATER = USUAL.replace(year=2022, month=4, day=4)
"""A Monday on which the kader holds."""


def weeks(location: str, overdue: int, first: int, last: int) -> list:
    """Werkvoorraad and operations of a location, from so many weeks after `LATER` on."""
    told = []
    for number in range(first, last):
        at = LATER + timedelta(weeks=number)
        told.append(
            workstock(stock_row("U3", 20, overdue=overdue + number * (overdue > 0)), at=at, location=location)
        )
        told.append(production(operations(5, "U4"), at=at, location=location))
    return told


@pytest.mark.parametrize("norm", ["u3-overdue", "u45-while-u3-rising", "hospital-u45-while-u3-overdue"])
def test_a_hospital_that_falls_silent_ends_no_breach(norm: str):
    silent, other = weeks("A", 3, 0, 2), weeks("B", 0, 0, 8)
    pipeline = Pipeline(NORMS)
    pipeline.receive(*(record(one) for one in in_force("2B", LATER - timedelta(days=1))))
    told = []
    for day in range(8 * 7):
        at = LATER + timedelta(days=day, hours=1)
        pipeline.receive(*(record(one) for one in (*silent, *other) if 0 <= (at - one.received_at).days < 1))
        told += [one.state for one in pipeline.tick(seconds(at)) if (one.norm, one.region) == (norm, "R07")]
    assert told[0] == "active"
    assert "resolved" not in told
    mended = LATER + timedelta(days=8 * 7)
    pipeline.receive(*(record(one) for one in (*weeks("A", 0, 8, 9), *weeks("B", 0, 8, 9))))
    told += [
        one.state
        for one in pipeline.tick(seconds(mended + timedelta(hours=1)))
        if (one.norm, one.region) == (norm, "R07")
    ]
    assert told[-1] == "resolved"


@pytest.mark.parametrize("norm", ["u45-while-u3-rising", "hospital-u45-while-u3-overdue"])
def test_a_werkvoorraad_of_long_after_the_last_operations_ends_no_breach(norm: str):
    pipeline = Pipeline(NORMS)
    pipeline.receive(*(record(one) for one in in_force("2B", LATER - timedelta(days=1))))
    told = []
    for number, overdue in enumerate((3, 4, 5, 0)):
        at = LATER + timedelta(weeks=number - 1)
        pipeline.receive(record(workstock(stock_row("U3", 20, overdue=overdue), at=at)))
        if number < 2:
            pipeline.receive(record(production(operations(5, "U4"), at=at)))
        told += [
            one.state
            for one in pipeline.tick(seconds(at + timedelta(hours=1)))
            if (one.norm, one.region) == (norm, "R07")
        ]
    assert "active" in told
    assert "resolved" not in told
