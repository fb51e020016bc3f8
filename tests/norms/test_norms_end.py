"""A breach ends when what it is about is mended: no norm stays open because nothing is left to count."""

from datetime import timedelta

import pytest

from agents.pipeline import Pipeline
from streams.calendar import seconds
from tests.norms.case import NORMS, USUAL, Case, in_force, moment_of
from tests.norms.cases_beds import expected
from tests.norms.cases_coordination import agreed, duty, ladder, planned, website
from tests.norms.cases_urgency import late
from tests.support.reports import follow_up, record

MENDED = [
    ("notice-skipped", "", ladder(second=False), lambda _at: [], 31),
    ("plans-missing", "", planned(), planned((True, True, True)), 1),
    ("plans-incomplete", "", planned((True, False, True)), planned((True, True, True)), 1),
    ("website-unsplit", "scope", website(3, split=False), website(3), 1),
    ("website-without", "scope", website(None), website(3), 1),
    ("patients-uninformed", "", duty(over=10, informed=9), duty(), 7),
    ("risk-unreviewed", "", duty(overdue=4, reviewed=3), duty(), 7),
    ("u3-overdue", "", late("U3", 1), late("U3"), 7),
    ("agreement-missing", "scope", lambda _at: [], agreed(), 5),
    ("forecast-overflow-soon", "scope", expected([11] * 7, 10), expected([5] * 7, 10), 1),
]


@pytest.mark.parametrize(
    ("norm", "_split", "before", "after", "days"), MENDED, ids=lambda one: one if isinstance(one, str) else ""
)
def test_it_ends(norm, _split, before, after, days):
    at = moment_of(Case(norm, "", True, before))
    mended = at + timedelta(days=days)
    pipeline = Pipeline(NORMS)
    told = []
    first = before(at)
    begin = min([report.received_at for report in first], default=at)
    for reports, tick in (
        (in_force("2D", begin - timedelta(hours=1)), begin),
        (first, at + timedelta(hours=1)),
        ([], mended - timedelta(hours=1)),
        (after(mended), mended + timedelta(hours=1)),
        ([], mended + timedelta(days=2)),
    ):
        pipeline.receive(*(record(report) for report in reports))
        told += [one for one in pipeline.tick(seconds(tick)) if one.norm == norm]
    assert not pipeline.refused
    scopes = {one.scope for one in told if one.state == "active"}
    assert scopes
    assert {one.scope for one in told if one.state == "resolved" and one.reason == "cleared"} >= (
        scopes - {"unit=ward"}
    )


@pytest.mark.parametrize(
    ("waiting", "free", "ends"),
    [(9, 0, ["too-few"]), (0, 0, ["cleared"]), (4, 30, ["cleared"]), (10, 0, []), (10, 6, [])],
)
def test_strain_ends_when_hardly_anybody_waits_any_more(waiting: int, free: int, ends: list[str]):
    pipeline = Pipeline(NORMS)
    told = []
    for day in range(6):
        at = USUAL + timedelta(days=day)
        strain = (68, 32) if day < 2 else (waiting, free)
        pipeline.receive(record(follow_up(*strain, at)))
        told += [one for one in pipeline.tick(seconds(at) + 3600) if one.norm == "followup-strain-grz"]
    assert [one.state for one in told[:2]] == ["pending", "active"]
    assert [one.reason for one in told if one.state == "resolved"] == ends


def test_strain_does_not_end_because_those_who_wait_most_fell_silent():
    pipeline = Pipeline(NORMS)
    told = []
    for day in range(10):
        at = USUAL + timedelta(days=day)
        pipeline.receive(record(follow_up(5, 4, at, location="B")))
        if day < 2 or day == 9:
            pipeline.receive(record(follow_up(68 if day < 2 else 4, 20, at)))
        changes = pipeline.tick(seconds(at) + 3600)
        told += [(day, one.state) for one in changes if one.norm == "followup-strain-grz"]
    assert told == [(0, "pending"), (1, "active"), (8, "step")]
    ended = pipeline.tick(seconds(USUAL + timedelta(days=10, hours=2)))
    assert [one.reason for one in ended if one.norm == "followup-strain-grz"] == ["cleared"]
