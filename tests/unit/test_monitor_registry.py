"""The registry of the integral monitor: what the fact sheet asks is there, and mistakes are told in clear words."""

import re

import pytest

from dashboards.reports.registry import RegistryError, load_registry, parse_registry

OWN = """
version = "proef"
[[indicator]]
number = "11"
id = "eigen"
title = "Een eigen indicator"
source = "werkgroep, 2022"
scope = "both"
[[indicator.figure]]
name = "occupancy_ratio"
labels = { unit = "ic" }
"""


def test_every_indicator_of_the_fact_sheet_is_there_in_its_order():
    numbers = [int(re.match(r"\d+", each.number)[0]) for each in load_registry().indicator]
    assert sorted(set(numbers)) == list(range(1, 11))
    assert numbers == sorted(numbers)


def test_production_is_told_as_regular_and_catch_up_together():
    production = next(each for each in load_registry().indicator if each.number == "7")
    assert "Reguliere zorg en inhaalzorg samen" in production.note
    assert not [
        each.title
        for each in load_registry().indicator
        if "inhaal" in each.title.lower() and each.number == "7"
    ]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("occupancy_ratio", "bezetting", "indicator 11 (eigen), `name`: `bezetting` is unknown; one of absence_employees"),
        ('labels = { unit = "ic" }', "", "indicator 11 (eigen), `labels`: `occupancy_ratio` has unit; give each a value"),
        ('unit = "ic"', 'sector = "ic"', "indicator 11 (eigen), `labels`: `occupancy_ratio` has unit"),
        ('scope = "both"', 'scope = "iedereen"', "indicator 11, `scope`"),
        ('number = "11"', 'number = "elf"', "`number`"),
        ('version = "proef"', "version = ", "correct the TOML"),
        ("[[indicator.figure]]", "[[indicator.figuur]]", "indicator 11"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_indicator_and_field(before, after, said):
    assert before in OWN
    with pytest.raises(RegistryError, match=re.escape(said)):
        parse_registry(OWN.replace(before, after))


def test_numbers_and_ids_are_unique():
    twice = (
        OWN
        + OWN.partition("\n[[indicator]]")[1]
        + OWN.partition("[[indicator]]")[2].replace("eigen", "ander")
    )
    with pytest.raises(RegistryError, match="`number`: it must be unique; repeated: 11"):
        parse_registry(twice)


def test_a_country_has_no_median_of_medians():
    own = OWN.replace("occupancy_ratio", "wait_days_median").replace('"both"', '"country"')
    own = own.replace('{ unit = "ic" }', '{ access = "polikliniek", specialism = "all" }')
    with pytest.raises(RegistryError, match="has no figure for the country"):
        parse_registry(own)


def test_a_label_is_chosen_by_value_list_or_pattern_whatever_its_case():
    own = OWN.replace("occupancy_ratio", "treatment_wait_days_median").replace(
        '{ unit = "ic" }',
        '{ access = "klinisch", specialism = "*", treatment = ["*heup*", "staaroperatie"] }',
    )
    figure = parse_registry(own).indicator[0].figure[0]
    chosen = {"access": "klinisch", "specialism": "orthopedie"}
    assert figure.selects(chosen | {"treatment": "Totale heupprothese"})
    assert figure.selects(chosen | {"treatment": "Staaroperatie"})
    assert not figure.selects(chosen | {"treatment": "knieprothese"})
    assert not figure.selects(chosen | {"treatment": "heup", "access": "polikliniek"})
