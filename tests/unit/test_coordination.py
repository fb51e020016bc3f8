"""What the parties decide, agree, publish and show, worked out by hand."""

from datetime import date, timedelta

import pytest

from agents.domain.parties.phases import is_irregular
from streams.reports import (
    Agreement,
    Mediation,
    PhaseChange,
    PlanRecorded,
    ReportPublished,
    Transfer,
    WebsiteChecked,
)
from streams.topics import COORDINATION
from tests.support.one_region import OneRegion
from tests.support.reports import MONDAY, event, phase

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)


@pytest.fixture
def region():
    return OneRegion(COORDINATION)


def change(name, effective, at=MONDAY, **own):
    told = {"requested_by": "lnaz", "confirmed_by": "lnaz"}
    return event(PhaseChange(phase=name, effective_at=effective, **told), at, **own)


def agreed(
    at=MONDAY, said=None, *, recorded=None, valid=30 * DAY, beds=None, subject="spreading", revision=0
):
    what = Agreement(
        subject=subject,
        agreed_at=at,
        valid_to=at + valid,
        parties=["ziekenhuizen"],
        initiated_by="roaz-voorzitter",
        recorded_at=recorded,
        reserved_ic_beds=beds,
    )
    return event(what, said or at, revision=revision)


def test_a_phase_comes_into_force_at_its_second_and_stays_however_old(region):
    region.tell(change("2A", MONDAY - DAY), change("2B", MONDAY + HOUR, MONDAY + SECOND))
    region.tick(MONDAY + HOUR - SECOND)
    assert region.value("phase") == 2
    assert region.tick(MONDAY + HOUR) == {"phase": 3, "phase_change_irregular": 0}
    region.tick(MONDAY + 3000 * DAY)
    assert region.value("phase") == 3


OLD = [change(name, MONDAY + day * DAY, MONDAY + day * DAY) for day, name in enumerate(("2A", "2B", "2C"))]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (1, 0, 2)])
@pytest.mark.parametrize("before", [0, 1, 2, 3])
def test_an_old_phase_that_nothing_contradicts_stands_whenever_and_in_whatever_order_it_is_told(
    region, order, before
):
    late = MONDAY + 1000 * DAY
    told = [OLD[number] for number in order]
    region.tell(*told[:before]).tick(late)
    region.tell(*told[before:]).tick(late + HOUR)
    assert region.value("phase") == 4
    region.tick(late + DAY)
    assert region.value("phase") == 4
    state = region.partition.regions["R07"].body
    assert [held[3] for held in state.phases.values()] == ["2C"]
    assert set(region.outcomes) <= {"applied", "late"}


def test_an_old_phase_after_a_newer_one_is_late(region):
    region.tell(change("2B", MONDAY + 900 * DAY, MONDAY + 900 * DAY)).tick(MONDAY + 1800 * DAY)
    region.tell(OLD[0]).tick(MONDAY + 1800 * DAY + HOUR)
    assert region.outcomes == ["applied", "late"]
    assert region.value("phase") == 3


def test_a_corrected_change_comes_into_force_at_its_new_moment_only(region):
    region.tell(change("2C", MONDAY), change("2C", MONDAY + 2 * DAY, revision=1))
    region.tick(MONDAY + DAY)
    assert region.value("phase") is None
    region.tick(MONDAY + 2 * DAY)
    assert region.value("phase") == 4


@pytest.mark.parametrize(
    ("name", "asked", "confirmed", "where", "wrong"),
    [
        ("2D", "lnaz", "minister", "NL", False),
        ("2D", "roaz-voorzitter", "minister", "NL", False),
        ("2D", "lnaz", "lnaz", "NL", True),
        ("2D", "nza", "minister", "NL", True),
        ("3", "lnaz", "minister", "NL", False),
        ("3", "lnaz", "minister", "R07", True),
        ("3", "lnaz", "lnaz", "NL", True),
        ("2B", "lnaz", "lnaz", "NL", False),
        ("2B", "roaz-voorzitter", "lnaz", "R07", False),
        ("2C", "zorgaanbieder", "lnaz", "R07", True),
        ("1", "lnaz", "zorgaanbieder", "NL", True),
    ],
)
def test_who_may_ask_for_a_phase_and_confirm_it(name, asked, confirmed, where, wrong):
    assert is_irregular(name, asked, confirmed, where) is wrong


