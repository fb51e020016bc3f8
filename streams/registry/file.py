"""Registry files: JSON lines, one location, source or change a line; empty lines and lines that begin with `#` say nothing.

The registry that ships with the project lies beside this file. A deployment's own adds to it; of what both speak of, the
deployment's line holds.
"""

from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path

import msgspec

from streams.registry.lines import Line, decode_line

SHIPPED_FILES = ("locations.jsonl", "sources.jsonl")


class RegistryError(ValueError):
    """A registry that cannot be used; the message names file, line, what is wrong and what to do."""


def shipped_lines() -> list[Line]:
    """Return the lines that come with the project."""
    folder = resources.files("streams.registry")
    return [
        line for name in SHIPPED_FILES for line in parse_lines(folder.joinpath(name).read_text("utf-8"), name)
    ]


def read_lines(path: Path) -> list[Line]:
    """Return the lines of a file, or of all `.jsonl` files of a folder in order of name.

    Raises:
        RegistryError: a line cannot be read.
        OSError: the file cannot be opened.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files:
        raise RegistryError(f"{path}: no `.jsonl` file in this folder; name a registry file")
    lines: list[Line] = []
    for file in files:
        try:
            text = file.read_text("utf-8")
        except UnicodeDecodeError as error:
            raise RegistryError(f"{file.name}: no UTF-8 ({error}); save it as UTF-8") from error
        lines += parse_lines(text, file.name)
    return lines


def parse_lines(text: str, name: str) -> list[Line]:
    """Return the lines of a text; `name` is what the error calls the file.

    Raises:
        RegistryError: a line is no line of a registry, or says of the same location or source what another line says.
    """
    lines: list[Line] = []
    seen: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(text.splitlines(), start=1):
        if not row.strip() or row.lstrip().startswith("#"):
            continue
        try:
            line = decode_line(row)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise RegistryError(f"{name}, line {number}: {error}; {_WHAT}") from error
        if line.subject in seen:
            raise RegistryError(
                f"{name}, line {number}: {' '.join(line.subject)} stands on line {seen[line.subject]} as well; keep one"
            )
        seen[line.subject] = number
        lines.append(line)
    return lines


_WHAT = (
    "a line is one JSON object with `line` (location, source, rename, split, merge, move or retire), `owner` and `date`; "
    "see docs/registry.md"
)


def together(*parts: Iterable[Line]) -> Sequence[Line]:
    """Return lines in order; a later one about the same replaces the earlier."""
    held: dict[tuple[str, ...], Line] = {}
    for part in parts:
        for line in part:
            held.pop(line.subject, None)
            held[line.subject] = line
    return tuple(held.values())
