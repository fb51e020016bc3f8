"""Keys that stand twice in one JSON object: the last one counts, as everywhere else, whatever the others say.

A decoder that knows the types refuses a wrong value before it sees that another one replaces it; one that knows fewer
does not. What is accepted must not depend on which of them looked, so a report is held to what it says in the end.
"""

import json
from collections.abc import Iterator
from typing import Any

import msgspec

_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, OverflowError, ValueError)


def last_of_each(value: bytes) -> bytes | None:
    """Return a JSON document with the last value of each key only; None where it cannot be read or written whole."""
    try:
        return msgspec.json.encode(msgspec.json.decode(value))
    except _UNREADABLE:
        return None


class _Object(dict[str, Any]):
    """An object, with the keys that stood in it more than once."""

    repeated: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    found = _Object(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        found.repeated = tuple(name for name in found if names.count(name) > 1)
    return found


def repeated_keys(value: bytes | str) -> list[str]:
    """Return where a JSON document names a key more than once, such as `readings[0].label`.

    Raises:
        ValueError: it is no JSON.
        RecursionError: it is nested too deep.
    """
    return list(_repeated("", json.loads(value, object_pairs_hook=_object)))


def _repeated(path: str, found: Any) -> Iterator[str]:
    if isinstance(found, _Object):
        yield from (f"{path}{name}" for name in found.repeated)
        for name, inner in found.items():
            yield from _repeated(f"{path}{name}" + ("" if isinstance(inner, list) else "."), inner)
    elif isinstance(found, list):
        for index, inner in enumerate(found):
            yield from _repeated(f"{path}[{index}]" + ("" if isinstance(inner, list) else "."), inner)
