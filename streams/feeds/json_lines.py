"""JSON files, and on which physical line each value of one starts, so that a refused one can be found."""

import json
import re
from typing import Any

from streams.feeds.feed import FeedError

_MARK = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|\n')


def json_in(data: bytes, expected: str, lacking: str = "no JSON") -> tuple[str, Any]:
    """Return the text of a file and the value in it; raises `FeedError`, which says what is lacking and expected."""
    try:
        text = data.decode("utf-8-sig")
        return text, json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FeedError(f"{lacking} in UTF-8 ({error}); {expected}") from error


def value_lines(text: str) -> dict[str, list[int]]:
    r"""Return, per top-level key, the lines on which the elements of its list `values` start.

    The text must be valid JSON of the form `{KEY: {"values": [ELEMENT, ...]}}`; other keys are skipped.

    >>> value_lines('{"a": {"values": [{},\n{}]}}')
    {'a': [1, 2]}
    """
    found: dict[str, list[int]] = {}
    path: list[str] = []
    line = 1
    key = last = ""
    for match in _MARK.finditer(text):
        mark = match[0]
        if mark == "\n":
            line += 1
        elif mark[0] == '"':
            last = mark[1:-1]
        elif mark == ":":
            key = last
        elif mark in "{[":
            if mark == "{" and len(path) == 3 and path[2] == "values":
                found.setdefault(path[1], []).append(line)
            path.append(key)
            key = ""
        elif mark in "}]":
            path.pop()
    return found


def element_lines(text: str, level: int = 1) -> list[int]:
    r"""Return the lines on which the objects inside so many lists start; the text must be valid JSON, such as `[{}, ...]`.

    >>> element_lines('[{"a": [{}]},\\n{}]')
    [1, 2]
    """
    found: list[int] = []
    depth = 0
    line = 1
    for match in _MARK.finditer(text):
        mark = match[0]
        if mark == "\n":
            line += 1
        elif mark in "{[":
            if mark == "{" and depth == level:
                found.append(line)
            depth += 1
        elif mark in "}]":
            depth -= 1
    return found
