"""Beds of a region: sums and ratios of what its locations say (`beds`), as told and with those who fell silent.

Patients and beds with staff are summed over whoever tells them, but how full a region is and what room it has only
over the locations that tell both: else one that tells of patients and of no beds makes the region full, and one that
tells of beds and of no patients makes room. How complete a room is counts who is missed as there (the silence of the
figure says what they change); so it says which locations never tell both, and of those nothing is known.
"""

from collections.abc import Callable, Iterator
from math import fsum
from operator import attrgetter

from agents.domain.beds.bed_kinds import Pair
from agents.domain.beds.beds import Beds, LocationBeds, UnitBeds
from agents.domain.beds.columns import Part
from agents.domain.beds.counted import Counted
from agents.domain.figures.silence import with_silent
from streams.indicators import ALL
from streams.status import Indicator

FRESH_DAYS_WEEK = 7
"""A week of admissions may be that many days behind before it says nothing about now."""


def bed_figures(locations: list[LocationBeds], today: int, admissions_min: float) -> Iterator[Indicator]:
    """Yield every bed indicator of a region.

    Args:
        locations: what each location says.
        today: local day.
        admissions_min: notifications are held against at least this many admissions a day, so that a quiet day with
            few of both is no flood, and is known to be none.
    """
    for unit in ("ic", "ward"):
        units = [beds[unit] for beds in locations if unit in beds]
        if any(one.given_up is not one.told for one in units):
            yield from _with_silent(units, unit)
        else:
            told = [one.told for one in units]
            yield from _sums(told, unit)
            yield from _ratio(told, unit)
            yield from _rooms(told, told, unit)
        for label in sorted({label for one in units for label in (*one.admitted, *one.notified)}):
            admitted = [one.admitted[label] for one in units if label in one.admitted]
            notified = [one.notified[label] for one in units if label in one.notified]
            yield from _admissions(admitted, notified, unit, label, today, admissions_min)


def _with_silent(units: list[UnitBeds], unit: str) -> Iterator[Indicator]:
    told, missed = ([one.told for one in units], [one.missed for one in units])
    ended = [one for one in units if one.given_up is not one.missed]
    sums, ratio = list(_sums(missed, unit)), list(_ratio(missed, unit))
    rooms = list(_rooms(missed, missed, unit))
    sums_of_all, ratio_of_all, rooms_of_all, newest, fuller = sums, ratio, rooms, 0, 0
    if ended:
        every = [one.given_up for one in units]
        sums_of_all, ratio_of_all = list(_sums(every, unit)), list(_ratio(every, unit))
        rooms_of_all = list(_rooms(every, missed, unit))
        newest = max(one.given_up_at for one in ended)
        # Who was given up with more room than the others have made the ratio no worse.
        least = max((found.value or 0 for found in ratio), default=0)
        fuller = max((one.given_up_at for one in ended if _is_fuller(one.given_up, unit, least)), default=0)
    yield from with_silent(_sums(told, unit), sums, sums_of_all, newest)
    yield from with_silent(_ratio(told, unit), ratio, ratio_of_all, fuller)
    yield from with_silent(_rooms(told, missed, unit), rooms, rooms_of_all, newest)


def _is_fuller(beds: Beds, unit: str, than: float) -> bool:
    return any((own.value or 0) > than for own in _ratio([beds], unit))


def _sums(units: list[Beds], unit: str) -> Iterator[Indicator]:
    if any(beds.whole is not None for beds in units):
        yield from _occupied(units, unit)
    if any(beds.staffed is not None for beds in units):
        yield _staffed(units, unit)


def _occupied(units: list[Beds], unit: str) -> Iterator[Indicator]:
    for label in sorted({label for beds in units for label in beds.labels}):
        both = [beds.labels[label] for beds in units if label in beds.labels]
        yield _sum("beds_occupied", unit, label, [now for now, _ in both])
        yield _sum("beds_occupied_mean_7d", unit, label, [mean for _, mean in both])
    whole = [beds.whole for beds in units if beds.whole is not None]
    yield _sum("beds_occupied", unit, ALL, [now for now, _ in whole])
    yield _sum("beds_occupied_mean_7d", unit, ALL, [mean for _, mean in whole])


