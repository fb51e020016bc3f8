"""The escalation ladder E1...E6: who tells whom, in coordination with whom, and which step comes before.

The names are ours. Kader MSZ of 1-3-2022, art. 2.3 and 3.8 (E1, E4), the supplement of 18-11-2021 (E2, E3, E5), and how phase
2D came into force in November 2021 (E6). The frameworks name no delays: those are parameters of the norms.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from streams.reports.coordination import Anchor, Role

_Route = tuple[Role, Role]


@dataclass(frozen=True, slots=True)
class LadderStep:
    """One step.

    Attributes:
        routes: sender and receiver, each pair that the step may be.
        follows: steps of which it must answer one; none for a step that may come first.
        via: for some routes, the role without which it may not be sent.
    """

    routes: frozenset[_Route]
    follows: tuple[Anchor, ...] = ()
    via: Mapping[_Route, Role] | None = None


_PARTIES: tuple[Role, ...] = ("zorgaanbieder", "zorgverzekeraar", "roaz-voorzitter", "rcps")

LADDER: Mapping[Anchor, LadderStep] = {
    # Prolonged excess of a Treeknorm: the provider tells the insurer, whose duty of care it is.
    "E1": LadderStep(frozenset({("zorgaanbieder", "zorgverzekeraar")})),
    # Agreements not followed, or access under pressure: parties address each other, and look for a way with the chair.
    "E2": LadderStep(frozenset(product(_PARTIES, _PARTIES))),
    "E3a": LadderStep(frozenset({("zorgverzekeraar", "nza")}), ("E2",)),
    # The provider in coordination with the chair, or the chair for the provider.
    "E3b": LadderStep(
        frozenset({("zorgaanbieder", "igj"), ("roaz-voorzitter", "igj")}),
        ("E2",),
        {("zorgaanbieder", "igj"): "roaz-voorzitter"},
    ),
    "E4": LadderStep(frozenset({("nza", "minister")}), ("E3a",)),
    # Phase 3 threatens: both are told, each by a notice of its own.
    "E5": LadderStep(frozenset({("lnaz", "minister"), ("lnaz", "igj")})),
    "E6": LadderStep(
        frozenset({("roaz-voorzitter", "minister"), ("lnaz", "minister"), ("minister", "lnaz")})
    ),
}
"""Every step; a step that does not stand here does not exist."""

TOLD_TOGETHER: Mapping[Anchor, frozenset[Role]] = {"E5": frozenset({"minister", "igj"})}
"""Steps that are done only once each of these receivers was told."""

_NEVER: frozenset[_Route] = frozenset(
    {("zorgaanbieder", "nza"), ("zorgaanbieder", "minister"), ("zorgverzekeraar", "minister"), ("zorgverzekeraar", "igj")}
)  # fmt: skip
"""Routes that pass someone by, whatever the step."""


_SUPERVISORS: frozenset[Role] = frozenset({"nza", "igj"})


def informs_supervisors(
    anchor: Anchor | None, sender: Role, receiver: Role, norm: str, *, answers: bool
) -> bool:
    """Return whether a notice informs a supervisor of an excess of a Treeknorm: a duty of its own, beside E1 (art. 2.3).

    Where it says that it is a step, or answers one, it is that.
    """
    about_waits = norm.startswith("treeknorm-")
    return about_waits and anchor is None and not answers and sender in _PARTIES and receiver in _SUPERVISORS


def anchor_of(sender: Role, receiver: Role) -> Anchor | None:
    """Return the step that a notice between two roles must be; None where it is none, or may be several."""
    route = (sender, receiver)
    if route in LADDER["E1"].routes:
        return "E1"  # the first of E1 and E2: a step is never taken to be later than it may be
    possible = [anchor for anchor, step in LADDER.items() if route in step.routes]
    return possible[0] if len(possible) == 1 else None


def is_misdirected(anchor: Anchor | None, sender: Role, receiver: Role, via: Role | None) -> bool:
    """Return whether a notice goes to the wrong receiver, or without the role that must be part of it.

    Args:
        anchor: the step that it is said to be, None where nothing is said.
        sender: who tells.
        receiver: who is told.
        via: in coordination with whom.
    """
    route = (sender, receiver)
    step = anchor or anchor_of(sender, receiver)
    if step is None:
        return route in _NEVER
    needed = (LADDER[step].via or {}).get(route)
    return route not in LADDER[step].routes or (needed is not None and via != needed)


def skips_a_step(anchor: Anchor | None, answered: Anchor | None) -> bool:
    """Return whether a step was taken without one that must come before it.

    Args:
        anchor: the step.
        answered: the step that it answers, None if it answers none.
    """
    follows = LADDER[anchor].follows if anchor is not None else ()
    return bool(follows) and answered not in follows
