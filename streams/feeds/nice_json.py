"""NICE's public JSON: new patients with COVID and patients present, in the country, by day (`stichting-nice.nl/covid-19/public`).

The files do not say what they are about, so the kind does: intensive care or ward (`zkh`), `new-intake` (two series: proven and
suspected) or `intake-count` (present now). `intake-cumulative` looks like `intake-count` and is everyone since the start: a series
that only rises is refused, because a total taken for a census is a full country that is not.
"""

from functools import partial
from itertools import pairwise
from typing import Any

from streams.feeds.cells import count, day
from streams.feeds.daily_beds import DailyBeds
from streams.feeds.feed import Feed, FeedError, Import, RowError, read_rows
from streams.feeds.json_lines import element_lines, json_in
from streams.recording import Record
from streams.regions import NL
from streams.reports import BedReading
from streams.reports.occupancy import BEDS, Unit

_DAYS_LATER = 2
"""NICE runs two to three days behind."""

_RISING_MIN = 60
"""So many days on which a census never falls are a total since the start: in the first wave it rose for forty days."""


def read(unit: Unit, *, intake: bool, data: bytes) -> Import:
    """Return the records in a file about one unit; raises `FeedError`."""
    values, lines, notes = _series(data, intake=intake)
    record = partial(_record, DailyBeds(_DAYS_LATER), unit, "admissions" if intake else "occupied")
    records, refused = read_rows(zip(lines, values, strict=True), record)
    return Import(tuple(records), len(values), len(records), tuple(refused), notes)


def _series(data: bytes, *, intake: bool) -> tuple[list[dict[str, Any]], list[int], tuple[str, ...]]:
    """Return the series that is read, the line of each element, and what is left out."""
    text, content = json_in(data, "save NICE's answer as it came")
    if not intake:
        if not _is_series(content):
            raise FeedError("expected one list of {date, value}, as `intake-count` gives")
        _refuse_a_total(content)
        return content, element_lines(text), ()
    if not isinstance(content, list) or len(content) != 2 or not all(map(_is_series, content)):
        raise FeedError("expected two lists of {date, value}, proven and suspected, as `new-intake` gives")
    proven, suspected = content
    note = f"{len(suspected)} days of suspected patients are left out: only proven ones are COVID"
    return proven, element_lines(text, 2)[: len(proven)], (note,)


def _is_series(content: Any) -> bool:
    return isinstance(content, list) and all(
        isinstance(one, dict) and {"date", "value"} <= one.keys() for one in content
    )


def _refuse_a_total(content: list[dict[str, Any]]) -> None:
    told = [(str(one["date"]), one["value"]) for one in content if type(one["value"]) in (int, float)]
    numbers = [number for _, number in sorted(told)]
    fell = any(after < before for before, after in pairwise(numbers))
    if len(numbers) >= _RISING_MIN and not fell and numbers[-1] > numbers[0]:
        raise FeedError(
            "the figures never fall: this is `intake-cumulative`, everyone since the start; use `intake-count`"
        )


def _record(beds: DailyBeds, unit: Unit, field: str, value: dict[str, Any]) -> Record:
    on = day(str(value["date"]), "date")
    number = value["value"]
    if isinstance(number, bool | list | dict):
        raise RowError(f"value is `{str(number)[:40]}`, expected a whole number or null")
    figure = None if number is None else count(str(number), "value", BEDS[unit][field][1])
    if figure is None:
        raise RowError("no figure in this row")
    source = f"nice-{'ic' if unit == 'ic' else 'zkh'}"
    readings = [BedReading(unit=unit, label="covid", **{field: figure})]
    return beds.record(source, NL, NL, on, readings, about=field)


def _feed(place: str, unit: Unit, title: str) -> tuple[Feed, Feed]:
    return tuple(  # type: ignore[return-value]
        Feed(f"nice-{place}-{name}", f"{title}: {what}", 21_600, partial(_reader, unit, intake))
        for name, what, intake in (
            ("new-intake", "nieuwe patiënten", True),
            ("intake-count", "aanwezig", False),
        )
    )


def _reader(unit: Unit, intake: bool, data: bytes) -> Import:
    return read(unit, intake=intake, data=data)


NICE_JSON = (
    *_feed("ic", "ic", "NICE intensive care (JSON)"),
    *_feed("zkh", "ward", "NICE verpleegafdeling (JSON)"),
)
"""Four feeds: intensive care and ward, new and present."""
