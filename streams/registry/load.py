"""What is meant by `--registry`: a file or folder beside the shipped registry, or `open`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from streams.registry.checks import faults
from streams.registry.file import RegistryError, read_lines, shipped_lines
from streams.registry.lines import Line
from streams.registry.registry import OPEN, Registry, registry_of

SHIPPED = "shipped"


def load_registry(said: str | None) -> Registry | None:
    """Return the registry that is meant; None for `open`, where nobody is registered.

    Args:
        said: `open`, `shipped`, or the path of a registry file or folder, which adds to the shipped one.

    Raises:
        RegistryError: it cannot be used; the message says why.
        OSError: a file cannot be opened.
    """
    if said is None or said == OPEN:
        return None
    shipped = shipped_lines()
    own = [] if said == SHIPPED else read_lines(Path(said))
    registry = registry_of(shipped, own)
    wrong = faults(registry)
    if wrong:
        raise RegistryError(f"{said}: " + "\n".join(wrong))
    return registry


def registry_of_recording(own: Sequence[dict[str, Any]], said: str | None = None) -> Registry | None:
    """Return the registry that holds for a recording: the one that is said, else its own, else none.

    Args:
        own: the lines in its header.
        said: as in `load_registry`; None where nothing is said.

    Raises:
        RegistryError: it cannot be used; the message says why.
        OSError: a file cannot be opened.
    """
    if said is not None or not own:
        return load_registry(said)
    try:
        registry = registry_of(msgspec.convert(own, list[Line]))
    except msgspec.ValidationError as error:
        raise RegistryError(f"`registry` in the header of the recording: {error}; make it again") from error
    wrong = faults(registry)
    if wrong:
        raise RegistryError("`registry` in the header of the recording: " + "\n".join(wrong))
    return registry
