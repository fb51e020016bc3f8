"""Beds of one location told in total, by label, or both: which of them are all, and which go together.

All labels together are the total, or the labels where these are newer (the latest statement wins). Beds with staff are
held against patients of the same kinds only: all of them against all, else of each label for which both are told. Who
tells of its COVID beds with staff and of all its patients says nothing of how full it is.
"""

from collections.abc import Mapping
from math import fsum
from typing import NamedTuple

from agents.domain.beds.columns import UNKNOWN, Part

Parts = Mapping[str, Part]
"""By label, `total` with them."""

TOTAL = "total"
COVID, OTHER = "covid", "noncovid"


class Pair(NamedTuple):
    """Patients and the beds with staff that they lie in, of one location.

    Attributes:
        taken: patients.
        beds: beds with staff of the same kinds.
        observed: second at which the patients were observed (where none are needed, the beds).
        share: how complete it is, 0...1: as its less complete half.
    """

    taken: float
    beds: float
    observed: int
    share: float


class Labels(NamedTuple):
    """What one location tells by label, and all labels together.

    Attributes:
        by_label: the labels, `total` with them.
        whole: all together, as far as they are known.
        complete: all together; unknown where a part of them is.
    """

    by_label: Parts
    whole: Part
    complete: Part


_NOTHING = Labels({}, UNKNOWN, UNKNOWN)


def together(labels: Parts) -> Labels:
    """Return the labels with all of them together.

    That is the total, unless both that make it up are newer; covid and noncovid must both be known, to be complete.
    """
    if not labels:
        return _NOTHING
    total = labels.get(TOTAL, UNKNOWN)
    covid, other = labels.get(COVID, UNKNOWN), labels.get(OTHER, UNKNOWN)
    if total[1] and min(covid[1], other[1]) <= total[1]:
        return Labels(labels, total, total)
    known = [part for label, part in labels.items() if part[1] and label != TOTAL]
    if not known:
        return Labels(labels, UNKNOWN, UNKNOWN)
    whole = (
        fsum([part[0] for part in known]), max([part[1] for part in known]), fsum((covid[2], other[2])) / 2
    )  # fmt: skip
    return Labels(labels, whole, whole if covid[1] and other[1] else UNKNOWN)


def same_kinds(taken: Labels, staffed: Labels) -> Pair | None:
    """Return patients and beds with staff of the same kinds; None where there are none of which both are known."""
    patients, beds = taken.complete, staffed.complete
    if patients[1] and beds[1]:
        return Pair(patients[0], beds[0], patients[1], min(patients[2], beds[2]))
    both = [
        (label, taken.by_label[label], part)
        for label, part in staffed.by_label.items()
        if label != TOTAL and part[1] and taken.by_label.get(label, UNKNOWN)[1]
    ]
    if not both:
        return None
    return Pair(
        fsum(patients[0] for _, patients, _ in both),
        fsum(beds[0] for _, _, beds in both),
        max(patients[1] for _, patients, _ in both),
        fsum(min(patients[2], beds[2]) for label, patients, beds in both if label in {COVID, OTHER}) / 2,
    )


def for_covid(taken: Labels, staffed: Labels) -> Pair | None:
    """Return patients without COVID and all beds with staff; None where one of them is not known.

    Where only beds with staff for COVID are told, nobody else lies in those.
    """
    beds = staffed.complete
    if not beds[1]:
        value, observed, share = staffed.by_label.get(COVID, UNKNOWN)
        return Pair(0, value, observed, share) if observed else None
    others = _without_covid(taken)
    return Pair(others[0], beds[0], others[1], min(others[2], beds[2])) if others[1] else None


def _without_covid(taken: Labels) -> Part:
    everyone, covid = taken.complete, taken.by_label.get(COVID, UNKNOWN)
    if everyone[1] and covid[1]:
        return max(0.0, everyone[0] - covid[0]), max(everyone[1], covid[1]), min(everyone[2], covid[2])
    known = [part for label, part in taken.by_label.items() if part[1] and label not in {TOTAL, COVID}]
    other = taken.by_label.get(OTHER, UNKNOWN)
    if not other[1]:
        return UNKNOWN
    return fsum(part[0] for part in known), max(part[1] for part in known), other[2]
