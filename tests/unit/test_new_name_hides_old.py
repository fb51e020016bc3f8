"""A new hospital of about the size of an old one does not make the region calmer when that one falls silent."""

from datetime import timedelta

from agents.pipeline import Pipeline
from alerts.norms import load_norms
from tests.support.reports import MONDAY, ic, record
from tests.support.speaking import DAY, Days, at

NORMS = load_norms()


def transitions(*days):
    """Play days of (location, occupied, staffed), with a tick an hour; return what the judge said."""
    line, found = Pipeline(NORMS), []
    for day, told in enumerate(days):
        moment = MONDAY + day * DAY
        line.receive(
            *(
                record(ic(occupied, staffed, moment, location=name, source="lpz"))
                for name, occupied, staffed in told
            )
        )
        for hour in range(1, 25):
            found += line.tick(int((moment + timedelta(hours=hour)).timestamp()))
    return found


def test_a_breach_does_not_end_because_an_old_hospital_falls_silent():
    old = [("A", 130, 130), ("B", 80, 100)]
    every = [*old, ("C", 98, 130)]
    found = transitions(*[old] * 5, *[every] * 5, *[every[1:]] * 6)
    assert "active" in {each.state for each in found}
    assert "resolved" not in {each.state for each in found}


def test_one_late_report_of_an_old_hospital_makes_no_dip():
    region = Days()
    region.live(5, at("A", 50, staffed=60), at("B", 30))
    region.live(3, at("A", 50, staffed=60), at("C", 52, staffed=61), at("B", 30))
    region.tell(*(one(MONDAY + 8 * DAY) for one in (at("C", 52, staffed=61), at("B", 30))))
    figures = []
    for hour in (1, 7, 13):
        region.tick(MONDAY + 8 * DAY + timedelta(hours=hour))
        figures.append(region.value("beds_occupied", unit="ic", label="all"))
    assert figures == [132, 132, 132]
