"""How long something stands for now is in the norms file, for a policy person to change."""

from datetime import timedelta
from importlib import resources

import pytest

from agents.pipeline import Pipeline
from alerts.norms import parse_norms
from streams.calendar import seconds
from streams.evidence import Silence
from streams.reports import Notice, Report, WebsiteChecked
from streams.status import Indicator
from tests.support.reports import (
    MONDAY,
    absence,
    event,
    production,
    record,
    referrals,
    stock_row,
    waits,
    workstock,
)

TEXT = resources.files("alerts").joinpath("norms.toml").read_text("utf-8")


def missing_after(days: int, report: Report, indicator: str, **parameters: int) -> float | int | None:
    """A figure of R07 so many days after its only report, under other parameters."""
    return figure_after(days, report, indicator, **parameters).value


def silence_after(days: int, report: Report, indicator: str, **parameters: int) -> Silence:
    """What it would be with those who fell silent."""
    found = figure_after(days, report, indicator, **parameters).silence
    assert found is not None
    return found


def figure_after(days: int, report: Report, indicator: str, **parameters: int) -> Indicator:
    text = TEXT
    for name, value in parameters.items():
        start = text.index(f'name = "{name.replace("_", "-")}"')
        before, after = text[:start], text[start:]
        line = next(line for line in after.splitlines() if line.startswith("value = "))
        text = before + after.replace(line, f"value = {value}", 1)
    pipeline = Pipeline(parse_norms(text))
    selected = indicator if "{" in indicator else ""
    indicator = indicator.partition("{")[0]
    pipeline.receive(record(report))
    told = {}
    for day in (0, days):
        pipeline.tick(seconds(MONDAY + timedelta(days=day, hours=1)))
        for series in pipeline.judged.regions["R07"].known.values():
            told |= {
                key: found
                for by_key in [series.get(indicator, {})]
                for key, found in by_key.items()
                if selected in ("", key)
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
        (40, {"workstock_owed": 40}, 1),
        (41, {"workstock_owed": 40}, None),
        (371, {}, 1),
        (372, {}, None),
    ],
)
def test_a_werkvoorraad_stands_and_is_owed_as_long_as_the_parameters_say(days, parameters, missing):
    report = workstock(stock_row("U3", 20))
    assert missing_after(days, report, "workstock_locations_missing", **parameters) == missing


@pytest.mark.parametrize(
    ("days", "parameters", "missed"),
    [
        (21, {}, 7),
        (90, {}, 7),
        (91, {}, None),
        (91, {"workstock_missed": 91}, 7),
        (50, {"workstock_missed": 49}, None),
    ],
)
def test_a_location_is_missed_in_the_werkvoorraad_for_less_long_than_it_owes_its_own(
    days, parameters, missed
):
    report = workstock(stock_row("U3", 20, overdue=7))
    found = silence_after(days, report, "workstock_overdue{ic=all,urgency=U3}", **parameters)
    assert (found.missed, found.given_up) == (missed, 7)
    assert missing_after(days, report, "workstock_locations_missing", **parameters) == 1


@pytest.mark.parametrize(
    ("days", "parameters", "without"),
    [(45, {}, 1), (46, {}, None), (46, {"website_stands": 60}, 1), (61, {"website_stands": 60}, None)],
)
def test_what_a_website_showed_stands_as_long_as_the_parameter_says(days, parameters, without):
    report = event(WebsiteChecked(publisher="zorgaanbieder"))
    assert missing_after(days, report, "websites_without", **parameters) == without


@pytest.mark.parametrize(
    ("days", "parameters", "longest"),
    [(45, {}, 60), (46, {}, None), (46, {"waits_stand": 60}, 60), (61, {"waits_stand": 60}, None)],
)
def test_a_wait_stands_as_long_as_the_parameter_says(days, parameters, longest):
    indicator = "wait_days_max{access=polikliniek,specialism=all}"
    assert missing_after(days, waits([60]), indicator, **parameters) == longest


@pytest.mark.parametrize(
    ("days", "parameters", "missing"), [(90, {}, 1), (91, {}, None), (50, {"waits_missed": 49}, None)]
)
def test_a_location_owes_its_waits_as_long_as_the_parameter_says(days, parameters, missing):
    assert missing_after(days, waits([10]), "supply_missing_locations", **parameters) == missing


@pytest.mark.parametrize(
    ("days", "parameters", "rate"),
    [(20, {}, 0.07), (21, {}, None), (21, {"absence_stands": 27}, 0.07), (28, {"absence_stands": 27}, None)],
)
def test_absence_stands_as_long_as_the_parameter_says(days, parameters, rate):
    indicator = "absence_rate{sector=all}"
    assert missing_after(days, absence(0.07), indicator, **parameters) == rate


@pytest.mark.parametrize(
    ("days", "parameters", "missed"),
    [(90, {}, 7.0), (91, {}, None), (91, {"absence_missed": 91}, 7.0), (50, {"absence_missed": 49}, None)],
)
def test_a_location_is_missed_for_its_absence_as_long_as_the_parameter_says(days, parameters, missed):
    found = silence_after(days, absence(7.0), "absence_rate{sector=all}", **parameters)
    assert (found.missed, found.given_up) == (missed, 7.0)


@pytest.mark.parametrize(
    ("report", "indicator", "name"),
    [
        (production(), "production_ratio{kind=operatie,provider=all}", "production_missed"),
        (referrals(80, 100), "referrals_ratio{specialism=all,target=all}", "referrals_missed"),
    ],
)
@pytest.mark.parametrize(("days", "other", "stands"), [(28, 35, 1), (29, 35, 0), (29, 36, 1), (44, 50, 0)])
def test_production_and_referrals_stand_as_long_as_the_parameter_says(
    report, indicator, name, days, other, stands
):
    # The week before the report began seven days before it.
    told = missing_after(days, report, indicator, **{name: other})
    assert told == (0.8 if stands else None)


@pytest.mark.parametrize(
    ("days", "parameters", "count"),
    [(29, {}, 1), (30, {}, 0), (30, {"notices_counted": 31}, 1), (7, {"notices_counted": 7}, 0)],
)
def test_a_misdirected_notice_counts_as_long_as_the_parameter_says(days, parameters, count):
    report = event(Notice(sender="zorgaanbieder", receiver="nza", subject="wachttijd", norm="u3-overdue"))
    assert missing_after(days, report, "notices_misdirected", **parameters) == count
