"""The forecast of LCPS against the beds: whether it is there, whether it fits, and whether it came true.

LCPS tells each network what to expect in the coming seven days, and the network must be able to take that in
(supplement of 18-11-2021). Room is what the network plans for COVID patients on a day or, where it does not say, its
beds with staff that patients without COVID leave today, of the hospitals that tell both. The forecast is about the
patients of all of them: what fits into the room of some fits, but what does not is no proof that the region is full,
unless nearly all of them tell (parameter `room-completeness`, docs/adr/0016).
"""

from collections.abc import Iterator

from agents.domain.country.joins.bed_facts import COVID, ROOM_FOR_COVID, UNITS, forecast
from agents.domain.country.joins.facts import Facts, newest, share_of_least
from streams.regions import NL
from streams.reports.forecast import HORIZON_DAYS
from streams.status import Indicator

NO_OVERFLOW = HORIZON_DAYS + 1
"""Day of overflow when none of the coming days overflows; a null would leave a breach open for ever."""

_AGE = "forecast_age_hours"


def days_covered(facts: Facts, region: str) -> Iterator[Indicator]:
    """Yield for how many days there is a forecast that is not too old; 0 without any, once a phase is known."""
    age, phase = facts.figure(region, _AGE), facts.phase(region)
    if region == NL or (age is None and phase is None):
        return
    fresh = age is not None and (age.value or 0) <= facts.norms.parameter("forecast-fresh")
    for unit in UNITS:
        ahead = facts.figure(region, f"forecast_days_ahead{{unit={unit}}}")
        days = int(ahead.value or 0) if fresh and ahead is not None else 0
        observed = newest(ahead, age) or (phase.since if phase else 0)
        yield Indicator("forecast_days_covered", {"unit": unit}, days, observed)


def against_room(facts: Facts, region: str) -> Iterator[Indicator]:
    """Yield per unit whether what is expected fits: the largest shortfall, and the first day on which there is one."""
    if region != NL:
        for unit in UNITS:
            yield from _room(facts, region, unit)


def _room(facts: Facts, region: str, unit: str) -> Iterator[Indicator]:
    left = facts.figure(region, ROOM_FOR_COVID[unit])
    short: dict[int, float] = {}
    told: list[Indicator] = []
    for day in range(1, HORIZON_DAYS + 1):
        expected = facts.figure(region, forecast("forecast_beds", day, unit))
        room = facts.figure(region, forecast("forecast_planned_beds", day, unit)) or left
        if expected is None or expected.value is None or room is None or room.value is None:
            continue
        missing = expected.value - room.value
        if missing <= 0:
            told.append(expected)
        elif room is not left or is_of_enough(facts, room):
            told += (expected, room)
        else:
            continue  # the other hospitals may have that room
        short[day] = missing
    if not short:
        return
    labels = {"unit": unit}
    observed, share = newest(*told), round(share_of_least(*told) * len(short) / HORIZON_DAYS, 4)
    yield Indicator("forecast_shortfall_beds", labels, max(0, *short.values()), observed, share)
    overflow = min((day for day, beds in short.items() if beds > 0), default=NO_OVERFLOW)
    yield Indicator("forecast_overflow_day", labels, overflow, observed, share)


def is_of_enough(facts: Facts, room: Indicator) -> bool:
    """Return whether the hospitals that a room is known of are enough to hold it against patients of all of them."""
    return room.completeness >= facts.norms.parameter("room-completeness")


def error_of_today(facts: Facts, region: str) -> Iterator[Indicator]:
    """Yield per unit whether what was expected for today came true."""
    if region != NL:
        for unit in UNITS:
            yield from _error(facts, region, unit)


def _error(facts: Facts, region: str, unit: str) -> Iterator[Indicator]:
    """Yield how far the beds of today are off what was expected for today; nobody expected counts as one bed."""
    expected = facts.figure(region, f"forecast_expected_today{{unit={unit}}}")
    actual = facts.figure(region, COVID[unit])
    if expected is None or actual is None or expected.value is None or actual.value is None:
        return
    error = round((actual.value - expected.value) / max(1, expected.value), 6)
    observed, share = newest(expected, actual), share_of_least(expected, actual)
    yield Indicator(
        "forecast_error_ratio",
        {"unit": unit},
        error,
        observed,
        share,
        actual.observations,
        weight=int(expected.value),
    )
