"""The LCPS datafeed: three layouts, mixed dates, missing figures."""

import json

import pytest

from streams.codec import decode_report
from streams.feeds import FeedError
from streams.feeds.lcps_datafeed import read
from streams.recording import Record
from streams.reports import OccupancyReport

V1 = "Datum,IC_Bedden_COVID,IC_Bedden_Non_COVID,Kliniek_Bedden,IC_Nieuwe_Opnames_COVID,Kliniek_Nieuwe_Opnames_COVID"
V1B = (
    "Datum,IC_Bedden_COVID_Nederland,IC_Bedden_COVID_Internationaal,IC_Bedden_Non_COVID_Nederland,"
    "Kliniek_Bedden_Nederland,IC_Nieuwe_Opnames_COVID_Nederland,Kliniek_Nieuwe_Opnames_COVID_Nederland"
)
V2 = (
    "datum,IC_capaciteit_totaal,kliniek_capaciteit_totaal,IC_bezetting_covid,IC_bezetting_covid_internationaal,"
    "IC_bezetting_ontlabeld,IC_bezetting_noncovid,kliniek_bezetting_covid,kliniek_bezetting_ontlabeld,"
    "kliniek_bezetting_noncovid,IC_opnames_covid,kliniek_opnames_covid"
)


def report(record: Record) -> OccupancyReport:
    decoded = decode_report(record.topic, record.key, record.value)
    assert isinstance(decoded, OccupancyReport)
    return decoded


def figures(record: Record) -> dict[tuple[str, str, str], int]:
    return {
        (reading.unit, reading.label, field): value
        for reading in report(record).readings
        for field in ("occupied", "staffed", "admissions", "notified")
        if (value := getattr(reading, field)) is not None
    }


def csv_of(header: str, *rows: str) -> bytes:
    return "\n".join((header, *rows, "")).encode()


def test_both_ways_of_writing_a_date_are_the_local_day():
    result = read(csv_of(V1, "26-07-2021,140,527,437,17,75", "29-2-2020,1,,12,,"))
    observed = [report(record).observed_at.isoformat() for record in result.records]
    assert observed == ["2021-07-25T22:00:00+00:00", "2020-02-28T23:00:00+00:00"]


def test_a_day_is_known_at_three_in_the_afternoon_also_when_the_clock_changes():
    result = read(csv_of(V1, "27-10-2019,1,1,1,1,1", "31-3-2019,1,1,1,1,1"))
    received = [report(record).received_at.isoformat() for record in result.records]
    assert received == ["2019-10-27T14:00:00+00:00", "2019-03-31T13:00:00+00:00"]


def test_missing_figures_stay_missing_and_lower_the_completeness():
    (record,) = read(csv_of(V1, "29-2-2020,1,,12,,")).records
    assert figures(record) == {("ic", "covid", "occupied"): 1, ("ward", "covid", "occupied"): 12}
    assert report(record).completeness == pytest.approx(2 / 3)


def test_a_zero_is_a_figure():
    (record,) = read(csv_of(V1, "29-2-2020,0,NA,,,")).records
    assert figures(record) == {("ic", "covid", "occupied"): 0}


def test_patients_moved_abroad_are_in_no_dutch_bed():
    (record,) = read(csv_of(V1B, "1-12-2021,600,20,400,2100,50,300")).records
    assert figures(record) == {
        ("ic", "covid", "occupied"): 600,
        ("ic", "noncovid", "occupied"): 400,
        ("ward", "covid", "occupied"): 2100,
        ("ic", "covid", "admissions"): 50,
        ("ward", "covid", "admissions"): 300,
    }
    assert report(record).completeness == 1


def test_a_row_with_only_patients_abroad_has_no_figure():
    result = read(csv_of(V1B, "1-12-2021,,20,,,,"))
    assert [(one.line, one.reason) for one in result.refused] == [(2, "no figure in this row")]


def test_the_layout_of_2023_gives_capacity_as_staffed_beds():
    (record,) = read(csv_of(V2, "01-02-2023,1000,28000,40,0,5,700,600,50,20000,4,60")).records
    found = figures(record)
    assert found["ic", "total", "staffed"] == 1000
    assert found["ward", "total", "staffed"] == 28000
    assert found["ic", "unlabelled", "occupied"] == 5
    assert found["ward", "noncovid", "occupied"] == 20000


def test_names_in_capitals_and_a_byte_order_mark_are_the_same_layout():
    (record,) = read(
        b"\xef\xbb\xbf" + csv_of(V2.upper(), "01-02-2023,1000,28000,40,0,5,700,600,50,20000,4,60")
    ).records
    assert figures(record)["ic", "covid", "occupied"] == 40


