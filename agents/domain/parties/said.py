"""When something was said between the parties, and by whom: what every kind of event has in common."""

from typing import NamedTuple


class Said(NamedTuple):
    """The frame of one report of `care.coordination`; moments in seconds."""

    id: str
    source: str
    location: str
    observed: int
    revision: int
    received: int
    completeness: float
