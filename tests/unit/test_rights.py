"""`ketenwacht topics acl` without a broker: what it shows and what it refuses."""

import re

import orjson
import pytest
from typer.testing import CliRunner

from deploy.cli.main import app
from streams.rights import rights_of


def acl(*words, exit_code=0):
    told = CliRunner().invoke(app, ["topics", "acl", *words])
    assert told.exit_code == exit_code, told.output
    return told


def granted(*words):
    return [
        (row["principal"], row["operation"], row["name"])
        for row in orjson.loads(acl(*words, "--json").stdout)
    ]


def test_every_part_has_a_name_of_its_own_and_may_get_another_or_several():
    assert {who for who, _, _ in granted()} == {
        f"User:{part}" for part in ("worker", "ticker", "board", "courier", "operator")
    }
    others = granted("--part", "ticker=User:CN=ticker-1,O=zorg", "--part", "ticker=User:ticker-2")
    assert {who for who, _, _ in others} == {
        "User:worker", "User:CN=ticker-1,O=zorg", "User:ticker-2", "User:board", "User:courier", "User:operator",
    }  # fmt: skip


def test_a_producer_gets_its_topics_and_the_workers_another_group():
    rows = granted("--producer", "User:CN=lcps,O=zorg=care.occupancy,care.forecast", "--app-id", "proef-2")
    assert [row for row in rows if "lcps" in row[0]] == [
        ("User:CN=lcps,O=zorg", "write", "care.occupancy"),
        ("User:CN=lcps,O=zorg", "write", "care.forecast"),
    ]
    assert ("User:worker", "read", "proef-2") in rows
    assert ("User:worker", "create", "proef-2-") in rows
    assert ("User:operator", "describe", "proef-2") in rows


def source(name, **more):
    line = {
        "line": "source", "id": name, "publisher": "proef", "topics": ["care.occupancy", "care.forecast"],
        "locations": ["any"], "owner": "beheer", "date": "2026-11-30",
    }  # fmt: skip
    return orjson.dumps(line | more).decode()


def test_a_registered_source_may_write_its_topics_until_it_ends(tmp_path):
    own = tmp_path / "own.jsonl"
    lines = [
        source("een", principal="User:een"),
        source("twee", principal="User:een", topics=["care.occupancy", "care.absence"]),
        source("zonder"),
        source("voorbij", principal="User:voorbij", since="2020-01-01", until="2021-01-01"),
        source("gestopt", principal="User:gestopt"),
        '{"line": "retire", "source": "gestopt", "on": "2022-01-01", "owner": "beheer", "date": "2026-11-30"}',
        source("blijft", principal="User:blijft", until="2999-01-01"),
    ]
    own.write_text("\n".join(lines))
    parts = set(granted())
    assert sorted(set(granted("--registry", str(own))) - parts) == [
        ("User:blijft", "write", "care.forecast"),
        ("User:blijft", "write", "care.occupancy"),
        ("User:een", "write", "care.absence"),
        ("User:een", "write", "care.forecast"),
        ("User:een", "write", "care.occupancy"),
    ]


def test_a_registry_that_cannot_be_used_is_told(tmp_path):
    told = acl("--registry", str(tmp_path / "none.jsonl"), exit_code=2)
    assert "none.jsonl" in re.sub(r"[\s│]", "", told.stderr)  # it is told in a box, in lines of its width
    (tmp_path / "own.jsonl").write_text(source("een", principal="User:*"))
    told = acl("--registry", str(tmp_path / "own.jsonl"), exit_code=2)
    assert "`User:*` is no principal" in told.stderr


def test_people_read_a_line_a_right():
    lines = acl().stdout.splitlines()
    assert len(lines) == len(granted())
    assert "User:worker      create           topic ketenwacht-..." in lines


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--part", "mailer=User:x"], "`mailer` is no part"),
        (["--part", "ticker=x"], "`x` is no principal"),
        (["--part", "ticker=User:*"], "`User:*` is no principal"),
        (["--producer", "User:x"], "`User:x` names no topics"),
        (["--producer", "User:x=care.breaches"], "`care.breaches` is no report topic"),
        (["--prune"], "--prune goes with --apply"),
    ],
)
def test_what_cannot_be_meant_is_refused(words, why):
    assert why in " ".join(acl(*words, exit_code=2).stderr.replace("│", "").split())


def test_nobody_is_granted_a_thing_twice():
    for role in ("worker", "ticker", "board", "courier", "operator"):
        rights = rights_of(role, "User:x")
        assert len(set(rights)) == len(rights) > 0
