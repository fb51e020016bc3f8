"""Beds of one location told in total, by label, or both: which of them are all, and which go together.

All labels together are the total, or the labels where these are newer (the latest statement wins). Beds with staff are
held against patients of the same kinds only: all of them against all, else of each label for which both are told. Who
tells of its COVID beds with staff and of all its patients says nothing of how full it is.
"""

from collections.abc import Mapping
from math import fsum
from typing import NamedTuple

Part = tuple[float, int, float]
"""Value, observed second and completeness of one location; observed 0 means unknown."""

Parts = Mapping[str, Part]
"""By label, `total` with them."""

UNKNOWN: Part = (0, 0, 0.0)
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


def newest(labels: Parts) -> Parts:
    """Return the labels, without the total where both that make it up are newer."""
    total = labels.get(TOTAL, UNKNOWN)[1]
    if total and min(labels.get(COVID, UNKNOWN)[1], labels.get(OTHER, UNKNOWN)[1]) > total:
        return {label: part for label, part in labels.items() if label != TOTAL}
    return labels


def whole(labels: Parts) -> Part:
    """Return all labels together, as far as they are known; covid and noncovid must both be, to be complete."""
    labels = newest(labels)
    total = labels.get(TOTAL, UNKNOWN)
    if total[1]:
        return total
    known = [part for part in labels.values() if part[1]]
    if not known:
        return UNKNOWN
    needed = labels.get(COVID, UNKNOWN)[2], labels.get(OTHER, UNKNOWN)[2]
    return fsum([part[0] for part in known]), max([part[1] for part in known]), fsum(needed) / 2


def same_kinds(taken: Parts, staffed: Parts) -> Pair | None:
    """Return patients and beds with staff of the same kinds; None where there are none of which both are known."""
    patients, beds = _of_all(taken), _of_all(staffed)
    if patients[1] and beds[1]:
        return Pair(patients[0], beds[0], patients[1], min(patients[2], beds[2]))
    both = [
        (label, taken[label], part)
        for label, part in staffed.items()
        if label != TOTAL and part[1] and taken.get(label, UNKNOWN)[1]
    ]
    if not both:
        return None
    return Pair(
        fsum(patients[0] for _, patients, _ in both),
        fsum(beds[0] for _, _, beds in both),
        max(patients[1] for _, patients, _ in both),
        fsum(min(patients[2], beds[2]) for label, patients, beds in both if label in {COVID, OTHER}) / 2,
    )


def for_covid(taken: Parts, staffed: Parts) -> Pair | None:
    """Return patients without COVID and all beds with staff; None where one of them is not known.

    Where only beds with staff for COVID are told, nobody else lies in those.
    """
    beds = _of_all(staffed)
    if not beds[1]:
        value, observed, share = staffed.get(COVID, UNKNOWN)
        return Pair(0, value, observed, share) if observed else None
    others = _without_covid(taken)
    return Pair(others[0], beds[0], others[1], min(others[2], beds[2])) if others[1] else None


def _of_all(labels: Parts) -> Part:
    """Return all labels together, or unknown where a part of them is."""
    labels = newest(labels)
    if labels.get(TOTAL, UNKNOWN)[1] or (labels.get(COVID, UNKNOWN)[1] and labels.get(OTHER, UNKNOWN)[1]):
        return whole(labels)
    return UNKNOWN


def _without_covid(taken: Parts) -> Part:
    everyone, covid = _of_all(taken), taken.get(COVID, UNKNOWN)
    if everyone[1] and covid[1]:
        return max(0.0, everyone[0] - covid[0]), max(everyone[1], covid[1]), min(everyone[2], covid[2])
    known = [part for label, part in taken.items() if part[1] and label not in {TOTAL, COVID}]
    if not taken.get(OTHER, UNKNOWN)[1]:
        return UNKNOWN
    return fsum(part[0] for part in known), max(part[1] for part in known), taken[OTHER][2]
