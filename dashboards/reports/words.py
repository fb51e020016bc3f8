"""How figures, moments and labels are written for Dutch readers; the words themselves stand with the live page."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any

from streams.calendar import AMSTERDAM
from streams.indicators import ALL
from streams.reports import REPORT_TYPES

MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
UNKNOWN = "onbekend"
_TIMES = ("feed_received_at", "notified_per_admission", "unequal_access_ratio")
"""Ratios that read as `1,4 keer`, not as a percentage."""


@cache
def texts() -> Mapping[str, Any]:
    """Return the Dutch texts of the live page."""
    page = resources.files("dashboards.board").joinpath("static", "nl.json").read_text("utf-8")
    words: dict[str, Any] = json.loads(page)
    return words


def count(value: float) -> str:
    """Return a number with Dutch separators, at most one decimal: `12.345,6`."""
    rounded = round(value + 0.0, 1)
    shown = f"{rounded:,.0f}" if float(rounded).is_integer() else f"{rounded:,.1f}"
    return shown.replace(",", " ").replace(".", ",").replace(" ", ".").replace("-", "\u2212")


def amount(value: float | None, unit: str, name: str = "") -> str:
    """Return a value with its unit: `96,2 %`, `63 dagen`, `fase 2D`; `onbekend` where there is none."""
    if value is None:
        return UNKNOWN
    if name in _TIMES and unit == "ratio":
        return f"{count(value)}\u00a0keer"
    if unit == "ratio":
        return f"{count(100 * value)}\u00a0%"
    if unit == "phase":
        return str(texts()["phases"].get(str(int(value)), count(value)))
    if unit == "s":
        return moment(datetime.fromtimestamp(value, AMSTERDAM))
    shown = count(value)
    plural = texts()["units"].get(unit, unit)
    return f"{shown}\u00a0{texts()['unit_of_one'].get(unit, plural) if shown == '1' else plural}".strip()


def label(value: str) -> str:
    """Return the word for the value of a label."""
    return str(texts()["labels"].get(value, value))


def topic(name: str) -> str:
    """Return the word for a report topic."""
    return REPORT_TYPES[name].declared.called


def labels(values: Mapping[str, str]) -> str:
    """Return the words for the values of labels, without those that mean the total."""
    return ", ".join(label(value) for _, value in sorted(values.items()) if value not in {ALL, ""})


def moment(at: datetime | str) -> str:
    """Return a moment in the time of Amsterdam: `22 november 2021, 13:00`."""
    local = (datetime.fromisoformat(at) if isinstance(at, str) else at).astimezone(AMSTERDAM)
    return f"{day(local.date())}, {local:%H:%M}"


def compact(at: str) -> str:
    """Return a moment for a narrow column, in the time of Amsterdam: `22 nov 2021 13:00`."""
    local = datetime.fromisoformat(at).astimezone(AMSTERDAM)
    return f"{short_date(local.date())} {local:%Y %H:%M}"


def day(on: date) -> str:
    """Return a date: `22 november 2021`."""
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def short_date(on: date) -> str:
    """Return a day without its year: `22 nov`."""
    return f"{on.day} {MONTHS[on.month - 1][:3].replace('maa', 'mrt')}"


def short_moment(at: str) -> str:
    """Return a moment without its year, in the time of Amsterdam: `22 nov 13:00`."""
    local = datetime.fromisoformat(at).astimezone(AMSTERDAM)
    return f"{short_date(local.date())} {local:%H:%M}"


def share(value: float) -> str:
    """Return a completeness, rounded down so that only what is whole is called whole: `99 %`."""
    return f"{int(100 * value)}\u00a0%"
