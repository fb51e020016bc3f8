"""What the page shows, folded from records."""

import pytest
from msgspec.structs import replace

from alerts.norms import load_norms
from dashboards.board.figures import fresh_seconds
from dashboards.board.state import BoardState, tile_state
from streams.calendar import iso
from streams.silent import SilentName, SilentView, UnjudgedView
from streams.status import RegionOverview, Transition
from streams.topics import COORDINATION, FORECAST, OCCUPANCY, REPORT_TOPICS
from streams.views import BreachView, IndicatorView

NORMS = load_norms()
AT = 1637582400
HOUR = 3600
DAY = 24 * HOUR


def overview(region="R07", at=AT, observed_at=None, breaches=(), occupied=150):
    seen = iso(at if observed_at is None else observed_at)
    return RegionOverview(
        region,
        iso(at),
        [
            IndicatorView("beds_occupied", {"unit": "ic", "label": "all"}, occupied, "beds", seen, 0.9),
            IndicatorView("beds_staffed", {"unit": "ic"}, 160, "beds", seen, 1.0),
            IndicatorView("occupancy_ratio", {"unit": "ic"}, occupied / 160, "ratio", seen, 1.0),
            IndicatorView("followup_waiting", {"sector": "grz"}, 8, "patients", seen, 1.0),
            IndicatorView("followup_waiting", {"sector": "verpleeghuis"}, 30, "patients", seen, 1.0),
            IndicatorView("followup_free_places", {"sector": "grz"}, 5, "places", seen, 1.0),
        ],
        list(breaches),
    )


def breach(severity="critical", state="active", norm="ic-occupancy-critical"):
    return BreachView(norm, "", severity, state, 0.96, 0.95, "ratio", iso(AT), 1, f"e-{norm}", iso(AT))


def transition(state="active", step=1, region="R07", at=AT):
    return Transition(
        iso(at), region, "ic-occupancy-high", "", state, 0.93, 0.9, "ratio", "warning", step, iso(AT), iso(AT), "e1"
    )  # fmt: skip


def test_a_tile_takes_the_worst_state_and_counts_pending_apart():
    state = BoardState(NORMS)

    state.overview(
        overview(
            breaches=[breach("warning", norm="a"), breach("critical"), breach("critical", "pending", "b")]
        ),
        AT,
    )

    region = state.document(AT)["regions"]["R07"]
    assert region["state"] == "critical"
    assert region["pending"] == 1
    assert [each["norm"] for each in region["breaches"]] == ["ic-occupancy-critical", "a", "b"]


@pytest.mark.parametrize(("share", "of"), [(0.9375, 160), (0.67, None), (None, None)])
def test_a_tile_shows_beds_beside_a_share_only_where_it_is_the_share_of_these(share, of):
    told = overview()
    indicators = [
        replace(each, value=share) if each.name == "occupancy_ratio" else each for each in told.indicators
    ]
    state = BoardState(NORMS)
    state.overview(replace(told, indicators=indicators), AT)
    figure = next(each for each in state.document(AT)["regions"]["R07"]["figures"] if each["name"] == "ic")
    assert (figure["value"], figure["of"], figure["ratio"]) == (150, of, share)


def test_the_document_of_a_region_says_who_is_silent_and_what_cannot_be_judged():
    silent = SilentView("care.occupancy", "missed", 1, [SilentName("A", iso(AT - DAY), partly=False)])
    unjudged = UnjudgedView("ic-occupancy-high", "", ["care.occupancy"], open=True)
    state = BoardState(NORMS)
    state.overview(replace(overview(), silent=[silent], unjudged=[unjudged]), AT)
    state.overview(overview("R08"), AT)

    regions = state.document(AT)["regions"]

    assert regions["R07"]["silent"] == [
        {
            "topic": "care.occupancy",
            "view": "missed",
            "count": 1,
            "named": [{"location": "A", "told_at": iso(AT - DAY), "partly": False}],
        }
    ]
    assert regions["R07"]["unjudged"] == [
        {"norm": "ic-occupancy-high", "scope": "", "topics": ["care.occupancy"], "open": True, "over": False}
    ]
    assert (regions["R08"]["silent"], regions["R08"]["unjudged"]) == ([], [])


@pytest.mark.parametrize(
    ("breaches", "expected"),
    [([], "ok"), ([breach("info")], "info"), ([breach("critical", "pending")], "pending")],
)
def test_the_state_of_a_tile_follows_its_breaches(breaches, expected):
    assert tile_state(overview(breaches=breaches)) == expected


def test_a_region_without_figures_is_unknown_and_never_good():
    assert tile_state(RegionOverview("R07", iso(AT), [], [])) == "unknown"


def test_figures_carry_their_oldest_time_and_lowest_completeness():
    state = BoardState(NORMS)
    state.overview(overview(), AT)

    ic, ward, referrals, followup = state.document(AT)["regions"]["R07"]["figures"]

    assert (ic["value"], ic["of"], ic["completeness"]) == (150, 160, 0.9)
    assert ward["value"] is None
    assert referrals["value"] is None
    assert (followup["value"], followup["of"]) == (38, 5)


def test_an_older_overview_changes_nothing():
    state = BoardState(NORMS)
    state.overview(overview(occupied=150), AT)
    version = state.version

    state.overview(overview(at=AT - HOUR, occupied=1), AT)

    assert state.version == version
    assert state.document(AT)["regions"]["R07"]["figures"][0]["value"] == 150


