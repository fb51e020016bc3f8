"""The live page in a headless Chromium, with records injected behind the server."""

import json
import re
from urllib.request import urlopen

import pytest
from msgspec.structs import replace
from playwright.sync_api import expect

from streams.calendar import iso
from streams.doubts import DoubtName, DoubtView
from streams.silent import SilentName, SilentView, UnjudgedView

AT = 1637582400  # as in conftest
HOUR = 3600
DAY = 24 * HOUR


@pytest.fixture
def shown(live, page, make):
    """The page with one calm region."""
    live.overview(make.region("R07"))
    page.goto(live.url)
    expect(page.locator("#tile-R07")).to_have_attribute("data-state", "ok")
    yield page
    assert page.complaints == []
    assert [url for url in page.requests if not url.startswith(live.url)] == []


def test_a_tile_turns_when_a_breach_comes_and_back_when_it_ends_without_a_reload(shown, live, make):
    shown.evaluate("window.loadedOnce = true")
    tile = shown.locator("#tile-R07")

    live.overview(
        make.region("R07", make.breach("ic-occupancy-critical", 0.9812), at=AT + HOUR, ic=(157, 160))
    )
    live.transition(make.transition("R07", "ic-occupancy-critical", "active", 0.9812, at=AT + HOUR))

    expect(tile).to_have_attribute("data-state", "critical")
    expect(tile).to_contain_text("Kritiek")
    expect(tile.locator(".number")).to_have_text("1 overschrijding")
    expect(tile).to_contain_text("98,1 %")
    expect(shown.locator("#latest")).to_contain_text("ZWN: begonnen")
    expect(shown.locator("#spoken")).to_contain_text("Traumacentrum Zuidwest-Nederland")

    live.overview(make.region("R07", at=AT + 2 * HOUR))
    live.transition(make.transition("R07", "ic-occupancy-critical", "resolved", 0.6, at=AT + 2 * HOUR))

    expect(tile).to_have_attribute("data-state", "ok")
    expect(tile).to_contain_text("Binnen de norm")
    expect(shown.locator("#latest")).to_contain_text("ZWN: voorbij")
    expect(shown.locator("#latest .entry").first).to_have_attribute("data-state", "ok")

    untold = make.transition("R07", "treeknorm-max-klinisch", "resolved", 20, at=AT + 3 * HOUR)
    live.transition(replace(untold, reason="supply-ended"))

    expect(shown.locator("#latest .entry").first).to_contain_text("ZWN: afgesloten zonder opgave")
    expect(shown.locator("#latest .entry").first).to_have_attribute("data-state", "unknown")
    assert shown.evaluate("window.loadedOnce")


def test_a_killed_server_greys_the_page_in_clear_words_and_its_return_clears_it(live, page, make):
    live.overview(make.region("R07"))
    page.goto(live.url)
    expect(page.locator("#tile-R07")).to_have_attribute("data-state", "ok")
    banner = page.locator("#banner")
    expect(banner).to_be_hidden()

    live.stop()

    expect(banner).to_contain_text("Geen verbinding sinds")
    expect(banner).to_contain_text("Stand van ma 22 november 2021 13:00")
    assert "grayscale(1)" in page.locator("main").evaluate("element => getComputedStyle(element).filter")

    live.start()
    live.overview(make.region("R07", make.breach("ic-occupancy-high", 0.93)))

    expect(banner).to_be_hidden()
    expect(page.locator("#tile-R07")).to_have_attribute("data-state", "warning")


def test_a_stream_that_stands_still_is_said_and_greyed(shown, wall):
    wall.now += 200

    expect(shown.locator("#banner")).to_contain_text("De stroom staat stil")
    expect(shown.locator("body")).to_have_attribute("data-standing", "quiet")


def test_a_region_with_old_figures_is_greyed_alone_and_its_breach_stays_visible(shown, live, make):
    old = AT - 4 * DAY

    live.overview(make.region("R06", make.breach("ic-occupancy-critical", 0.97), observed_at=old))
    live.overview(make.region("R05", observed_at=old))

    expect(shown.locator("#tile-R06")).to_contain_text("Kritiek · verouderd")
    expect(shown.locator("#tile-R05 .word")).to_have_text("Verouderd")
    expect(shown.locator(".tile.is-stale")).to_have_count(2)


