import pytest

from alerts.annotations import NOT_JUDGED
from alerts.norms import load_norms
from alerts.rests_on import STANDINGS, told_share
from alerts.texts import load_texts, read_texts
from alerts.where_text import counts_text, where_text
from streams.where import Place
from tests.unit.test_rests_on import AT as MOMENT
from tests.unit.test_rests_on import SAID as RESTS_ON

TEXTS = read_texts()
LABELS = {
    "region": "R07",
    "norm": "ic-occupancy-high",
    "severity": "warning",
    "source": "occupancy",
    "audience": "chair",
}
SAID = {
    "summary": "De bedden met personeel raken vol",
    "description": "Traumacentrum Zuidwest-Nederland (R07): Bezetting IC ten opzichte van bedden met personeel is"
    " 93,4 %. Er is nog weinig ruimte voor nieuwe opnames. Houdt dit aan, dan gaat planbare zorg verdringing merken.",
    "region_name": "Zuidwest-Nederland",
    "norm_title": "Bezetting IC ten opzichte van bedden met personeel",
    "norm_short": "bezetting IC",
    "value": "93,4 %",
    "limit": "90 %",
    "limit_word": "minder dan",
    "ends": "85 % of lager",
    "since": "15-11-2021, 13:00 uur",
    "episode_since": "2021-11-15T12:00:00Z",
    "observed": "15-11-2021, 17:30 uur",
    "rests_on": "",
    "where": "",
    "counts": "",
    "basis": "Tijdelijk beleidskader waarborgen acute zorg (oktober 2020);"
    " (1): de regio vangt het verwachte aantal COVID-patiënten op",
    "meaning": "Er is nog weinig ruimte voor nieuwe opnames. Houdt dit aan, dan gaat planbare zorg verdringing merken.",
    "action": "Bel de ziekenhuizen in de regio over open te stellen bedden en personeel. Spreek met het RCPS af welke"
    " patiënten binnen de regio verplaatst kunnen worden.",
    "ladder": "trap 1 van 3: de ROAZ-voorzitter",
    "anchor": "Partijen spreken elkaar aan en zoeken met de ROAZ-voorzitter een oplossing"
    " (aanvulling van 18-11-2021, vijfde afspraak).",
    "next": "Trap 2 van 3: het LCPS, op 17-11-2021, 19:00 uur, als de overschrijding dan nog duurt.",
    "caution": "",
    "ended": "",
    "assumption": "Het kader noemt geen grens; niveau gekozen onder de grens van dreigende fase 3; geldt als signaal ook buiten de looptijd van de bron"
    " (ketenwacht-redactie, 22-11-2026)",
    "runbook_url": "http://ketenwacht.local:8300/runbooks/occupancy#occupancy-high",
    "dashboard_url": "http://ketenwacht.local:3000/d/ketenwacht-region?var-region=R07",
    "page_url": "http://ketenwacht.local:8300/#R07",
}
STEP_2 = {
    "action": "De ROAZ-voorzitter kreeg dit eerder en het is niet opgelost. Bel de voorzitter en bezie welke"
    " patiënten naar regio's met ruimte kunnen.",
    "ladder": "trap 2 van 3: het LCPS",
    "next": "Trap 3 van 3: het LNAZ, op 22-11-2021, 19:00 uur, als de overschrijding dan nog duurt.",
}
FIGURES = {
    "indicator": 0.934,
    "norm_threshold": 0.9,
    "breach_since_timestamp_seconds": 1636977600,
    "breach_active_since_timestamp_seconds": 1636999200,
    "indicator_observed_timestamp_seconds": 1636993800,
}
STEP_1 = ({**LABELS, "step": "1", "role": "roaz-voorzitter"}, SAID)


def test_an_alert_says_exactly_this_and_the_first_stays_when_a_step_comes(timeline):
    timeline.breach("0x5 1x60", step="0x5 1x10 2x50")
    timeline.figures(**FIGURES)

    timeline.exactly(4, "NormBreach")
    timeline.exactly(7, "NormBreach", STEP_1)
    timeline.exactly(20, "NormBreach", STEP_1, ({**LABELS, "step": "2", "role": "lcps"}, {**SAID, **STEP_2}))

    timeline.check()


