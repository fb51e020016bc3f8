"""Registry files: what is shipped can be used, what is wrong is named with its line and what to do."""

import csv
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from deploy.cli.main import app
from streams.feeds import FEEDS
from streams.registry.checks import faults
from streams.registry.file import RegistryError, parse_lines, shipped_lines
from streams.registry.lines import Location, Source
from streams.registry.load import load_registry
from streams.registry.registry import registry_of

OWNER = '"owner": "beheer", "date": "2026-11-30"'
SIGNS = (
    f'{{"line": "source", {OWNER}, "id": "x", "publisher": "X", "topics": ["care.occupancy"],'
    ' "locations": ["a"], "signs": true}'
)
HOSPITALS = Path(__file__).resolve().parents[2].parent / "shared" / "domain" / "hospitals.csv"


def place(name, network="R05", **more):
    fields = {"line": "location", "id": name.lower(), "name": name, "network": network, **more}
    return orjson.dumps(fields | {"owner": "beheer", "date": "2026-11-30"}).decode()


def run(*words):
    return CliRunner().invoke(app, ["registry", *map(str, words)])


def test_what_is_shipped_can_be_used():
    registry = registry_of(shipped_lines())
    assert faults(registry) == []
    assert all(line.owner and line.date for line in registry.lines)


@pytest.mark.skipif(not HOSPITALS.is_file(), reason="no list of hospitals")
def test_every_hospital_of_the_list_is_a_location_of_its_network():
    registry = registry_of(shipped_lines())
    rows = list(csv.DictReader(HOSPITALS.read_text("utf-8").splitlines()))
    found = [one for one in registry.locations.values() if one.type == "hospital"]
    assert len(found) == len(rows)
    for row in rows:
        called = [one for one in found if one.id.startswith(row["org_id"])]
        assert any(
            one.network in row["roaz_id"].split("/") and one.safety_region == row["vr_code"] for one in called
        )


def test_every_importer_has_its_source():
    sources = registry_of(shipped_lines()).sources
    told = {
        source for source in sources if source.split("-")[0] in {"lcps", "nice", "nza", "coronadashboard"}
    }
    assert {"lcps", "nice", "nice-ic", "nice-zkh", "nza-msz", "nza-ggz"} < told
    assert len(told) >= len(FEEDS)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "own.jsonl, line 1"),
        ("\n# a remark\n[]", "own.jsonl, line 3"),
        (place("A", colour="red"), "unknown field `colour`"),
        (place("A", network="R5"), "$.network"),
        (f'{{"line": "rename", {OWNER}, "location": "a", "to": "B"}}', "missing required field `on`"),
        (f'{{"line": "close", {OWNER}}}', "`line`"),
        ('{"line": "retire", "source": "x", "on": "2027-01-01", "date": "2026-11-30"}', "`owner`"),
        (place("A") + "\n" + place("A"), "stands on line 1 as well"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(text, told):
    with pytest.raises(RegistryError) as error:
        parse_lines(text, "own.jsonl")
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (place("A", network="R99"), "`R99` is no network"),
        (place("A", safety_region="VR30"), "use VR01...VR25"),
        (place("A", network="R01", safety_region="VR23"), "VR23 lies in R05"),
        (place("A", parent="b"), "`parent` b is no location"),
        (place("A", parent="b") + "\n" + place("B", parent="a"), "a part of itself"),
        (place("A") + "\n" + place("B", aliases=["a"]), "a name leads to one location"),
        (place("A", since="2026-02-01", until="2026-01-01"), "not after `since`"),
        (place("A", expects={"care.beds": "daily"}), "`care.beds` is no report topic"),
        (f'{{"line": "move", {OWNER}, "location": "a", "to": "R05", "on": "2027-01-01"}}', "id `a`"),
        (
            place("A")
            + f'\n{{"line": "split", {OWNER}, "location": "a", "into": ["a", "b"], "on": "2027-01-01"}}',
            "stands in it twice",
        ),
        (
            place("A", network="R05")
            + f'\n{{"line": "move", {OWNER}, "location": "a", "to": "R05", "on": "2027-01-01"}}',
            "a counts in R05 on the day before 2027-01-01 already",
        ),
        (
            "\n".join(map(place, "ABC"))
            + f'\n{{"line": "split", {OWNER}, "location": "a", "into": ["b", "c"], "on": "2027-01-01"}}'
            + f'\n{{"line": "merge", {OWNER}, "locations": ["b", "c"], "into": "a", "on": "2027-01-01"}}',
            "location a: it becomes itself on 2027-01-01",
        ),
        (f'{{"line": "retire", {OWNER}, "source": "x", "on": "2027-01-01"}}', "no source is called `x`"),
        (place("A") + "\n" + SIGNS, "without a `key`"),
    ],
)
def test_every_fault_of_a_registry_is_told_with_what_to_do(text, told):
    assert any(told in fault for fault in faults(registry_of(parse_lines(text, "own.jsonl"))))


