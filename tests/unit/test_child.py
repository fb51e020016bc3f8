import signal
import subprocess

import pytest

from deploy.child import ChildProcess


def test_a_child_that_is_just_being_started_does_not_survive_ctrl_c(monkeypatch, tmp_path):
    started = []

    def popen(*arguments, **named):
        started.append(subprocess.Popen(*arguments, **named))
        signal.raise_signal(signal.SIGINT)  # there is a child, and nobody knows of it yet
        return started[0]

    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr("deploy.child.subprocess", _With(popen))
    with pytest.raises(KeyboardInterrupt):
        ChildProcess(["sleep", "300"], tmp_path / "log")
    assert started[0].poll() == -signal.SIGKILL
    assert signal.getsignal(signal.SIGINT) is before


class _With:
    """The module `subprocess` with another Popen."""

    def __init__(self, popen):
        self.Popen = popen

    def __getattr__(self, name):
        return getattr(subprocess, name)