def test_every_norm_fires_its_own_step_and_none_above(timeline):
    norms = [norm for norm in load_norms().norms if not norm.split]
    for norm in norms:
        timeline.breach("0x4 1x40", step="0x4 1x9 2x9 3x9", norm=norm.id, severity=norm.severity)

    for at, reached in ((4, 0), (9, 1), (19, 2), (29, 3)):
        for step in (1, 2, 3):
            count = sum(len(norm.steps) >= step for norm in norms) if step <= reached else 0
            timeline.firing(at, "NormBreach", count, step=step)

    timeline.check()


def test_a_missing_scrape_changes_nothing(timeline):
    timeline.only("ic-occupancy-high")
    timeline.breach("0x5 1x5 _x3 1x20")

    for at in (7, 11, 12, 13, 14, 30):
        timeline.firing(at, "NormBreach", 1)

    timeline.check()


def test_a_dead_worker_is_no_recovery_and_its_texts_keep_their_figures(timeline):
    timeline.breach("0x5 1x10 stale _x40")
    timeline.figures(seconds=15, **FIGURES)

    for at in (10, 17, 18, 25, 50):
        timeline.exactly(at, "NormBreach", STEP_1)

    timeline.check()


@pytest.mark.parametrize("half", ["memory", "chain"])
def test_each_half_of_the_latch_holds_alone(timeline, half):
    timeline.only("ic-occupancy-high", **{half: False})
    timeline.breach("0x5 1x10 stale _x40", step="0x5 2x10 stale _x40")

    for at in (10, 16, 17, 18, 30, 55):
        timeline.firing(at, "NormBreach", 2)

    timeline.check()


def test_without_the_latch_a_dead_worker_would_look_like_recovery(timeline):
    timeline.only("ic-occupancy-high", memory=False, chain=False)
    timeline.breach("0x5 1x10 stale _x40")

    timeline.firing(16, "NormBreach", 1)
    timeline.firing(30, "NormBreach", 0)

    timeline.check()


def test_a_breach_outlives_prometheus_looking_back_five_minutes(timeline):
    timeline.only("ic-occupancy-high")
    timeline.breach("1x5 stale _x900")

    for at in (10, 310, 620, 900):
        timeline.firing(at, "NormBreach", 1)

    timeline.check()


def test_an_explicit_zero_ends_every_step_at_once_and_for_good(timeline):
    timeline.only("ic-occupancy-high")
    timeline.breach("1x5 stale _x20 0x5 stale _x20", step="2x5 stale _x20 0x5 stale _x20")

    timeline.firing(25, "NormBreach", 2)
    for at in (28, 31, 40, 50):
        timeline.firing(at, "NormBreach", 0)

    timeline.check()


def test_a_calm_state_that_vanishes_stays_calm(timeline):
    timeline.only("ic-occupancy-high")
    timeline.breach("0x5 stale _x20")

    timeline.firing(20, "NormBreach", 0)

    timeline.check()


def test_a_recovery_is_seen_while_another_worker_takes_over(timeline):
    timeline.only("ic-occupancy-high")
    labels = '{instance="a",region="R07",norm="ic-occupancy-high",severity="warning",source="occupancy"}'
    other = labels.replace('"a"', '"b"')
    for metric in ("ketenwacht_breach_active", "ketenwacht_breach_step"):
        timeline.series(metric + labels, "1x5 stale")
        timeline.series(metric + other, "_x12 0x20")

    timeline.firing(10, "NormBreach", 1)
    timeline.firing(14, "NormBreach", 0)

    timeline.check()


def test_a_changed_severity_replaces_the_old_alert_instead_of_joining_it(timeline):
    timeline.only("ic-occupancy-high")
    timeline.breach("1x5 stale")
    timeline.breach("_x11 1x20", severity="critical")

    timeline.firing(5, "NormBreach", 1, severity="warning")
    timeline.firing(15, "NormBreach", 1, severity="critical")
    timeline.firing(15, "NormBreach", 0, severity="warning")

    timeline.check()


