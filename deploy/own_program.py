"""A part that is a command of our own: a worker, the live page, the ticker, the mailbox."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from typing_extensions import override

from deploy.child import free_ports
from deploy.part import Launch, Program, answers

COMMAND = "deploy.cli.main"
"""The module that is `ketenwacht`."""
_READY_SECONDS = 60.0


class OwnProgram(Program):
    """One process of this project.

    Args:
        name: what people call it; its log is named after it.
        folder: gets its log.
        arguments: of its module; `{port}` in them becomes its port.
        env: variables on top of ours; None takes one away.
        module: what runs.
        path: what is asked of its port to know that it is ready; that it listens is enough without.
        port: listen here; a free port if None.
    """

    start_seconds = _READY_SECONDS

    def __init__(
        self,
        name: str,
        folder: Path,
        arguments: Sequence[str],
        env: Mapping[str, str | None] | None = None,
        *,
        module: str = COMMAND,
        path: str | None = None,
        port: int | None = None,
    ) -> None:
        self.name = name
        self.port = port or free_ports(1)[0]
        self.log = folder / f"{name}.log"
        self._argv = [
            sys.executable,
            "-m",
            module,
            *(each.replace("{port}", str(self.port)) for each in arguments),
        ]
        self._env = {"PYTHONUNBUFFERED": "1", **(env or {})}
        self._path = path

    @override
    def launch(self) -> Launch:
        return Launch(self._argv, self.log, self._env)

    @override
    def _answers(self) -> bool:
        return self._path is None or answers(self.port, self._path)