def test_a_deployment_s_line_holds_instead_of_the_shipped_one(tmp_path):
    own = tmp_path / "own.jsonl"
    own.write_text(place("Nieuw", network="R09", id="lumc"))
    registry = load_registry(str(own))
    assert registry.locations["lumc"].network == "R09"
    assert registry.digest != load_registry("shipped").digest
    assert load_registry("open") is None


def test_the_digest_does_not_depend_on_the_order_of_lines():
    lines = parse_lines("\n".join(map(place, "ABC")), "own.jsonl")
    assert registry_of(lines).digest == registry_of(reversed(lines)).digest != registry_of(lines[:2]).digest


def test_a_location_is_found_by_each_of_its_names():
    text = place("Oud", aliases=["Oude  Naam"])
    text += f'\n{{"line": "rename", {OWNER}, "location": "oud", "to": "Nieuw", "on": "2027-01-01"}}'
    registry = registry_of(parse_lines(text, "own.jsonl"))
    assert {registry.named(name).id for name in ("Oud", "OUDE NAAM", " nieuw ")} == {"oud"}
    assert registry.name_of("oud") == "Nieuw"
    assert registry.named("Ander") is None


def test_list_says_of_every_line_what_it_is():
    rows = orjson.loads(run("list", "--json").stdout)
    assert {"location", "source"} == {row["kind"] for row in rows}
    assert all({"kind", "id", "name", "since", "until", "owner", "date"} <= row.keys() for row in rows)
    assert len(rows) == len(shipped_lines())
    assert (
        f"{sum(isinstance(line, Source) for line in shipped_lines())} lines"
        in run("list", "--kind", "source").stdout
    )


def test_add_writes_a_line_that_can_be_used_and_no_other(tmp_path):
    own = tmp_path / "own.jsonl"
    assert run("add", own, place("A")).exit_code == 0
    assert run("add", own, place("A", network="R06")).exit_code == 0
    assert [line.network for line in parse_lines(own.read_text(), "own")] == ["R06"]
    before = own.read_bytes()
    refused = run("add", own, place("B", network="R77"))
    assert refused.exit_code == 1
    assert "`R77` is no network" in refused.stderr
    assert run("add", own, "nothing").exit_code == 1
    assert own.read_bytes() == before


def test_add_replaces_its_file_whole_or_leaves_it_as_it_was(tmp_path, monkeypatch):
    own, link = tmp_path / "own.jsonl", tmp_path / "link.jsonl"
    assert run("add", own, place("A")).exit_code == 0
    own.chmod(0o640)
    link.symlink_to(own)
    assert run("add", link, place("B")).exit_code == 0
    before = own.read_bytes()
    assert link.is_symlink()
    assert own.stat().st_mode & 0o777 == 0o640

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("streams.whole_file.shutil.copymode", full)
    refused = run("add", own, place("C"))
    assert refused.exit_code == 1
    assert "No space left" in refused.output
    assert own.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.jsonl", "own.jsonl"]


def test_check_tells_every_fault(tmp_path):
    own = tmp_path / "own.jsonl"
    own.write_text(place("A", network="R77") + "\n" + place("B", parent="c"))
    result = run("check", own, "--json")
    assert result.exit_code == 1
    assert len(orjson.loads(result.stdout)["faults"]) == 2
    own.write_text(place("A"))
    result = run("check", own, "--json")
    assert result.exit_code == 0
    assert orjson.loads(result.stdout)["lines"] == len(shipped_lines()) + 1


def test_locations_that_are_parts_of_a_network_are_where_their_safety_region_lies():
    for line in shipped_lines():
        assert not isinstance(line, Location) or line.note
