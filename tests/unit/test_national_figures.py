"""How figures of the regions become the country's: weighed by what they rest on, or added to what it told itself."""

from agents.domain.country.nation import NationState, nation
from streams.indicators import indicator_key
from streams.regions import NL
from streams.status import Indicator
from streams.topics import ABSENCE, COORDINATION, OPERATING_ROOMS, PRODUCTION, WORKSTOCK

AT = 1_637_000_000


def country(topic, *told, state=None):
    """The country's figures by key after regions told (region, name, labels, value, observations)."""
    changes = [
        (region, [Indicator(name, labels, value, AT, 1.0, weight)])
        for region, name, labels, value, weight in told
    ]
    entry = nation(state or NationState(), topic, AT, changes)
    return {indicator_key(one.name, one.labels): one for one in entry.indicators}


def test_rates_of_absence_are_weighed_by_employees():
    labels = {"sector": "vvt"}
    found = country(
        ABSENCE, ("R01", "absence_rate", labels, 8.0, 900), ("R02", "absence_rate", labels, 4.0, 100)
    )
    assert found["absence_rate{sector=vvt}"].value == 7.6
    assert found["absence_rate{sector=vvt}"].observations == 1000


def test_a_reduction_of_rooms_is_weighed_by_the_usual_rooms():
    found = country(
        OPERATING_ROOMS,
        ("R01", "or_reduction_ratio", {}, 0.5, 10),
        ("R02", "or_reduction_ratio", {}, 0.1, 30),
    )
    assert found["or_reduction_ratio"].value == 0.2


def test_production_is_weighed_by_the_reference_and_what_was_missed_is_added_up():
    labels = {"kind": "operatie", "provider": "all"}
    found = country(
        PRODUCTION,
        ("R01", "production_ratio", labels, 0.5, 100),
        ("R02", "production_ratio", labels, 1.0, 300),
        ("R01", "operations_missed", {}, 50, 1),
        ("R02", "operations_missed", {}, -20, 1),
    )
    assert found["production_ratio{kind=operatie,provider=all}"].value == 0.875
    assert found["operations_missed"].value == 30


def test_a_region_with_nobody_to_inform_weighs_nothing():
    found = country(
        WORKSTOCK,
        ("R01", "workstock_over_treeknorm", {}, 2, 1),
        ("R02", "workstock_over_treeknorm", {}, 0, 1),
        ("R01", "workstock_informed_ratio", {}, 0.5, 2),
        ("R02", "workstock_informed_ratio", {}, 1.0, 1),
    )
    assert found["workstock_informed_ratio"].value == 0.5


def test_where_there_is_nobody_to_inform_at_all_everyone_is_informed():
    found = country(
        WORKSTOCK,
        ("R02", "workstock_over_treeknorm", {}, 0, 1),
        ("R02", "workstock_informed_ratio", {}, 1.0, 1),
    )
    assert found["workstock_informed_ratio"].value == 1.0


def test_what_the_country_told_itself_is_added_to_notices_and_is_the_phase():
    found = country(
        COORDINATION,
        ("R01", "notices_skipping", {}, 2, 1),
        (NL, "notices_skipping", {}, 1, 1),
        ("R01", "phase", {}, 3, 1),
        (NL, "phase", {}, 2, 1),
    )
    assert found["notices_skipping"].value == 3
    assert found["phase"].value == 2
