"""One trial: clone, `make demo` and `make test` as one user of one bare machine, with what a reader must know."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from deploy.fresh.machine import Machine, tail

COMMANDS = ("demo", "test")
_PRINTED = re.compile(r"^  ((?:sudo|su) .+)$", re.MULTILINE)
_FIRST_MAIL = re.compile(r"^from clone to first mail: \d+ s$", re.MULTILINE)
_CLOSING = re.compile(r"^(.+) in [\d.]+s\b", re.MULTILINE)
_COUNT = re.compile(r"(\d+) (passed|skipped|failed|error)")


@dataclass(frozen=True, slots=True)
class Row:
    """What a command came to.

    Attributes:
        release: name of the release.
        python: version of its Python.
        who: user.
        command: `make demo` or `make test`.
        seconds: how long it took, with all that it installed.
        ok: whether its exit code was 0.
        outcome: seconds to the first mail or counts of tests, and the log of a failure.
    """

    release: str
    python: str
    who: str
    command: str
    seconds: float
    ok: bool
    outcome: str

    def line(self) -> str:
        """Return it as a line of a table."""
        state = "passes" if self.ok else "FAILS"
        cells = (self.release, self.python, self.who, f"`{self.command}`", f"{self.seconds:.0f}", state)
        return f"| {' | '.join(cells)} | {self.outcome} |"


HEAD = "| release | Python | as | command | seconds | | |\n|---|---|---|---|---|---|---|"


def rows(machine: Machine, release: str, who: str, bundle: Path, logs: Path) -> Iterator[Row]:
    """Clone and run both commands, one row each.

    Args:
        machine: where; it is not bare afterwards.
        release: its name, for the rows.
        who: `root`, or a user who runs once what a command prints.
        bundle: the commit to clone.
        logs: folder for what the commands print.
    """
    source = machine.put(bundle)
    version = logs / f"{release}-python.log"
    machine.run("python3 --version", who, version)
    python = tail(version, 1).removeprefix("Python ")
    for command in COMMANDS:
        log = logs / f"{release}-{who}-{command}.log"
        log.unlink(missing_ok=True)
        began = time.monotonic()
        if command == COMMANDS[0]:
            machine.run(f"git clone --quiet {source} ketenwacht", who, log)
        code = _make(machine, command, who, log)
        seconds = time.monotonic() - began
        yield Row(
            release, python, who, f"make {command}", seconds, code == 0, _outcome(log, failed=code != 0)
        )


def printed_command(text: str) -> str | None:
    """Return the command that setup.sh asks a user to have run, or None if it asks for none."""
    found = _PRINTED.search(text)
    return None if found is None else found[1]


def _make(machine: Machine, command: str, who: str, log: Path) -> int:
    line = f"cd ketenwacht && make {command}"
    code = machine.run(line, who, log)
    printed = printed_command(log.read_text("utf-8", "replace"))
    if who == "root" or code == 0 or printed is None:
        return code
    if machine.run(printed, "root", log) != 0:
        return code
    return machine.run(line, who, log)


def _outcome(log: Path, *, failed: bool) -> str:
    text = log.read_text("utf-8", "replace")
    found = _FIRST_MAIL.findall(text)
    counts: dict[str, int] = {}
    for closing in _CLOSING.findall(text):
        for number, what in _COUNT.findall(closing):
            counts[what] = counts.get(what, 0) + int(number)
    found += [f"{number} {what}" for what, number in counts.items()]
    return ", ".join([*found, f"see {log}"] if failed else found)
