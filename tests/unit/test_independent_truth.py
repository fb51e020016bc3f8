"""What is held against the judge shares no table with it: simulators, their truth, naive models and the cases of the norms.

A table that both sides read cannot be found wrong: with a wrong population, holiday or distance both would be wrong alike.
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

SIMULATORS = sorted((ROOT / "deploy/scenarios").rglob("*.py"))
NAIVE = sorted((ROOT / "tests/support").glob("naive*.py"))
CASES = sorted((ROOT / "tests/norms").glob("cases_*.py"))

OURS = ("agents", "alerts", "dashboards", "deploy", "streams", "tests")

WORDS = {
    "streams.calendar": {"AMSTERDAM", "iso", "seconds"},
    "streams.recording": {"Record", "RecordingHeader", "record_of"},
    "streams.regions": {"NL", "ROAZ_IDS"},
    "streams.registry.lines": {"AREAS", "Kind", "Line", "Location", "Source"},
    "streams.reports": {"REPORT_TYPES"},
}
"""What is no table but how things are written. The name of the time zone and times as a recording has them; records and
their header; ids of regions, which are the keys of records; lines of a registry and its word for areas; the type of report of a
topic. Nothing that is reckoned with: who lives and lies where, holidays, distances, limits, phases, what is plausible, which
figures there are."""

OWN = {
    "simulator": ("deploy.scenarios",),
    "naive": ("tests.support.naive", "deploy.scenarios.working_days"),
    "case": ("tests.norms.case", "tests.support.reports", "deploy.scenarios.inhabitants"),
}
"""Where each may take from besides: its own, the builders of reports, and the two tables that the simulators wrote down from
their sources, inhabitants (CBS) and holidays (rijksoverheid.nl)."""


def imported(path: Path) -> list[tuple[str, str]]:
    """Module and name of all that a file takes from the house."""
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found += [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [(node.module or "", alias.name) for alias in node.names]
    return [(module, name) for module, name in found if module.partition(".")[0] in OURS]


def is_a_word(module: str, name: str) -> bool:
    """Whether it says how a report is written: ids of topics, types of reports and their fields, the words above."""
    if name in WORDS.get(module, ()):
        return True
    if module == "streams.topics":
        return name.isupper()
    return module.startswith("streams.reports") and re.match(r"[A-Z]\w*[a-z]", name) is not None


def is_own(kind: str, module: str, name: str) -> bool:
    """Whether it is of the same side."""
    return f"{module}.{name}".startswith(OWN[kind])


EVERY = [("simulator", path) for path in SIMULATORS] + [("naive", path) for path in NAIVE] + [("case", path) for path in CASES]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "path"), EVERY, ids=[str(path.relative_to(ROOT).with_suffix("")) for _, path in EVERY]
)
def test_what_is_held_against_the_judge_takes_nothing_that_the_judge_reckons_with(kind: str, path: Path):
    shared = [
        f"{module}: {name}"
        for module, name in imported(path)
        if not is_own(kind, module, name) and not (kind != "naive" and is_a_word(module, name))
    ]
    assert shared == [], "a table or a function of its own is wanted, written from the source"


def test_the_check_looks_at_all_of_them():
    assert len(SIMULATORS) > 40
    assert len(NAIVE) == 9
    assert len(CASES) == 7
    assert {path.stem for path in SIMULATORS} >= {"najaarsgolf_truth", "maart_2020_december_2022_truth"}


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("streams.calendar", "holidays"),
        ("streams.regions", "REGIONS"),
        ("streams.codec", "decode_report"),
        ("streams.reports.occupancy", "READINGS_MAX"),
        ("alerts.norms", "load_norms"),
        ("agents.domain.counts", "Counts"),
    ],
)
def test_what_the_judge_reckons_with_is_no_word(module: str, name: str):
    assert not is_a_word(module, name)


def test_no_test_divides_by_the_population_that_the_judge_divides_by():
    own = Path(__file__)
    readers = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "tests").rglob("*.py"))
        if path != own and re.search(r"\.population\b", path.read_text("utf-8"))
    ]
    assert readers == []
