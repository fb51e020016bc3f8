"""A supplier that changes from totals to labels, or back, is held against what the unit had before, all labels together."""

from datetime import date, timedelta

import pytest

from agents.domain.registration import apply_control
from streams.control import SuspectConfirm, decode_control, encode_control
from streams.indicators import SUSPECTS
from streams.reports import BedReading
from tests.support.put_away import Shelf
from tests.support.reports import MONDAY, beds
from tests.support.speaking import DAY, Days

LIVELY = [60, 64, 59, 63, 68, 62, 65, 61, 66, 63, 67, 62, 64, 60, 65, 63, 66]
LAST = LIVELY[-1]


def total(occupied, staffed=100):
    return {"total": (occupied, staffed)}


def labels(covid, noncovid, staffed=(60, 40)):
    return {"covid": (covid, staffed[0]), "noncovid": (noncovid, staffed[1])}


def report(moment, told):
    made = [
        BedReading(unit="ic", label=label, occupied=occupied, staffed=staffed)
        for label, (occupied, staffed) in told.items()
    ]
    return beds(moment, readings=made, location="A", source="lpz")


def lived(*days):
    """A region whose hospital tells this once a day."""
    region = Days()
    for told in days:
        list(region.pass_day(lambda moment, told=told: report(moment, told)))
    return region


BY_TOTAL = [total(occupied) for occupied in LIVELY]
BY_LABEL = [labels(occupied // 2, occupied - occupied // 2) for occupied in LIVELY]
NO_TOTAL, NO_LABELS = total(0), labels(0, 0)


def figure(region):
    return region.said["beds_occupied{label=all,unit=ic}"]


@pytest.mark.parametrize("days", [1, 2, 20, 80])
@pytest.mark.parametrize(("before", "after"), [(BY_TOTAL, NO_LABELS), (BY_LABEL, NO_TOTAL)])
def test_zeros_of_other_labels_leave_the_figure_as_it_was(before, after, days):
    region = lived(*before, *[after] * days)
    found = figure(region)
    assert (found.value, found.range.low, found.range.high) == (LAST, 0, LAST)
    assert (found.range.least, found.range.most) == (0, LAST)
    newest = date(2021, 12, 1) + timedelta(days=days)
    assert region.doubts(SUSPECTS) == [f"A: ic total 0 op {newest}, na 66 (daling; lpz)"]
    ratio = region.said["occupancy_ratio{unit=ic}"]
    assert ratio.value == pytest.approx(LAST / 100)


def test_labels_beside_a_total_of_zero_end_nothing_either():
    region = lived(*BY_TOTAL, *[NO_TOTAL | NO_LABELS] * 3)
    assert (figure(region).value, figure(region).range.low) == (LAST, 0)


@pytest.mark.parametrize(
    ("before", "after"), [(BY_TOTAL, labels(40, 30)), (BY_LABEL, total(70)), (BY_TOTAL, labels(26, 30))]
)
def test_other_labels_that_say_about_the_same_count_at_once(before, after):
    region = lived(*before, after)
    value = sum(occupied for occupied, _ in after.values())
    assert (figure(region).value, figure(region).range) == (value, None)
    assert not region.doubts(SUSPECTS)


def test_a_jump_by_other_labels_counts_the_next_day():
    region = lived(*BY_TOTAL, labels(90, 60))
    assert (figure(region).value, figure(region).range.high) == (LAST, 150)
    list(region.pass_day(lambda moment: report(moment, labels(88, 62))))
    assert (figure(region).value, figure(region).range) == (150, None)
    assert not region.doubts(SUSPECTS)


def said_of(region, hours, told):
    """What is suspect once a hospital told this, so many hours after the noon that follows."""
    moment = MONDAY + region.day * DAY + timedelta(hours=hours)
    region.tell(report(moment, told))
    region.tick(moment + timedelta(minutes=1))
    return region.doubts(SUSPECTS)


def test_zeros_of_other_labels_are_seen_on_the_same_day():
    region = lived(*BY_TOTAL)
    assert not said_of(region, 1, total(65))
    assert not said_of(region, 2, labels(35, 31))
    assert said_of(region, 3, NO_LABELS) == ["A: ic total 0 op 2021-12-02, na 66 (daling; lpz)"]
    assert (figure(region).value, figure(region).range.low) == (LAST, 0)


@pytest.mark.parametrize(("before", "after"), [(BY_TOTAL, NO_LABELS), (BY_LABEL, NO_TOTAL)])
def test_those_that_come_back_end_what_is_suspect_the_same_day(before, after):
    region = lived(*before)
    assert said_of(region, 1, after)
    assert not said_of(region, 2, before[-1])
    assert (figure(region).value, figure(region).range) == (LAST, None)


@pytest.mark.parametrize(("before", "after"), [(BY_TOTAL, NO_LABELS), (BY_LABEL, NO_TOTAL)])
def test_somebody_confirms_zeros_of_other_labels(before, after):
    region = lived(*before, after, after)
    control = SuspectConfirm(
        at=1, region="R07", location="A", subject="ic total", day=date(2021, 12, 3), value=0, by="beheer"
    )
    apply_control(region.partition, decode_control(encode_control(control)))
    region.tick(MONDAY + region.day * DAY)
    assert (figure(region).value, figure(region).range) == (0, None)
    list(region.pass_day(lambda moment: report(moment, after)))
    assert figure(region).value == 0
    assert not region.doubts(SUSPECTS)


def test_labels_that_are_asked_themselves_say_nothing_more_together():
    region = lived(*[labels(40 + day % 4, 44 - day % 4) for day in range(17)], labels(26, 30))
    assert figure(region).value == 56
    assert not region.doubts(SUSPECTS)


def test_one_more_label_is_no_jump_where_nothing_was_known_of_all():
    only_covid = [{"covid": labels(30 + day % 4, 0)["covid"]} for day in range(17)]
    region = lived(*only_covid, labels(32, 90))
    assert (figure(region).value, figure(region).range) == (122, None)


def test_beds_with_staff_by_other_labels_count_the_next_day():
    region = lived(*BY_TOTAL, labels(40, 26, (0, 0)))
    assert region.value("beds_staffed", unit="ic") == 100
    assert region.doubts(SUSPECTS) == ["A: ic total staffed 0 op 2021-12-02, na 100 (daling; lpz)"]
    list(region.pass_day(lambda moment: report(moment, labels(40, 26, (0, 0)))))
    assert region.value("beds_staffed", unit="ic") == 0


@pytest.mark.parametrize("days", [1, 9, 20])
@pytest.mark.parametrize(("before", "after"), [(BY_TOTAL, NO_LABELS), (BY_LABEL, NO_TOTAL)])
def test_a_restart_makes_no_difference(before, after, days):
    region, other = (lived(*before, *[after] * days) for _ in range(2))
    shelf = Shelf()
    shelf.put(other.partition)
    other.partition = shelf.take()
    for each in (region, other):
        for told in (after, before[0]):
            list(each.pass_day(lambda moment, told=told: report(moment, told)))
    assert region.said == other.said
    assert not region.doubts(SUSPECTS)