def test_the_phase_in_force_is_told_as_irregular_until_a_right_one_follows(region):
    region.tell(change("2D", MONDAY))
    region.tick(MONDAY)
    assert region.value("phase_change_irregular") == 1
    region.tell(phase("2D", MONDAY + HOUR))
    region.tick(MONDAY + HOUR)
    assert region.value("phase_change_irregular") == 0


def test_an_agreement_holds_from_when_it_is_made_until_it_ends(region):
    region.tell(agreed(MONDAY + HOUR, MONDAY, recorded=MONDAY + 2 * HOUR, beds=6, valid=DAY))
    region.tick(MONDAY)
    assert region.value("agreement_valid", subject="spreading") == 0
    region.tick(MONDAY + HOUR)
    assert region.value("agreement_unrecorded", subject="spreading") == 1
    region.tick(MONDAY + 2 * HOUR)
    assert region.value("agreement_unrecorded", subject="spreading") == 0
    assert region.value("agreement_valid", subject="spreading") == 1
    assert region.value("agreement_valid", subject="ic-dependent") == 0
    assert region.value("agreement_ic_beds") == 6
    region.tick(MONDAY + HOUR + DAY - SECOND)
    assert region.value("agreement_valid", subject="spreading") == 1
    region.tick(MONDAY + HOUR + DAY)
    assert region.value("agreement_valid", subject="spreading") == 0
    assert region.value("agreement_ic_beds") is None


def test_an_agreement_that_is_recorded_later_is_still_one(region):
    region.tell(agreed(), agreed(said=MONDAY + DAY, recorded=MONDAY + DAY))
    region.tick(MONDAY + DAY)
    assert region.value("agreement_valid", subject="spreading") == 1
    assert region.value("agreement_unrecorded", subject="spreading") == 0


def test_an_agreement_of_which_the_moment_is_corrected_is_still_one(region):
    wrong = agreed(said=MONDAY, recorded=MONDAY)
    right = agreed(MONDAY - DAY, said=MONDAY, recorded=MONDAY, revision=1)
    region.tell(wrong, right)
    region.tick(MONDAY + HOUR)
    assert region.value("agreement_valid", subject="spreading") == 1
    region.tell(wrong)  # a repeat, later
    region.tick(MONDAY + 2 * HOUR)
    assert region.value("agreement_valid", subject="spreading") == 1


def test_what_was_corrected_does_not_come_back_when_the_correction_is_forgotten(region):
    region.tell(agreed(said=MONDAY, recorded=MONDAY, valid=3000 * DAY))
    region.tell(agreed(said=MONDAY, recorded=MONDAY, valid=30 * DAY, revision=1))
    for days in (1, 900, 901):
        region.tick(MONDAY + days * DAY)
    assert region.value("agreement_valid", subject="spreading") == 0


def test_transfers_between_regions_that_lcps_did_not_decide_are_counted_apart(region):
    def moved(by, to="R05", count=2):
        return event(
            Transfer(to_region=to, unit="ic", count=count, decided_by=by), source=f"s-{by}-{to.lower()}"
        )

    region.tell(moved("lcps"), moved("rcps", to="R07"), moved("igj", count=0))
    region.tick(MONDAY + HOUR)
    assert region.value("transfers_by_others_7d") == 0
    assert region.value("transfers_out_7d", unit="ic") == 2, "who moves within the region does not leave it"
    region.tell(moved("rcps"))
    region.tick(MONDAY + 2 * HOUR)
    assert region.value("transfers_by_others_7d") == 2
    region.tick(MONDAY + 7 * DAY)
    assert region.value("transfers_by_others_7d") == 0


