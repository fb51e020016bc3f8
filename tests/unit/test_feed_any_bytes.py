"""Whatever the bytes: an importer accounts for every row or says that this is another file."""

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.codec import decode_report
from streams.feeds import FEEDS, FeedError, Import
from streams.feeds.table import read_table

LCPS = "Datum,IC_Bedden_COVID,IC_Bedden_Non_COVID,Kliniek_Bedden,IC_Nieuwe_Opnames_COVID,Kliniek_Nieuwe_Opnames_COVID"
NICE = "Date_of_statistics;Security_region_code;Hospital_admission_notification;Hospital_admission"
GGZ = (
    "NAAM;PLAATS;Naam.zorgaanbieder;Plaats.zorgaanbieder;Vestigingslocatie;Circuit;Nadere.typering;Typering;"
    "Aanmeldtijd;Behandeltijd;Peildatum;Opmerkingen.MQ"
)
HEADERS = {"lcps-datafeed": LCPS, "nice-vr": NICE, "nza-wachttijden-ggz": GGZ}

cells = st.one_of(
    st.sampled_from(
        [
            "",
            "NA",
            "-",
            "0",
            "7",
            "-1",
            "2,3",
            "1e309",
            "NaN",
            "VR06",
            "VR25",
            "Goes",
            "1-1-2021",
            "2021-01-01",
            "0001-01-01",
            "31-12-9999",
        ]
    ),
    st.text(max_size=12),
)


def accounted_for(result: Import) -> None:
    assert result.rows == result.imported + len(result.refused)
    assert all(one.line > 1 and one.reason for one in result.refused)
    for record in result.records:
        report = decode_report(record.topic, record.key, record.value)
        assert report.observed_at <= report.received_at
    ids = [dict(record.headers)["ce_id"] for record in result.records]
    assert len(ids) == len(set(ids))


@given(st.sampled_from(sorted(FEEDS)), st.binary(max_size=400))
def test_any_bytes_are_another_file_or_accounted_for(kind: str, data: bytes):
    try:
        result = FEEDS[kind].read(data)
    except FeedError:
        return
    accounted_for(result)


@settings(max_examples=200)
@given(st.sampled_from(sorted(HEADERS)), st.lists(st.lists(cells, min_size=1, max_size=13), max_size=6))
def test_any_cells_under_a_known_header_are_accounted_for(kind: str, rows: list[list[str]]):
    header = HEADERS[kind]
    delimiter = "," if kind == "lcps-datafeed" else ";"
    text = "\n".join([header, *(delimiter.join(row) for row in rows)])
    accounted_for(FEEDS[kind].read(text.encode()))


@given(st.lists(st.lists(st.text("ab ;\n\r\"'é", max_size=6), min_size=2, max_size=2), max_size=5))
def test_quoted_cells_come_back_as_they_were_with_the_line_on_which_they_start(rows: list[list[str]]):
    kept = [row for row in rows if any(cell.strip() for cell in row)]
    lines = ["a;b", *(";".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in kept)]
    table = read_table("\n".join(lines).encode(), ";")
    assert [[row["a"], row["b"]] for row in table.rows] == [[cell.strip() for cell in row] for row in kept]
    starts = [1 + len("\n".join(lines[:number]).splitlines()) for number in range(1, len(lines))]
    if not any("\r" in cell for row in kept for cell in row):
        assert [row.line for row in table.rows] == starts


def test_line_ends_of_any_system_give_the_same_records():
    rows = [LCPS, "2-1-2021,1,1,1,1,1", "1-1-2021,1,,1,1,x", ""]
    told = [FEEDS["lcps-datafeed"].read(end.join(rows).encode()) for end in ("\n", "\r\n", "\r")]
    assert told[0] == told[1] == told[2]
    assert told[0].refused[0].line == 3
