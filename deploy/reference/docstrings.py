"""What a docstring says: its first paragraph, and the description of each attribute."""

import inspect
import re
from typing import Any

_ATTRIBUTE = re.compile(r"^ {4}(\w+(?:, \w+)*): ")


def summary_of(thing: Any) -> str:
    """Return the first paragraph of a docstring in one line."""
    return " ".join((inspect.getdoc(thing) or "").partition("\n\n")[0].split())


def attributes_of(thing: Any) -> dict[str, str]:
    """Return the description of each attribute in a Google style docstring, in its order."""
    lines = (inspect.getdoc(thing) or "").splitlines()
    if "Attributes:" not in lines:
        return {}
    found: dict[str, str] = {}
    names: list[str] = []
    for line in lines[lines.index("Attributes:") + 1 :]:
        if not line.startswith("    "):
            break
        match = _ATTRIBUTE.match(line)
        if match:
            names = match[1].split(", ")
            found.update(dict.fromkeys(names, line[match.end() :]))
        else:
            found.update((name, f"{found[name]} {line.strip()}") for name in names)
    return found
