"""Suspect figures that somebody confirmed: an event in the log, which counts from where it stands."""

from agents.domain.partition import PartitionState
from agents.domain.region import FOLDINGS
from streams.codec import RefusedError
from streams.control import SuspectConfirm
from streams.regions import NL, UNPLACED


def confirm_suspect(state: PartitionState, control: SuspectConfirm) -> None:
    """Let a figure count that somebody confirmed.

    Raises:
        RefusedError: it is not what is held: it was corrected meanwhile, or is too old.
    """
    folding = FOLDINGS[state.topic]
    for name in (control.region, *([UNPLACED] if control.region == NL else [])):
        region = state.regions.get(name)
        if region is not None and folding.confirm(region.body, control):
            region.changed = True
            return
    raise RefusedError(
        "suspect-gone",
        f"{control.location} does not report {control.subject} {control.value} on {control.day}: it was corrected, or is too "
        "old; see `ketenwacht suspect list`",
    )
