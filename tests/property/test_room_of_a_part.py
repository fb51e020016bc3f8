"""Whatever part of a region's hospitals tells which half: nothing is called full, or not full, that is not so."""

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.domain.country.joins.beds import BEDS
from alerts.verdict import verdict_of
from streams.reports import BedReading
from streams.topics import OCCUPANCY
from tests.support.facts import AT, NORMS, joined
from tests.support.one_region import OneRegion
from tests.support.reports import MONDAY, beds

TOLD = st.sampled_from(["both", "both", "by label", "patients", "staffed", "covid only", "total only"])
HOSPITALS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 40), st.integers(0, 20), TOLD), min_size=1, max_size=12
)


def readings(covid: int, other: int, spare: int, told: str) -> list[BedReading]:
    """Of a hospital with so many patients and so many more beds than patients without COVID."""
    staffed = other + spare
    if told == "by label":
        return [
            BedReading(unit="ic", label="covid", occupied=covid, staffed=spare),
            BedReading(unit="ic", label="noncovid", occupied=other, staffed=other),
        ]
    if told == "total only":
        return [BedReading(unit="ic", label="total", occupied=covid + other, staffed=staffed)]
    return [
        BedReading(unit="ic", label="covid", occupied=None if told == "staffed" else covid),
        BedReading(
            unit="ic", label="noncovid", occupied=None if told in {"staffed", "covid only"} else other
        ),
        BedReading(unit="ic", label="total", staffed=None if told == "patients" else staffed),
    ]


@settings(max_examples=60)
@given(HOSPITALS, st.integers(0, 120), st.randoms())
def test_what_is_called_full_is_full_and_what_is_called_clear_fits(hospitals, expected: int, chance):
    reports = [
        beds(MONDAY, location=f"H{number}", readings=kept)
        for number, hospital in enumerate(hospitals)
        if (kept := [one for one in readings(*hospital) if (one.occupied, one.staffed) != (None, None)])
    ]
    said = []
    for _ in range(2):
        chance.shuffle(reports)
        region = OneRegion(OCCUPANCY)
        region.tell(*reports)
        region.tick(MONDAY)
        said.append(region.said)
    assert said[0] == said[1]
    room = {key: found for key, found in said[0].items() if found.name == "beds_for_covid"}
    told = {f"forecast_beds{{day={day},unit=ic}}": float(expected) for day in range(1, 8)}
    found = joined(BEDS, {"R07": told | room}).get("R07", {}).get("forecast_shortfall_beds{unit=ic}")
    norm = NORMS.by_id["forecast-over-capacity"]
    verdict = "insufficient" if found is None else verdict_of(norm, "R07", found, AT, NORMS)[0]
    whole = sum(spare for _, _, spare, _ in hospitals)
    tell_both = [told in {"both", "by label"} for *_, told in hospitals]
    if verdict == "clear":
        assert expected <= whole
    if all(tell_both):
        assert verdict == ("breach" if expected > whole else "clear")
    if sum(tell_both) < 0.9 * len(tell_both):
        assert verdict != "breach"
