"""How a region stands: the worst that holds there, in one word.

What cannot be judged, but could be over a limit, comes before a notice; what cannot be judged at all comes before "nothing
is known", and that before "within the norm".
"""

from collections.abc import Iterable
from typing import Literal

from streams.indicators import DOUBTS, FEED_HEARD, GIVEN_UP, SILENT
from streams.silent import UnjudgedView
from streams.views import BreachView, IndicatorView

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


_ABOUT_REPORTS = frozenset({SILENT, GIVEN_UP, *DOUBTS, FEED_HEARD, "backdated_reports"})
"""What says who reports and how, and nothing of the care: where there is no more than that, nothing is known."""


def worst_of(
    breaches: Iterable[BreachView], unjudged: Iterable[UnjudgedView], figures: Iterable[IndicatorView]
) -> Worst:
    """Return the worst that holds in a region.

    Args:
        breaches: its open breaches; one that is active counts by its severity, judged or not.
        unjudged: its norms that cannot be judged; one whose breach is open counts as that.
        figures: those of it that are known; that nobody was heard is none.
    """
    holds: set[Worst] = {
        "pending" if breach.state == "pending" else _OF_SEVERITY.get(breach.severity, "notice")
        for breach in breaches
    }
    holds |= {"undecided-over" if one.over else "undecided" for one in unjudged if not one.open}
    known = any(one.value is not None and one.name not in _ABOUT_REPORTS for one in figures)
    holds.add("within" if known else "unknown")
    return min(holds, key=_ORDER.index)