def test_a_breach_without_figures_still_fires_and_says_unknown(timeline):
    timeline.breach("1x20", region="R99")
    timeline.figures(seconds=20)
    unknown = dict.fromkeys(("value", "limit", "since", "observed"), "onbekend")
    links = {name: SAID[name].replace("R07", "R99") for name in ("dashboard_url", "page_url")}

    timeline.exactly(
        5,
        "NormBreach",
        (
            {**STEP_1[0], "region": "R99"},
            {
                **SAID,
                **unknown,
                **links,
                "region_name": "R99",
                "description": SAID["description"]
                .replace("Traumacentrum Zuidwest-Nederland (R07)", "R99 (R99)")
                .replace("93,4 %", "onbekend"),
                "episode_since": "",
                "next": "Trap 2 van 3: het LCPS, 2 dagen na het begin, als de overschrijding dan nog duurt.",
            },
        ),
    )

    timeline.check()


def test_a_silent_feed_is_said_in_the_care_alert_and_does_not_hold_it_back(timeline):
    timeline.only("ic-occupancy-high", "caution")
    timeline.breach("1x20")
    timeline.breach("1x10 0x10", norm="feed-silent", scope="source=lcps,topic=care.occupancy")
    timeline.breach("1x20", norm="feed-silent", scope="source=lcps,topic=care.referrals")
    timeline.breach("1x20", norm="feed-silent", scope="source=lcps,topic=care.occupancy", region="R08")
    caution = "Let op, een bron zwijgt en deze cijfers kunnen achterlopen: source=lcps,topic=care.occupancy."

    timeline.exactly(5, "NormBreach", (STEP_1[0], {"caution": caution}))
    timeline.exactly(15, "NormBreach", (STEP_1[0], {"caution": ""}))

    timeline.check()


def test_a_breach_that_cannot_be_judged_any_more_says_so(timeline):
    timeline.only("ic-occupancy-high", "caution")
    timeline.breach("1x20")
    timeline.series(
        'ketenwacht_norm_insufficient{region="R07",norm="ic-occupancy-high",scope=""}', "1x10 0x10"
    )

    timeline.exactly(5, "NormBreach", (STEP_1[0], {"caution": NOT_JUDGED}))
    timeline.exactly(15, "NormBreach", (STEP_1[0], {"caution": ""}))

    timeline.check()


def test_a_breach_that_silence_keeps_open_names_who_is_silent_longest_first(timeline):
    timeline.only("ic-occupancy-high", "caution")
    timeline.breach("1x40")
    timeline.series('ketenwacht_norm_silent{region="R07",norm="ic-occupancy-high",scope=""}', "1x30 0x10")
    told = {"Ikazia": 1636800000, "Maasstad": 1636700000, "Franciscus": 1636900000, "Erasmus MC": 1636890000}
    for location, at in told.items():
        of = f'region="R07",topic="care.occupancy",location="{location}"'
        timeline.series(f"ketenwacht_silent_told_timestamp_seconds{{{of}}}", f"{at}x40")
    elsewhere = 'region="R07",topic="care.follow-up",location="Laurens"'
    timeline.series(f"ketenwacht_silent_told_timestamp_seconds{{{elsewhere}}}", "1x40")
    timeline.series('ketenwacht_silent_locations{region="R07",topic="care.occupancy"}', "4x10 27x10 3x20")
    named = (
        "Geen nieuwe cijfers van Maasstad (laatste: 12-11-2021, 07:53 uur), Ikazia (laatste: 13-11-2021, 11:40 uur), "
        "Erasmus MC (laatste: 14-11-2021, 12:40 uur){}: zonder die is niet te zeggen of de overschrijding voorbij is. "
    )

    timeline.exactly(5, "NormBreach", (STEP_1[0], {"caution": named.format(" en 1 andere")}))
    timeline.exactly(15, "NormBreach", (STEP_1[0], {"caution": named.format(" en 24 anderen")}))
    timeline.exactly(25, "NormBreach", (STEP_1[0], {"caution": named.format("")}))
    timeline.exactly(35, "NormBreach", (STEP_1[0], {"caution": ""}))

    timeline.check()


