"""NICE admissions: whole safety regions to their network, split ones to the country."""

from itertools import permutations

import pytest

from streams.codec import decode_report
from streams.feeds import FeedError
from streams.feeds.nice_vr import read
from streams.recording import Record
from streams.reports import OccupancyReport

HEADER = "Date_of_statistics;Security_region_code;Security_region_name;Hospital_admission_notification;Hospital_admission"
BY_MUNICIPALITY = (
    "Version;Date_of_report;Date_of_statistics;Municipality_code;Municipality_name;Security_region_code;"
    "Security_region_name;Hospital_admission_notification;Hospital_admission"
)


def report(record: Record) -> OccupancyReport:
    decoded = decode_report(record.topic, record.key, record.value)
    assert isinstance(decoded, OccupancyReport)
    return decoded


def csv_of(header: str, *rows: str) -> bytes:
    return "\r\n".join((header, *rows, "")).encode()


def test_a_whole_safety_region_goes_to_its_network():
    (record,) = read(csv_of(HEADER, "2021-05-27;VR25;Flevoland;75;2")).records
    told = report(record)
    assert (told.region, told.location, record.key) == ("R09", "VR25", b"R09")
    (reading,) = told.readings
    assert (reading.unit, reading.label, reading.notified, reading.admissions) == ("ward", "covid", 75, 2)
    assert told.observed_at.isoformat() == "2021-05-26T22:00:00+00:00"
    assert told.received_at.isoformat() == "2021-05-28T13:00:00+00:00"


@pytest.mark.parametrize("code", ["VR06", "VR13"])
def test_a_split_safety_region_goes_to_the_country_under_its_own_name(code: str):
    result = read(csv_of(HEADER, f"2021-05-27;{code};x;1;2"))
    told = report(result.records[0])
    assert (told.region, told.location) == ("NL", code)
    assert code in result.notes[0]


def test_the_published_file_by_municipality_keeps_each_municipality_apart():
    result = read(
        csv_of(
            BY_MUNICIPALITY,
            "8;2023-04-04 10:00:00;2021-05-27;GM0034;Almere;VR25;Flevoland;5;2",
            "8;2023-04-04 10:00:00;2021-05-27;GM0995;Lelystad;VR25;Flevoland;7;1",
            "8;2023-04-04 10:00:00;2021-05-27;;;VR25;Flevoland;1;",
        )
    )
    told = [report(record) for record in result.records]
    assert [one.location for one in told] == ["GM0034", "GM0995", "VR25"]
    assert [one.revision for one in told] == [0, 0, 0]


def test_one_figure_missing_stays_missing():
    (record,) = read(csv_of(HEADER, "2021-05-27;VR25;Flevoland;;2")).records
    assert (report(record).readings[0].notified, report(record).completeness) == (None, 0.5)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2021-05-27;VR26;x;1;1", "expected VR01...VR25"),
        ("2021-05-27;;x;1;1", "is `empty`"),
        ("2021-05-27;VR25;x;;NA", "no figure in this row"),
        ("2021-05-27;VR25;x;-1;1", "Hospital_admission_notification is `-1`"),
        ("2021-05-27;VR25;x;1,5;1", "expected a whole number"),
        ("2021-13-27;VR25;x;1;1", "a day that does not exist"),
        ("2021-05-27;VR25", "2 cells, expected 5"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_line_and_reason(row: str, reason: str):
    result = read(csv_of(HEADER, row, "2021-05-27;VR25;Flevoland;75;2"))
    assert (result.rows, result.imported) == (2, 1)
    assert result.refused[0].line == 2
    assert reason in result.refused[0].reason


def test_another_file_is_refused_as_a_whole():
    with pytest.raises(FeedError, match="Hospital_admission"):
        read(b"Date_of_statistics;Security_region_code\n")


def vintages(*rows: str) -> tuple[list[OccupancyReport], list]:
    result = read(csv_of(f"Date_of_report;{HEADER}", *rows))
    return [report(record) for record in result.records], list(result.refused)


def said(told: list[OccupancyReport], day: str = "2021-05-27") -> list[tuple]:
    """Of one day: revision, admissions and when it was known, in the order in which it was said."""
    return [
        (one.revision, one.readings[0].admissions, one.received_at.isoformat()[:16])
        for one in told
        if one.id.split(":")[2] == day
    ]


def test_each_vintage_of_a_day_is_a_revision_known_when_its_file_was_made():
    rows = [
        "2021-06-02 10:00:00;2021-05-27;VR25;Flevoland;75;9",
        "2021-05-29 10:00:00;2021-05-27;VR25;Flevoland;75;5",
        "2021-05-28 10:00:00;2021-05-27;VR25;Flevoland;75;2",
        "2021-05-28 10:00:00;2021-05-01;VR25;Flevoland;0;1",
        "2021-05-29 10:00:00;2021-05-28;VR25;Flevoland;31;1",
    ]
    told, _ = vintages(*rows)
    assert said(told) == [(0, 2, "2021-05-28T08:00"), (1, 5, "2021-05-29T08:00"), (2, 9, "2021-06-02T08:00")]
    # What the oldest vintage says of long ago was known then; what a later one says first, only then.
    assert said(told, "2021-05-01") == [(0, 1, "2021-05-02T13:00")]
    assert said(told, "2021-05-28") == [(0, 1, "2021-05-29T08:00")]
    for order in permutations(rows):
        assert said(vintages(*order)[0]) == said(told)


def test_one_vintage_is_read_as_a_file_that_does_not_say_when_it_was_made():
    rows = ("2021-05-27;VR25;Flevoland;75;2", "2021-05-28;VR25;Flevoland;31;2")
    told, _ = vintages(*(f"2023-04-04 10:00:00;{row}" for row in rows))
    assert told == [report(record) for record in read(csv_of(HEADER, *rows)).records]


def test_a_row_of_no_vintage_among_vintages_is_refused():
    told, refused = vintages(
        "2021-05-29;2021-05-27;VR25;Flevoland;75;5",
        "ooit;2021-05-27;VR25;Flevoland;75;9",
        "2021-05-28 25:00;2021-05-27;VR25;Flevoland;75;9",
        "2021-05-28;2021-05-27;VR25;Flevoland;75;2",
    )
    assert said(told) == [(0, 2, "2021-05-28T13:00"), (1, 5, "2021-05-29T21:59")]
    assert [(one.line, one.reason[:23]) for one in refused] == [
        (3, "Date_of_report is `ooit"),
        (4, "Date_of_report is `2021"),
    ]
