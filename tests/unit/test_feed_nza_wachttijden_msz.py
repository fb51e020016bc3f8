"""NZa waiting times in hospital care: the API's answer as JSON and as XML, and what in it cannot be used."""

import json
from itertools import permutations
from xml.sax.saxutils import escape

import pytest

from streams.codec import decode_report
from streams.feeds import FeedError
from streams.feeds.nza_wachttijden_msz import read
from streams.recording import Record
from streams.reports import WaitingTimesReport

KNEE = {
    "Date": "2026-06-23T09:27:31.822Z",
    "WaitingTime": 21,
    "InsufficientObservations": "Nee",
    "KVKNumber": "01234567",
    "CareProvider": "Ziekenhuis Waal",
    "CareProvider_AGBCode": "06020502",
    "LocationKey": "350a9eb2-afe6-4e43-b3df-539cdd686528",
    "Location": "Ziekenhuis Waal",
    "PostalCode": "6525GA",
    "City": "Nijmegen",
    "TreatmentKey": "382d36c5",
    "TreatmentNumber": 55,
    "Treatment": "Kijkoperatie knie (orthopedie)",
    "TreatmentType": "Behandeling",
    "Specialism": "Orthopedie (305)",
}


def as_json(*records: dict) -> bytes:
    return ("[\n" + ",\n".join(json.dumps(record) for record in records) + "\n]").encode()


def as_xml(*records: dict) -> bytes:
    fields = (
        "".join(
            f"<{name}>{escape(str(value))}</{name}>" for name, value in record.items() if value is not None
        )
        for record in records
    )
    lines = "\n".join(f"<TL_REST>{told}</TL_REST>" for told in fields)
    return f'<?xml version="1.0" encoding="utf-8"?>\n<TL_RESTs>\n{lines}\n</TL_RESTs>'.encode()


def report(record: Record) -> WaitingTimesReport:
    decoded = decode_report(record.topic, record.key, record.value)
    assert isinstance(decoded, WaitingTimesReport)
    return decoded


def without(field: str) -> dict:
    return {name: value for name, value in KNEE.items() if name != field}


@pytest.mark.parametrize("form", [as_json, as_xml])
def test_a_wait_stands_at_its_location_on_the_day_it_was_supplied(form):
    (record,) = read(form(KNEE)).records
    told = report(record)
    assert (told.source, told.region, told.location) == ("nza-msz", "R04", "Ziekenhuis Waal, Nijmegen")
    assert (str(told.peildatum), told.resolution_days) == ("2026-06-23", 1)
    assert told.received_at.isoformat() == "2026-06-23T09:27:31.822000+00:00"
    (row,) = told.rows
    assert (row.access, row.days, row.status) == ("behandeling", 21, "known")
    assert (row.specialism, row.treatment) == ("Orthopedie (305)", "Kijkoperatie knie (orthopedie)")


def test_json_and_xml_of_the_same_answer_give_the_same_records():
    answer = (KNEE, KNEE | {"TreatmentType": "Diagnostiek", "WaitingTime": None}, KNEE | {"City": "Goes"})
    assert read(as_json(*answer)).records == read(as_xml(*answer)).records


@pytest.mark.parametrize("form", [as_json, as_xml])
def test_too_few_observations_and_no_figure_are_never_a_wait_of_zero(form):
    few = without("WaitingTime") | {"InsufficientObservations": "Ja"}
    none = without("WaitingTime") | {"TreatmentType": "Polikliniekbezoek"}
    zero = KNEE | {"TreatmentType": "Diagnostiek", "WaitingTime": 0}
    (record,) = read(form(few, none, zero)).records
    rows = [(row.access, row.status, row.days) for row in report(record).rows]
    assert rows == [
        ("behandeling", "insufficient", None),
        ("polikliniek", "unknown", None),
        ("diagnostiek", "known", 0),
    ]


def test_a_figure_beside_too_few_observations_is_not_published():
    (record,) = read(as_json(KNEE | {"InsufficientObservations": "Ja"})).records
    assert [(row.status, row.days) for row in report(record).rows] == [("insufficient", None)]


def test_a_supply_just_before_midnight_in_utc_is_of_the_next_dutch_day():
    (record,) = read(as_json(KNEE | {"Date": "2026-06-22T22:30:00.000Z"})).records
    assert str(report(record).peildatum) == "2026-06-23"


