"""The Coronadashboard file: four blocks, unsorted, nulls, archived forms."""

import json
from typing import Any

import pytest

from streams.codec import decode_report
from streams.feeds import FeedError
from streams.feeds.coronadashboard_nl import read
from streams.recording import Record
from streams.reports import OccupancyReport

DAY = 1_622_073_600  # 2021-05-27


def report(record: Record) -> OccupancyReport:
    decoded = decode_report(record.topic, record.key, record.value)
    assert isinstance(decoded, OccupancyReport)
    return decoded


def beds(at: int = DAY, occupied: int | None = 10, influx: int | None = 3) -> dict[str, Any]:
    return {
        "date_unix": at,
        "beds_occupied_covid": occupied,
        "beds_occupied_covid_moving_average": 1.5,
        "influx_covid_patients": influx,
    }


def admissions(at: int = DAY, admitted: int | None = 4, reported: int | None = 5) -> dict[str, Any]:
    return {
        "date_unix": at,
        "admissions_on_date_of_admission": admitted,
        "admissions_on_date_of_reporting": reported,
    }


def file(code: str = "NL", indent: int | None = None, **blocks: list[Any]) -> bytes:
    content = {
        "code": code,
        **{name: {"values": values, "last_value": {}} for name, values in blocks.items()},
    }
    return json.dumps(content, indent=indent).encode()


def test_beds_and_admissions_come_from_their_own_blocks_and_sources():
    result = read(
        file(
            hospital_lcps=[beds()],
            intensive_care_lcps=[beds(occupied=7)],
            hospital_nice=[admissions()],
            intensive_care_nice=[admissions(admitted=1)],
        )
    )
    told = {report(record).source: report(record).readings[0] for record in result.records}
    assert (result.rows, result.imported) == (4, 4)
    assert told["coronadashboard-hospital-lcps"].occupied == 10
    assert told["coronadashboard-intensive-care-lcps"].occupied == 7
    assert told["coronadashboard-intensive-care-lcps"].unit == "ic"
    assert told["coronadashboard-hospital-nice"].admissions == 4
    assert told["coronadashboard-hospital-nice"].notified == 5
    assert told["coronadashboard-intensive-care-nice"].admissions == 1


def test_influx_is_read_only_where_nice_does_not_count_the_same_patients():
    with_nice = read(file(hospital_lcps=[beds()], hospital_nice=[admissions()]))
    without = read(file(hospital_lcps=[beds()], intensive_care_nice=[admissions()]))
    assert report(with_nice.records[0]).readings[0].admissions is None
    assert report(without.records[0]).readings[0].admissions == 3


def test_a_day_is_the_local_day_and_known_on_the_next_afternoon():
    (record,) = read(file(hospital_lcps=[beds()])).records
    assert report(record).observed_at.isoformat() == "2021-05-26T22:00:00+00:00"
    assert report(record).received_at.isoformat() == "2021-05-28T13:00:00+00:00"


def test_null_is_unknown_and_a_row_of_nulls_is_refused_on_its_own_line():
    result = read(
        file(indent=1, hospital_lcps=[beds(), beds(DAY + 86_400, None, None), beds(DAY + 172_800, 1, None)])
    )
    assert (result.rows, result.imported) == (3, 2)
    (refused,) = result.refused
    lines = file(indent=1, hospital_lcps=[beds(), beds(DAY + 86_400, None, None)]).decode().split("\n")
    assert str(DAY + 86_400) in lines[refused.line]
    assert refused.reason == "hospital_lcps: no figure in this row"


def test_an_archived_block_is_the_older_statement():
    result = read(
        file(hospital_nice=[admissions(admitted=9)], hospital_nice_archived_20240228=[admissions(admitted=8)])
    )
    told = sorted(
        (report(record).revision, report(record).readings[0].admissions) for record in result.records
    )
    assert told == [(0, 8), (1, 9)]


