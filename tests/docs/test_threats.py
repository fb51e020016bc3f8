"""The threat model promises nothing that no test shows."""

import ast
import re

import pytest

NOTHING = "**Nothing stops this**"


@pytest.fixture
def lines(documents):
    """Every line of the model: who, could, what stops it, shown by."""
    rows = re.findall(r"^\| (.+) \|$", documents["docs/threats.md"], re.MULTILINE)
    cells = [[cell.strip() for cell in re.split(r"\s\|(?:\s|$)", row)] for row in rows]
    return [row for row in cells if row[0] != "who"]


def test_every_line_has_four_cells(lines):
    assert len(lines) > 20
    assert [line for line in lines if len(line) != 4 or not all(line[:3])] == []


def test_every_line_names_a_test_or_says_that_nothing_stops_it(lines):
    for who, could, stops, shown in lines:
        assert bool(
            re.fullmatch(r"`tests/[\w/]+\.py::test_\w+`(, `tests/[\w/]+\.py::test_\w+`)*", shown)
        ) != (stops.startswith(NOTHING) and not shown), (who, could)


def test_every_test_that_is_named_is_there(lines, root):
    named = [each for line in lines for each in re.findall(r"`([^`]+)::(\w+)`", line[3])]
    assert named
    for path, name in named:
        tree = ast.parse((root / path).read_text("utf-8"))
        assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, (
            path,
            name,
        )
