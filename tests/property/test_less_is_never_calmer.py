"""Less data never looks calmer: who falls silent makes no verdict better and ends no breach.

That holds from its second missed report on, for as long as it is carried forward; for verdicts, and for what tiles, reports
and messages show of them.
"""

from datetime import timedelta
from math import inf

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.engine.snapshot import encode_state
from agents.judge_status import JudgeImage, JudgeStatus
from agents.photograph import Photographer
from agents.pipeline import Pipeline
from alerts.metrics import NORM_LOCATIONS
from alerts.norms import load_norms
from alerts.rests_on import rests_on
from alerts.texts import load_texts
from dashboards.board.state import tile_state
from dashboards.reports import attention
from dashboards.reports.attention import STANDINGS
from dashboards.reports.figures import Figures
from dashboards.reports.knowledge import judged_knowledge
from dashboards.reports.recorded import Told
from streams.calendar import seconds
from streams.reports import BedReading
from streams.topics import OCCUPANCY
from tests.support.reports import MONDAY, beds, record

NORMS = load_norms()
STAFFED = 20
DAYS_BEFORE, DAYS_AFTER = 4, 5
_RANK = {"clear": 0, "between": 1, "insufficient": 2, "undecided-over": 2, "breach": 3}

TEXTS = load_texts(NORMS)
TILES = ("critical", "warning", "undecided-over", "info", "pending", "undecided", "unknown", "ok")
SHOWN = [("occupancy_ratio", {"unit": "ic"}), ("beds_occupied", {"unit": "ic", "label": "all"})]

_PATIENTS = st.integers(0, STAFFED)
_STEPS = st.lists(st.integers(-9, 9), min_size=60, max_size=60)


@st.composite
def _hospitals(draw):
    """Draw hospitals: hours between two reports, patients at each, and of which beds it tells the staff, how complete its
    reports are; some fall silent."""
    every = {}
    for name in draw(st.sampled_from(("AB", "ABC", "ABCD"))):
        now, walk = draw(_PATIENTS), []
        for step in draw(_STEPS):
            now = min(STAFFED, max(0, now + step))
            walk.append(now)
        every[name] = (
            draw(st.sampled_from((6, 12, 24))),
            walk,
            draw(st.sampled_from(("total", "covid", ""))),
            draw(st.sampled_from((1.0, 0.9, 0.3))),
        )
    silent = draw(st.sets(st.sampled_from(sorted(every)), min_size=1))
    return every, silent


