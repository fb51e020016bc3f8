"""Delimited text to rows that know on which physical line they start."""

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


def read_table(data: bytes, delimiter: str, fallback: str = "") -> Table:
    """Return the table in a file, UTF-8 with or without byte order mark.

    Cells may hold line breaks. Lines without any text are no rows.

    Args:
        data: the file.
        delimiter: one character.
        fallback: encoding to use when the file is no UTF-8, such as `cp1252`.

    Raises:
        FeedError: the file is empty, repeats a column, or cannot be decoded.
    """
    lines = _lines(_text(data, fallback), delimiter)
    _, header, problem = next(lines, (1, [], ""))
    columns = tuple(name.strip() for name in header)
    if problem or not columns:
        raise FeedError(f"line 1: {problem or 'the file is empty'}; expected a row of column names")
    repeated = {name for name in columns if name and columns.count(name) > 1}
    if repeated:
        raise FeedError(f"line 1: column {', '.join(sorted(repeated))} stands there twice")
    return Table(columns, tuple(_row(columns, *found) for found in lines))


def _text(data: bytes, fallback: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if not fallback:
            line = data.count(b"\n", 0, error.start) + 1
            raise FeedError(f"line {line}: no UTF-8 ({error.reason}); save the file as UTF-8") from error
    # cp1252 leaves five bytes undefined: they are shown as such, never guessed.
    return data.decode(fallback, errors="backslashreplace")


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str], str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield start, [], f"cannot be read as a row ({error})"
        else:
            if any(cell.strip() for cell in cells):
                yield start, cells, ""


def _row(columns: tuple[str, ...], line: int, cells: list[str], problem: str) -> Row:
    if not problem and len(cells) != len(columns):
        problem = f"{len(cells)} cells, expected {len(columns)}"
    return Row(line, dict(zip(columns, cells, strict=False)), problem)
