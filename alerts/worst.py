"""How a region stands: the worst that holds there, in one word.

What cannot be judged, but could be over a limit, comes before a notice; what cannot be judged at all comes before "nothing
is known", and that before "within the norm".
"""

from collections.abc import Iterable
from typing import Literal

from streams.silent import UnjudgedView
from streams.views import BreachView

Worst = Literal["critical", "breach", "undecided-over", "notice", "pending", "undecided", "unknown", "within"]

_OF_SEVERITY: dict[str, Worst] = {"critical": "critical", "warning": "breach", "info": "notice"}
_ORDER: tuple[Worst, ...] = (
    "critical",
    "breach",
    "undecided-over",
    "notice",
    "pending",
    "undecided",
    "unknown",
    "within",
)


def worst_of(breaches: Iterable[BreachView], unjudged: Iterable[UnjudgedView], *, known: bool) -> Worst:
    """Return the worst that holds in a region.

    Args:
        breaches: its open breaches; one that is active counts by its severity, judged or not.
        unjudged: its norms that cannot be judged; one whose breach is open counts as that.
        known: whether any figure of it is known.
    """
    holds: set[Worst] = {
        "pending" if breach.state == "pending" else _OF_SEVERITY.get(breach.severity, "notice")
        for breach in breaches
    }
    holds |= {"undecided-over" if one.over else "undecided" for one in unjudged if not one.open}
    holds.add("within" if known else "unknown")
    return min(holds, key=_ORDER.index)
