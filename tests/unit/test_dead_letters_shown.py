"""A dead letter holds what anybody sent: on a terminal it draws nothing and turns nothing round."""

import json

import pytest
from typer.testing import CliRunner

from deploy.cli.main import app
from streams.log_end import LogRecord
from streams.topics import OCCUPANCY, dead_letter_topic

VALUE = '{"location":"A\x1b[2J\u202eB\x07"}'.encode()


@pytest.fixture
def dlq(monkeypatch):
    """The command over one such letter."""
    told = (("dlq-reason", b"illegible"), ("dlq-exception", VALUE), ("dlq-source-topic", OCCUPANCY.encode()))
    letter = LogRecord(dead_letter_topic(OCCUPANCY), 0, 3, 0, b"R07\x1b[31m", VALUE, told)
    monkeypatch.setattr("deploy.cli.dead_letters.read_all", lambda *_: iter([letter]))
    return lambda *words: CliRunner().invoke(app, ["dlq", *words])


@pytest.mark.parametrize("words", [("list",), ("show", OCCUPANCY, "3")])
def test_nothing_of_it_reaches_the_terminal_as_it_is(dlq, words):
    told = dlq(*words)
    assert told.exit_code == 0
    assert not set(told.stdout) & set("\x1b\x07\u202e")
    assert "A\\u001b[2J\\u202eB\\u0007" in told.stdout


def test_json_has_it_whole(dlq):
    assert json.loads(dlq("show", OCCUPANCY, "3", "--json").stdout)["value"] == VALUE.decode()
