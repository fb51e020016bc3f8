"""The regional report in a headless Chromium: on screen, on a telephone, on paper, and as the board serves it."""

import re
from datetime import UTC, datetime
from urllib.request import urlopen

import pytest

from alerts.norms import load_norms
from alerts.texts import load_texts
from dashboards.reports.chapters import load_chapters
from dashboards.reports.page import report_page
from dashboards.reports.recorded import play_to
from deploy.scenarios import SCENARIOS
from streams.recording import RecordingHeader, write_recording

AT = int(datetime(2021, 9, 13, 12, tzinfo=UTC).timestamp())
A4 = (595, 842)  # points


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The reports of a region and of the country, as files."""
    folder = tmp_path_factory.mktemp("reports")
    _, records = SCENARIOS["rustig"].recording(1)
    write_recording(folder / "rustig.jsonl", RecordingHeader(name="rustig", tick_seconds=86_400), records)
    norms = load_norms()
    told = play_to(folder / "rustig.jsonl", norms, AT)
    for region in ("R07", "NL"):
        text = report_page(region, told, norms, load_texts(norms), load_chapters())
        (folder / f"{region}.html").write_text(text, "utf-8")
    return folder


@pytest.fixture
def opened(page, written):
    """Open a report; nothing may complain, and nothing may be asked of anyone."""

    def open_it(region, width):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto((written / f"{region}.html").as_uri())
        return page

    yield open_it
    assert page.complaints == []
    assert [url for url in page.requests if not url.startswith("file:")] == []


@pytest.mark.parametrize("region", ["R07", "NL"])
def test_a_report_prints_on_a_few_sheets_of_a4_with_nothing_beside_them(region, opened):
    page = opened(region, 1000)
    paper = page.pdf(prefer_css_page_size=True, print_background=True)
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", paper)
    assert {(round(float(width)), round(float(height))) for width, height in boxes} == {A4}
    assert 3 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= 8
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 695, "height": 1000})  # what A4 leaves between its margins, 184 mm
    assert page.evaluate("document.documentElement.scrollWidth") <= 695


@pytest.mark.parametrize(("region", "width"), [("R07", 1000), ("R07", 390), ("NL", 390)])
def test_a_report_fits_screens_of_every_width(region, width, opened):
    page = opened(region, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    first = page.locator(".first").bounding_box()
    assert width < 500 or first["y"] + first["height"] < 900, "the minute is told without scrolling"


def test_words_in_pictures_stay_inside_them(opened):
    page = opened("R07", 1000)
    outside = page.evaluate(
        """() => [...document.querySelectorAll("svg text")].filter((text) => {
             const own = text.getBoundingClientRect(), frame = text.ownerSVGElement.getBoundingClientRect();
             return own.left < frame.left - 1 || own.right > frame.right + 1 || own.bottom > frame.bottom + 2;
           }).map((text) => text.textContent)"""
    )
    assert outside == []


def test_text_stands_out_from_its_ground(opened):
    """Contrast of at least 4.5 to 1 (WCAG AA) for every piece of text on white or on the colours of severities."""
    page = opened("R07", 1000)
    faint = page.evaluate(
        """() => {
          const light = (colour) => {
            const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255)
              .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const ground = (element) => {
            for (let each = element; each; each = each.parentElement) {
              const colour = getComputedStyle(each).backgroundColor;
              if (colour !== "rgba(0, 0, 0, 0)") return colour;
            }
            return "rgb(255, 255, 255)";
          };
          return [...document.querySelectorAll("body *")]
            .filter((each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
            .filter((each) => {
              const style = getComputedStyle(each);
              const words = light(each.namespaceURI.endsWith("svg") ? style.fill : style.color);
              const [high, low] = [words, light(ground(each))].sort((one, other) => other - one);
              return (high + 0.05) / (low + 0.05) < 4.5;
            })
            .map((each) => each.textContent.trim().slice(0, 40));
        }"""
    )
    assert faint == []


def test_the_board_serves_the_report_and_the_monitor_of_what_is_known_now(live, page, make):
    live.overview(make.region("R07", make.breach("ic-occupancy-critical", 0.9812), ic=(157, 160)))
    live.transition(make.transition("R07", "ic-occupancy-critical", "active", 0.9812))
    page.goto(f"{live.url}rapport/R07")
    assert page.locator("h1").inner_text() == "Traumacentrum Zuidwest-Nederland"
    assert "98,1 %" in page.locator(".tile.critical").first.inner_text().replace("\u00a0", " ")
    assert page.evaluate("getComputedStyle(document.querySelector('.tiles')).display") == "grid", (
        "its style is held off"
    )
    assert page.complaints == []
    with urlopen(f"{live.url}api/monitor?month=2021-11") as answer:
        assert b'"month":"2021-11"' in answer.read()
