"""NZa waiting times in ggz: cp1252, line breaks in cells, decimal commas, stops and dashes."""

import pytest

from streams.codec import decode_report
from streams.feeds import FeedError
from streams.feeds.nza_wachttijden_ggz import read
from streams.recording import Record
from streams.reports import WaitingTimesReport

COLUMNS_2016 = (
    "",
    "NAAM",
    "PLAATS",
    "Naam.zorgaanbieder",
    "Plaats.zorgaanbieder",
    "Vestigingslocatie",
    "Circuit",
    "Nadere.typering",
    "Typering",
    "Aanmeldtijd",
    "Behandeltijd",
    "Peildatum",
    "Opmerkingen.MQ",
    "INST",
)
ROW_2016 = {
    "": "1",
    "NAAM": "PARNASSIA GROEP B.V.          ",
    "PLAATS": "'S-GRAVENHAGE           ",
    "Naam.zorgaanbieder": "Parnassia Groep",
    "Plaats.zorgaanbieder": "'s-Gravenhage",
    "Vestigingslocatie": "Parnassia",
    "Circuit": "Ouderen",
    "Nadere.typering": "Ambulant",
    "Typering": "",
    "Aanmeldtijd": "3",
    "Behandeltijd": "2,3",
    "Peildatum": "23-9-2016",
    "Opmerkingen.MQ": "",
    "INST": "1",
}
COLUMNS_2018 = (
    "Naam_zorgaanbieder",
    "Plaatsnaam",
    "Gemeentecode",
    "Vestigingslocatie",
    "Type_aanbieder",
    "Circuit",
    "Hoofddiagnosegroep",
    "Aanmeldwachttijd",
    "Aanmeldwachttijd_letterlijk",
    "Behandelwachttijd",
    "Opmerking",
    "Peildatum",
)
ROW_2018 = {
    "Naam_zorgaanbieder": "Emergis",
    "Plaatsnaam": "Goes",
    "Gemeentecode": "0664",
    "Vestigingslocatie": "Goes",
    "Type_aanbieder": "Instelling",
    "Circuit": "Volwassenen",
    "Hoofddiagnosegroep": "Angststoornissen",
    "Aanmeldwachttijd": "1.1000000000000001",
    "Aanmeldwachttijd_letterlijk": "8 dagen",
    "Behandelwachttijd": "-",
    "Opmerking": "",
    "Peildatum": "43160",
}


def report(record: Record) -> WaitingTimesReport:
    decoded = decode_report(record.topic, record.key, record.value)
    assert isinstance(decoded, WaitingTimesReport)
    return decoded


def file(columns: tuple[str, ...], *rows: dict[str, str], encoding: str = "cp1252") -> bytes:
    cells = [columns, *([row[column] for column in columns] for row in rows)]
    return "".join(";".join(f'"{cell}"' for cell in line) + "\n" for line in cells).encode(encoding)


def file_2016(*changes: dict[str, str]) -> bytes:
    return file(COLUMNS_2016, *({**ROW_2016, **change} for change in changes))


def file_2018(*changes: dict[str, str]) -> bytes:
    return file(COLUMNS_2018, *({**ROW_2018, **change} for change in changes), encoding="utf-8")


def test_a_row_gives_the_wait_until_intake_and_the_wait_until_treatment():
    (record,) = read(file_2016({})).records
    told = report(record)
    assert (told.region, told.location) == ("R08", "Parnassia Groep: Parnassia")
    assert told.resolution_days == 7
    assert [(row.access, row.specialism, row.treatment, row.days) for row in told.rows] == [
        ("ggz-aanmelding", "Ouderen", "Ambulant", 21),
        ("ggz-extramuraal", "Ouderen", "Ambulant", pytest.approx(16.1)),
    ]
    assert told.observed_at.isoformat() == "2016-09-22T22:00:00+00:00"
    assert told.received_at.isoformat() == "2016-09-23T21:59:00+00:00"


def test_clinical_care_is_intramural():
    (record,) = read(file_2016({"Typering": "klinisch, JEUGD"})).records
    assert [row.access for row in report(record).rows] == ["ggz-aanmelding", "ggz-intramuraal"]
    assert report(record).rows[0].treatment == "Ambulant (klinisch, JEUGD)"


@pytest.mark.parametrize(
    ("cell", "status"),
    [("-", "unknown"), ("", "unknown"), ("NA", "unknown"), ("stop", "closed"), ("Stop", "closed")],
)
def test_a_wait_that_is_not_given_is_unknown_and_a_stop_is_closed(cell: str, status: str):
    (record,) = read(file_2016({"Behandeltijd": cell})).records
    assert [(row.status, row.days) for row in report(record).rows] == [("known", 21), (status, None)]


def test_zero_weeks_is_a_wait():
    (record,) = read(file_2016({"Aanmeldtijd": "0"})).records
    assert report(record).rows[0].days == 0


def test_rows_of_one_location_and_day_are_one_report():
    result = read(file_2016({}, {"Circuit": "Volwassenen"}, {"Peildatum": "27-9-2016"}))
    assert [len(report(record).rows) for record in result.records] == [4, 2]
    assert (result.rows, result.imported) == (3, 3)


