"""What is meant by `--registry`: a file or folder beside the shipped registry, or `open`."""

from pathlib import Path

from streams.registry.checks import faults
from streams.registry.file import RegistryError, read_lines, shipped_lines
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