def test_the_keyboard_opens_reads_and_closes_a_region(shown, live, make):
    live.overview(make.region("R06", make.breach("treeknorm-max-polikliniek", 63, since=AT - 30 * DAY)))
    expect(shown.locator("#tile-R06")).to_have_attribute("data-state", "warning")
    shown.locator("#tile-R07").focus()

    shown.keyboard.press("ArrowRight")
    expect(shown.locator("#tile-R06")).to_be_focused()
    shown.keyboard.press("Enter")

    panel = shown.locator("#detail")
    expect(panel.get_by_role("heading", name="NAZB")).to_be_focused()
    for words in (
        "Treeknorm polikliniek, eerste bezoek: langste wachttijd",
        "63 dagen",
        "grens 28 dagen",
        "Sinds za 23 oktober 2021 14:00 (30 dagen)",
        "Trap 1 van 1: de ROAZ-voorzitter",
        "Treeknormen (VWS en Treekoverleg, 2000)",
        "22 nov, 09:00",
    ):
        expect(panel).to_contain_text(words)
    shown.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(shown.locator("#tile-R06")).to_be_focused()


def test_a_breach_that_is_back_within_its_limit_but_not_over_says_when_it_ends(shown, live, make):
    live.overview(make.region("R05", make.breach("ic-occupancy-critical", 0.921), ic=(82, 89)))

    expect(shown.locator("#now")).to_contain_text(
        "grens 95,0 % · kritiek, 30 uur · eindigt bij 90,0 % of lager"
    )
    shown.locator("#tile-R05").click()
    expect(shown.locator("#detail .card")).to_contain_text("Eindigt bij 90,0 % of lager")


def test_a_breach_that_cannot_be_judged_any_more_says_so(shown, live, make):
    unsure = replace(make.breach("ic-occupancy-critical", 0.921), judged=False)
    live.overview(make.region("R05", unsure, ic=(82, 89)))

    expect(shown.locator("#now")).to_contain_text("nu niet te beoordelen")
    shown.locator("#tile-R05").click()
    expect(shown.locator("#detail .card")).to_contain_text("Nu niet te beoordelen: onvolledige gegevens")


def test_the_figures_of_a_topic_open_on_demand_and_stay_open_when_news_comes(shown, live, make):
    shown.locator("#tile-R07").click()
    panel = shown.locator("#detail")
    expect(panel.locator("details")).to_have_count(6)
    expect(panel.locator("details[open] summary")).to_have_text("Bedden (7)")

    panel.locator("summary", has_text="Wachttijden").focus()
    shown.keyboard.press("Enter")
    expect(panel).to_contain_text("langste wachttijd (polikliniek)")
    live.overview(make.region("R07", make.breach("ic-occupancy-high", 0.931)))

    expect(panel.locator(".card")).to_contain_text("93,1 %")
    expect(panel.locator("details[open]")).to_have_count(2)
    expect(panel.locator("summary", has_text="Wachttijden")).to_be_focused()


def test_an_open_panel_follows_its_region_and_keeps_the_focus(shown, live, make):
    shown.locator("#tile-R07").click()
    close = shown.get_by_role("button", name="Sluiten")
    close.focus()

    live.overview(make.region("R07", make.breach("ward-occupancy-high", 0.93), at=AT + HOUR))

    expect(shown.locator("#detail .card")).to_have_count(1)
    expect(close).to_be_focused()


def test_unknown_regions_are_guarded_in_records_and_in_the_address(shown, live, make):
    live.overview(make.region("R99"))

    expect(shown.locator("#banner")).to_contain_text("1 records van onbekende regio's genegeerd")
    expect(shown.locator(".tile")).to_have_count(11)
    shown.evaluate("location.hash = '#<b>R42'")
    expect(shown.locator("#banner")).to_contain_text("Er is geen regio")
    expect(shown.locator("#detail")).to_be_hidden()


def test_a_link_from_a_mail_opens_its_region(live, page, make):
    live.overview(make.region("R05", make.breach("ic-occupancy-high", 0.93)))

    page.goto(f"{live.url}#R05")

    expect(page.locator("#detail")).to_contain_text("Netwerk Acute Zorg Limburg")


def test_the_national_bar_holds_the_country_against_the_ladder(shown, live, make):
    live.overview(make.region("NL", make.breach("ic-ladder-1350", 1412, region="NL"), ic=(1412, 1500)))

    national = shown.locator("#national")
    expect(national).to_contain_text("1.412 IC-bedden bezet op of boven de grens van 1.350")
    expect(national.locator(".mark-limit")).to_have_text(["1.150", "1.350", "1.700"])
    national.click()
    expect(shown.locator("#detail")).to_contain_text("Landelijke IC-bezetting op of boven 1.350 bedden")


def test_a_stream_of_the_past_is_labelled_as_a_look_back(shown, live, make, wall):
    wall.now += 4 * 365 * DAY

    live.overview(make.region("R07", at=AT + HOUR))

    expect(shown.locator("#replay")).to_have_text("Terugblik: geen actuele stand")
    expect(shown.locator("#clock")).to_have_text("ma 22 november 2021 14:00")


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1920, 1080), (390, 844), (640, 800)])
def test_nothing_sticks_out_at_any_screen_size(live, page, make, width, height):
    make.autumn(live)
    page.set_viewport_size({"width": width, "height": height})

    page.goto(f"{live.url}#R06")

    expect(page.locator("#detail .card")).to_have_count(4)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    cut = page.evaluate(
        """[...document.querySelectorAll('.tile .top, .tile .word, .tile .amount, .tile .share, .tile time')]
            .filter((part) => part.offsetParent && part.getBoundingClientRect().right > part.closest('.tile').getBoundingClientRect().right - 3)
            .map((part) => part.textContent)"""
    )
    assert cut == []
    if width > 900:
        assert page.evaluate("document.documentElement.scrollHeight") <= height


