"""`docs/commands.md`: every command with its arguments and options, from the command line itself."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from deploy.cli.main import app

_INTRODUCTION = """\
<!-- Made by `make generate` from the command line itself; do not edit by hand. -->

# Commands

Exit codes: 0 ok, 1 a check failed or something could not be reached, 2 usage. Commands that only read take `--json`.
`ketenwacht COMMAND --help` says the same as this page. Settings that are not given come from the environment
([settings.md](settings.md)).
"""


_VALUES = {int: "N", float: "N", str: "TEXT", Path: "PATH"}


def commands() -> Iterator[tuple[str, Any]]:
    """Yield every command, and no group that does nothing itself, with its whole name."""
    yield from _under("ketenwacht", typer.main.get_command(app))


def _under(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    if command.hidden:
        return
    if getattr(command, "invoke_without_command", False):
        yield name, command
    if hasattr(command, "commands"):
        for sub, found in command.commands.items():
            yield from _under(f"{name} {sub}", found)
    else:
        yield name, command


def commands_markdown() -> str:
    """Return the page."""
    parts = [_INTRODUCTION]
    for name, command in commands():
        parts.append(f"## {name}\n")
        parts.append(f"{_help(command)}\n")
        rows = [_row(parameter) for parameter in command.params if parameter.name != "help"]
        if rows:
            parts.append(
                "\n".join(["| argument or option | default | meaning |", "|---|---|---|", *rows]) + "\n"
            )
    return "\n".join(parts)


def _help(command: Any) -> str:
    text = (command.help or "").strip()
    paragraphs = [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]
    return "\n\n".join(_example(paragraph) for paragraph in paragraphs)


def _example(paragraph: str) -> str:
    for word in ("Example: ", "Examples: "):
        if paragraph.startswith(word):
            lines = paragraph.removeprefix(word).split(" · ")
            return "\n".join(["```console", *(f"$ {line}" for line in lines), "```"])
    return paragraph


def _row(parameter: Any) -> str:
    metavar = parameter.metavar or parameter.name.upper()
    if not parameter.opts[0].startswith("-"):
        name = f"`{metavar}`"
    elif parameter.is_flag:
        name = f"`{parameter.opts[0]}`"
    else:
        name = f"`{parameter.opts[0]} {parameter.metavar or _VALUES[parameter.type_descriptor.annotation]}`"
    default = parameter.default
    if parameter.required:
        shown = "must be given"
    elif default is None or default is False or callable(default):
        shown = "-"
    else:
        shown = f"`{_plain(default)}`"
    meaning = (getattr(parameter, "help", None) or "").replace("|", r"\|")
    return f"| {name} | {shown} | {meaning} |"


def _plain(default: Any) -> str:
    """Say a path of the project without the folder in which the project happens to lie."""
    text = str(default)
    head, mark, tail = text.partition("/alerts/")
    return f"alerts/{tail}" if mark and head.startswith("/") else text
