"""A step of the register of capacity ends no breach by itself: fewer patients must be expected than just before it."""

from datetime import UTC, datetime, timedelta
from functools import cache

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from agents.pipeline import Pipeline
from alerts.norms import Norms, parse_norms
from streams.calendar import seconds
from streams.reports import BedReading
from streams.status import Transition
from tests.support.norm_files import OWN
from tests.support.reports import beds, record

FIRST = datetime(2022, 1, 10, 11, tzinfo=UTC)
KNOWN, DAYS, STEP = 1143, 70, 48
"""IC beds that were counted last (2-12-2021), days that are played, and the day on which more are counted."""

SOON, WEEK = "projected-nl-ic-full-soon", "projected-nl-ic-full-week"


@cache
def norms(counted: int | None) -> Norms:
    """Our own, with a later count of beds."""
    if counted is None:
        return parse_norms(OWN)
    on = (FIRST + timedelta(days=STEP)).date()
    return parse_norms(
        OWN
        + f'\n[[capacity]]\nregion = "NL"\nunit = "ic"\nbeds = {counted}\nknown = {on}\nkind = "counted"\n'
        'source = "geteld in een proef"\n'
    )


def played(patients: list[int], counted: int | None) -> tuple[list[Transition], dict[str, float]]:
    """The transitions of the country's projections, and what each norm's figure was in beds just before the step."""
    pipeline, told, before = Pipeline(norms(counted)), [], {}
    for day, number in enumerate(patients):
        at = FIRST + timedelta(days=day)
        readings = [
            BedReading(unit="ic", label="covid", occupied=number // 2),
            BedReading(unit="ic", label="noncovid", occupied=number - number // 2),
        ]
        pipeline.receive(record(beds(at, readings=readings, region="NL", location="NL", source="lcps")))
        for hours in (1, 7, 13, 19):
            now = at + timedelta(hours=hours)
            if now.date() < (FIRST + timedelta(days=STEP)).date():
                verdicts = pipeline.judged.regions["NL"].verdicts if "NL" in pipeline.judged.regions else {}
                before = {norm: value * KNOWN for (norm, _), (_, value, _) in verdicts.items() if norm in (SOON, WEEK)}  # fmt: skip
            told += [one for one in pipeline.tick(seconds(now)) if one.norm in (SOON, WEEK)]
    return told, before


def course(full: int, after: list[int]) -> list[int]:
    """A quiet month, a rise to nearly full, some days of that, and what comes after the step."""
    rise = [800 + (full - 800) * day // 14 for day in range(14)]
    found = [800 + day % 3 for day in range(30)] + rise + [full + day % 3 for day in range(STEP - 44)]
    now = found[-1]
    for move in after:
        now = max(600, now + move)
        found.append(now)
    return found[:DAYS]


_MOVES = st.lists(st.integers(-25, 15), min_size=DAYS - STEP, max_size=DAYS - STEP)


@settings(max_examples=10, deadline=None, phases=[Phase.generate])
@given(st.integers(1040, 1143), st.integers(1150, 1900), _MOVES)
def test_no_breach_ends_while_as_many_patients_are_expected_as_before_the_step(full, counted, moves):
    told, before = played(course(full, moves), counted)
    at_step = seconds(FIRST + timedelta(days=STEP))
    active = {
        one.norm
        for one in told
        if one.state == "active" and seconds(datetime.fromisoformat(one.at)) < at_step
    }
    assert active
    for norm in active:
        ends = [one for one in told if one.norm == norm and one.state == "resolved"][:1]
        for one in ends:
            assert one.value * counted < before[norm], one


def test_it_ends_once_fewer_are_expected_than_just_before_the_step():
    rising, falling = [12] * (DAYS - STEP), [-10] * (DAYS - STEP)
    ends = {
        name: [
            (one.norm, one.state) for one in played(course(1100, moves), 1900)[0] if one.state == "resolved"
        ]
        for name, moves in (("rising", rising), ("falling", falling))
    }
    assert ends["rising"] == []
    assert sorted(ends["falling"]) == [(SOON, "resolved"), (WEEK, "resolved")]


def test_a_step_begins_and_reopens_nothing():
    told, _ = played(course(940, [0] * (DAYS - STEP)), 1400)
    assert [one for one in told if one.state in {"active", "reopened"}] == []
