"""What is decided, told or published for the country holds there, whichever body or town the report names."""

import pytest

from agents.pipeline import Pipeline
from alerts.norms import load_norms
from streams.reports import PhaseChange, PlanRecorded, ReportPublished
from tests.support.reports import MONDAY, event, record

AT = int(MONDAY.timestamp())
PHASE = PhaseChange(phase="2D", effective_at=MONDAY, requested_by="lnaz", confirmed_by="minister")
MONITOR = ReportPublished(publisher="nza", report="monitor-inhaalzorg", period="2021-10")
PLAN = PlanRecorded(handed_to_insurers=True, recovery_section=True, chain_section=True)


def played(what, location: str) -> Pipeline:
    pipeline = Pipeline(load_norms())
    pipeline.receive(record(event(what, region="NL", location=location)))
    pipeline.tick(AT + 3600)
    return pipeline


@pytest.mark.parametrize("location", ["NL", "LNAZ", "Utrecht"])
def test_a_phase_of_the_country_is_in_force_in_every_region(location):
    regions = played(PHASE, location).judged.regions
    assert {regions[name].phases["joined.coordination"] for name in ("R01", "R07", "R11", "NL")} == {"2D"}


@pytest.mark.parametrize("location", ["NL", "NZa", "Utrecht"])
def test_a_report_for_the_country_is_not_missed(location):
    known = played(MONITOR, location).judged.regions["NL"].known["care.coordination"]
    assert {found.labels["report"]: found.value for found in known["report_age_days"].values()}[
        MONITOR.report
    ] == 0


def test_a_plan_of_a_hospital_between_networks_still_counts_for_the_country_once():
    known = played(PLAN, "Ziekenhuis Apeldoorn").judged.regions["NL"].known["care.coordination"]
    assert [found.value for found in known["plans_recorded"].values()] == [1]
