"""On how many days of how many regions each norm could be judged, as its verdicts stood at the end of the day."""

import msgspec

from alerts.judged import JudgeState
from alerts.norms import Norms


class DaysOfNorm(msgspec.Struct):
    """Region-days of one norm: days on which it held in a region and its figure was told of at any time before.

    Attributes:
        judged: it could be judged; where it is split, in every part.
        undecided: in some part it could not, and nothing says that it may be over its limit.
        undecided_over: in some part it could not, and what is missing could put it over its limit.
        unknown: nothing was known any more: nobody told of its figure for longer than that stands.
    """

    judged: int = 0
    undecided: int = 0
    undecided_over: int = 0
    unknown: int = 0


class JudgedDays:
    """Counts region-days.

    Attributes:
        of: the count of each norm of which there is any, by id.
    """

    def __init__(self) -> None:
        self.of: dict[str, DaysOfNorm] = {}

    def count(self, judged: JudgeState, at: int, norms: Norms) -> None:
        """Count the day of which `at` is the last tick."""
        for region in judged.regions.values():
            parts: dict[str, list[str]] = {}
            for (norm_id, _), (verdict, value, _) in region.verdicts.items():
                norm = norms.by_id.get(norm_id)
                if norm is not None and not norm.is_age and norm.holds_at(at):
                    unknown = value is None and verdict == "insufficient"
                    parts.setdefault(norm_id, []).append("unknown" if unknown else verdict)
            for norm_id, verdicts in parts.items():
                self._add(self.of.setdefault(norm_id, DaysOfNorm()), set(verdicts))

    @staticmethod
    def _add(own: DaysOfNorm, verdicts: set[str]) -> None:
        if "undecided-over" in verdicts:
            own.undecided_over += 1
        elif "insufficient" in verdicts:
            own.undecided += 1
        elif verdicts == {"unknown"}:
            own.unknown += 1
        else:
            own.judged += 1
