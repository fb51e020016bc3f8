"""A report that is not whole becomes no more whole while it is carried forward."""

from datetime import timedelta

import pytest

from agents.pipeline import Pipeline
from alerts.norms import load_norms
from streams.calendar import seconds
from streams.reports import BedReading
from tests.support.reports import MONDAY, beds, record

NORMS = load_norms()
LADDER = ("ic-ladder-1150", "")


def told(day, patients, **labels):
    """The COVID patients of the country's intensive care; of the others nothing is known."""
    own = [
        BedReading(unit="ic", label=label, occupied=count)
        for label, count in {"covid": patients, **labels}.items()
    ]
    return record(beds(MONDAY + timedelta(days=day), readings=own, location="NL", region="NL"))


@pytest.mark.parametrize(("whole", "judged"), [(False, "insufficient"), (True, "clear")])
def test_what_is_suspect_is_judged_by_as_much_as_the_last_trusted_report_said(whole, judged):
    pipeline = Pipeline(NORMS)
    for day in range(20):
        pipeline.receive(told(day, 100 + day % 3, **({"noncovid": 300 + day % 5} if whole else {})))
        pipeline.tick(seconds(MONDAY + timedelta(days=day)))
    assert pipeline.judged.regions["NL"].verdicts[LADDER][0] == judged

    pipeline.receive(told(20, 260, **({"noncovid": 301} if whole else {})))
    pipeline.tick(seconds(MONDAY + timedelta(days=20)))

    region = pipeline.judged.regions["NL"]
    found = region.figure_of(NORMS.by_id[LADDER[0]])
    assert found.evidence.suspect == 1
    assert found.range.completeness == (1.0 if whole else 0.5)
    assert region.verdicts[LADDER][0] == judged