def test_only_what_changed_since_a_version_is_sent():
    state = BoardState(NORMS)
    state.overview(overview("R01"), AT)
    seen = state.version
    state.overview(overview("R02"), AT)
    state.transition(transition(region="R02"), AT)

    change = state.document(AT, since=seen)

    assert list(change["regions"]) == ["R02"]
    assert [each["region"] for each in change["transitions"]] == ["R02"]
    assert state.document(AT, since=change["version"])["regions"] == {}


def test_a_repeated_transition_is_shown_once_and_a_next_step_anew():
    state = BoardState(NORMS)

    for record in (transition(), transition(), transition("step", 2, at=AT + HOUR)):
        state.transition(record, AT)

    assert [(t["state"], t["step"]) for t in state.document(AT)["transitions"]] == [
        ("step", 2),
        ("active", 1),
    ]


def test_a_log_that_is_read_again_from_its_start_changes_nothing():
    state = BoardState(NORMS)
    log = [transition("step", number, at=AT + number * HOUR) for number in range(500)]
    for record in log:
        state.transition(record, AT)
    before = state.document(AT)

    for record in log:
        state.transition(record, AT)

    assert state.document(AT) == before
    assert before["transitions"][0]["step"] == 499


def test_an_unknown_region_is_counted_and_not_shown():
    state = BoardState(NORMS)

    state.overview(overview("R99"), AT)
    state.transition(transition(region="Atlantis"), AT)

    document = state.document(AT)
    assert document["regions"] == {}
    assert document["transitions"] == []
    assert document["clock"]["ignored"] == 2


def test_a_region_goes_stale_when_time_passes_without_newer_bed_figures():
    state = BoardState(NORMS)
    state.overview(overview("R07", observed_at=AT - 3 * DAY), AT)
    seen = state.document(AT)
    assert not seen["regions"]["R07"]["stale"]

    state.overview(overview("R06", at=AT + 1), AT)

    change = state.document(AT, since=seen["version"])
    assert change["regions"]["R07"]["stale"]


def test_fresh_follow_up_figures_do_not_hide_old_bed_figures():
    fresh = overview("R07", at=AT, observed_at=AT - 4 * DAY)
    newer = IndicatorView("followup_waiting", {"sector": "grz"}, 8, "patients", iso(AT), 1.0)
    state = BoardState(NORMS)

    state.overview(RegionOverview("R07", fresh.at, [*fresh.indicators, newer], []), AT)

    assert state.document(AT)["regions"]["R07"]["stale"]


def test_the_clock_waits_then_runs_then_is_quiet():
    state = BoardState(NORMS, quiet_seconds=30)
    assert state.clock(AT)["state"] == "waiting"

    state.overview(overview(), now=AT)

    assert state.clock(AT + 30)["state"] == "running"
    assert state.clock(AT + 31)["state"] == "quiet"
    state.tick(AT + 32, now=AT + 32)
    assert state.clock(AT + 33)["state"] == "running"


def test_ticks_without_judgement_of_the_country_are_not_taken_for_calm():
    state = BoardState(NORMS, quiet_seconds=30, behind_seconds=150)
    state.overview(overview("NL"), now=AT)

    for passed in range(0, 200, 10):
        state.tick(AT + passed, now=AT + passed)
        state.overview(overview("R07", at=AT + passed), now=AT + passed)

    assert state.clock(AT + 190)["state"] == "behind"
    state.overview(overview("NL", at=AT + 190), now=AT + 191)
    assert state.clock(AT + 191)["state"] == "running"


def test_the_time_of_the_stream_never_goes_back_and_a_past_stream_is_a_look_back():
    state = BoardState(NORMS)
    state.overview(overview(), now=AT)
    assert not state.clock(AT)["replay"]

    state.tick(AT - HOUR, now=AT + 5 * HOUR)
    assert state.clock(AT)["at"] == state.clock(AT)["reported_at"] == iso(AT)

    state.tick(AT + 1, now=AT + 5 * HOUR)
    assert state.clock(AT)["replay"]


def test_the_page_tells_the_time_of_judgement_when_the_reports_are_further():
    state = BoardState(NORMS, behind_seconds=150)
    state.overview(overview("NL"), now=AT)

    state.tick(AT + 3 * DAY, now=AT + 90 * DAY)

    replay = state.clock(AT + 90 * DAY)
    assert (replay["at"], replay["reported_at"]) == (iso(AT), iso(AT + 3 * DAY))
    assert not state.document(AT)["regions"]["NL"]["stale"], "as judged, the figures were fresh"


def test_judgement_that_lags_in_a_live_stream_is_told_although_it_moves():
    state = BoardState(NORMS, behind_seconds=150)
    state.overview(overview("NL", at=AT), now=AT + 200)

    state.tick(AT + 200, now=AT + 200)

    assert state.clock(AT + 200)["state"] == "behind"


def test_figures_of_every_topic_grow_old_when_they_stand_no_more_but_what_is_told_when_it_happens():
    ages = {topic: fresh_seconds(topic, NORMS) for topic in REPORT_TOPICS}
    assert [topic for topic, age in ages.items() if age is None] == [COORDINATION]
    assert ages[OCCUPANCY] == NORMS.parameter("beds-stand") * DAY
    assert ages[FORECAST] == NORMS.parameter("forecast-fresh") * 3600
