"""Less data never looks calmer: who falls silent makes no verdict better and ends no breach.

That holds from its second missed report on, for as long as it is carried forward.
"""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.pipeline import Pipeline
from alerts.norms import load_norms
from streams.calendar import seconds
from streams.reports import BedReading
from streams.topics import OCCUPANCY
from tests.support.reports import MONDAY, beds, record

NORMS = load_norms()
STAFFED = 20
DAYS_BEFORE, DAYS_AFTER = 4, 5
_RANK = {"clear": 0, "between": 1, "insufficient": 2, "undecided-over": 2, "breach": 3}

_PATIENTS = st.integers(0, STAFFED)
_STEPS = st.lists(st.integers(-9, 9), min_size=60, max_size=60)


@st.composite
def _hospitals(draw):
    """Draw hospitals: hours between two reports, patients at each, and of which beds it tells the staff; some fall silent."""
    every = {}
    for name in draw(st.sampled_from(("AB", "ABC", "ABCD"))):
        now, walk = draw(_PATIENTS), []
        for step in draw(_STEPS):
            now = min(STAFFED, max(0, now + step))
            walk.append(now)
        every[name] = draw(st.sampled_from((6, 12, 24))), walk, draw(st.sampled_from(("total", "covid", "")))
    silent = draw(st.sets(st.sampled_from(sorted(every)), min_size=1))
    return every, silent


def _told(name: str, hour: int, patients: int, staff: str):
    ic = [
        BedReading(unit="ic", label="covid", occupied=patients // 2),
        BedReading(unit="ic", label="noncovid", occupied=patients - patients // 2),
    ]
    if staff == "total":
        ic.append(BedReading(unit="ic", label="total", staffed=STAFFED, notified=patients))
    elif staff == "covid":
        ic[0] = BedReading(unit="ic", label="covid", occupied=patients // 2, staffed=STAFFED // 4)
    return record(beds(MONDAY + timedelta(hours=hour), readings=ic, location=name, region="R07"))


@settings(max_examples=20, deadline=None)
@given(drawn=_hospitals())
def test_who_falls_silent_makes_nothing_look_better(drawn):
    every, silent = drawn
    whole, less = Pipeline(NORMS), Pipeline(NORMS)
    cut = 24 * DAYS_BEFORE
    for hour in range(0, 24 * (DAYS_BEFORE + DAYS_AFTER), 6):
        for name, (rhythm, walk, staff) in every.items():
            if hour % rhythm == 0:
                told = _told(name, hour, walk[(hour // 6) % len(walk)], staff)
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
    undecided = {(one.norm, one.scope): one for one in states[1]["unjudged"]}
    for key, (verdict, _, _) in same.verdicts.items():
        if verdict == "undecided-over" and not NORMS.by_id[key[0]].is_age:
            assert key in undecided
            assert undecided[key].over