def test_words_stand_out_from_their_ground_as_wcag_aa_asks(live, page, make):
    make.autumn(live)
    page.goto(f"{live.url}#R06")
    expect(page.locator("#detail .card")).to_have_count(4)

    poor = page.evaluate(
        """() => {
      const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
      const linear = (c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
      const light = (colour) => { const [r, g, b] = channels(colour).map(linear); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
      const ground = (element) => {
        for (let at = element; at; at = at.parentElement) {
          const colour = getComputedStyle(at).backgroundColor;
          if (channels(colour)[3] !== 0) return colour;
        }
        return 'rgb(0, 0, 0)';
      };
      return [...document.querySelectorAll('main *, header *, #national *')]
        .filter((e) => e.offsetParent && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
        .map((e) => {
          const [a, b] = [light(getComputedStyle(e).color), light(ground(e))];
          return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), e.className, e.textContent];
        })
        .filter(([ratio]) => ratio < 4.5);
    }"""
    )

    assert poor == []


def test_the_server_forbids_everything_from_elsewhere_and_tells_its_health(live, make):
    live.overview(make.region("R07"))

    with urlopen(live.url, timeout=5) as answer:
        policy = answer.headers["Content-Security-Policy"]
    with urlopen(f"{live.url}healthz", timeout=5) as answer:
        health = json.load(answer)
    with urlopen(f"{live.url}api/state", timeout=5) as answer:
        state = json.load(answer)

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert health["reading"] is True
    assert state["regions"]["R07"]["state"] == "ok"


def test_a_link_from_a_mail_opens_the_runbook_at_its_heading(live, page):
    page.goto(f"{live.url}runbooks/occupancy#ic-occupancy")

    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("h2").first).to_be_visible()
    assert page.complaints == []
    assert page.request.get(f"{live.url}runbooks/..%2Fnorms").status == 404


def test_who_is_silent_is_named_with_what_cannot_be_judged_and_gone_once_it_tells_again(shown, live, make):
    expect(shown.locator("#silent")).to_be_hidden()
    calm = make.region("R07", make.breach("ic-occupancy-critical", 0.98), at=AT + HOUR)
    named = [SilentName(f"Ziekenhuis {name}", iso(AT - 9 * DAY), name == "B") for name in "ABCD"]
    silent = [
        SilentView("care.occupancy", "missed", 25, named),
        SilentView("care.referrals", "missed", 1, [SilentName("Kliniek Y", iso(AT - 9 * DAY), False)]),
        SilentView(
            "care.waiting-times", "given_up", 1, [SilentName("Kliniek Z", iso(AT - 130 * DAY), False)]
        ),
    ]
    unjudged = [
        UnjudgedView("ic-occupancy-critical", "", ["care.occupancy"], True),
        UnjudgedView("ward-occupancy-high", "", ["care.occupancy"], False),
        UnjudgedView("followup-strain-grz", "", ["care.follow-up"], False),
    ]
    live.overview(replace(calm, silent=silent, unjudged=unjudged))

    expect(shown.locator("#silent .entry")).to_contain_text(
        "ZWN: Bedden 25, Verwijzingen 1 · 3 normen niet te beoordelen"
    )
    shown.locator("#silent .entry").click()
    section = shown.locator("#detail section.silent")
    expect(section).to_contain_text("Bedden: 25 locaties zwijgen")
    expect(section.locator("li")).to_have_count(6)
    expect(section.locator("li").nth(0)).to_contain_text(
        "laatste cijfer van za 13 november 2021 13:00 (9 dagen geleden)"
    )
    expect(section.locator("li").nth(1)).to_contain_text("Ziekenhuis B (deels)")
    expect(section.locator("li").nth(4)).to_have_text("en 21 anderen")
    expect(section).to_contain_text("Blijft open, want nu niet te beoordelen: Bezetting IC")
    expect(section).to_contain_text("Niet te beoordelen: Bezetting kliniek")
    expect(section).to_contain_text("Verwijzingen: 1 locatie gaf de laatste volle week nog niet op")
    expect(section).to_contain_text("Door stilte elders of een aanmeldstop")
    expect(section).to_contain_text("Wachttijden: telt niet meer mee, te lang stil: Kliniek Z")
    expect(shown.locator("#detail .card .kept")).to_have_text(
        "Niet te beoordelen, want stil: Ziekenhuis A, Ziekenhuis B, Ziekenhuis C en 22 anderen"
    )
    expect(shown.locator("#silent")).to_be_hidden()

    live.overview(make.region("R07", make.breach("ic-occupancy-critical", 0.98), at=AT + 2 * HOUR))

    expect(section).to_have_count(0)
    expect(shown.locator("#detail .card .kept")).to_have_count(0)


