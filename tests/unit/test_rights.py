"""`ketenwacht topics acl` without a broker: what it shows and what it refuses."""

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
        f"User:{part}" for part in ("worker", "ticker", "board", "operator")
    }
    others = granted("--part", "ticker=User:CN=ticker-1,O=zorg", "--part", "ticker=User:ticker-2")
    assert {who for who, _, _ in others} == {
        "User:worker", "User:CN=ticker-1,O=zorg", "User:ticker-2", "User:board", "User:operator",
    }  # fmt: skip


def test_a_producer_gets_its_topics_and_the_workers_another_group():
    rows = granted("--producer", "User:CN=lcps,O=zorg=care.occupancy,care.forecast", "--app-id", "proef-2")
    assert [row for row in rows if "lcps" in row[0]] == [
        ("User:CN=lcps,O=zorg", "write", "care.occupancy"),
        ("User:CN=lcps,O=zorg", "write", "care.forecast"),
    ]
    assert ("User:worker", "read", "proef-2") in rows
    assert ("User:worker", "create", "proef-2-") in rows


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
    for role in ("worker", "ticker", "board", "operator"):
        rights = rights_of(role, "User:x")
        assert len(set(rights)) == len(rights) > 0
