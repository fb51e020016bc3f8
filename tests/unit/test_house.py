"""The tree is the one that the documents promise: folders, sentences, names, sizes, purity."""

import ast
import importlib
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOORS = ("deploy", "dashboards", "agents", "alerts", "streams")
IMPURE = {
    "streams.acl_admin",
    "streams.control_writer",
    "streams.kafka",
    "streams.knock",
    "streams.log_end",
    "streams.letting_go",
    "streams.player",
    "streams.secret_files",
    "streams.signing_keys",
    "streams.tolerant_consumer",
    "streams.topic_admin",
}
"""The modules of `streams` that speak to a broker or read the environment."""

LONG: dict[str, int] = {}
"""Files of more than 300 lines, and how long they may be: one idea that would be worse in two places."""


def modules(*folders):
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def dotted(path):
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


PURE = [
    path
    for path in [
        *modules("agents/domain", "alerts/courier", "deploy/scenarios", "streams"),
        ROOT / "agents/pipeline.py",
        ROOT / "alerts/episode.py",
        ROOT / "alerts/judge.py",
        ROOT / "alerts/judged.py",
        ROOT / "alerts/norm.py",
        ROOT / "alerts/norm_checks.py",
        ROOT / "alerts/norm_file.py",
        ROOT / "alerts/norm_groups.py",
        ROOT / "alerts/norms.py",
        ROOT / "alerts/notices_due.py",
        ROOT / "alerts/overview.py",
        ROOT / "alerts/parameter.py",
        ROOT / "alerts/verdict.py",
    ]
    if dotted(path) not in IMPURE
]


def test_the_top_level_is_the_house_and_nothing_beside_it():
    named = re.findall(r"^\| `(\w+)/` \|", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    packages = [path.parent.name for path in ROOT.glob("*/__init__.py")]
    assert tuple(named) == FLOORS
    assert sorted(packages) == sorted(FLOORS)
    for name in (
        "tests",
        "docs",
        "docker-compose.yml",
        "pyproject.toml",
        "Makefile",
        "CHANGELOG.md",
        ".ci/run",
    ):
        assert (ROOT / name).exists(), name


@pytest.mark.parametrize("document", ["README.md", "docs/architecture.md"])
def test_the_map_says_of_each_folder_what_its_package_says(document):
    told = dict(re.findall(r"^\| `(\w+)/` \| (.+) \|$", (ROOT / document).read_text("utf-8"), re.MULTILINE))
    assert told == {name: importlib.import_module(name).__doc__ for name in FLOORS}


@pytest.mark.parametrize("path", modules(*FLOORS), ids=dotted)
def test_every_module_says_what_it_is(path):
    doc = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    assert doc
    assert doc.splitlines()[0].rstrip().endswith((".", ":")) or "\n" in doc
    if path.name == "__init__.py":
        assert len(doc.split("\n\n")) == 1, "one sentence for a folder"


def test_packages_of_these_names_are_ours():
    for name in FLOORS:
        assert Path(importlib.import_module(name).__file__).parent == ROOT / name


def test_no_file_is_named_after_nothing():
    empty = {"utils", "util", "common", "helpers", "helper", "misc", "base", "tools"}
    found = [path for path in modules(*FLOORS, "tests") if path.stem in empty or path.parent.name in empty]
    assert found == []


def test_long_files_are_known_and_do_not_grow():
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in modules(*FLOORS)
    }
    for name, length in lengths.items():
        assert length <= LONG.get(name, 300), f"{name} has {length} lines: split it"
    assert {name for name in LONG if lengths[name] <= 300} == set(), "no longer long: take it off the list"


def test_every_pure_module_of_streams_stands_under_the_contract():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    held = next(each for each in contracts if each["id"] == "pure-streams")["source_modules"]
    top = {".".join(dotted(path).split(".")[:2]) for path in modules("streams")} - {"streams"}
    assert set(held) == top - IMPURE


@pytest.mark.parametrize("path", PURE, ids=dotted)
def test_a_pure_module_reads_no_clock_environment_or_chance(path):
    tree = ast.parse(path.read_text("utf-8"))
    called = {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert called & {"now", "utcnow", "today", "monotonic", "getenv", "urandom", "uuid4"} == set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert {alias.name.partition(".")[0] for alias in node.names}.isdisjoint(
                {"asyncio", "os", "random", "secrets", "socket", "threading", "time", "uuid"}
            )
        elif isinstance(node, ast.ImportFrom) and node.module == "random":
            assert [alias.name for alias in node.names] == ["Random"], "chance comes with a seed"
        elif isinstance(node, ast.ImportFrom):
            assert (node.module or "").partition(".")[0] not in {
                "asyncio",
                "os",
                "socket",
                "threading",
                "time",
            }


def test_the_lock_file_pins_every_package_by_hash_and_names_no_host():
    text = (ROOT / "requirements.lock").read_text("utf-8")
    assert "://" not in text
    assert "index-url" not in text
    packages = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(packages) > 50
    assert [each.split()[0] for each in packages if "==" not in each or "--hash=sha256:" not in each] == []


def test_every_dependency_of_the_project_is_in_the_lock():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    locked = set(
        re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE)
    )
    asked = {re.match(r"[a-z0-9-]+", each)[0] for each in project["dependencies"]}
    assert asked <= locked


def test_every_generated_file_says_how_it_is_made():
    for folder in FLOORS:
        for path in (ROOT / folder).rglob("generated/**/*"):
            if path.suffix == ".yml":  # JSON takes no comment; docs/dashboards.md says it
                assert "ketenwacht " in path.read_text("utf-8")[:400], path


def test_the_tree_holds_no_links():
    """A link to something on one machine leads nowhere in a clone; git says which files are part of the tree."""
    asked = subprocess.run(
        ["git", "ls-files", "--stage"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.returncode:
        pytest.skip(f"no git repository: {asked.stderr.strip()}")
    listed = asked.stdout.splitlines()
    assert len(listed) > 500
    assert [line for line in listed if line.startswith("120000")] == []
