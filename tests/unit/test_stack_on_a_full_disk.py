"""A supervisor whose folder takes no more: it goes on to watch, and one that cannot even begin says so."""

import threading
from types import SimpleNamespace

import pytest

from deploy.cli import stack
from deploy.supervisor.handle import STARTING, UP, StackState


@pytest.fixture
def supervised(monkeypatch, tmp_path):
    """Runs a supervisor of nothing; returns what it did, in order."""
    did = []

    def run(is_full):
        def save(self, _):
            if is_full(self.state):
                raise OSError(28, "No space left on device")
            did.append(self.state)

        def supervisor_of(_chain, _run, _say, save):
            def go_on(what):
                did.append(what)
                save(UP)
                return True

            return SimpleNamespace(
                parts=(),
                start=lambda _: go_on("starts"),
                watch=lambda _: go_on("watches"),
                stop=lambda: did.append("stops"),
            )

        monkeypatch.setattr(StackState, "save", save)
        monkeypatch.setattr(stack, "supervisor_of", supervisor_of)
        stack._supervise("embedded", tmp_path, threading.Event())
        return did

    return run


def test_a_disk_that_fills_does_not_end_the_supervisor(supervised, capsys):
    assert supervised(lambda state: state == UP) == [STARTING, "starts", "watches", "stops"]
    assert (
        capsys.readouterr().err.count("cannot write how the parts are: [Errno 28] No space left on device")
        == 2
    )


def test_with_room_the_state_is_written_each_time(supervised):
    assert supervised(lambda _: False) == [STARTING, "starts", UP, "watches", UP, "stops"]


def test_a_stack_that_cannot_even_say_that_it_begins_does_not_begin(supervised):
    with pytest.raises(OSError, match="No space left"):
        supervised(lambda state: state == STARTING)
