"""Who is behind a figure: named worst first, with the counts, a handful at most; the same wherever it is shown."""

from datetime import timedelta

import msgspec
import pytest

from agents.engine.snapshot import encode_state
from agents.judge_status import JudgeImage, JudgeStatus
from agents.photograph import Photographer
from agents.pipeline import Pipeline
from alerts.judged import Judged
from alerts.metrics import BREACH_WHERE
from alerts.norms import load_norms
from alerts.texts import load_texts
from alerts.where import where_behind
from alerts.where_text import counts_text, where_text
from dashboards.board.state import BoardState
from dashboards.reports import attention
from dashboards.reports.knowledge import judged_knowledge
from streams.calendar import seconds
from streams.indicators import indicator_key
from streams.regions import ROAZ_IDS
from streams.reports import WaitRow
from streams.status import Indicator
from streams.where import PLACES_NAMED, Place, Where, where_of
from tests.support.reports import (
    MONDAY,
    absence,
    follow_up,
    ic,
    operations,
    production,
    record,
    referrals,
    rooms,
    stock_row,
    waits,
    workstock,
)

NORMS = load_norms()
TEXTS = load_texts(NORMS)
BEDS = {
    "Erasmus MC": (38, 38),
    "Maasstad": (19, 20),
    "Ikazia": (9, 10),
    "Franciscus": (14, 16),
    "ASz": (10, 12),
    "ADRZ": (5, 8),
}
WHERE = "Erasmus MC 38 van 38 bedden, Maasstad 19 van 20, Ikazia 9 van 10, Franciscus 14 van 16, ASz 10 van 12 en 1 andere"

COUNTS = {
    "referrals_ratio": ("referrals_week", "referrals_expected_week"),
    "waits_within_target_lasting_ratio": ("waits_within_target", "waits"),
    "wait_days_max": ("waits_over_treeknorm", "waits"),
}


def full(*others):
    """R07, 95 of 104 beds, for a day, and what else is reported."""
    pipeline = Pipeline(NORMS)
    for hours in range(0, 25, 6):
        at = MONDAY + timedelta(hours=hours)
        for name, (occupied, staffed) in BEDS.items():
            pipeline.receive(record(ic(occupied, staffed, at, location=name)))
        if not hours:
            pipeline.receive(*map(record, others))
        pipeline.tick(seconds(at))
    return pipeline


def breach(pipeline, region, norm, scope=""):
    views = pipeline.status(pipeline.last_tick)["regions"][region]["breaches"]
    return next(view for view in views if (view.norm, view.scope) == (norm, scope))


def behind(view):
    return where_text(view.where, view.others, NORMS.by_id[view.norm].indicator, TEXTS)


def test_a_full_region_names_its_hospitals_the_fullest_first_and_its_beds():
    view = breach(full(), "R07", "ic-occupancy-high")
    assert behind(view) == WHERE
    assert counts_text(view.part, view.of, "occupancy_ratio", TEXTS) == "95 van 104 bedden"
    assert view.value == pytest.approx(view.part / view.of)


def test_the_country_names_its_regions():
    others = [region for region in ROAZ_IDS if region != "R07"]
    told = [ic(97 if region in {"R05", "R08"} else 90, region=region, location=region) for region in others]
    view = breach(full(*told), "NL", "ic-occupancy-high")
    assert behind(view).startswith(
        "Limburg 97 van 100 bedden, West 97 van 100, Zuidwest-Nederland 95 van 104, "
    )
    assert behind(view).endswith(" en 6 andere")
    assert (view.part, view.of) == (95 + 2 * 97 + 8 * 90, 1104)


def test_long_waits_name_the_specialisms_by_the_part_that_is_over_and_not_by_the_longest():
    rows = [
        WaitRow(specialism=specialism, access="polikliniek", treatment=f"t{number}", days=days)
        for specialism, told in {
            "orthopedie": [200, 10, 10],
            "neurologie": [30, 31, 5],
            "urologie": [10],
        }.items()
        for number, days in enumerate(told)
    ]
    report = msgspec.structs.replace(waits([1]), rows=rows)
    view = breach(full(report), "R07", "treeknorm-max-polikliniek")
    assert behind(view) == "neurologie 2 van 3 boven de norm, orthopedie 1 van 3"
    assert (view.value, view.part, view.of) == (200, None, None)  # days are no ratio


def test_rooms_and_vervolgzorg_name_their_locations():
    pipeline = full(
        rooms(8, 20, location="A"),
        rooms(18, 20, location="B"),
        follow_up(90, 10, location="C"),
        follow_up(20, 10, location="D"),
    )
    assert (
        behind(breach(pipeline, "R07", "or-reduction-high"))
        == "A 12 van 20 kamers buiten gebruik, B 2 van 20"
    )
    view = breach(pipeline, "R07", "followup-strain-grz")
    assert behind(view) == "C 90 van 100 wachtenden en vrije plaatsen, D 20 van 30"
    assert (view.part, view.of) == (110, 130)


