"""Places: every municipality has a network, split safety regions are marked as assumptions."""

import csv
from importlib import resources

import pytest

from streams.places import place_of_municipality_code, place_of_name, region_of_area
from streams.regions import ROAZ_IDS, SPLIT_SAFETY_REGIONS


def rows() -> list[dict[str, str]]:
    text = resources.files("streams").joinpath("places.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def test_every_row_of_the_file_ends_in_a_network():
    for row in rows():
        placed = place_of_name(row["place"])
        assert placed is not None, row
        assert placed.region in ROAZ_IDS, row
        assert placed.municipality_code == row["municipality_code"], row


def test_no_two_rows_name_the_same_place():
    names = [row["place"].casefold() for row in rows()]
    assert len(names) == len(set(names))


def test_exactly_the_municipalities_of_split_safety_regions_are_assumed():
    for row in rows():
        assert bool(row["assumed_network"]) == (row["safety_region"] in SPLIT_SAFETY_REGIONS), row
        if row["assumed_network"]:
            assert row["assumed_network"] in SPLIT_SAFETY_REGIONS[row["safety_region"]], row


def test_there_are_342_municipalities_in_25_safety_regions():
    municipalities = [row for row in rows() if row["kind"] == "municipality"]
    assert len(municipalities) == 342
    assert len({row["municipality_code"] for row in municipalities}) == 342
    assert len({row["safety_region"] for row in municipalities}) == 25


def test_a_village_lies_in_the_network_of_its_municipality():
    codes = {row["municipality_code"]: row for row in rows() if row["kind"] == "municipality"}
    for row in rows():
        assert row["safety_region"] == codes[row["municipality_code"]]["safety_region"], row
        assert row["assumed_network"] == codes[row["municipality_code"]]["assumed_network"], row


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("'S-GRAVENHAGE           ", "R08"),
        ("\N{RIGHT SINGLE QUOTATION MARK}s-Hertogenbosch", "R06"),
        ("Den  Haag", "R08"),
        ("SUDWEST-FRYSLAN", "R01"),
        ("Warnsveld", "R02"),
        ("Zierikzee", "R07"),
        ("Velp", "R04"),
        ("Rijswijk", "R08"),
        ("Hoorn (NH)", "R10"),
        ("Winterswijk", "R03"),
        ("Doetinchem", "R04"),
        ("Amstelveen", "R10"),
    ],
)
def test_names_are_found_whatever_case_accents_and_padding(name: str, region: str):
    placed = place_of_name(name)
    assert placed is not None
    assert placed.region == region


def test_an_unknown_place_or_code_is_none():
    assert place_of_name("Atlantis") is None
    assert place_of_municipality_code("GM9999") is None


def test_figures_of_a_split_area_go_to_the_country_even_where_a_network_is_assumed():
    assert region_of_area("GM0363") == "NL"
    assert region_of_area("VR06") == "NL"
    assert region_of_area("VR24") == "R05"
    assert region_of_area("NL") == "NL"
    with pytest.raises(KeyError):
        region_of_area("VR99")
