"""The register of capacity: what was counted stands; what was announced lowers no percentage."""

from datetime import date

import pytest

from alerts.capacity import CapacityRecord, capacity_known, checked_capacity
from alerts.norms import NormsError, load_norms, parse_norms
from streams.calendar import day_number
from tests.support.norm_files import OWN


def record(beds, known, kind="counted", **own):
    return CapacityRecord(
        **{
            "region": "NL",
            "unit": "ic",
            "beds": beds,
            "known": date.fromisoformat(known),
            "kind": kind,
            "source": "test",
        }
        | own
    )


def known(records, day):
    found = capacity_known(records, "NL", "ic", day_number(date.fromisoformat(day)))
    return None if found is None else found.beds


RECORDS = [record(1016, "2021-11-16"), record(1150, "2021-11-18", "announced"), record(1143, "2021-12-02")]


@pytest.mark.parametrize(
    ("day", "beds"),
    [
        ("2021-11-15", None),
        ("2021-11-16", 1016),
        ("2021-11-29", 1016),
        ("2021-12-01", 1016),
        ("2021-12-02", 1143),
    ],
)
def test_beds_that_are_announced_count_once_they_are_counted(day, beds):
    assert known(RECORDS, day) == beds


def test_fewer_beds_count_though_nobody_counted_them():
    records = [
        record(1233, "2020-12-17"),
        record(1550, "2021-04-15", "announced"),
        record(1150, "2021-06-15", "announced"),
    ]
    assert known(records, "2021-05-01") == 1233
    assert known(records, "2021-07-01") == 1150


def test_a_count_stands_over_fewer_beds_that_were_told_before():
    records = [record(1150, "2021-06-15", "announced"), record(1233, "2021-07-01")]
    assert known(records, "2021-07-01") == 1233


def test_another_region_or_unit_has_its_own():
    day = day_number(date(2021, 12, 1))
    assert capacity_known(RECORDS, "R07", "ic", day) is None
    assert capacity_known(RECORDS, "NL", "ward", day) is None


@pytest.mark.parametrize(
    ("records", "says"),
    [
        ([record(10, "2021-11-16", region="R99")], "`region`: `R99` is unknown"),
        ([record(10, "2021-11-16", due=date(2021, 11, 20))], "`due`"),
        ([record(10, "2021-11-16", "announced", due=date(2021, 11, 1))], "`due`"),
        ([record(10, "2021-11-16"), record(11, "2021-11-16")], "counted twice"),
    ],
)
def test_what_is_wrong_is_said_by_record_and_field(records, says):
    with pytest.raises(NormsError, match=says):
        checked_capacity(records)


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("beds = 1233", "beds = 0", "capacity 2020-12-17, `beds`"),
        ('kind = "counted"', 'kind = "guessed"', "`kind`"),
    ],
)
def test_a_norms_file_with_a_wrong_record_is_refused(before, after, says):
    with pytest.raises(NormsError, match=says):
        parse_norms(OWN.replace(before, after, 1))


def test_the_register_that_ships_says_where_each_record_comes_from():
    records = load_norms().capacity
    assert len(records) == 10
    assert {one.kind for one in records} == {"counted", "announced"}
    assert all(one.source for one in records)
    assert [
        known(records, day) for day in ("2020-11-01", "2021-01-13", "2021-04-23", "2021-11-17", "2021-12-07")
    ] == [
        1030,
        1233,
        1233,
        1016,
        1143,
    ]
