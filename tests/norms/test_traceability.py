"""Every norm can be followed: to its source, its text and runbook, its fields, its tests, and to the page."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from alerts import texts as texts_module
from alerts.instruments import periods_of
from alerts.norms import Norm
from alerts.texts import load_texts
from alerts.traceability import TraceError, load_trace
from streams.calendar import seconds
from streams.indicators import INDICATORS
from streams.joins import JOINS, JUDGED_NOTICES
from streams.reports import REPORT_TYPES
from streams.reports.coordination import CoordinationEvent
from streams.topics import COORDINATION
from tests.norms.case import NORMS
from tests.norms.index import FILE, index
from tests.norms.table import CASES

TRACE = load_trace()
TEXTS = load_texts(NORMS)
RUNBOOKS = Path(texts_module.__file__).parent / "runbooks"


@pytest.mark.parametrize("norm", NORMS.norms, ids=lambda norm: norm.id)
def test_a_norm_has_source_text_runbook_breach_and_near_miss(norm: Norm):
    assert len(norm.source) > 10
    assert len(norm.article) > 10
    text = TEXTS.by_norm[norm.id]
    assert f"\n## {text.id}\n" in (RUNBOOKS / f"{text.runbook}.md").read_text("utf-8")
    own = [case for case in CASES if case.norm == norm.id]
    assert any(case.breach for case in own), "no case in tests/norms in which it must breach"
    near = [case for case in own if not case.breach and not case.told.startswith("not ")]
    assert near, "no near miss in tests/norms"
    if norm.phases:
        assert any(case.told.startswith("not in phase 1") for case in own)


@pytest.mark.parametrize("norm", NORMS.norms, ids=lambda norm: norm.id)
def test_a_norm_takes_dates_and_phases_from_its_instruments_or_says_that_it_is_a_signal(norm: Norm):
    if not norm.rests_on:  # measured, or our own: no instrument asks for it
        assert norm.family == "data" or norm.assumption is not None
        return
    assert all(one.instrument.title in norm.source for one in norm.rests_on)
    within = [
        any(
            own.since <= period.since and period.until <= own.until and own.phases == period.phases
            for one in norm.rests_on
            for own in periods_of([one])
        )
        for period in norm.periods
    ]
    if not all(within):
        assert norm.assumption is not None
        assert "buiten de looptijd van de bron" in norm.assumption.text


BETWEEN = seconds(datetime(2022, 1, 20, 12, tzinfo=UTC))
"""The first kader has ended, the second has not begun."""


def test_between_the_kaders_nothing_rests_on_them_and_signals_say_that_they_go_on():
    for norm in NORMS.norms:
        if norm.holds_at(BETWEEN):
            cited = {one.instrument.id for one in norm.rests_on}
            signal = norm.assumption is not None and "buiten de looptijd van de bron" in norm.assumption.text
            assert signal or not cited & {"kader-2021", "kader-2022"}, norm.id


def test_the_norms_of_the_kaders_hold_on_both_sides_of_the_gap():
    norm = NORMS.by_id["patients-uninformed"]
    days = [datetime(2021, 12, 31, 12, tzinfo=UTC), datetime(2022, 1, 1, 12, tzinfo=UTC), datetime(2022, 2, 28, 12, tzinfo=UTC), datetime(2022, 3, 1, 12, tzinfo=UTC)]  # fmt: skip
    assert [norm.holds_in("2B", seconds(day)) for day in days] == [True, False, False, True]
    assert not any(norm.holds_in("1", seconds(day)) for day in days)
    standing = NORMS.by_id["patients-uninformed-standing"]
    assert all(standing.holds_in(phase, seconds(day)) for day in days for phase in ("", "1", "2B"))


def test_no_case_is_about_a_norm_that_is_not_there_and_no_name_is_given_twice():
    names = [case.name for case in CASES]
    assert sorted({case.norm for case in CASES} - set(NORMS.by_id)) == []
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_the_page_is_made_from_the_tables_as_they_are():
    assert FILE.read_bytes() == index(), "run `make generate`"


def test_every_judged_indicator_says_its_fields_and_none_is_left_over():
    assert set(TRACE.fields) == {norm.indicator for norm in NORMS.norms}


def _reads(indicator: str) -> set[str]:
    topic = INDICATORS[indicator].topic
    return {*JOINS.get(topic, ()), topic} if topic != JUDGED_NOTICES else {COORDINATION}


@pytest.mark.parametrize("indicator", sorted(TRACE.fields))
def test_its_fields_are_fields_of_the_reports_that_it_is_made_from(indicator: str):
    for topic, fields in TRACE.fields[indicator].items():
        models = list(REPORT_TYPES.values()) if topic == "every-topic" else [REPORT_TYPES[f"care.{topic}"]]
        assert topic == "every-topic" or f"care.{topic}" in _reads(indicator)
        for model in models:
            assert [field for field in fields if not _is_field(model, field)] == []


def _is_field(model: Any, path: str) -> bool:
    first, _, rest = path.partition(".")
    if first == "event" and rest:
        kind, _, name = rest.partition(".")
        events = {event.__struct_config__.tag: event for event in get_args(CoordinationEvent)}
        return name in events[kind].__struct_fields__
    if first not in model.__struct_fields__:
        return False
    inside = next(field.type for field in msgspec.structs.fields(model) if field.name == first)
    return not rest or rest in _element(inside).__struct_fields__


def _element(kind: Any) -> Any:
    while not hasattr(kind, "__struct_fields__"):
        kind = get_args(kind)[0]
    return kind


def test_what_no_stream_can_see_names_only_norms_and_figures_that_are_there():
    known = {*NORMS.by_id, *INDICATORS}
    for one in TRACE.unseen:
        for name in re.findall(r"`([a-z0-9_-]+)`", one.instead):
            assert name in known or "-" not in name, name


def test_the_contradictions_of_the_sources_name_only_norms_that_are_there():
    for one in TRACE.contradictions:
        for name in re.findall(r"`([a-z0-9]+-[a-z0-9-]+)`", one.choice):
            assert name in NORMS.by_id, name


def test_the_minister_has_no_step_and_a_chair_hears_of_no_other_region():
    for norm in NORMS.norms:
        roles = [step.role for step in norm.steps]
        assert "minister" not in roles
        by_anchor = {step.anchor: step.role for step in norm.steps}
        assert by_anchor.get("E1", "zorgverzekeraar") == "zorgverzekeraar"
        assert by_anchor.get("E3a", "nza") == "nza"
        assert by_anchor.get("E3b", "igj") == "igj"
        assert by_anchor.get("E4", "nza") == "nza"


def test_a_file_that_is_wrong_is_named(monkeypatch: pytest.MonkeyPatch):
    import alerts.traceability as module

    monkeypatch.setattr(module.tomllib, "loads", lambda _text: {"unseen": [{"rule": "x"}]})
    with pytest.raises(TraceError, match="alerts/trace/"):
        load_trace()
