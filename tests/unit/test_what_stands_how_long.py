"""How long something stands for now is in the norms file, for a policy person to change."""

from datetime import timedelta
from importlib import resources

import pytest

from agents.pipeline import Pipeline
from alerts.norms import parse_norms
from streams.calendar import seconds
from streams.reports import Report, WebsiteChecked
from tests.support.reports import MONDAY, event, record, stock_row, workstock

TEXT = resources.files("alerts").joinpath("norms.toml").read_text("utf-8")


def missing_after(days: int, report: Report, indicator: str, **parameters: int) -> float | int | None:
    """A figure of R07 so many days after its only report, under other parameters."""
    text = TEXT
    for name, value in parameters.items():
        start = text.index(f'name = "{name.replace("_", "-")}"')
        before, after = text[:start], text[start:]
        line = next(line for line in after.splitlines() if line.startswith("value = "))
        text = before + after.replace(line, f"value = {value}", 1)
    pipeline = Pipeline(parse_norms(text))
    pipeline.receive(record(report))
    told = {}
    for day in (0, days):
        pipeline.tick(seconds(MONDAY + timedelta(days=day, hours=1)))
        for series in pipeline.judged.regions["R07"].known.values():
            told |= {
                key: found.value for by_key in [series.get(indicator, {})] for key, found in by_key.items()
            }
    (value,) = told.values()
    return value


@pytest.mark.parametrize(
    ("days", "parameters", "missing"),
    [
        (20, {}, 0),
        (21, {}, 1),
        (21, {"workstock_stands": 27}, 0),
        (28, {"workstock_stands": 27}, 1),
        (40, {"workstock_missed": 40}, 1),
        (41, {"workstock_missed": 40}, None),
        (371, {}, 1),
        (372, {}, None),
    ],
)
def test_a_werkvoorraad_stands_and_is_missed_as_long_as_the_parameters_say(days, parameters, missing):
    report = workstock(stock_row("U3", 20))
    assert missing_after(days, report, "workstock_locations_missing", **parameters) == missing


@pytest.mark.parametrize(
    ("days", "parameters", "without"),
    [(45, {}, 1), (46, {}, None), (46, {"website_stands": 60}, 1), (61, {"website_stands": 60}, None)],
)
def test_what_a_website_showed_stands_as_long_as_the_parameter_says(days, parameters, without):
    report = event(WebsiteChecked(publisher="zorgaanbieder"))
    assert missing_after(days, report, "websites_without", **parameters) == without
