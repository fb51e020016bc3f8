"""Every line of the sources that states a duty, limit, deadline or role is held by a norm, or honestly not seen."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from alerts.traceability import load_trace
from tests.norms.case import NORMS

SOURCES = Path(__file__).resolve().parents[2].parent / "shared" / "sources"
TRACE = load_trace()
FILES = {one.short: one.file for one in NORMS.instruments.values() if one.file is not None}

STATES = re.compile(
    r"\b(moet|moeten|dient|dienen|mag|mogen|verantwoordelijk\w*|uiterlijk|binnen 6 weken|maandelijks|tweewekelijks"
    r"|driewekelijks|informeer(?:t|en)|toezicht|monitort|zorgplicht|doorzettingsmacht|vrijblijvend|treeknorm\w*|vastgelegd"
    r"|continueren|bemiddel\w*)\b",
    re.IGNORECASE,
)
"""Words that a duty, limit, deadline or role is stated in; more lines have one than state any."""


@pytest.fixture(scope="module")
def texts() -> Mapping[str, list[str]]:
    """The lines of each source, by short name."""
    if not SOURCES.is_dir():
        pytest.skip(f"no sources in {SOURCES}")
    return {short: (SOURCES / str(file)).read_text("utf-8").split("\n") for short, file in FILES.items()}


@pytest.mark.parametrize("one", TRACE.lines, ids=lambda one: f"{one.file}:{one.lines}")
def test_lines_are_held_by_norms_that_are_there_or_stand_among_what_is_not_seen(one):
    assert one.norms or one.unseen
    assert set(one.norms) <= set(NORMS.by_id)
    assert not one.unseen or one.unseen in {rule.rule for rule in TRACE.unseen}
    assert one.file in FILES
    assert len(one.span) > 0


def test_what_a_norm_cites_is_in_the_list():
    listed = {(one.file, line) for one in TRACE.lines for line in one.span}
    for norm in NORMS.norms:
        for cited in norm.rests_on:
            lines = range(cited.first, cited.last + 1) if cited.first else ()
            assert any((cited.instrument.short, line) in listed for line in lines) or not lines, (
                norm.id,
                str(cited),
            )


def test_every_norm_on_a_source_is_held_against_some_of_its_lines():
    held = {norm for one in TRACE.lines for norm in one.norms}
    families = {norm.family for norm in NORMS.norms if any(one.first for one in norm.rests_on)}
    assert families <= {NORMS.by_id[norm].family for norm in held}


@pytest.mark.parametrize("short", sorted(FILES))
def test_ranges_exist_begin_and_end_with_text(short: str, texts):
    lines = texts[short]
    cited = [
        range(one.first, one.last + 1)
        for norm in NORMS.norms
        for one in norm.rests_on
        if one.instrument.short == short
    ]
    for span in [*(one.span for one in TRACE.lines if one.file == short), *cited]:
        assert span[-1] <= len(lines)
        assert lines[span[0] - 1].strip(), f"{short}, {span[0]} is empty"
        assert lines[span[-1] - 1].strip(), f"{short}, {span[-1]} is empty"


@pytest.mark.parametrize("short", sorted(FILES))
def test_every_line_that_says_what_must_be_is_in_a_range(short: str, texts):
    listed = {line for one in TRACE.lines if one.file == short for line in one.span}
    stated = {number for number, line in enumerate(texts[short], 1) if STATES.search(line)}
    assert len(stated) > 3
    assert sorted(stated - listed) == []
