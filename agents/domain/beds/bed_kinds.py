"""Beds of one location reported in total, by label, or both: which of them are all, and which go together.

All labels together are the total, or the labels where these are newer (last write wins). Beds with staff are
held against patients of the same kinds only: all of them against all, else of each label for which both are told. Who
tells of its COVID beds with staff and of all its patients says nothing of how full it is.
"""

from collections.abc import Mapping
from math import fsum
from typing import NamedTuple

from agents.domain.beds.columns import UNKNOWN
from agents.domain.figures.sums import Addend, Fraction

Parts = Mapping[str, Addend]
"""By label, `total` with them."""

TOTAL = "total"
COVID, OTHER = "covid", "noncovid"


class Labels(NamedTuple):
    """What one location tells by label, and all labels together.

    Attributes:
        by_label: the labels, `total` with them.
        whole: all together, as far as they are known.
        complete: all together; unknown where a part of them is.
    """

    by_label: Parts
    whole: Addend
    complete: Addend


_NOTHING = Labels({}, UNKNOWN, UNKNOWN)


def together(labels: Parts) -> Labels:
    """Return the labels with all of them together.

    That is the total, unless both that make it up are newer; covid and noncovid must both be known, to be complete.
    """
    if not labels:
        return _NOTHING
    total = labels.get(TOTAL, UNKNOWN)
    covid, other = labels.get(COVID, UNKNOWN), labels.get(OTHER, UNKNOWN)
    if total.observed and min(covid.observed, other.observed) <= total.observed:
        return Labels(labels, total, total)
    known = [part for label, part in labels.items() if part.observed and label != TOTAL]
    if not known:
        return Labels(labels, UNKNOWN, UNKNOWN)
    carried = any(part.carried for part in known)
    whole = Addend(
        fsum([part.value for part in known]),
        max([part.observed for part in known]),
        fsum((covid.completeness, other.completeness)) / 2,
        carried,
        any(part.suspect for part in known),
        fsum((covid.told, other.told)) / 2 if carried else 0.0,
    )
    return Labels(labels, whole, whole if covid.observed and other.observed else UNKNOWN)


def same_kinds(taken: Labels, staffed: Labels) -> Fraction | None:
    """Return patients per bed with staff of the same kinds; None where there are none of which both are known."""
    patients, beds = taken.complete, staffed.complete
    if patients.observed and beds.observed:
        return _of(patients, beds)
    both = [
        (label, taken.by_label[label], part)
        for label, part in staffed.by_label.items()
        if label != TOTAL and part.observed and taken.by_label.get(label, UNKNOWN).observed
    ]
    if not both:
        return None
    return Fraction(
        fsum(patients.value for _, patients, _ in both),
        fsum(beds.value for _, _, beds in both),
        max(patients.observed for _, patients, _ in both),
        fsum(_least(patients, beds) for label, patients, beds in both if label in {COVID, OTHER}) / 2,
        any(patients.carried or beds.carried for _, patients, beds in both),
        any(patients.suspect or beds.suspect for _, patients, beds in both),
    )


def for_covid(taken: Labels, staffed: Labels, covid: Addend | None = None) -> Fraction | None:
    """Return patients without COVID per bed with staff; None where one of them is not known.

    `covid` are the patients to take away from all, where that is not the label itself. Where only beds with staff for COVID
    are reported, nobody else lies in those.
    """
    beds = staffed.complete
    if not beds.observed:
        own = staffed.by_label.get(COVID, UNKNOWN)
        return Fraction(0, own.value, own.observed, own.completeness, own.carried) if own.observed else None
    others = _without_covid(taken, covid or taken.by_label.get(COVID, UNKNOWN))
    return _of(others, beds) if others.observed else None


def _of(patients: Addend, beds: Addend) -> Fraction:
    return Fraction(
        patients.value,
        beds.value,
        patients.observed,
        _least(patients, beds),
        patients.carried or beds.carried,
        patients.suspect or beds.suspect,
    )


def _least(patients: Addend, beds: Addend) -> float:
    return min(patients.completeness, beds.completeness)


def _without_covid(taken: Labels, covid: Addend) -> Addend:
    everyone = taken.complete
    if everyone.observed and covid.observed:
        return Addend(
            max(0.0, everyone.value - covid.value),
            max(everyone.observed, covid.observed),
            _least(everyone, covid),
            everyone.carried or covid.carried,
            everyone.suspect or covid.suspect,
            min(everyone.told, covid.told),
        )
    known = [part for label, part in taken.by_label.items() if part.observed and label not in {TOTAL, COVID}]
    other = taken.by_label.get(OTHER, UNKNOWN)
    if not other.observed:
        return UNKNOWN
    return Addend(
        fsum(part.value for part in known),
        max(part.observed for part in known),
        other.completeness,
        any(part.carried for part in known),
        any(part.suspect for part in known),
        other.told,
    )
