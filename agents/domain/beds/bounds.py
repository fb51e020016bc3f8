"""What the beds of a location that is carried forward may be by now.

Patients are at most as many as there are beds with staff, or as there were last; without end where not all of these beds are
known. Beds with staff are as told last where it is not known how they move: they seldom do. What is suspect lies between the
last trusted figure and the suspect one, staff or no staff.
"""

from collections.abc import Mapping
from math import fsum, inf, isfinite
from typing import NamedTuple

from agents.domain.beds.bed_kinds import TOTAL, Parts, together
from agents.domain.beds.believed import Suspect
from agents.domain.figures.sums import Addend
from agents.domain.statements.standing import Bounds

Far = Mapping[str, float]
"""How far each label may have moved by now (`agents.domain.statements.moved`)."""


class AtBound(NamedTuple):
    """Patients now and on average, and beds with staff, by label."""

    now: Parts
    mean: Parts
    staffed: Parts


def bounds_of(
    now: Parts,
    mean: Parts,
    staffed: Parts,
    far: Far,
    far_beds: Far,
    suspects: Mapping[str, Suspect] | None = None,
    suspect_beds: Mapping[str, Suspect] | None = None,
) -> Bounds[AtBound]:
    """Return the fewest patients with the most beds, and the other way round.

    Args:
        now: patients by label.
        mean: the same on average.
        staffed: beds with staff by label.
        far: of patients.
        far_beds: of beds with staff.
        suspects: patients whose newest figure is suspect, by label.
        suspect_beds: the same of beds with staff.
    """
    suspects = suspects or {}
    most = _full(now, staffed, suspects)
    few, many = ({label: part.value + way * far[label] for label, part in now.items()} for way in (-1, 1))
    few_mean, many_mean = (
        {label: part.value + way * far[label] for label, part in mean.items()} for way in (-1, 1)
    )
    few_beds, many_beds = (
        {
            label: part.value + (way * far_beds[label] if isfinite(far_beds[label]) else 0)
            for label, part in staffed.items()
        }
        for way in (-1, 1)
    )
    least, least_mean = dict.fromkeys(now, 0.0), dict.fromkeys(now, 0.0)
    full, full_mean = dict(most), dict(most)
    for label, one in suspects.items():
        if not now[label].suspect:
            continue  # it is silent as well: whatever it may report by now
        few[label] = least[label] = one.low
        many[label] = full[label] = one.high
        days = one.hidden / 7
        few_mean[label] = least_mean[label] = mean[label].value - days * (one.value - one.low)
        many_mean[label] = full_mean[label] = mean[label].value + days * (one.high - one.value)
    for label, one in (suspect_beds or {}).items():
        if staffed[label].suspect:
            few_beds[label], many_beds[label] = one.low, one.high
    none, full_house = _at(now, least, most), _at(now, full, most)
    beds_low, beds_high = _at(staffed, few_beds), _at(staffed, many_beds)
    return Bounds(
        AtBound(_at(now, few, most), _at(mean, few_mean, most, now), beds_high),
        AtBound(_at(now, many, most), _at(mean, many_mean, most, now), beds_low),
        AtBound(none, _at(mean, least_mean, most, now) if suspects else none, beds_high),
        AtBound(full_house, _at(mean, full_mean, most, now) if suspects else full_house, beds_low),
    )


def _full(now: Parts, staffed: Parts, suspects: Mapping[str, Suspect]) -> Mapping[str, float]:
    """Return of each label and of all together as many patients as there are beds with staff, or as there were last."""
    # A part of the beds with staff bounds nobody: the others may be told of elsewhere, or not at all.
    beds, taken = together(staffed).complete, together(now).whole
    room = beds.value if beds.observed else inf
    of_others = {label: part.value for label, part in now.items() if label != TOTAL}
    full = {label: max(value, room - fsum(of_others.values()) + value) for label, value in of_others.items()}
    full[TOTAL] = max(taken.value, room)
    for label, one in suspects.items():
        full[label] = max(full[label], one.high)
        if label != TOTAL:
            full[TOTAL] = max(full[TOTAL], taken.value - one.value + one.high)
    return full


def _at(
    parts: Parts,
    values: Mapping[str, float],
    most: Mapping[str, float] | None = None,
    last: Parts | None = None,
) -> Parts:
    """Return parts at these values, those that are carried forward, from none to the most that there may be.

    Labels that together would be more than that are all together no more than it (`TOTAL`).
    """
    found = dict(parts)
    for label, part in parts.items():
        if (last or parts)[label].carried:
            value = max(0.0, values[label])
            found[label] = _carried(part, value if most is None else min(value, max(part.value, most[label])))
    if most is not None and TOTAL not in found and found != parts:
        whole = together(found).whole
        newest = max(found.values(), key=lambda part: part.observed)
        value = min(whole.value, max(most[TOTAL], together(parts).whole.value))
        # As complete as the labels that are known make it.
        found[TOTAL] = Addend(value, newest.observed, whole.told, carried=True, was=whole.told)
    return found


def _carried(part: Addend, value: float) -> Addend:
    return Addend(value, part.observed, part.told, carried=True, was=part.told)
