"""Delimited text to rows that know on which physical line they start."""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from streams.feeds.feed import FeedError, RowError


@dataclass(frozen=True, slots=True)
class Row:
    """A data row: its first physical line, and its cells by column name, or what is wrong with it."""

    line: int
    cells: Mapping[str, str]
    problem: str = ""

    def __getitem__(self, column: str) -> str:
        """Return a cell without padding; raises `RowError` when the row itself is broken."""
        if self.problem:
            raise RowError(self.problem)
        return self.cells[column].strip()


@dataclass(frozen=True, slots=True)
class Table:
    """A table: column names as published (without padding), and its rows in the order of the file."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


_DELIMITERS = ",;\t"
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_table(data: bytes, delimiter: str) -> Table:
    """Return the table in a file: UTF-8, or as spreadsheets save it again (cp1252, or UTF-16 with its mark).

    Cells may hold line breaks. Lines without any text are no rows. A row that cannot be read costs its own line:
    reading goes on with the next one, so a quote that is never closed does not swallow what follows.

    Args:
        data: the file.
        delimiter: one character, as published. Where another of `,`, `;` and tab gives the first line more columns
            (a spreadsheet wrote the file), that one is used.

    Raises:
        FeedError: the file is empty, repeats a column, or cannot be decoded.
    """
    lines = list(io.StringIO(_text(data), newline=""))
    first = 0
    if lines and lines[0].strip().lower() in {f"sep={mark}".strip() for mark in _DELIMITERS}:
        first = 1  # a spreadsheet's note to itself
    begin = next((number for number in range(first, len(lines)) if lines[number].strip()), len(lines))
    used = max((delimiter, *_DELIMITERS), key=lambda mark: _width(lines[begin:], mark))
    rows = _rows(lines, begin, used)
    _, header, problem = next(rows, (1, [], ""))
    columns = tuple(name.strip() for name in header)
    if problem or not columns:
        raise FeedError(f"line {begin + 1}: {problem or 'the file is empty'}; expected a row of column names")
    repeated = {name for name in columns if name and columns.count(name) > 1}
    if repeated:
        raise FeedError(f"line {begin + 1}: column {', '.join(sorted(repeated))} stands there twice")
    return Table(columns, tuple(_row(columns, *found) for found in rows))


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-16" if data.startswith(_WIDE) else "utf-8-sig")
    except UnicodeDecodeError as error:
        if data.startswith(_WIDE):
            raise FeedError(f"no UTF-16 after its mark ({error.reason}); save the file as UTF-8") from error
    # cp1252 leaves five bytes undefined: they are shown as such, never guessed.
    return data.decode("cp1252", errors="backslashreplace")


def _width(lines: list[str], delimiter: str) -> int:
    """Return how many columns the first row has; 0 if it is none."""
    try:
        return len(next(csv.reader(lines, delimiter=delimiter, strict=True), []))
    except csv.Error:
        return 0


def _rows(lines: list[str], begin: int, delimiter: str) -> Iterator[tuple[int, list[str], str]]:
    """Yield physical line (from 1), cells and problem of every row from index `begin`; the first is the header."""
    width = 0
    while begin < len(lines):
        reader = csv.reader(
            map(lines.__getitem__, range(begin, len(lines))), delimiter=delimiter, strict=True
        )
        start = begin
        while True:
            try:
                cells = next(reader, None)
            except csv.Error as error:
                yield start + 1, [], f"cannot be read as a row ({error})"
                begin = start + 1
                break
            if cells is None:
                return
            end = begin + reader.line_num
            if end - start > 1 and width and len(cells) != width:
                yield (
                    start + 1,
                    [],
                    f"a quote opens and closes {end - start - 1} lines on: {len(cells)} cells, expected {width}",
                )
                begin = start + 1
                break
            if any(cell.strip() for cell in cells):
                width = width or len(cells)
                yield start + 1, cells, ""
            start = end


def _row(columns: tuple[str, ...], line: int, cells: list[str], problem: str) -> Row:
    if not problem and len(cells) != len(columns):
        problem = f"{len(cells)} cells, expected {len(columns)}"
    return Row(line, dict(zip(columns, cells, strict=False)), problem)