def _told(name: str, hour: int, patients: int, staff: str, completeness: float):
    ic = [
        BedReading(unit="ic", label="covid", occupied=patients // 2),
        BedReading(unit="ic", label="noncovid", occupied=patients - patients // 2),
    ]
    if staff == "total":
        ic.append(BedReading(unit="ic", label="total", staffed=STAFFED, notified=patients))
    elif staff == "covid":
        ic[0] = BedReading(unit="ic", label="covid", occupied=patients // 2, staffed=STAFFED // 4)
    return record(
        beds(
            MONDAY + timedelta(hours=hour),
            readings=ic,
            location=name,
            region="R07",
            completeness=completeness,
        )
    )


@settings(max_examples=20, deadline=None)
@given(drawn=_hospitals())
def test_who_falls_silent_makes_nothing_look_better(drawn):
    every, silent = drawn
    whole, less = Pipeline(NORMS), Pipeline(NORMS)
    cut = 24 * DAYS_BEFORE
    for hour in range(0, 24 * (DAYS_BEFORE + DAYS_AFTER), 6):
        for name, (rhythm, walk, staff, completeness) in every.items():
            if hour % rhythm == 0:
                told = _told(name, hour, walk[(hour // 6) % len(walk)], staff, completeness)
                whole.receive(told)
                if name not in silent or hour <= cut:
                    less.receive(told)
        at = seconds(MONDAY + timedelta(hours=hour))
        whole.tick(at)
        less.tick(at)
        if all(hour >= cut + 2 * every[name][0] for name in silent):
            _compare(whole, less, silent, at)


def _compare(whole: Pipeline, less: Pipeline, silent: set[str], at: int) -> None:
    region, same = whole.judged.regions["R07"], less.judged.regions["R07"]
    for key, (verdict, value, _) in region.verdicts.items():
        if NORMS.by_id[key[0]].is_age:
            continue
        instead = same.verdicts[key][0]
        assert _RANK[instead] >= _RANK[verdict] or instead in {"insufficient", "undecided-over"}, (
            f"{key}: {verdict} at {value}, and {instead} at {same.verdicts[key][1]} without {sorted(silent)}"
        )
    states = whole.status(at)["regions"]["R07"], less.status(at)["regions"]["R07"]
    named = {one.location for view in states[1]["silent"] if view.topic == OCCUPANCY for one in view.named}
    assert named == silent
    _compare_shown(whole, less, at)
    undecided = {(one.norm, one.scope): one for one in states[1]["unjudged"]}
    for key, (verdict, _, _) in same.verdicts.items():
        if verdict == "undecided-over" and not NORMS.by_id[key[0]].is_age:
            assert key in undecided
            assert undecided[key].over


def _compare_shown(whole: Pipeline, less: Pipeline, at: int) -> None:
    """Hold what a tile, a report and the messages show with less against what they show with all."""
    pipelines = whole, less
    views = [pipeline.overviews["R07"] for pipeline in pipelines]
    tiles = [TILES.index(tile_state(view)) for view in views]
    assert tiles[1] <= max(tiles[0], TILES.index("undecided")), [TILES[tile] for tile in tiles]

    reports = [
        Figures("R07", Told("", judged_knowledge(pipeline.judged, at, NORMS)), NORMS)
        for pipeline in pipelines
    ]
    for name, labels in SHOWN:
        severities = [report.severity("R07", name, labels) for report in reports]
        ranks = [STANDINGS.index(each) if each else len(STANDINGS) for each in severities]
        assert ranks[1] <= max(ranks[0], STANDINGS.index("undecided")), severities
    summaries = [attention.summary(report.now, "R07", NORMS, TEXTS).lower() for report in reports]
    calm = ["geen norm overschreden" in one and "niet te beoordelen" not in one for one in summaries]
    assert calm[1] <= calm[0], summaries

    alerts = [{(one.norm, one.scope) for one in view.breaches if one.state == "active"} for view in views]
    assert alerts[0] - alerts[1] <= {(one.norm, one.scope) for one in views[1].unjudged}
    # Who is silent is still among those behind a figure.
    behind = [{(one.norm, one.scope): len(one.where) + one.others for one in view.breaches} for view in views]
    assert all(behind[1][key] >= behind[0][key] for key in behind[0].keys() & behind[1].keys())
    metrics = [_told_by_metrics(pipeline) for pipeline in pipelines]
    for norm, scope in alerts[0] & alerts[1]:
        # The mail of a breach says who is carried forward in its figure.
        found = less.judged.regions["R07"].figure_of(NORMS.by_id[norm], scope)
        if found is not None and found.evidence is not None and found.range is not None:
            assert metrics[1][norm, scope] > 0, (norm, scope)
    for view in views:
        for figure in view.indicators:
            said = rests_on(figure.evidence, at, figure.completeness, TEXTS.rests_on)
            assert ("doorgetrokken" in said) == bool(figure.carried)


_WARM_UP, _UNTIL_FOUND, _LEAST = 17, 6, 20
_SUMS = [
    "beds_occupied{label=all,unit=ic}",
    "beds_occupied_mean_7d{label=all,unit=ic}",
    "occupancy_ratio{unit=ic}",
    "beds_free{unit=ic}",
]


@st.composite
def _courses(draw):
    """Draw hospitals that tell of twenty patients or more once a day: patients each day, no two days after one another the
    same; whether by label; and one that stands still, or falls silent, after some days."""
    days = draw(st.integers(_WARM_UP, _WARM_UP + 6))
    every = {}
    for name in "ABC":
        now, walk = draw(st.integers(_LEAST, 60)), []
        for step in draw(st.lists(st.sampled_from((-7, -3, -1, 1, 2, 5)), min_size=40, max_size=40)):
            now += step if _LEAST <= now + step <= 60 else -step
            walk.append(now)
        every[name] = draw(st.booleans()), walk
    return every, draw(st.sampled_from("ABC")), days


def _once_a_day(name: str, day: int, patients: int, *, by_label: bool):
    ic = [BedReading(unit="ic", label="total", occupied=patients, staffed=70)]
    if by_label:
        ic = [
            BedReading(unit="ic", label="covid", occupied=patients),
            BedReading(unit="ic", label="noncovid", occupied=80 - patients),
            BedReading(unit="ic", label="total", staffed=90),
        ]
    return record(beds(MONDAY + timedelta(days=day), readings=ic, location=name, region="R07"))


@settings(max_examples=20, deadline=None)
@given(drawn=_courses())
def test_who_stands_still_makes_nothing_look_better_than_who_falls_silent(drawn):
    """Held is this. A daily source repeats one report from a day on, in which every figure is of 20 patients or more, moved on
    the day before and is not just as many as there are beds with staff, which never changed. From the seventh time on no
    verdict is calmer than if it had told nothing since; nor, until who is silent has expired, is any range narrower."""
    every, still, cut = drawn
    silent, frozen = Pipeline(NORMS), Pipeline(NORMS)
    for day in range(cut + 16):
        for name, (by_label, walk) in every.items():
            if name != still or day <= cut:
                told = _once_a_day(name, day, walk[day], by_label=by_label)
                silent.receive(told)
            else:
                told = _once_a_day(name, day, walk[cut], by_label=by_label)
            frozen.receive(told)
        for hours in (1, 13):
            at = seconds(MONDAY + timedelta(days=day, hours=hours))
            silent.tick(at)
            frozen.tick(at)
        if day >= cut + _UNTIL_FOUND:
            _compare_verdicts(silent, frozen)
            assert frozen.judged.regions["R07"].verdicts
            if day < cut + 14:
                _compare_ranges(silent, frozen)


def _compare_verdicts(calmer: Pipeline, instead: Pipeline) -> None:
    other = instead.judged.regions["R07"].verdicts
    for key, (verdict, value, _) in calmer.judged.regions["R07"].verdicts.items():
        norm = NORMS.by_id[key[0]]
        if not norm.is_age and not norm.indicator.startswith("projected_"):
            assert _RANK[other[key][0]] >= min(_RANK[verdict], _RANK["insufficient"]), (
                f"{key}: {verdict} at {value}, and {other[key]} instead"
            )


def _compare_ranges(silent: Pipeline, frozen: Pipeline) -> None:
    for key in _SUMS:
        inner, outer = (
            one.judged.regions["R07"].known[OCCUPANCY][key.partition("{")[0]][key] for one in (silent, frozen)
        )
        assert inner.range is not None, key
        assert outer.range is not None, key
        for least, most in (("low", "high"), ("least", "most")):
            assert _or(getattr(outer.range, least), -inf) <= _or(getattr(inner.range, least), -inf), key
            assert _or(getattr(outer.range, most), inf) >= _or(getattr(inner.range, most), inf), key


def _or(value: float | None, without_end: float) -> float:
    return without_end if value is None else value


def _told_by_metrics(pipeline: Pipeline) -> dict[tuple[str, str], float]:
    """Return how many are carried forward, of each breach, as its alert queries it."""
    judge = JudgeStatus(NORMS)
    judge.make(0, {"judge": encode_state(JudgeImage(pipeline.judged))})
    picture = Photographer((), judge, NORMS, "1").take(ready=True)
    shown = picture.get(NORM_LOCATIONS.name, ())
    return {
        (norm, scope): value
        for (region, norm, scope, standing), value in shown
        if region == "R07" and standing == "carried"
    }
