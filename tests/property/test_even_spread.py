"""An even spread alarms nobody: patients by inhabitants, however the two shared safety regions lie over their networks."""

from datetime import timedelta
from math import prod

from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.scenarios.course import apportion
from deploy.scenarios.inhabitants import INHABITANTS, SHARED
from streams.regions import ROAZ_IDS
from streams.reports import BedReading
from tests.support.reports import beds, waits
from tests.support.told_twice import BEGIN, play

DAYS = 6
PART_LEAST = 0.1
"""A network that a safety region is said to lie in has at least a tenth of it."""


@st.composite
def _parts(draw) -> dict[str, float]:
    """Draw which part of a shared safety region lies in each of its networks, added up over both."""
    found = {}
    for _, networks in SHARED.values():
        drawn = [draw(st.integers(0, 100)) for _ in networks]
        left, whole = 1 - PART_LEAST * len(networks), sum(drawn) or len(networks)
        own = [PART_LEAST + left * (one if sum(drawn) else 1) / whole for one in drawn]
        found |= dict(zip(networks, own, strict=True))
    return found


def _people(parts: dict[str, float]) -> dict[str, float]:
    """Inhabitants by network, where the shared ones are divided like that."""
    found = {name: float(count) for name, count in INHABITANTS.items()}
    for count, networks in SHARED.values():
        for name in networks:
            found[name] += (parts[name] - 1 / len(networks)) * count
    return found


_WALKS = st.lists(st.floats(0.7, 1.4), min_size=DAYS, max_size=DAYS)


@settings(max_examples=25, deadline=None)
@given(_parts(), st.integers(20, 2_500), _WALKS, st.lists(st.integers(1, 3), min_size=11, max_size=11))
def test_an_even_spread_alarms_nobody(parts, patients, walk, hospitals):
    people = _people(parts)
    shares = tuple(people.values())

    def told(day: int):
        now = min(2_500.0, patients * prod(walk[: day + 1]))
        at = BEGIN + timedelta(days=day)
        for unit, many in (("ic", round(now)), ("ward", round(3 * now))):
            of_region = apportion(many, shares)
            for region, own, number in zip(people, of_region, hospitals, strict=True):
                for place, covid in enumerate(apportion(own, (1.0,) * number)):
                    readings = [
                        BedReading(unit=unit, label="covid", occupied=covid),
                        BedReading(unit=unit, label="noncovid", occupied=20),
                        BedReading(unit=unit, label="total", staffed=covid + 60),
                    ]
                    yield beds(at, readings=readings, region=region, location=f"{region} {unit} {place}")

    found = play(told, DAYS)
    assert not [one for one in found.transitions if one.norm.startswith("fair-share")]
    told_of = [
        {key: verdict for key, verdict in every.items() if key[1].startswith("fair-share")}
        for every in found.verdicts
    ]
    assert {len(every) for every in told_of} == {4 * len(ROAZ_IDS)}, (
        "each of four norms looks at each network"
    )
    assert {verdict for every in told_of for verdict in every.values()} == {"clear"}


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 120), st.lists(st.integers(1, 4), min_size=11, max_size=11))
def test_waits_that_are_the_same_everywhere_are_unequal_nowhere(wait, hospitals):
    def told(day: int):
        at = BEGIN + timedelta(days=day)
        if at.weekday() == 1 and at.isocalendar().week % 2 == 0:
            for region, number in zip(ROAZ_IDS, hospitals, strict=True):
                for place in range(number):
                    yield waits([wait], at, "klinisch", region=region, location=f"{region} {place}")

    found = play(told, 11)
    ratios = {
        key: one.value
        for every in found.figures
        for (_, key), one in every.items()
        if key.startswith("unequal_access")
    }
    assert set(ratios.values()) == {1}
    assert not [one for one in found.transitions if one.norm.startswith("unequal")]