def test_a_safety_region_and_a_municipality_go_to_their_network():
    places = {"VR25": "R09", "VR13": "NL", "GM0034": "R09", "GM0363": "NL"}
    for code, region in places.items():
        (record,) = read(file(code, hospital_nice=[admissions()])).records
        assert (report(record).region, report(record).location) == (region, code)


def test_other_blocks_are_named_as_not_read():
    result = read(file(hospital_nice=[admissions()], hospital_nice_per_age_group=[{"date_unix": 1}]))
    assert result.rows == 1
    assert "hospital_nice_per_age_group" in result.notes[0]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (beds(DAY + 3600), "expected 00:00 UTC of a day"),
        (beds(10**20), "date_unix"),
        (beds(0), "date_unix is `0`, a day outside 2000"),
        (beds(-62135596800), "date_unix is `-62135596800`, a day outside 2000"),
        (beds(253370764800), "date_unix is `253370764800`, a day outside 2000"),
        ({**beds(), "date_unix": None}, "date_unix is None"),
        ({**beds(), "date_unix": True}, "date_unix is True"),
        (beds(occupied=-1), "beds_occupied_covid is `-1`"),
        ({**beds(), "beds_occupied_covid": 1.5}, "expected a whole number or null"),
        ({**beds(), "beds_occupied_covid": float("nan")}, "expected a whole number or null"),
        ({**beds(), "beds_occupied_covid": "10"}, "expected a whole number or null"),
        ({**beds(), "beds_occupied_covid": True}, "expected a whole number or null"),
        ({}, "date_unix"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_the_reason(value: dict[str, Any], reason: str):
    result = read(file(hospital_lcps=[value, beds()]))
    assert (result.rows, result.imported) == (2, 1)
    assert reason in result.refused[0].reason


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        file(),
        file("XX", hospital_lcps=[beds()]),
        file(hospital_lcps=[1, 2]),
        b'{"code": "NL", "hospital_lcps": {"values": {}}}',
        b'{"code": "NL", "hospital_lcps": []}',
        b"[" * 100_000,
    ],
)
def test_another_file_is_refused_as_a_whole(data: bytes):
    with pytest.raises(FeedError):
        read(data)


def test_what_is_said_again_of_a_day_is_a_revision_known_when_it_was_inserted():
    first, again, last = (
        beds(occupied=occupied) | {"date_of_insertion_unix": DAY + days * 86_400 + 50_000}
        for occupied, days in ((10, 1), (12, 3), (11, 9))
    )
    for values in ([first, again, last], [last, again, first]):
        told = [report(record) for record in read(file(hospital_lcps=values)).records]
        assert [(one.revision, one.readings[0].occupied) for one in told] == [(0, 10), (1, 12), (2, 11)]
        assert [one.received_at.isoformat()[:16] for one in told] == [
            "2021-05-28T13:00",
            "2021-05-30T13:53",
            "2021-06-05T13:53",
        ]


def test_the_current_block_corrects_an_archived_one_when_it_was_inserted():
    old = admissions(admitted=4) | {"date_of_insertion_unix": DAY + 2 * 86_400}
    new = admissions(admitted=6) | {"date_of_insertion_unix": DAY + 300 * 86_400}
    blocks = {"hospital_nice": [new], "hospital_nice_archived_20240228": [old]}
    told = [report(record) for record in read(file(**blocks)).records]
    assert [(one.revision, one.readings[0].admissions) for one in told] == [(0, 4), (1, 6)]
    assert [one.received_at.isoformat()[:10] for one in told] == ["2021-05-28", "2022-03-23"]


@pytest.mark.parametrize("inserted", [None, "2021", -5, 10**12, True, 5.5])
def test_a_moment_of_insertion_that_is_none_leaves_the_usual_one(inserted):
    values = [beds(occupied=10), beds(occupied=12) | {"date_of_insertion_unix": inserted}]
    told = [report(record) for record in read(file(hospital_lcps=values)).records]
    assert [(one.revision, one.readings[0].occupied) for one in told] == [(0, 10), (1, 12)]
    assert len({one.received_at for one in told}) == 1