def test_waits_stated_twice_for_one_treatment_stay_two_waits():
    (record,) = read(file_2016({}, {"Aanmeldtijd": "9"})).records
    rows = report(record).rows
    assert [(row.treatment, row.days) for row in rows if row.access == "ggz-aanmelding"] == [
        ("Ambulant", 21),
        ("Ambulant [2]", 63),
    ]


def test_a_line_break_in_a_cell_does_not_shift_the_line_numbers():
    result = read(file_2016({"Opmerkingen.MQ": "een\ntwee;drie\nvier"}, {"Aanmeldtijd": "veel"}, {}))
    assert (result.rows, result.imported) == (3, 2)
    assert [(one.line, one.reason) for one in result.refused] == [
        (5, "Aanmeldtijd is `veel`, expected a number of weeks, `-` or `stop`")
    ]


def test_cp1252_and_utf8_read_the_same():
    change = {**ROW_2016, "Vestigingslocatie": "Zorglocatie Café \N{EURO SIGN}"}
    old, new = (read(file(COLUMNS_2016, change, encoding=code)) for code in ("cp1252", "utf-8"))
    assert old.records == new.records
    assert "Café \N{EURO SIGN}" in report(old.records[0]).location


def test_the_providers_place_goes_before_the_place_of_the_address():
    (record,) = read(file_2016({"Plaats.zorgaanbieder": "Den Dolder", "PLAATS": "BILTHOVEN"})).records
    assert report(record).region == "R11"
    (record,) = read(file_2016({"Plaats.zorgaanbieder": "", "PLAATS": "KLOETINGE   "})).records
    assert report(record).region == "R07"


def test_an_assumed_network_is_said():
    result = read(file_2016({"Plaats.zorgaanbieder": "Amsterdam"}))
    assert report(result.records[0]).region == "R09"
    assert any("Amsterdam -> R09 is an assumption" in note for note in result.notes)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            {"Aanmeldtijd": "", "Behandeltijd": "NA", "Opmerkingen.MQ": "Delta"},
            "no figure in this row (Delta)",
        ),
        (
            {"Aanmeldtijd": "", "Behandeltijd": "-", "Opmerkingen.MQ": "Failliet"},
            "no care is offered here (Failliet)",
        ),
        ({"Plaats.zorgaanbieder": "", "PLAATS": "NA"}, "no place in this row"),
        ({"Plaats.zorgaanbieder": "Atlantis", "PLAATS": ""}, "`Atlantis` is in no safety region"),
        ({"Peildatum": "31-9-2016"}, "a day that does not exist"),
        ({"Behandeltijd": "-2"}, "Behandeltijd is `-2`"),
        ({"Behandeltijd": "600"}, "more than ten years"),
        ({"INST": "0"}, "personal data"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_the_reason(change: dict[str, str], reason: str):
    result = read(file_2016(change, {}))
    assert (result.rows, result.imported) == (2, 1)
    assert result.refused[0].line == 2
    assert reason in result.refused[0].reason


def test_the_layout_of_2018_has_serial_days_and_decimal_points():
    result = read(file_2018({}))
    told = report(result.records[0])
    assert (told.region, told.peildatum.isoformat()) == ("R07", "2018-03-01")
    assert [(row.status, row.days) for row in told.rows] == [("known", pytest.approx(7.7)), ("unknown", None)]


def test_an_aanmeldstop_closes_the_intake_whatever_the_figure():
    told = report(
        read(file_2018({"Opmerking": "Aanmeldstop tot 1 juli 2018", "Behandelwachttijd": "4"})).records[0]
    )
    assert [(row.status, row.days) for row in told.rows] == [("closed", None), ("known", 28)]


def test_an_aanmeldstop_without_any_figure_is_still_news():
    change = {"Opmerking": "Aanmeldstop", "Aanmeldwachttijd": "", "Behandelwachttijd": ""}
    told = report(read(file_2018(change)).records[0])
    assert [row.status for row in told.rows] == ["closed", "unknown"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Peildatum": "Onbekend"}, "Peildatum is `Onbekend`"),
        ({"Aanmeldwachttijd": "-", "Opmerking": "Faillissement"}, "no care is offered here"),
        ({"Aanmeldwachttijd": "-", "Opmerking": "vestiging is gesloten"}, "no care is offered here"),
        ({"Type_aanbieder": "Vrijgevestigde"}, "personal data"),
    ],
)
def test_a_row_of_2018_that_cannot_be_used_is_refused(change: dict[str, str], reason: str):
    result = read(file_2018(change))
    assert result.imported == 0
    assert reason in result.refused[0].reason


def test_several_municipalities_in_one_network_place_a_row_and_in_two_do_not():
    placed = read(file_2018({"Gemeentecode": "0664, 0715"}))
    assert report(placed.records[0]).region == "R07"
    by_name = read(file_2018({"Gemeentecode": "0664, 0034", "Plaatsnaam": "Almere"}))
    assert report(by_name.records[0]).region == "R09"


def test_another_file_is_refused_as_a_whole():
    with pytest.raises(FeedError, match="Aanmeldtijd"):
        read(b'"a";"b"\n"1";"2"\n')