def test_the_same_day_again_is_a_correction():
    result = read(csv_of(V1, "1-1-2021,1,1,1,1,1", "1-1-2021,2,2,2,2,2", "1-1-2021,3,3,3,3,3"))
    assert [report(record).revision for record in result.records] == [0, 1, 2]
    assert len({report(record).id for record in result.records}) == 3


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1-1-2021,-5,1,1,1,1", "IC_Bedden_COVID is `-5`"),
        ("1-1-2021,1,4.5,1,1,1", "IC_Bedden_Non_COVID is `4.5`"),
        ("1-1-2021,1,1,1e3,1,1", "Kliniek_Bedden is `1e3`"),
        ("1-1-2021,1,1,2000000,1,1", "Kliniek_Bedden is 2000000, above 60000"),
        ("1-1-2021,1,1,1", "4 cells, expected 6"),
        ("1-1-2021,1,1,1,1,1,1", "7 cells, expected 6"),
        ("30-2-2021,1,1,1,1,1", "a day that does not exist"),
        ("2021/01/01,1,1,1,1,1", "expected a date"),
        (",1,1,1,1,1", "Datum is `empty`"),
        ("1-1-1921,1,1,1,1,1", "Datum is `1-1-1921`, a day outside 2000"),
        ("1-1-0001,1,1,1,1,1", "Datum is `1-1-0001`, a day outside 2000"),
        ("31-12-9999,1,1,1,1,1", "Datum is `31-12-9999`, a day outside 2000"),
        ("1-1-2021,1.424,1,1,1,1", "IC_Bedden_COVID is `1.424`"),
        ("1-1-2021,NA,NA,NA,NA,NA", "no figure in this row"),
        ("1-1-2021,,,,,", "no figure in this row"),
        ('1-1-2021,"1,1,1,1,1', "cannot be read as a row"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_line_and_reason(row: str, reason: str):
    result = read(csv_of(V1, "2-1-2021,1,1,1,1,1", row))
    assert (result.rows, result.imported) == (2, 1)
    (refused,) = result.refused
    assert refused.line == 3
    assert reason in refused.reason


def test_a_refused_row_does_not_use_up_a_revision():
    result = read(csv_of(V1, "1-1-2021,-1,1,1,1,1", "1-1-2021,1,1,1,1,1"))
    assert [report(record).revision for record in result.records] == [0]


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"a,b\n1,2\n", V1.replace(",", "|").encode(), b"\xff\xfe\x00", b"Datum,Datum\n"]
)
def test_another_file_is_refused_as_a_whole(data: bytes):
    with pytest.raises(FeedError):
        read(data)


def test_a_file_without_rows_gives_nothing():
    result = read(csv_of(V1))
    assert (result.rows, result.imported, result.records) == (0, 0, ())


def test_a_quote_that_is_never_closed_costs_its_own_row_and_no_other():
    result = read(
        csv_of(V1, "1-1-2021,1,1,1,1,1", '2-1-2021,"2,2,2,2,2', "3-1-2021,3,3,3,3,3", "4-1-2021,4,4,4,4,4")
    )
    assert (result.rows, result.imported) == (4, 3)
    assert [one.line for one in result.refused] == [3]


def test_a_quote_that_closes_some_rows_on_costs_its_own_row_and_those_that_lack_a_quote():
    result = read(
        csv_of(V1, '1-1-2021,"1,1,1,1,1', "2-1-2021,2,2,2,2,2", '3-1-2021,3,3,3,3,"3"', "4-1-2021,4,4,4,4,4")
    )
    assert [report(record).observed_at.day for record in result.records] == [1, 2, 3]
    assert [one.line for one in result.refused] == [2]


@pytest.mark.parametrize(
    "spreadsheet",
    [
        lambda text: text.replace(",", ";").replace("\n", "\r\n").encode("cp1252"),
        lambda text: ("sep=;\n" + text.replace(",", ";")).encode(),
        lambda text: text.replace(",", "\t").encode("utf-16"),
        lambda text: text.replace(",", ";").replace(";500", ";500,0").encode("utf-8-sig"),
    ],
)
def test_a_file_that_a_spreadsheet_saved_again_gives_the_same_records(spreadsheet):
    rows = csv_of(V1, "2-1-2021,1,500,3,4,5", "1-1-2021,1,500,,NA,5")
    assert read(spreadsheet(rows.decode())).records == read(rows).records


def test_columns_of_no_layout_are_named_with_the_layout_they_are_most_like():
    with pytest.raises(FeedError, match="most like v1, lacking: kliniek_bedden; not known: opmerking"):
        read(csv_of(V1.replace("Kliniek_Bedden", "Opmerking"), "1-1-2021,1,1,1,1,1"))


def as_json(*rows: str, **changed: object) -> bytes:
    """The answer of LCPS' interface: the layout of 2023 with its names in capitals, numbers as numbers."""
    named = [dict(zip(V2.upper().split(","), row.split(","), strict=True)) for row in rows]
    objects = [
        {name: int(cell) if cell.isdigit() else cell or None for name, cell in row.items()} | changed
        for row in named
    ]
    return ("[\n" + ",\n".join(json.dumps(one) for one in objects) + "\n]").encode()


def test_the_interface_of_2023_gives_the_records_of_the_file():
    rows = [
        "02-02-2023,1001,,41,0,5,700,600,50,20000,4,60",
        "01-02-2023,1000,28000,40,0,5,700,600,50,20000,4,0",
    ]
    assert read(as_json(*rows)).records == read(csv_of(V2, *rows)).records
    assert read(as_json(*rows)).notes[0] == "layout v2"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"IC_BEZETTING_COVID": -1}, "IC_BEZETTING_COVID is `-1`"),
        ({"IC_BEZETTING_COVID": 4.5}, "IC_BEZETTING_COVID is `4.5`"),
        ({"IC_BEZETTING_COVID": True}, "IC_BEZETTING_COVID is neither a number nor a text"),
        ({"IC_BEZETTING_COVID": 5000}, "IC_BEZETTING_COVID is 5000, above 4000"),
        ({"DATUM": "2023-02-30"}, "a day that does not exist"),
    ],
)
def test_an_object_that_cannot_be_used_is_refused_with_its_line(changed, reason):
    row = "01-02-2023,1000,28000,40,0,5,700,600,50,20000,4,60"
    result = read(as_json(row)[:-2] + b",\n" + as_json(row, **changed)[2:])
    assert (result.rows, result.imported) == (2, 1)
    (refused,) = result.refused
    assert refused.line == 3
    assert reason in refused.reason


@pytest.mark.parametrize("data", [b"[", b"{}", b"[1]", b"[]", b'[{"date": "2021-01-01", "value": 3}]'])
def test_other_json_is_refused_as_a_whole(data: bytes):
    with pytest.raises(FeedError):
        read(data)