def test_a_region_that_may_be_over_a_limit_is_not_shown_as_within_it(shown, live, make):
    calm = make.region("R07", ic=(82, 96), completeness=0.5, at=AT + HOUR)
    resting = {
        "expected": 4,
        "counted": 4,
        "carried": 2,
        "expired": 0,
        "oldest": iso(AT - DAY),
        "newest": iso(AT),
    }
    indicators = [
        replace(one, **resting, low=0.83, high=0.91) if one.name == "occupancy_ratio" else one
        for one in calm.indicators
    ]
    named = [SilentName(f"Ziekenhuis {name}", iso(AT - DAY), False) for name in "AB"]
    unjudged = [
        UnjudgedView("ic-occupancy-high", "", ["care.occupancy"], False, True),
        UnjudgedView("forecast-off", "", ["care.occupancy"], False),
    ]
    live.overview(
        replace(
            calm,
            indicators=indicators,
            silent=[SilentView("care.occupancy", "missed", 2, named)],
            unjudged=unjudged,
        )
    )

    tile = shown.locator("#tile-R07")
    expect(tile).to_have_attribute("data-state", "undecided-over")
    expect(tile.locator(".word")).to_have_text("Niet te beoordelen, mogelijk over de grens")
    tile.click()
    expect(shown.locator("#detail section.silent")).to_contain_text(
        "Niet te beoordelen, mogelijk over de grens: Bezetting IC"
    )
    row = shown.locator("#detail tr", has_text="bezette bedden per bed met personeel").first
    expect(row).to_contain_text("4 van 4 locaties, 2 doorgetrokken, oudste 21-11 13:00")
    expect(row.locator(".value")).to_contain_text(re.compile(r"nu 83,0\s%\stot 91,0\s%"))
    figures = tile.locator(".figures").bounding_box()
    assert figures["y"] + figures["height"] <= tile.bounding_box()["y"] + tile.bounding_box()["height"]
    assert shown.complaints == []


def test_who_is_doubted_is_named_for_a_region_and_the_country_and_gone_once_nobody_is(shown, live, make):
    expect(shown.locator("#doubts")).to_be_hidden()
    renamed = DoubtView("care.occupancy", "suspected_renames", 1, [DoubtName("A → B", iso(AT - 9 * DAY))])
    unknown = DoubtView("care.referrals", "unwatched_sources", 7, [DoubtName("wie-dan-ook", iso(AT - HOUR))])
    live.overview(replace(make.region("R07", at=AT + HOUR), doubts=[renamed, unknown]))
    live.overview(replace(make.region("NL", at=AT + HOUR), doubts=[renamed]))

    lines = shown.locator("#doubts .entry")
    expect(lines).to_have_text(
        ["NL: mogelijk hernoemd of gesplitst", "ZWN: mogelijk hernoemd of gesplitst, onbekende afzender (7)"]
    )
    lines.nth(1).click()
    section = shown.locator("#detail section.doubts")
    expect(section).to_contain_text("Bedden: Mogelijk hernoemd of gesplitst")
    expect(section.locator("li")).to_have_text(
        [
            "A → Bsinds za 13 november 2021 13:00",
            "wie-dan-ooklaatste bericht van ma 22 november 2021 12:00",
            "en 6 anderen",
        ]
    )
    expect(section).to_contain_text("Telt één keer")

    live.overview(make.region("R07", at=AT + 2 * HOUR))
    live.overview(make.region("NL", at=AT + 2 * HOUR))
    expect(section).to_have_count(0)
    shown.keyboard.press("Escape")
    expect(shown.locator("#doubts")).to_be_hidden()
    assert shown.complaints == []


def test_who_is_silent_fits_on_a_phone(shown, live, make):
    shown.set_viewport_size({"width": 390, "height": 844})
    named = [SilentName("Ziekenhuis met een bijzonder lange naam in het zuidwesten", iso(AT - 9 * DAY), True)]
    live.overview(
        replace(make.region("R07", at=AT + HOUR), silent=[SilentView("care.follow-up", "missed", 1, named)])
    )
    expect(shown.locator("#silent .entry")).to_be_visible()
    shown.locator("#silent .entry").click()
    expect(shown.locator("#detail section.silent")).to_contain_text("Vervolgzorg: 1 locatie zwijgt")
    assert shown.evaluate("document.documentElement.scrollWidth") <= 390
