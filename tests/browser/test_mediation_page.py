"""The page for zorgbemiddeling in a headless Chromium, with waits injected behind the server."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from streams.recording import Record
from streams.reports import WaitingTimesReport, WaitRow
from streams.ticks import TICK_KEY, encode_tick
from streams.topics import WAITING_TIMES
from tests.support.reports import record

AT = 1637582400  # as in conftest


def told(region, location, *rows, completeness=1.0):
    at = datetime.fromtimestamp(AT, UTC)
    return record(
        WaitingTimesReport(
            id=location, source="nza-msz", region=region, location=location, observed_at=at, received_at=at,
            peildatum=at.date(), rows=list(rows), completeness=completeness,
        )
    )  # fmt: skip


def cataract(days=None, access="behandeling"):
    return WaitRow(
        specialism="oogheelkunde",
        treatment="Staaroperatie",
        access=access,
        days=days,
        status="known" if days is not None else "closed",
    )


@pytest.fixture
def asked(live, page):
    live.waits(
        told("R07", "Goes", cataract(60.0), cataract(20.0, "polikliniek")),
        told("R08", "Leiden", cataract(45.0), completeness=0.8),
        told("R11", "Utrecht", cataract(30.0)),
        told("R01", "Assen", cataract()),
        Record(WAITING_TIMES, TICK_KEY, AT * 1000, (), encode_tick(AT)),
    )
    live.tick(AT)
    page.goto(f"{live.url}bemiddeling")
    expect(page.locator("#treatments option")).to_have_count(1)
    yield page
    assert [text for text in page.complaints if "404" not in text] == []
    assert [url for url in page.requests if not url.startswith(live.url)] == []


def ask(page, treatment, region="R07"):
    page.fill("#treatment", treatment)
    page.select_option("#region", region)
    page.click("button[type=submit]")


def test_the_answer_is_a_table_of_each_kind_nearest_regions_first(asked):
    ask(asked, "staar operatie")
    expect(asked.locator("#answer h2")).to_have_text("Staaroperatie, gezien vanuit Zuidwest-Nederland")
    treatment = asked.locator("#answer section").first
    expect(treatment.locator("h3")).to_have_text("Behandeling, Oogheelkunde")
    expect(treatment).to_contain_text("kortste wachttijd hier 60 dagen · Treeknorm 42 of 49 dagen")
    rows = treatment.locator("tbody").nth(1).locator("tr")
    expect(rows.nth(1)).to_contain_text(
        "R08 West29 km45 dagenniet te zeggenLeiden22 nov 2021nza-msz80 % volledig"
    )
    expect(rows.nth(2)).to_contain_text("R11 Midden-Nederland53 km30 dagenbinnen TreeknormUtrecht")
    expect(treatment.locator("tbody").nth(2)).to_contain_text("aanmeldstop")
    outpatient = asked.locator("#answer section").nth(1)
    expect(outpatient).to_contain_text("nergens een kortere wachttijd bekend")
    expect(outpatient).not_to_contain_text("Leiden")


def test_a_name_that_is_not_known_is_answered_with_names_that_can_be_chosen(asked):
    ask(asked, "oogheelkunde")
    expect(asked.locator("#answer h2")).to_have_text("Van deze behandeling zijn geen wachttijden bekend.")
    asked.locator(".suggestion", has_text="Staaroperatie").click()
    expect(asked.locator("#answer table")).to_have_count(2)
    expect(asked).to_have_url(re.compile(r"\?behandeling=Staaroperatie&regio=R07$"))


def test_an_address_can_be_passed_on_and_the_map_links_to_the_page(asked, live):
    asked.goto(f"{live.url}bemiddeling?behandeling=Staaroperatie&regio=R08")
    expect(asked.locator("#answer h2")).to_have_text("Staaroperatie, gezien vanuit West")
    expect(asked.locator("#region")).to_have_value("R08")
    asked.click("nav a")
    asked.locator("a", has_text="Zorgbemiddeling").click()
    expect(asked.locator("#ask")).to_be_visible()


def test_a_stream_that_stands_still_is_said_above_the_answer(asked, wall):
    wall.now += 3000
    ask(asked, "staaroperatie")
    expect(asked.locator("#banner")).to_contain_text("De werkelijkheid kan intussen anders zijn.")
    expect(asked.locator("#answer table")).to_have_count(2)


def test_on_a_phone_every_location_is_on_the_screen(asked):
    asked.set_viewport_size({"width": 390, "height": 800})
    ask(asked, "staaroperatie")
    place = asked.locator("td", has_text="Leiden").first
    expect(place).to_be_visible()
    box = place.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
