"""Real public files: every row is accounted for, every record is accepted, known figures are there."""

import collections
import csv
import io
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from streams.calendar import date_of, local_day, seconds
from streams.codec import decode_report
from streams.feeds import FEEDS, Import
from streams.reports import OccupancyReport, Report, WaitingTimesReport

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "real"
LCPS = "lcps_datafeed_v1_2020-02-27_2021-07-26.csv"
NICE = "nice_admissions_per_veiligheidsregio_2020-02-27_2021-07-26.csv"
NICE_GM = "nice_admissions_per_gemeente_2021-03-15_2021-05-15.csv"
DASHBOARD = "coronadashboard_nl_2020-02-27_2021-07-26.json"
GGZ = "nza_wachttijden_ggz_2016_instellingen.csv"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no real public data in {DATA}")


@cache
def imported(kind: str, name: str) -> tuple[Import, tuple[Report, ...]]:
    result = FEEDS[kind].read((DATA / name).read_bytes())
    return result, tuple(decode_report(record.topic, record.key, record.value) for record in result.records)


def occupancy(kind: str, name: str) -> list[OccupancyReport]:
    return [report for report in imported(kind, name)[1] if isinstance(report, OccupancyReport)]


def on(report: Report) -> date:
    return date_of(local_day(seconds(report.observed_at)))


def figure(report: OccupancyReport, unit: str, label: str, field: str) -> int | None:
    return next((getattr(r, field) for r in report.readings if (r.unit, r.label) == (unit, label)), None)


def cells(name: str, delimiter: str, encoding: str = "utf-8") -> list[dict[str, str]]:
    text = (DATA / name).read_bytes().decode(encoding)
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


@pytest.mark.parametrize(
    ("kind", "name", "rows", "refused", "records"),
    [
        ("lcps-datafeed", LCPS, 516, 2, 514),
        ("nice-vr", NICE, 12_900, 0, 12_900),
        ("nice-vr", NICE_GM, 21_204, 0, 21_204),
        ("coronadashboard-nl", DASHBOARD, 4 * 516, 4, 4 * 516 - 4),
        ("nza-wachttijden-ggz", GGZ, 942, 4, 358),
    ],
)
def test_rows_are_imported_or_refused_and_every_record_is_accepted(
    kind: str, name: str, rows: int, refused: int, records: int
):
    result, reports = imported(kind, name)
    assert (result.rows, result.imported, len(result.refused)) == (rows, rows - refused, refused)
    assert len(reports) == records
    assert len({report.id for report in reports}) == records
    assert all(report.observed_at <= report.received_at for report in reports)


def test_lcps_maxima_stand_on_their_days():
    reports = occupancy("lcps-datafeed", LCPS)
    ic = max(reports, key=lambda report: figure(report, "ic", "covid", "occupied") or 0)
    ward = max(reports, key=lambda report: figure(report, "ward", "covid", "occupied") or 0)
    assert (on(ic), figure(ic, "ic", "covid", "occupied")) == (date(2020, 4, 7), 1424)
    assert (on(ward), figure(ward, "ward", "covid", "occupied")) == (date(2020, 3, 29), 3284)


def test_lcps_figures_that_began_later_are_unknown_before_and_never_zero():
    for report in occupancy("lcps-datafeed", LCPS):
        assert (figure(report, "ic", "covid", "admissions") is None) == (on(report) < date(2020, 10, 17)), on(
            report
        )
        if on(report) < date(2020, 4, 18):
            assert figure(report, "ic", "noncovid", "occupied") is None


def test_lcps_days_marked_na_are_refused_with_their_line():
    result, reports = imported("lcps-datafeed", LCPS)
    lines = (DATA / LCPS).read_text().splitlines()
    assert [lines[one.line - 1][:10] for one in result.refused] == ["20-06-2021", "19-06-2021"]
    assert not {date(2021, 6, 19), date(2021, 6, 20)} & {on(report) for report in reports}


@pytest.mark.parametrize(
    ("column", "unit", "label", "field"),
    [
        ("IC_Bedden_COVID", "ic", "covid", "occupied"),
        ("IC_Bedden_Non_COVID", "ic", "noncovid", "occupied"),
        ("Kliniek_Bedden", "ward", "covid", "occupied"),
        ("IC_Nieuwe_Opnames_COVID", "ic", "covid", "admissions"),
        ("Kliniek_Nieuwe_Opnames_COVID", "ward", "covid", "admissions"),
    ],
)
def test_lcps_sums_are_those_of_the_file(column: str, unit: str, label: str, field: str):
    expected = sum(int(row[column]) for row in cells(LCPS, ",") if row[column].isdigit())
    total = sum(figure(report, unit, label, field) or 0 for report in occupancy("lcps-datafeed", LCPS))
    assert total == expected > 0


