"""Our own projection of the beds of the coming seven days, with its 80 % band, and how full they make a region or the country.

It follows from the course of the beds alone (`agents.domain.projection`) and is no forecast of LCPS. A course is written
down and projected every six hours of the day, each day as it was known then; in between nothing changes. Where locations
fell silent the course goes on with what they reported last; what is known without them shifts the whole projection.

Days count from today. They are held against the beds with staff known today: those that are reported, once nearly all
locations report beds and patients (parameter `room-completeness`), else those of the register of capacity. An
announcement lowers no ratio until beds are counted.
"""

from collections.abc import Iterator
from dataclasses import replace
from math import fsum, isfinite

from agents.domain.country.joins.bed_facts import COVID, FREE, OCCUPIED, STAFFED, UNITS
from agents.domain.country.joins.facts import Facts, newest, share_of_least
from agents.domain.country.joins.forecasts import is_of_enough
from agents.domain.projection.band import quantile
from agents.domain.projection.course import Course
from agents.domain.projection.expected import HORIZON
from streams.calendar import local_day
from streams.projected import EDGES, QUANTILES, WINDOWS
from streams.regions import NL, REGIONS, ROAZ_IDS, UNPLACED
from streams.status import Indicator

READS = frozenset({"beds_occupied", "beds_staffed", "beds_free"})

_DAYS = 7
"""Days ahead of today."""

_LAG_MAX = HORIZON - _DAYS
"""Days that the newest day of a course may lie back; what is older does not say where the beds are now."""


def write_down(courses: dict[str, Course], facts: Facts) -> None:
    """Take what is known of the beds into the courses, by region and unit."""
    facts = replace(facts, view="carried")
    today = local_day(facts.at)
    for region in REGIONS:
        for unit in UNITS:
            covid, all_ = _figure(facts, region, COVID[unit]), _figure(facts, region, OCCUPIED[unit])
            if covid is not None and all_ is not None:
                # Where nobody else was counted, it is not known that nobody else is there.
                other = int(all_.value or 0) - int(covid.value or 0)
                course = courses.setdefault(f"{region}/{unit}", Course())
                course.forget_after(today)
                course.put(min(today, local_day(covid.observed_at)), int(covid.value or 0), other or None)


def projections(facts: Facts) -> Iterator[tuple[str, Indicator]]:
    """Yield the beds that are expected in each region and the country, and how full these make it."""
    for region in REGIONS:
        for unit in UNITS:
            course = facts.courses.get(f"{region}/{unit}")
            if course is None or not course.covid:
                continue
            lag = local_day(facts.at) - max(course.covid)
            if 0 <= lag <= _LAG_MAX:
                for found in _of_unit(facts, region, unit, course, lag):
                    yield region, found


def _of_unit(facts: Facts, region: str, unit: str, course: Course, lag: int) -> Iterator[Indicator]:
    bands = course.project()
    told = {"covid": _figure(facts, region, COVID[unit]), "all": _figure(facts, region, OCCUPIED[unit])}
    covid, all_ = told["covid"], told["all"]
    if covid is None or all_ is None or not bands:
        return
    last = course.last
    shift = {"covid": (covid.value or 0) - last["covid"], "all": (all_.value or 0) - last["all"]}
    shift["other"] = shift["all"] - shift["covid"]
    observed, share = newest(covid, all_), share_of_least(covid, all_)
    middles: dict[tuple[str, int], tuple[float, float]] = {}
    for label, band in bands.items():
        for day in range(1, _DAYS + 1):
            middle, half = band.middle[day + lag - 1] + shift[label], band.half[day + lag - 1]
            middles[label, day] = middle, half
            for percent in EDGES:
                labels = {"day": str(day), "label": label, "quantile": str(percent), "unit": unit}
                beds = quantile(middle, half, percent)
                yield Indicator(
                    "projected_beds", labels, round(beds) if isfinite(beds) else beds, observed, share
                )
    capacity = _capacity(facts, region, unit)
    if capacity is None or not capacity.value:
        return
    yield capacity
    for window, days in WINDOWS.items():
        for percent in QUANTILES if "all" in bands else ():
            within = [middles["all", day] for day in days]
            beds = max(quantile(middle, half, percent) for middle, half in within)
            yield Indicator(
                "projected_occupancy_ratio",
                {"days": window, "quantile": str(percent), "unit": unit},
                round(beds / capacity.value, 4),
                observed,
                min(share, capacity.completeness),
            )


def _capacity(facts: Facts, region: str, unit: str) -> Indicator | None:
    """Return the beds with staff known today."""
    staffed, room = _figure(facts, region, STAFFED[unit]), _figure(facts, region, FREE[unit])
    if staffed is not None and room is not None and is_of_enough(facts, room):
        return Indicator(
            "capacity_known_beds", {"unit": unit}, staffed.value, staffed.observed_at, staffed.completeness
        )
    record = facts.norms.capacity_known(region, unit, local_day(facts.at))
    if record is None:
        return None
    return Indicator("capacity_known_beds", {"unit": unit}, record.beds, record.known_at)


def _figure(facts: Facts, region: str, key: str) -> Indicator | None:
    """Return a figure; the country's is the one stated for it, else the sum of its parts, as complete as its networks."""
    stated = facts.figure(region, key)
    if region != NL or stated is not None:
        return stated
    told = {part: found for part in (*ROAZ_IDS, UNPLACED) if (found := facts.figure(part, key)) is not None}
    if not told:
        return None
    some = next(iter(told.values()))
    value = sum(found.value or 0 for found in told.values())
    share = fsum(found.completeness for part, found in told.items() if part != UNPLACED) / len(ROAZ_IDS)
    return Indicator(some.name, some.labels, value, newest(*told.values()), round(share, 4))
