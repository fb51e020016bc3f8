"""Text that shows what it is: no control characters, and none that change the direction of what stands beside them.

A name with a line end or an escape sequence draws over a terminal, one with a change of direction reads as another name.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

_ILLEGIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Unicode's control characters, its ends of lines and paragraphs, and its marks and overrides of direction."""


ESCAPE, DELETE, LEAD_C2, LEAD_D8, LEAD_E2 = b"\\\x7f\xc2\xd8\xe2"
"""The bytes without which a JSON document in UTF-8 holds none of them."""


def is_plain(value: bytes) -> bool:
    """Return whether a JSON document certainly holds no such character: without looking at its texts, one by one.

    A control character stands there escaped, but for DEL; in UTF-8 those beyond ASCII begin with one of three bytes.
    """
    # One look for each: Python finds a byte faster than it makes a call.
    return not (
        ESCAPE in value or DELETE in value or LEAD_C2 in value or LEAD_D8 in value or LEAD_E2 in value
    )


def illegible(report: msgspec.Struct) -> str | None:
    """Return which text of a report holds such a character, and what to do; None where none does."""
    for path, text in _texts("", msgspec.to_builtins(report)):
        if (found := _ILLEGIBLE.search(text)) is not None:
            return (
                f"`{path}` holds U+{ord(found[0]):04X} at place {found.start() + 1}, a character that is not shown or turns the "
                "direction of what is; send text without it"
            )
    return None


def shown(text: str) -> str:
    """Return a text with such characters written out as in JSON: what others sent may stand in a message."""
    return _ILLEGIBLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _texts(path: str, document: Any) -> Iterator[tuple[str, str]]:
    """Yield every text with its path, such as `rows[0].treatment`."""
    if isinstance(document, str):
        yield path, document
    elif isinstance(document, dict):
        for name, inner in document.items():
            yield from _texts(f"{path}.{name}" if path else name, inner)
    elif isinstance(document, list):
        for index, inner in enumerate(document):
            yield from _texts(f"{path}[{index}]", inner)