@pytest.mark.parametrize("name", [NICE, NICE_GM])
def test_nice_sums_are_those_of_the_file_per_safety_region_and_for_the_country(name: str):
    rows = cells(name, ";")
    reports = occupancy("nice-vr", name)
    for column, field in (
        ("Hospital_admission", "admissions"),
        ("Hospital_admission_notification", "notified"),
    ):
        assert sum(figure(report, "ward", "covid", field) or 0 for report in reports) == sum(
            int(row[column]) for row in rows
        )
    north = sum(
        int(row["Hospital_admission"])
        for row in rows
        if row["Security_region_code"] in {"VR01", "VR02", "VR03"}
    )
    assert sum(figure(r, "ward", "covid", "admissions") or 0 for r in reports if r.region == "R01") == north


def test_the_flood_of_late_notifications_in_flevoland_is_there():
    (report,) = (
        report
        for report in occupancy("nice-vr", NICE)
        if report.location == "VR25" and on(report) == date(2021, 5, 27)
    )
    assert report.region == "R09"
    assert (figure(report, "ward", "covid", "notified"), figure(report, "ward", "covid", "admissions")) == (
        75,
        2,
    )


def test_split_safety_regions_are_given_to_no_network():
    for report in occupancy("nice-vr", NICE):
        assert (report.region == "NL") == (report.location in {"VR06", "VR13"})


def test_dashboard_sums_are_those_of_the_file():
    content: dict[str, Any] = json.loads((DATA / DASHBOARD).read_text())
    reports = occupancy("coronadashboard-nl", DASHBOARD)
    fields = {
        ("hospital_lcps", "beds_occupied_covid"): ("ward", "occupied"),
        ("intensive_care_lcps", "beds_occupied_covid"): ("ic", "occupied"),
        ("hospital_nice", "admissions_on_date_of_admission"): ("ward", "admissions"),
        ("hospital_nice", "admissions_on_date_of_reporting"): ("ward", "notified"),
        ("intensive_care_nice", "admissions_on_date_of_admission"): ("ic", "admissions"),
        ("intensive_care_nice", "admissions_on_date_of_reporting"): ("ic", "notified"),
    }
    for (block, name), (unit, field) in fields.items():
        expected = sum(value[name] or 0 for value in content[block]["values"])
        assert sum(figure(report, unit, "covid", field) or 0 for report in reports) == expected > 0


def test_dashboard_and_datafeed_tell_the_same_beds_on_the_same_days():
    beds: dict[str, dict[date, int | None]] = collections.defaultdict(dict)
    for report in occupancy("coronadashboard-nl", DASHBOARD):
        if report.source == "coronadashboard-intensive-care-lcps":
            beds["dashboard"][on(report)] = figure(report, "ic", "covid", "occupied")
    for report in occupancy("lcps-datafeed", LCPS):
        beds["datafeed"][on(report)] = figure(report, "ic", "covid", "occupied")
    assert beds["dashboard"] == beds["datafeed"]


def test_ggz_weeks_are_those_of_the_file_in_days():
    rows = [
        row
        for report in imported("nza-wachttijden-ggz", GGZ)[1]
        if isinstance(report, WaitingTimesReport)
        for row in report.rows
    ]
    for column, kinds in (
        ("Aanmeldtijd", {"ggz-aanmelding"}),
        ("Behandeltijd", {"ggz-extramuraal", "ggz-intramuraal"}),
    ):
        texts = [row[column] for row in cells(GGZ, ";", "cp1252") if row[column][:1].isdigit()]
        days = [row.days for row in rows if row.access in kinds and row.days is not None]
        assert len(days) == len(texts)
        assert sum(days) == pytest.approx(sum(float(text.replace(",", ".")) * 7 for text in texts))
    assert [row.status for row in rows].count("closed") == 1
    assert sum(row.access == "ggz-intramuraal" for row in rows) == 21


def test_ggz_waits_are_told_apart_so_that_none_replaces_another():
    for report in imported("nza-wachttijden-ggz", GGZ)[1]:
        assert isinstance(report, WaitingTimesReport)
        keys = [(row.specialism, row.treatment, row.access) for row in report.rows]
        assert len(keys) == len(set(keys))


def test_ggz_refused_rows_start_on_the_lines_that_are_named():
    lines = (DATA / GGZ).read_bytes().decode("cp1252").split("\n")
    for refused in imported("nza-wachttijden-ggz", GGZ)[0].refused:
        assert lines[refused.line - 1].startswith('"8')