def test_a_breach_that_silence_elsewhere_keeps_open_says_so_without_a_name(timeline):
    timeline.only("ic-occupancy-high", "caution")
    timeline.breach("1x20")
    timeline.series('ketenwacht_norm_silent{region="R07",norm="ic-occupancy-high",scope=""}', "1x20")
    caution = (
        "Geen nieuwe cijfers van een locatie elders of met een aanmeldstop: "
        "zonder die is niet te zeggen of de overschrijding voorbij is. "
    )

    timeline.exactly(5, "NormBreach", (STEP_1[0], {"caution": caution}))

    timeline.check()


@pytest.mark.parametrize(
    ("norm", "figures", "value", "limit"),
    [
        ("ic-ladder-1150", (1352, 1150), "1.352 bedden", "1.150 bedden"),
        ("referrals-missed", (1_400_001, 1_400_000), "1.400.001 sinds maart 2020", "1.400.000"),
        ("fair-share-below-ic", (-0.123, -0.1), "-12,3 % afwijking", "-10 %"),
        ("treeknorm-max-polikliniek", (35, 28), "35 dagen", "28 dagen"),
        ("treeknorm-80-polikliniek", (0.7249, 0.8), "72,5 %", "80 %"),
        ("referral-shortfall", (0.8, 0.85), "80 % van verwacht", "85 %"),
        ("flood-notified", (6.25, 5), "6,2 meldingen per opname", "5"),
        ("treeknorm-max-apotheek", (2, 1), "2 werkdagen", "1 werkdag"),
        ("treeknorm-prolonged", (1, 0), "1 wachttijd", "0 wachttijden"),
        ("workstock-weeks", (1.04, 13), "1 week werk", "13 weken"),
    ],
)
def test_figures_are_written_the_dutch_way(timeline, norm, figures, value, limit):
    timeline.only(norm, "value", "limit")
    timeline.breach("1x9", norm=norm)
    timeline.figures(norm=norm, indicator=figures[0], norm_threshold=figures[1])
    labels = next(rule for rule in timeline.alerts() if rule["step"] == "1")

    timeline.exactly(5, "NormBreach", ({**LABELS, **labels}, {"value": value, "limit": limit}))

    timeline.check()


@pytest.mark.parametrize("reason", ["supply-ended", "norm-ended", "phase-ended", "too-few"])
def test_an_alert_of_a_breach_that_nobody_told_is_over_says_so_with_its_last_breath(timeline, reason):
    timeline.only("ic-occupancy-high", "ended", "value", "episode_since")
    timeline.breach("1x10 0x20", step="2x10 0x20")
    timeline.figures(indicator=0.934, breach_since_timestamp_seconds=1636977600)
    ended = f'ketenwacht_breach_ended{{region="R07",norm="ic-occupancy-high",scope="",reason="{reason}"}}'
    timeline.series(ended, "_x11 1x20")
    said = {"value": "93,4 %", "episode_since": "2021-11-15T12:00:00Z"}
    step_2 = {**STEP_1[0], "step": "2", "role": "lcps"}

    for at, words in ((10, ""), (11, load_texts(load_norms()).endings[reason])):
        told = {**said, "ended": words}
        timeline.exactly(at, "NormBreach", (STEP_1[0], told), (step_2, told))
    timeline.firing(12, "NormBreach", 0)

    timeline.check()