def _sum(name: str, unit: str, label: str, parts: list[Part]) -> Indicator:
    known = [part for part in parts if part[1]]
    labels = {"unit": unit, "label": label}
    if not known:
        return Indicator(name, labels, None, 0, 0.0, 0)
    values, moments, shares = zip(*known, strict=True)  # of thousands of locations: nothing is faster
    value = fsum(values)
    return Indicator(
        name,
        labels,
        round(value, 4) if name.endswith("_7d") else int(value),
        max(moments),
        round(fsum(shares) / len(parts), 4),
        len(known),
    )


def _staffed(units: list[Beds], unit: str) -> Indicator:
    staffed = [beds.staffed for beds in units if beds.staffed is not None]
    known = [part for part in staffed if part[1]]
    return Indicator(
        "beds_staffed",
        {"unit": unit},
        int(fsum([part[0] for part in known])) if known else None,
        max([part[1] for part in known], default=0),
        round(fsum([part[2] for part in staffed]) / len(staffed), 4),
        len(known),
    )


def _ratio(units: list[Beds], unit: str) -> Iterator[Indicator]:
    if all(beds.staffed is None for beds in units):
        return
    pairs = [beds.both for beds in units if beds.both is not None and beds.both.beds]
    capacity = fsum([pair.beds for pair in pairs])
    yield Indicator(
        "occupancy_ratio",
        {"unit": unit},
        round(fsum([pair.taken for pair in pairs]) / capacity, 6) if pairs else None,
        max([pair.observed for pair in pairs], default=0),
        _share(pairs, units),
        len(pairs),
    )


def _rooms(units: list[Beds], missed: list[Beds], unit: str) -> Iterator[Indicator]:
    """Yield the beds with staff that are empty, and those that patients without COVID leave.

    They rest on as many beds with staff as their `observations`.
    """
    if all(beds.staffed is None for view in (units, missed) for beds in view):
        return
    for name, pair_of in _ROOMS:
        pairs = [pair for beds in units if (pair := pair_of(beds)) is not None]
        expected = (
            pairs if missed is units else [pair for beds in missed if (pair := pair_of(beds)) is not None]
        )
        yield Indicator(
            name,
            {"unit": unit},
            int(fsum([pair.beds - pair.taken for pair in pairs])) if pairs else None,
            max([pair.observed for pair in pairs], default=0),
            _share(expected, missed),
            int(fsum([pair.beds for pair in pairs])),
        )


_ROOMS: tuple[tuple[str, Callable[[Beds], Pair | None]], ...] = (
    ("beds_free", attrgetter("both")),
    ("beds_for_covid", attrgetter("for_covid")),
)


def _share(pairs: list[Pair], units: list[Beds]) -> float:
    told = len([beds for beds in units if beds.whole is not None or beds.staffed is not None])
    return round(fsum([pair.share for pair in pairs]) / told, 4) if told else 0.0


def _admissions(
    admitted: list[Counted], notified: list[Counted], unit: str, label: str, today: int, admissions_min: float
) -> Iterator[Indicator]:
    labels = {"unit": unit, "label": label}
    total = known = 0
    if admitted:
        last = _newest_day(admitted, today)
        weeks = [one.week(last) for one in admitted] if last >= today - FRESH_DAYS_WEEK else []
        shares = [share for _, _, shares in weeks for share in shares]
        total, known = sum([total for total, _, _ in weeks]), len(shares)
        observed = max([observed for _, observed, _ in weeks], default=0)
        share = round(fsum(shares) / (7 * len(admitted)), 4)
        yield Indicator("admissions_7d", labels, total if known else None, observed, share, known)
    if notified:
        last = _newest_day(notified, today)
        told = [one.on(last) for one in notified] if last >= today - FRESH_DAYS_WEEK else []
        day = [part for part in told if part[1]]
        count = int(fsum([part[0] for part in day]))
        observed = max([part[1] for part in day], default=0)
        share = round(fsum([part[2] for part in day]) / len(notified), 4)
        yield Indicator("notified_day", labels, count if day else None, observed, share, len(day))
        if known or not day:
            ratio = round(count / max(total / 7, admissions_min), 4) if day else None
            yield Indicator("notified_per_admission", labels, ratio, observed, share, count)


def _newest_day(counted: list[Counted], today: int) -> int:
    """Return the newest day of which anybody told, today at the latest."""
    return min(max([one.newest for one in counted]), today)
