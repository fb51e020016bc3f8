"""Who hears a transition: the role of its ladder step, as ids of the address book."""

from alerts.addresses import CHAIRS
from alerts.norms import Norms
from alerts.routes import OPERATIONS, receiver_of
from streams.regions import ROAZ_IDS
from streams.status import Transition


class Hearers:
    """The recipients by the norms in force; what nobody is named for goes to operations."""

    def __init__(self, norms: Norms) -> None:
        self._norms = norms

    def of(self, transition: Transition) -> tuple[str, ...]:
        """Return who hears that a breach began, came back or reached a step; a message each.

        Whoever heard of any step hears that it came back.
        """
        last = transition.step
        steps = range(1, last + 1) if transition.state == "reopened" else (last,)
        found = (self._of_step(transition.norm, step, transition.region) for step in steps)
        return tuple(dict.fromkeys(recipient for names in found for recipient in names))

    def _of_step(self, norm_id: str, step: int, region: str) -> tuple[str, ...]:
        norm = self._norms.by_id.get(norm_id)
        known = norm is not None and 0 < step <= len(norm.steps)
        receiver = receiver_of(norm.steps[step - 1].role, region) if norm and known else OPERATIONS
        return tuple(f"chair-{each}" for each in ROAZ_IDS) if receiver == CHAIRS else (receiver,)