def test_transfers_are_counted_for_seven_days_and_a_correction_replaces(region):
    def moved(count, at=MONDAY, **own):
        return event(Transfer(to_region="R01", unit="ic", count=count, decided_by="lcps"), at, **own)

    region.tell(moved(3), moved(2, revision=1), moved(4, MONDAY + DAY))
    region.tick(MONDAY + DAY)
    assert region.value("transfers_out_7d", unit="ic") == 6
    assert region.value("transfers_out_7d", unit="ward") == 0
    region.tick(MONDAY + 7 * DAY)
    assert region.value("transfers_out_7d", unit="ic") == 4
    region.tick(MONDAY + 8 * DAY)
    assert region.value("transfers_out_7d", unit="ic") == 0


def test_the_age_of_a_report_goes_by_days_and_by_the_newest(region):
    def published(at):
        return event(ReportPublished(publisher="nza", report="zorgbeeld", period="2021-W46"), at)

    region.tell(published(MONDAY), published(MONDAY - 14 * DAY))
    assert region.outcomes == ["applied", "duplicate"]
    region.tick(MONDAY + 15 * DAY)
    assert region.value("report_age_days", report="zorgbeeld") == 15
    region.tell(published(MONDAY + 15 * DAY))
    region.tick(MONDAY + 15 * DAY + HOUR)
    assert region.value("report_age_days", report="zorgbeeld") == 0


def test_a_plan_is_whole_when_it_covers_everything_and_the_insurers_have_it(region):
    def plan(location, *, handed=True, recovery=True, chain=True):
        what = PlanRecorded(handed_to_insurers=handed, recovery_section=recovery, chain_section=chain)
        return event(what, location=location)

    region.tell(plan("A"), plan("B", handed=False), plan("C", recovery=False), plan("D", chain=False))
    region.tick(MONDAY)
    assert (region.value("plans_recorded"), region.value("plans_incomplete")) == (4, 3)


def test_without_any_plan_there_are_none_once_anything_is_heard(region):
    region.tick(MONDAY)
    assert region.value("plans_recorded") is None
    region.tell(phase("2B"))
    region.tick(MONDAY + HOUR)
    assert region.value("plans_recorded") == 0
    assert region.said["plans_recorded"].observations == 1


def test_the_oldest_website_counts_and_none_at_all_is_counted_apart(region):
    def website(location, on, *, split=True):
        what = WebsiteChecked(publisher="zorgaanbieder", updated_on=on, split=split)
        return event(what, location=location)

    region.tell(
        website("A", date(2021, 11, 10)), website("B", date(2021, 10, 15), split=False), website("C", None)
    )
    region.tick(MONDAY)
    labels = {"publisher": "zorgaanbieder"}
    assert region.value("website_age_days", **labels) == 31
    assert region.value("websites_without", **labels) == 1
    assert region.value("websites_unsplit", **labels) == 1
    region.tick(MONDAY + 46 * DAY)
    assert region.value("website_age_days", **labels) is None, "nobody looked for long"


def test_mediation_is_told_of_the_newest_full_week_and_weighed_by_requests(region):
    def mediated(requested, matched, days, location, week=date(2021, 11, 8), at=MONDAY):
        what = Mediation(week_start=week, requested=requested, matched=matched, answer_days=days)
        return event(what, at, location=location)

    region.tell(
        mediated(30, 20, 4.0, "X"),
        mediated(10, 10, 8.0, "Y"),
        mediated(99, 0, None, "X", date(2021, 11, 15)),
    )
    region.tick(MONDAY)
    assert region.value("mediation_requested_week") == 40
    assert region.value("mediation_matched_week") == 30
    assert region.value("mediation_ratio") == 0.75
    assert region.value("mediation_answer_days") == 5.0