def test_overdue_patients_name_the_locations_of_which_the_largest_part_waits_too_long():
    stock = {"A": (40, 30), "B": (100, 50), "C": (10, 0)}
    pipeline = full(
        *(
            workstock(stock_row("U3", patients, overdue=overdue), location=name)
            for name, (patients, overdue) in stock.items()
        )
    )
    norm = NORMS.by_id["u3-overdue"]  # which holds in some phases only
    where = where_behind(pipeline.judged.regions["R07"], norm, "")
    said = where_text(where.places, where.others, norm.indicator, TEXTS)
    assert said == "A 30 van 40 voorbij de termijn, B 50 van 100"
    assert (where.part, where.of) == (80, 150)


def test_much_absence_names_the_locations_of_which_the_largest_part_is_ill():
    told = {"A": (8.0, 1000), "B": (14.0, 500), "C": (0.0, 100)}
    pipeline = full(*(absence(*own, location=name) for name, own in told.items()))
    view = breach(pipeline, "R07", "absence-critical-ziekenhuis")
    assert behind(view) == "B 70 van 500 medewerkers ziek, A 80 van 1.000"
    assert (view.part, view.of) == (150, 1600)


def test_little_production_names_the_locations_that_did_the_least_of_what_they_did_in_2019():
    told = {"A": (50, 100), "B": (90, 100), "C": (120, 100)}
    pipeline = full(
        *(production(operations(done, reference=then), location=name) for name, (done, then) in told.items())
    )
    where = where_behind(pipeline.judged.regions["R07"], NORMS.by_id["production-low-operatie"], "")
    assert (
        where_text(where.places, where.others, "production_ratio", TEXTS)
        == "A 50 tegen 100 in 2019, B 90 tegen 100"
    )
    assert (where.part, where.of) == (260, 300)


def test_too_few_referrals_name_the_specialisms_that_miss_the_most_and_their_counts():
    view = breach(full(referrals(10, 100)), "R07", "referral-shortfall")
    assert behind(view) == "orthopedie 10 tegen 100 verwacht"
    assert (view.part, view.of) == (10, 100)


@pytest.mark.parametrize(
    ("norm", "told", "named"),
    [
        (
            "referral-shortfall",
            {"a": (50, 100), "b": (90, 100), "c": (100, 100), "d": (120, 100)},
            ["a", "b"],
        ),
        ("referral-surge", {"a": (50, 100), "b": (110, 100), "c": (100, 100), "d": (130, 100)}, ["d", "b"]),
        ("treeknorm-80-klinisch", {"a": (4, 4), "b": (0, 4), "c": (3, 4)}, ["b", "c"]),
        ("treeknorm-max-klinisch", {"a": (4, 4), "b": (0, 4), "c": (3, 4)}, ["a", "c"]),
    ],
)
def test_who_is_as_usual_is_not_named(norm, told, named):
    rule = NORMS.by_id[norm]
    upper, lower = COUNTS[rule.indicator]
    series = {
        rule.indicator: {rule.key: Indicator(rule.indicator, dict(rule.labels), 0.5, 9)},
        upper: {},
        lower: {},
    }
    for specialism, counts in told.items():
        labels = {**rule.labels, "specialism": specialism}
        for name, value in zip((upper, lower), counts, strict=True):
            series[name][indicator_key(name, labels)] = Indicator(name, labels, value, 9)
    where = where_behind(Judged(known={rule.topics[0]: series}), rule, "")
    assert [one.name for one in where.places] == named


def test_a_handful_is_named_whoever_there_are_in_an_order_that_depends_on_nothing_else():
    places = [Place(f"L{number:02}", number % 7, 10) for number in range(40)]
    where = where_of(places)
    assert where == where_of(places[::-1])
    assert [one.name for one in where.places] == ["L06", "L13", "L20", "L27", "L34"]
    assert (len(where.places), where.others, where.part, where.of) == (
        PLACES_NAMED,
        35,
        sum(p.part for p in places),
        400,
    )
    assert where_of(places, low=True).places[0].name == "L00"
    assert where_of([Place("none", 0, 0), Place("some", 3, 0)]).places[0].name == "some"
    assert where_of([]) is None
    assert Where() == Where((), 0, 0, 0)


def test_page_report_and_metrics_say_the_same():
    pipeline = full()
    board = BoardState(NORMS)
    board.overview(pipeline.overviews["R07"], pipeline.last_tick)
    card = next(
        one for one in board.document(0)["regions"]["R07"]["breaches"] if one["norm"] == "ic-occupancy-high"
    )
    now = judged_knowledge(pipeline.judged, pipeline.last_tick, NORMS)
    groups = attention.groups("R07", now, NORMS, TEXTS)
    row = next(row for group in groups for row in group["rows"] if "kritiek" not in row["title"])
    assert (card["where"], card["counts"]) == (row["where"], row["counts"]) == (WHERE, "95 van 104 bedden")

    judge = JudgeStatus(NORMS)
    judge.make(0, {"judge": encode_state(JudgeImage(pipeline.judged))})
    shown = Photographer((), judge, NORMS, "1").take(ready=True)[BREACH_WHERE.name]
    own = {labels[3:]: value for labels, value in shown if labels[:3] == ("R07", "ic-occupancy-high", "")}
    assert own["1", "Erasmus MC", "part"] == own["1", "Erasmus MC", "of"] == 38
    assert (own["0", "", "part"], own["0", "", "of"], own["0", "", "others"]) == (95, 104, 1)
    assert len(own) == 2 * PLACES_NAMED + 3
