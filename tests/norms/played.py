"""Reports played a day at a time: what became of a norm, and on which day."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from agents.pipeline import Pipeline
from alerts.norms import Norms
from streams.calendar import seconds
from streams.reports import Report
from streams.status import Transition
from tests.norms.case import NORMS, USUAL, in_force
from tests.support.reports import record


def played(
    norm: str, reports: Iterable[Report], days: int, first: datetime = USUAL, norms: Norms = NORMS
) -> list[tuple[int, Transition]]:
    """What became of the norm in phase 2D, with its day counted from `first`; steps of the ladder apart.

    An hour after the time of `first` there is a tick each day, from the day of the oldest report on, if that is older.
    """
    by_day: dict[int, list[Report]] = {}
    told_of = list(reports)
    begin = min([first, *(one.received_at for one in told_of)]) - timedelta(hours=1)
    for one in [*in_force("2D", begin), *told_of]:
        by_day.setdefault((one.received_at - first).days, []).append(one)
    pipeline = Pipeline(norms)
    told = []
    for day in range(min(0, *by_day), days):
        pipeline.receive(*(record(one) for one in by_day.get(day, ())))
        changes = pipeline.tick(seconds(first + timedelta(days=day, hours=1)))
        told += [(day, one) for one in changes if one.norm == norm and one.state != "step"]
    assert not pipeline.refused
    return told
