"""The regional report: what a ROAZ chair reads is what was known, with its time, completeness and source."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import msgspec
import pytest
from typer.testing import CliRunner

from alerts.norms import load_norms
from alerts.texts import load_texts
from dashboards.reports.chapters import ChaptersError, load_chapters, parse_chapters
from dashboards.reports.live import live_of
from dashboards.reports.page import report_page
from dashboards.reports.recorded import play_to
from deploy.cli.main import app
from streams.calendar import iso
from streams.log_end import LogRecord
from streams.recording import RecordingHeader, write_recording
from streams.regions import REGIONS, ROAZ_IDS
from streams.silent import SilentName, SilentView, UnjudgedView
from streams.status import RegionOverview, encode
from streams.topics import OVERVIEW
from tests.support.reports import ic, phase, record, stock_row, waits, workstock

NORMS = load_norms()
TEXTS = load_texts(NORMS)
CHAPTERS = load_chapters()
BEGIN = datetime(2021, 10, 18, 6, tzinfo=UTC)
DAY = timedelta(days=1)
AT = BEGIN + 35 * DAY


def reports():
    """Five weeks in which the IC of R07 fills up and that of R05 does not, with a treatment that waits long."""
    yield phase("2B", at=BEGIN, location="NL")
    for day in range(36):
        at = BEGIN + day * DAY
        yield ic(62 + day, at=at)
        yield ic(40 - (day % 5 == 2), at=at, region="R05", location="E", completeness=0.5)
    yield waits([20, 95], at=AT - 6 * DAY, access="klinisch", location="B")
    yield workstock(stock_row("U3", 40), at=AT - DAY, location="<b>C & D</b>")


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "five-weeks.jsonl.gz"
    header = RecordingHeader(name="proef <script>", tick_seconds=21_600)
    write_recording(path, header, [record(each) for each in reports()])
    return path


@pytest.fixture(scope="module")
def told(recording):
    return play_to(recording, NORMS, int(AT.timestamp()))


@pytest.fixture(scope="module")
def pages(told):
    return {
        region: report_page(region, told, NORMS, TEXTS, CHAPTERS) for region in ("R07", "R05", "R01", "NL")
    }


def words(page):
    """The text of a page as people read it."""
    text = re.sub(r"<(style|title).*?</\1>", "", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).replace("&#39;", "'")


def test_the_first_lines_say_where_when_which_phase_and_what_is_worst(pages):
    text = words(pages["R07"])
    assert "Traumacentrum Zuidwest-Nederland" in text
    assert "Stand van 22 november 2021, 07:00 · LNAZ-fase 2B" in text
    assert (
        "Het zwaarst: Bezetting IC ten opzichte van bedden met personeel (kritiek): 97 % = 97 van 100 bedden (grens vanaf 95 %)"
        in text
    )


def test_a_figure_carries_its_count_its_change_time_completeness_and_source(pages):
    assert re.search(r"IC-bedden bezet 97 % ▲▲ 97 van 100 bedden · ▲ 29 punt in 4 weken", words(pages["R07"]))
    assert "22 nov 07:00 · 1 van 1 locatie · sim-beds" in words(pages["R07"])
    assert "22 nov 07:00 · 1 van 1 locatie, 50 % volledig · sim-beds" in words(pages["R05"])


def test_a_share_of_beds_is_no_count_of_patients_and_beds_of_different_hospitals(tmp_path):
    path = tmp_path / "half.jsonl"
    other = msgspec.structs.replace(ic(30), location="B")
    half = [msgspec.structs.replace(one, staffed=None) for one in other.readings]
    half_told = msgspec.structs.replace(other, readings=half)
    write_recording(
        path, RecordingHeader(name="half", tick_seconds=21_600), [record(ic(60)), record(half_told)]
    )
    told = play_to(path, NORMS, int((other.received_at + DAY).timestamp()))
    page = words(report_page("R07", told, NORMS, TEXTS, CHAPTERS))
    assert "IC-bedden bezet 60 %" in page
    assert "90 van 100 bedden" not in page


def test_who_fell_silent_is_named_with_what_it_told_last_and_how_it_counts(tmp_path):
    path = tmp_path / "silent.jsonl"
    silent = [ic(30, at=BEGIN, location="B"), ic(30, at=BEGIN + 20 * DAY, location="<C>")]
    told = [ic(60, at=BEGIN + day * DAY) for day in range(26)]
    records = sorted((record(each) for each in [*silent, *told]), key=lambda each: each.timestamp)
    write_recording(path, RecordingHeader(name="silent", tick_seconds=21_600), records)
    played = play_to(path, NORMS, int((BEGIN + 25 * DAY).timestamp()))
    page = report_page("R07", played, NORMS, TEXTS, CHAPTERS)
    assert "Bedden wordt gemist &lt;C&gt;, 7 nov 2021 07:00" in words(page)
    assert "Bedden telt niet meer mee B, 18 okt 2021 08:00" in words(page)
    assert "Wie zwijgt" not in report_page("R05", played, NORMS, TEXTS, CHAPTERS)


def test_the_live_system_names_who_fell_silent_as_well():
    silent = [SilentView("care.occupancy", "missed", 3, [SilentName("B", iso(0), partly=True)])]
    overview = RegionOverview("R07", iso(int(AT.timestamp())), [], [], silent)
    live = live_of([LogRecord(OVERVIEW, 0, 0, 0, b"R07", encode(overview), ())])
    page = report_page("R07", live.told(), NORMS, TEXTS, CHAPTERS)
    assert "Bedden wordt gemist B (deels), 1 jan 1970 01:00; en 2 anderen" in words(page)


def test_a_breach_names_norm_article_limit_age_and_who_is_next(pages):
    norm = NORMS.by_id["ic-occupancy-critical"]
    text = words(pages["R07"])
    assert norm.title in text
    assert f"{norm.source}, {norm.article}" in text
    assert TEXTS.by_norm[norm.id].action in text
    assert re.search(r"sinds|20 november 2021|21 november 2021", text)
    assert "2 van 3" in text
    assert "daarna" in text


def test_what_is_not_known_is_said_with_the_reason_and_not_as_zero(pages):
    text = words(pages["R01"])
    assert "Er is niets bekend: geen bron gaf recente cijfers." in text
    assert re.search(r"IC-bedden bezet onbekend geen bron heeft hier iets over gemeld", text)
    assert re.search(r"Operatiekamers .* onbekend", text)


def test_a_quiet_region_of_which_a_part_is_known_is_calm_so_far_as_known(pages):
    assert "Er is geen norm overschreden, voor zover bekend. Van 7 van de 8 cijfers" in words(pages["R05"])


def test_a_breach_that_goes_on_within_its_limit_says_where_it_ends(recording):
    told = play_to(recording, NORMS, int(AT.timestamp()))
    full = told.now.breaches["R07"]
    told.now.breaches["R07"] = [msgspec.structs.replace(each, value=min(each.value, 0.94)) for each in full]
    text = words(report_page("R07", told, NORMS, TEXTS, CHAPTERS))
    assert "94 % = 97 van 100 bedden (grens vanaf 95 %, eindigt bij 90 % of lager)" in text
    assert "vanaf 95 % eindigt bij 90 % of lager" in text


def test_a_region_of_which_nothing_is_known_is_not_called_calm(pages):
    assert "In één minuut Er is geen norm overschreden" not in words(pages["R01"])


def test_a_breach_of_waits_can_be_traced_to_its_specialism(pages):
    text = words(pages["R07"])
    assert "Per specialisme: langste wachttijd Specialisme Opname Stand en bron orthopedie 95 dagen" in text
    assert "Polikliniek Diagnostiek" not in text, "nothing is known of these"


def test_a_region_reads_nothing_of_another_region_but_the_sum_outside(pages):
    others = [REGIONS[region].name for region in ROAZ_IDS if region != "R07"]
    assert [name for name in others if name in pages["R07"]] == []
    assert re.search(r"Intensive care 97 100 97 % ▲▲ 40 100 40 % 1 van 10 regio's", words(pages["R07"]))


def test_the_country_lays_its_regions_side_by_side_and_says_where_it_is_critical(pages):
    text = words(pages["NL"])
    assert "Kritiek Over Let op" in text
    assert "kritiek in Traumacentrum Zuidwest-Nederland" in text
    assert all(REGIONS[region].name in text for region in ROAZ_IDS)
    assert "Landelijke rapportage" in text


def test_each_treatment_is_shown_against_its_treeknorm(pages):
    text = words(pages["R07"])
    assert "t1 (klinische opname)" in text
    assert re.search(r"95 d, 1 van 1 erboven ▲", text)


def test_everything_is_in_the_file_and_names_from_outside_are_only_text(pages):
    for page in pages.values():
        assert not re.search(r"<script|<link|<img|<iframe|https?://|url\(|@import", page)
        assert "<b>C" not in page
        assert "proef &lt;script&gt;" in page


def test_every_picture_is_well_formed_and_told_to_those_who_do_not_see_it(pages):
    pictures = [each for page in pages.values() for each in re.findall(r"<svg.*?</svg>", page, re.DOTALL)]
    assert len(pictures) > 12
    for picture in pictures:
        root = ET.fromstring(picture)  # noqa: S314 - our own
        assert root.get("aria-label") or root.get("aria-hidden") == "true"
        assert "nan" not in picture
        width, height = (float(each) for each in root.get("viewBox").split()[2:])
        for line in root.iter("polyline"):
            for pair in line.get("points").split():
                left, top = map(float, pair.split(","))
                assert 0 <= left <= width
                assert 0 <= top <= height


def test_words_are_explained(pages):
    for term in ("Treeknorm", "Werkvoorraad", "Fair share", "LNAZ-fase", "ROAZ"):
        assert f"<dt>{term}</dt>" in pages["R07"]


def test_the_command_writes_the_file_and_says_which(recording, tmp_path):
    out = tmp_path / "zuidwest.html"
    words_ = ["report", "R07", "--recording", str(recording), "--at", "2021-11-22T07:00", "-o", str(out)]
    result = CliRunner().invoke(app, words_)
    assert (result.exit_code, result.stdout.strip()) == (0, str(out))
    assert "Stand van <strong>22 november 2021, 07:00" in out.read_text("utf-8")


@pytest.mark.parametrize(
    ("words_", "said"),
    [
        (["report", "R99"], "there is no region `R99`"),
        (["report", "R07", "--at", "2021-11-22"], "--at needs --recording"),
    ],
)
def test_a_wrong_region_or_moment_is_a_usage_error(words_, said):
    result = CliRunner().invoke(app, words_)
    assert result.exit_code == 2
    assert said in re.sub(r"[│\s]+", " ", result.stderr)


def test_a_chapter_with_an_unknown_figure_is_refused_in_clear_words():
    text = """
    headline = []
    [terms]
    [[chapter]]
    id = "eigen"
    title = "Eigen"
    lead = "Een eigen hoofdstuk"
    [[chapter.figures]]
    title = "Lijst"
    rows = [{ name = "bezetting", word = "Bezetting" }]
    """
    with pytest.raises(ChaptersError, match="chapter eigen: `bezetting` is unknown"):
        parse_chapters(text)
    with pytest.raises(ChaptersError, match="`absence_rate`: it has sector; give each a value"):
        parse_chapters(text.replace('"bezetting"', '"absence_rate"'))


@pytest.mark.parametrize(
    ("held", "words", "why"),
    [
        ([], [], "holds no records"),
        ([ic(62, at=AT)], ["--at", "2021-11-21T12:00"], "nothing was known at 2021-11-21"),
    ],
)
def test_a_report_of_which_nothing_is_known_is_an_error_and_no_page(tmp_path, held, words, why):
    path, page = tmp_path / "leeg.jsonl", tmp_path / "leeg.html"
    write_recording(path, RecordingHeader(name="leeg", tick_seconds=21_600), [record(each) for each in held])
    ran = CliRunner().invoke(app, ["report", "R07", "--recording", str(path), "-o", str(page), *words])
    assert ran.exit_code == 1, ran.output
    assert why in ran.output
    assert not page.exists()


def test_what_cannot_be_judged_is_said_first_and_is_no_calm_figure(told):
    doubt = [UnjudgedView("ic-occupancy-high", "", ["care.occupancy"], open=False, over=True)]
    page = report_page(
        "R05", replace(told, now=replace(told.now, unjudged={"R05": doubt})), NORMS, TEXTS, CHAPTERS
    )
    title = NORMS.by_id["ic-occupancy-high"].title

    assert f"voor zover bekend. Niet te beoordelen, mogelijk over de grens: {title}." in words(page)
    assert "Er is geen norm overschreden, voor zover te beoordelen." in words(page)
    assert '<li class="tile undecided-over">' in page
    assert 'aria-label="niet te beoordelen, mogelijk over de grens"' in page