@pytest.mark.parametrize(("evidence", "completeness", "said"), RESTS_ON)
def test_an_alert_says_what_its_figure_rests_on_in_the_words_of_the_page(
    timeline, evidence, completeness, said
):
    timeline.only("ic-occupancy-high", "rests_on")
    timeline.breach("1x10 stale _x20")
    of = 'region="R07",norm="ic-occupancy-high"'
    told = completeness
    if evidence is not None:
        told = told_share(evidence, completeness)
        for standing in STANDINGS:
            name = f'ketenwacht_norm_locations{{{of},standing="{standing}"}}'
            timeline.series(name, f"{getattr(evidence, standing)}x10 stale")
        timeline.figures(seconds=10, norm_oldest_timestamp_seconds=evidence.oldest)
    timeline.figures(seconds=10, norm_told_ratio=told, indicator_observed_timestamp_seconds=MOMENT + 3600)

    for at in (5, 15):  # also once the worker is gone
        timeline.exactly(at, "NormBreach", (STEP_1[0], {"rests_on": said}))

    timeline.check()


@pytest.mark.parametrize(
    ("others", "places"),
    [
        (0, (("Erasmus MC", 38, 38),)),
        (1, (("Erasmus MC", 38, 38), ("Maasstad", 19, 20))),
        (1200, (("Ikazia", 1100, 1250),)),
    ],
)
@pytest.mark.parametrize(
    ("norm", "indicator"),
    [("ic-occupancy-high", "occupancy_ratio"), ("referral-shortfall", "referrals_ratio")],
)
def test_an_alert_says_who_is_behind_its_figure_in_the_words_of_the_page(
    timeline, others, places, norm, indicator
):
    timeline.only(norm, "where", "counts")
    timeline.breach("1x10 stale _x20", norm=norm)
    labels = next(rule for rule in timeline.alerts() if rule["step"] == "1")
    told = [Place(*place) for place in places]

    def series(place, name, kind, values):
        of = f'region="R07",norm="{norm}",scope="",place="{place}",name="{name}",is="{kind}"'
        timeline.series(f"ketenwacht_breach_where{{{of}}}", values)

    series(1, "Van vroeger", "part", "7x3 stale")  # of places that are no longer the worst nothing stays
    for number, one in enumerate(told, start=1):
        for kind, value in (("part", one.part), ("of", one.of)):
            series(number, one.name, kind, f"{value}x10 stale")
    for kind, value in (("part", 1195), ("of", 1304), ("others", others)):
        series(0, "", kind, f"{value}x10 stale")
    said = {
        "where": where_text(told, others, indicator, TEXTS),
        "counts": counts_text(1195, 1304, indicator, TEXTS),
    }

    for at in (6, 15):  # also once the worker is gone
        timeline.exactly(at, "NormBreach", ({**LABELS, **labels}, said))

    timeline.check()


def test_an_end_that_was_told_is_heard_at_once_and_an_old_reason_makes_no_alert(timeline):
    timeline.only("ic-occupancy-high")
    timeline.breach("0x5 1x5 0x20")
    timeline.series(
        'ketenwacht_breach_ended{region="R07",norm="ic-occupancy-high",scope="",reason="supply-ended"}',
        "1x5 stale",
    )

    for at, count in ((5, 0), (6, 1), (11, 1), (12, 0)):
        timeline.firing(at, "NormBreach", count)

    timeline.check()


@pytest.mark.parametrize(
    ("norm", "counted", "said"),
    [
        ("treeknorm-80-polikliniek", "waits_within_target", "11 van 15 gepubliceerde wachttijden binnen de streefnorm."),
        ("treeknorm-max-polikliniek", "waits_over_treeknorm", "11 van 15 gepubliceerde wachttijden boven de norm."),
    ],
)  # fmt: skip
def test_an_alert_on_waits_says_how_many_were_counted(timeline, norm, counted, said):
    timeline.only(norm, "meaning")
    timeline.breach("1x9", norm=norm)
    for name, value in ((counted, 11), ("waits", 15)):
        labels = 'region="R07",access="polikliniek",specialism="all"'
        timeline.series(f"ketenwacht_{name}{{{labels}}}", f"{value}x60")
    labels = next(rule for rule in timeline.alerts() if rule["step"] == "1")
    meaning = TEXTS.by_norm[norm].meaning

    timeline.exactly(5, "NormBreach", ({**LABELS, **labels}, {"meaning": f"{meaning} Nu {said}"}))

    timeline.check()
