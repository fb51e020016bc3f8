"""What waits say, worked out by hand: undecidable and prolonged waits, treatments, and supply that is due."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from agents.domain.partition import empty_partition, tick
from agents.domain.waits.target import Rule
from agents.domain.waits.wait_sums import WaitSums
from agents.domain.waits.waits import Key, Row, Standing
from alerts.norms import load_norms
from streams.calendar import date_of, day_number, supply_day
from streams.indicators import indicator_key
from streams.reports import WaitRow
from tests.support.entrance import receive
from tests.support.put_away import Shelf
from tests.support.reports import record, waits

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NORMS = load_norms()
FIRST, SECOND, THIRD = date(2021, 11, 2), date(2021, 11, 16), date(2021, 11, 30)
"""Tuesdays of even ISO weeks."""


class Waiting:
    """One region of `care.waiting-times`, and what was last said of it."""

    def __init__(self):
        self.partition = empty_partition("care.waiting-times", 0, ("R07",))
        self.said = {}

    def tell(self, *reports):
        for report in reports:
            told = record(report)
            receive(self.partition, told.key, told.value, told.timestamp)

    def tick(self, moment):
        """Pass a tick; return what it changed."""
        entries = tick(self.partition, int(moment.timestamp()), NORMS)
        changed = {
            indicator_key(one.name, one.labels): one.value for entry in entries for one in entry.indicators
        }
        self.said |= changed
        return changed

    def value(self, name, **labels):
        return self.said.get(indicator_key(name, labels))


def at(day, hour=12, minute=0, second=0):
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=AMSTERDAM)


def supplied(day, days, access="polikliniek", **own):
    return waits(days, at(day), access, day, **own)


@pytest.fixture
def region():
    return Waiting()


def total(region, name, access="polikliniek"):
    return region.value(name, access=access, specialism="all")


def test_treatment_without_its_kind_is_within_undecidable_or_over(region):
    region.tell(supplied(FIRST, [42, 43, 49, 49.5, 50], "behandeling"))
    region.tick(at(FIRST, 13))
    assert total(region, "waits_over_treeknorm", "behandeling") == 2
    assert total(region, "waits_undecidable", "behandeling") == 2
    assert total(region, "waits_over_treeknorm_ratio", "behandeling") == 0.4
    assert total(region, "waits_undecidable", "polikliniek") is None


def test_a_wait_is_prolonged_on_the_second_supply_in_a_row_over_the_maximum(region):
    region.tell(supplied(FIRST, [29, 28, 60]))
    region.tick(at(FIRST, 13))
    assert total(region, "waits_prolonged") == 0
    region.tell(supplied(SECOND, [29, 29, 28]))
    region.tick(at(SECOND, 13))
    assert total(region, "waits_prolonged") == 1
    region.tell(supplied(THIRD, [28, 29, 29]))
    region.tick(at(THIRD, 13))
    assert total(region, "waits_prolonged") == 1


def test_daily_peildata_of_one_supply_make_no_wait_prolonged(region):
    for day in range(13):
        region.tell(supplied(FIRST + timedelta(days=day), [60]))
    region.tick(at(FIRST + timedelta(days=13), 8))
    assert total(region, "waits_prolonged") == 0


def test_a_correction_of_the_supply_before_counts_and_a_closed_one_breaks_the_row(region):
    region.tell(supplied(FIRST, [60, 60]), supplied(SECOND, [60, 60]), supplied(FIRST, [60, 20], revision=1))
    region.tick(at(SECOND, 13))
    assert total(region, "waits_prolonged") == 1


def test_supplies_more_than_45_days_apart_do_not_follow_each_other(region):
    region.tell(supplied(FIRST, [60]))
    region.tick(at(FIRST, 13))
    region.tell(supplied(FIRST + timedelta(days=46), [60]))
    region.tick(at(FIRST + timedelta(days=46), 13))
    assert total(region, "waits_prolonged") is None  # and nobody knows what was between
    region.tell(supplied(FIRST + timedelta(days=70), [60]))
    region.tick(at(FIRST + timedelta(days=70), 13))
    assert total(region, "waits_prolonged") == 1


def test_each_treatment_has_its_figures_and_only_those_that_changed_are_said_again(region):
    region.tell(supplied(FIRST, [29, 30, 31]), supplied(FIRST, [20], location="B"))
    first = region.tick(at(FIRST, 13))
    t0 = {"access": "polikliniek", "specialism": "orthopedie", "treatment": "t0"}
    assert region.value("treatment_waits", **t0) == 2
    assert region.value("treatment_waits_over_treeknorm", **t0) == 1
    assert region.value("treatment_wait_days_median", **t0) == 24.5
    assert sum(name.startswith("treatment_waits{") for name in first) == 3
    region.tell(supplied(FIRST, [21], location="B", revision=1))
    changed = region.tick(at(FIRST, 14))
    assert {name for name in changed if name.startswith("treatment")} == {
        indicator_key("treatment_wait_days_median", t0)
    }


@pytest.mark.parametrize(
    ("day", "tuesday"),
    [
        (date(2021, 8, 10), date(2021, 8, 10)),
        (date(2021, 8, 9), date(2021, 7, 27)),
        (date(2021, 11, 29), date(2021, 11, 16)),
        (date(2021, 1, 11), date(2020, 12, 22)),  # 2020 has 53 weeks: three weeks between two peildata
        (date(2021, 1, 12), date(2021, 1, 12)),
    ],
)
def test_a_peildatum_is_the_tuesday_of_an_even_iso_week(day, tuesday):
    assert date_of(supply_day(day_number(day))) == tuesday


@pytest.mark.parametrize("due", [SECOND, date(2022, 4, 5), date(2022, 11, 1)])
def test_a_location_is_missing_from_2359_of_the_peildatum_until_its_supply_comes(region, due):
    before = due - timedelta(days=14)
    region.tell(supplied(before, [10]), supplied(before, [10], location="B"))
    region.tell(supplied(due, [10], location="B"))
    region.tick(at(before, 13))
    region.tick(at(due, 23, 58, 59))
    assert region.value("supply_missing_locations") == 0
    assert region.tick(at(due, 23, 59)) == {"supply_missing_locations": 1}
    late = due + timedelta(days=2)
    region.tell(waits([10], at(late), "polikliniek", due))
    region.tick(at(late, 12, 1))
    assert region.value("supply_missing_locations") == 0


def test_supply_of_the_week_before_is_not_the_supply_that_is_due(region):
    region.tell(supplied(SECOND - timedelta(days=1), [10]))
    region.tick(at(SECOND, 23, 59))
    assert region.value("supply_missing_locations") == 1


def test_no_supply_is_missed_before_10_august_2021_nor_of_the_ggz(region):
    region.tell(supplied(date(2021, 7, 13), [10]))
    region.tick(at(date(2021, 8, 10), 23, 58))
    assert region.value("supply_missing_locations") is None
    region.tick(at(date(2021, 8, 10), 23, 59))
    assert region.value("supply_missing_locations") == 1
    ggz = Waiting()
    ggz.tell(supplied(FIRST, [10], "ggz-aanmelding"))
    ggz.tick(at(THIRD, 23, 59))
    assert ggz.value("supply_missing_locations") is None


def test_a_location_that_is_silent_for_ninety_days_no_longer_counts(region):
    region.tell(supplied(FIRST, [10]))
    region.tick(at(FIRST, 13))
    region.tick(at(FIRST + timedelta(days=90)))
    assert region.value("supply_missing_locations") == 1
    region.tick(at(FIRST + timedelta(days=91)))
    assert region.value("supply_missing_locations") is None


def test_a_wait_over_the_norm_that_nothing_followed_is_missed_and_the_others_are_not_the_whole(region):
    for day in (FIRST, SECOND):
        region.tell(supplied(day, [60]), supplied(day, [20], location="B"))
    for days in range(14, 105, 14):
        region.tell(supplied(SECOND + timedelta(days=days), [20], location="B"))
    figures = ("wait_days_max", "waits_prolonged", "waits_over_treeknorm", "waits")
    seen = {}
    for days in (45, 46, 90, 91):
        region.tick(at(SECOND + timedelta(days=days), 13))
        seen[days] = [total(region, name) for name in figures]
    assert seen == {
        45: [60, 1, 1, 2],
        46: [None, None, None, 1],
        90: [None, None, None, 1],
        91: [20, 0, 0, 1],
    }


@pytest.mark.parametrize(
    ("status", "seen"), [("known", (20, 0)), ("closed", (None, None)), ("insufficient", (None, None))]
)
def test_a_wait_that_follows_ends_what_was_missed_at_once_and_a_row_without_one_does_not(
    region, status, seen
):
    region.tell(supplied(FIRST, [60]), supplied(SECOND, [60]))
    late = SECOND + timedelta(days=60)
    region.tell(supplied(late, [20], location="B"))
    region.tick(at(late, 11))
    assert total(region, "wait_days_max") is None
    row = WaitRow(
        access="polikliniek",
        specialism="orthopedie",
        treatment="t0",
        status=status,
        days=20 if status == "known" else None,
    )
    region.tell(msgspec.structs.replace(supplied(late, [20]), rows=[row]))
    region.tick(at(late, 13))
    assert (total(region, "wait_days_max"), total(region, "waits_prolonged")) == seen


def test_a_missed_row_that_was_wrong_is_corrected(region):
    late = FIRST + timedelta(days=60)
    region.tell(supplied(FIRST, [60]), supplied(late, [20], location="B"))
    region.tick(at(late, 13))
    assert total(region, "wait_days_max") is None
    region.tell(supplied(FIRST, [20], revision=1))
    region.tick(at(late, 14))
    assert total(region, "wait_days_max") == 20


def test_a_missed_row_within_the_norm_hides_nothing_and_one_over_it_hides_no_other(region):
    late = FIRST + timedelta(days=60)
    region.tell(supplied(FIRST, [28]), supplied(late, [20], location="B"))
    region.tick(at(late, 13))
    assert (total(region, "wait_days_max"), total(region, "waits_over_treeknorm")) == (20, 0)
    region.tell(supplied(FIRST, [60], location="C"), supplied(late, [30], location="D"))
    region.tick(at(late, 14))
    assert (total(region, "wait_days_max"), total(region, "waits_over_treeknorm")) == (30, 1)


def test_a_worker_that_starts_again_says_nothing_twice(region):
    region.tell(supplied(FIRST, [10]))
    region.tick(datetime(2021, 11, 2, 12, 30, tzinfo=UTC))
    shelf = Shelf()
    shelf.put(region.partition)
    region.partition = shelf.take()
    assert region.tick(datetime(2021, 11, 2, 12, 31, tzinfo=UTC)) == {}


def test_a_region_says_the_same_in_the_same_order_whoever_folded_it_and_when():
    """Entries that are written again after a crash must be those of before to the letter."""
    rows = [
        (access, specialism, treatment)
        for access in ("polikliniek", "klinisch")
        for specialism in ("urologie", "chirurgie")
        for treatment in ("", "b", "a")
    ]
    spoken = []
    for order in (rows, rows[::-1], rows[5:] + rows[:5]):
        sums = WaitSums()
        for number, named in enumerate(order):
            key = Key(*named)
            standing = Standing(Row(day_number(FIRST), 0, 0, "answered", 30.0, 1.0, "nza"))
            sums.renew(f"L{rows.index(named)}", None, {key: standing})
            if number % 4 == 0:
                list(sums.figures(NORMS.treeknorms("R07", 1_637_000_000), Rule(3, 0.5)))
        spoken.append(
            [
                (one.name, one.labels)
                for one in sums.figures(NORMS.treeknorms("R07", 1_637_000_000), Rule(3, 0.5))
            ]
        )
    assert spoken[0] == spoken[1] == spoken[2]
    assert len(spoken[0]) > len(rows)