def test_rows_supplied_on_different_days_are_reports_of_their_own():
    later = KNEE | {"Date": "2026-07-07T08:00:00Z", "TreatmentType": "Diagnostiek"}
    found = [report(record) for record in read(as_json(KNEE, later)).records]
    assert [(str(one.peildatum), len(one.rows)) for one in found] == [("2026-06-23", 1), ("2026-07-07", 1)]
    assert len({one.id for one in found}) == 2


def test_two_locations_of_one_name_and_place_do_not_replace_each_other():
    result = read(as_json(KNEE, KNEE | {"LocationKey": "another", "WaitingTime": 60}))
    assert len({report(record).location for record in result.records}) == 2
    assert result.imported == 2


def test_a_wait_supplied_again_on_a_day_makes_a_revision_of_the_whole_report_at_its_own_moment():
    early = KNEE | {"Date": "2026-06-23T08:00:00Z", "TreatmentType": "Diagnostiek", "WaitingTime": 9}
    between = KNEE | {"Date": "2026-06-23T09:45:00Z", "TreatmentType": "Polikliniekbezoek", "WaitingTime": 5}
    later = KNEE | {"Date": "2026-06-23T10:00:00Z", "WaitingTime": 30}
    for order in permutations((early, KNEE, between, later)):
        result = read(as_json(*order))
        assert (result.imported, result.refused) == (4, ())
        first, second = map(report, result.records)
        assert (first.revision, second.revision) == (0, 1)
        assert first.id != second.id
        assert sorted(row.days for row in first.rows) == [5, 9, 21]
        assert sorted(row.days for row in second.rows) == [5, 9, 30]
        assert first.received_at.isoformat() == "2026-06-23T09:45:00+00:00"
        assert second.received_at.isoformat() == "2026-06-23T10:00:00+00:00"


@pytest.mark.parametrize("change", [{"Date": "2026-06-23T10:00:00Z"}, {"WaitingTime": 30}])
def test_the_same_wait_again_and_another_at_the_same_moment_are_refused_and_name_the_one_that_stands(change):
    result = read(as_json(KNEE, KNEE | change))
    assert [row.days for record in result.records for row in report(record).rows] == [21]
    (refused,) = result.refused
    assert refused.line == 3
    assert "line 2, which stands" in refused.reason


@pytest.mark.parametrize("form", [as_json, as_xml])
@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("WaitingTime", "4 weken", "WaitingTime is `4 weken`, expected a whole number of days"),
        ("WaitingTime", -3, "WaitingTime is `-3`"),
        ("WaitingTime", 21.5, "WaitingTime is `21.5`"),
        ("WaitingTime", 99999, "more than ten years"),
        ("InsufficientObservations", "ja", "expected Ja or Nee"),
        ("TreatmentType", "Opname", "TreatmentType is `Opname`"),
        ("Date", "23-6-2026", "Date is `23-6-2026`"),
        ("Date", "0206-06-23T09:27:31.822Z", "look for a slip in the year"),
        ("Date", None, "Date is `empty`"),
        ("City", "Antwerpen", "City `Antwerpen` is in no safety region"),
        ("City", None, "City is empty"),
    ],
)
def test_a_record_that_cannot_be_used_is_refused_with_its_line_and_field(form, field, value, reason):
    result = read(form(KNEE, KNEE | {field: value}))
    assert (result.rows, result.imported) == (2, 1)
    (refused,) = result.refused
    assert refused.line == (3 if form is as_json else 4)
    assert reason in refused.reason


def test_a_city_in_a_split_safety_region_is_noted_as_an_assumption():
    assert read(as_json(KNEE | {"City": "Amsterdam"})).notes == (
        "Amsterdam -> R09 is an assumption (split safety region), 1 rows",
    )


@pytest.mark.parametrize("data", [b"[]", b"<TL_RESTs/>", b'<?xml version="1.0"?>\n<TL_RESTs></TL_RESTs>'])
def test_an_answer_without_records_gives_nothing(data):
    assert read(data).rows == 0


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[1]",
        b'[{"date": "2021-01-01", "value": 3}]',
        b"<html><body/></html>",
        b"<TL_RESTs><other/></TL_RESTs>",
        b"<TL_RESTs>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><TL_RESTs>&b;</TL_RESTs>',
        b"Peildatum;Wachttijd\n1;2\n",
    ],
)
def test_another_file_is_refused_as_a_whole_and_says_what_was_expected(data):
    with pytest.raises(FeedError, match="WaitingTimeMSZ"):
        read(data)
