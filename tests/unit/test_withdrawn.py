"""A figure that a revision leaves out is withdrawn: not known, and no older one of that day comes back."""

from datetime import timedelta
from pathlib import Path

import msgspec
import orjson
import pytest
from typer.testing import CliRunner

from agents.domain.statements.revisions import SECONDS_MAX
from deploy.cli.main import app
from streams.reports import BedReading
from streams.topics import ABSENCE, OCCUPANCY
from tests.support.one_region import OneRegion
from tests.support.put_away import Shelf
from tests.support.reports import MONDAY, absence, beds

CASE = Path(__file__).resolve().parents[2].parent / "shared" / "cases" / "c2_withdraw.jsonl"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def told(revision: int, at=MONDAY, source: str = "lpz", **occupied: int | None):
    readings = [BedReading(unit=unit, label="total", occupied=count) for unit, count in occupied.items()]
    return beds(at, source=source, revision=revision, readings=readings)


@pytest.fixture
def region() -> OneRegion:
    return OneRegion(OCCUPANCY)


def ward(region: OneRegion) -> float | int | None:
    return region.value("beds_occupied", unit="ward", label="all")


def ic(region: OneRegion) -> float | int | None:
    return region.value("beds_occupied", unit="ic", label="all")


@pytest.mark.parametrize(
    ("order", "outcomes"), [((0, 1), ["applied"] * 2), ((1, 0), ["applied", "duplicate"])]
)
@pytest.mark.parametrize("named", [{}, {"ward": None}], ids=["left out", "null"])
def test_a_figure_that_a_revision_leaves_out_is_withdrawn_whichever_comes_first(
    region, order, outcomes, named
):
    reports = [told(0, ic=24, ward=400), told(1, ic=24, **named)]
    region.tell(*(reports[revision] for revision in order)).tick(MONDAY + HOUR)
    assert (ic(region), ward(region)) == (24, None)
    assert region.outcomes == outcomes


def test_it_is_withdrawn_after_it_was_judged_too(region):
    region.tell(told(0, ic=24, ward=400)).tick(MONDAY + HOUR)
    assert ward(region) == 400
    region.tell(told(1, ic=24)).tick(MONDAY + 2 * HOUR)
    assert (ic(region), ward(region)) == (24, None)
    region.tell(told(2, ic=24, ward=40)).tick(MONDAY + 3 * HOUR)
    assert ward(region) == 40


def test_no_older_figure_of_that_day_comes_back_but_that_of_the_day_before_still_stands(region):
    region.tell(told(0, MONDAY - DAY, ward=380), told(0, MONDAY - HOUR, ward=390), told(0, ward=400)).tick(
        MONDAY
    )
    assert ward(region) == 400
    region.tell(told(1, ic=24)).tick(MONDAY + HOUR)
    assert ward(region) == 380
    region.tell(told(0, MONDAY + HOUR, ward=401)).tick(MONDAY + 2 * HOUR)
    assert ward(region) == 401


def test_a_revision_withdraws_nothing_of_another_source_or_second(region):
    region.tell(told(0, source="other", ward=390), told(0, MONDAY + HOUR, ward=400), told(1, ic=24))
    region.tick(MONDAY + 2 * HOUR)
    assert (ic(region), ward(region)) == (24, 400)


def test_of_two_sources_and_one_second_the_one_whose_id_comes_first_counts(region):
    region.tell(told(0, source="b", ward=1), told(3, source="b", ward=2), told(0, source="a", ward=3))
    region.tick(MONDAY + HOUR)
    assert ward(region) == 3


def test_what_was_replaced_is_remembered_by_who_takes_over(region):
    region.tell(told(1, ic=24)).tick(MONDAY + HOUR)
    shelf = Shelf()
    shelf.put(region.partition)
    region.partition = shelf.take()
    region.tell(told(0, ic=23, ward=400)).tick(MONDAY + 2 * HOUR)
    assert (ic(region), ward(region)) == (24, None)


def test_it_is_remembered_until_nobody_can_report_about_that_day_any_more(region):
    region.tell(told(0, ic=24, ward=400), told(1, ic=24)).tick(MONDAY + HOUR)
    body = region.partition.regions["R07"].body
    region.tick(MONDAY + 14 * DAY)
    assert body.revised
    region.tick(MONDAY + 15 * DAY)
    assert not body.revised


def test_what_was_held_before_comes_back_whether_the_ring_passed_it_or_not(region):
    """A withdrawal of today may not depend on what was forgotten since."""
    late = OneRegion(OCCUPANCY)
    first, second, withdrawal = (
        told(0, ward=380),
        told(0, MONDAY + 10 * DAY, ward=400),
        told(1, MONDAY + 10 * DAY, ic=1),
    )
    region.tell(first, second, withdrawal).tick(MONDAY + 20 * DAY)
    late.tell(first, second).tick(MONDAY + 19 * DAY)
    late.tell(withdrawal).tick(MONDAY + 20 * DAY)
    key = "beds_occupied{label=all,unit=ward}"
    assert late.said[key] == region.said[key]
    assert late.said[key].silence is not None


def test_a_flood_of_revisions_is_not_remembered_for_ever(region):
    at = [MONDAY + timedelta(seconds=second) for second in range(SECONDS_MAX + 50)]
    region.tell(*(told(1, moment, ic=24) for moment in at))
    region.tell(*(told(1, MONDAY, source=f"s{number}", ic=24) for number in range(50)))
    (revised,) = region.partition.regions["R07"].body.revised["A"].values()
    assert len(revised.reports) == SECONDS_MAX
    assert max(map(len, revised.reports.values())) <= 10


def test_a_sector_that_a_revision_leaves_out_is_withdrawn():
    region = OneRegion(ABSENCE)
    one = absence(8.0, 1000)
    other = msgspec.structs.replace(one.rows[0], sector="vvt", rate=5.0)
    region.tell(msgspec.structs.replace(one, rows=[*one.rows, other])).tick(MONDAY + HOUR)
    assert region.value("absence_rate", sector="vvt") == 5.0
    region.tell(absence(8.0, 1000, revision=1)).tick(MONDAY + 2 * HOUR)
    assert region.value("absence_rate", sector="ziekenhuis") == 8.0
    assert region.value("absence_rate", sector="vvt") is None


@pytest.mark.skipif(not CASE.is_file(), reason=f"no case {CASE}")
def test_the_case_of_a_ward_that_was_never_there():
    known = {}
    for at in ("2021-11-01T12:00:00Z", "2021-11-01T18:00:00Z"):
        printed = CliRunner().invoke(app, ["status", "--recording", str(CASE), "--at", at, "--json"])
        own = orjson.loads(printed.stdout)["regions"]["R05"]["indicators"]
        known[at] = {
            one["labels"]["unit"]: one["value"]
            for one in own
            if one["name"] == "beds_occupied" and one["labels"]["label"] == "all"
        }
    before, after = known.values()
    assert before == {"ic": 24, "ward": 400}
    assert after["ic"] == 24
    assert after.get("ward") is None
