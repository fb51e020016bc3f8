"""A JSON list of flat objects, as an interface answers, to the rows of a table: same columns, same refusals."""

from typing import Any

from streams.feeds.feed import FeedError
from streams.feeds.json_lines import element_lines, json_in
from streams.feeds.table import Row, Table


def is_json(data: bytes) -> bool:
    """Return whether a file holds JSON and no delimited text."""
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"[", b"{")


def read_objects(data: bytes) -> Table:
    """Return the objects of a list as rows; null is an empty cell, and an object that lacks a column is a broken row.

    Raises:
        FeedError: the file is no JSON list of objects.
    """
    text, content = json_in(data, "save the answer as it came")
    if not isinstance(content, list) or not all(isinstance(one, dict) for one in content):
        raise FeedError("the JSON holds no list of objects; save the answer as it came")
    columns = tuple(dict.fromkeys(name for one in content for name in one))
    rows = (_row(columns, line, one) for line, one in zip(element_lines(text), content, strict=True))
    return Table(columns, tuple(rows))


def _row(columns: tuple[str, ...], line: int, one: dict[str, Any]) -> Row:
    lacking = [name for name in columns if name not in one]
    odd = [name for name, value in one.items() if isinstance(value, bool | list | dict)]
    problem = ""
    if lacking:
        problem = f"{', '.join(lacking)[:200]} not there; send null for what is unknown"
    elif odd:
        problem = f"{odd[0][:60]} is neither a number nor a text"
    return Row(line, {name: "" if one.get(name) is None else str(one[name]) for name in columns}, problem)
