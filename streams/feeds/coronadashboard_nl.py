"""Coronadashboard JSON (`NL.json`, `VRnn.json`, `GMnnnn.json`): beds of LCPS, admissions of NICE.

A row is one element of `values` in one of four blocks (also in their archived form). Elements stand in
any order; a missing day has no element; null is unknown. Averages and shares are not read: they are
computed here, from the same figures. LCPS' influx is about the same patients as NICE's admissions: it is
read only where the file has no NICE block for that unit, so that nobody is counted twice.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from streams.feeds.cells import count, likely_day
from streams.feeds.daily_beds import DailyBeds
from streams.feeds.feed import Feed, FeedError, Import, Refused, RowError, read_rows
from streams.feeds.json_lines import json_in, value_lines
from streams.places import region_of_area
from streams.recording import Record
from streams.reports import BedReading

_DAYS_LATER = 1
"""The dashboard is refreshed at about 15:15 local time; its newest figures are about the day before."""

_BLOCK = re.compile(r"(hospital|intensive_care)_(lcps|nice)(_archived_[0-9]{8})?")
_UNITS = {"hospital": "ward", "intensive_care": "ic"}
_INFLUX = "influx_covid_patients"
_FIELDS: Mapping[str, Mapping[str, str]] = {
    "lcps": {"beds_occupied_covid": "occupied", _INFLUX: "admissions"},
    "nice": {
        "admissions_on_date_of_admission": "admissions",
        "admissions_on_date_of_reporting": "notified",
    },
}
_DAY_SECONDS = 86_400
_INSERTED = "date_of_insertion_unix"
_LATEST = 4_102_444_800
"""The year 2100."""


@dataclass(frozen=True, slots=True)
class _Block:
    """A block of the file: its values with their lines, what is read of them, and where they belong."""

    name: str
    unit: str
    source: str
    fields: Mapping[str, str]
    values: list[Any]
    lines: list[int]
    location: str
    region: str


def read(data: bytes) -> Import:
    """Return the records in a dashboard file; raises `FeedError`."""
    content, lines = _content(data)
    code = content.get("code")
    try:
        region = region_of_area(str(code))
    except KeyError:
        raise FeedError(f"`code` is {code!r}, expected NL, a VRnn or a GMnnnn code") from None
    # An archived block is an older statement: read first, so that the current one corrects it. What else stands twice about a
    # day is read in the order in which it was inserted.
    names = sorted((name for name in content if _BLOCK.fullmatch(name)), key=_archived_first)
    blocks = [_block(name, content, lines.get(name, []), str(code), region) for name in names]
    if not blocks:
        raise FeedError("no block hospital_lcps, intensive_care_lcps, hospital_nice or intensive_care_nice")
    beds = DailyBeds(_DAYS_LATER)
    records: list[Record] = []
    refused: list[Refused] = []
    stated: dict[tuple[str, date], datetime] = {}
    for block in blocks:
        rows = sorted(zip(block.lines, block.values, strict=True), key=_inserted)
        found, left = read_rows(rows, partial(_record, beds, block, stated))
        records += found
        refused += [Refused(one.line, f"{block.name}: {one.reason}") for one in left]
    total = sum(len(block.values) for block in blocks)
    return Import(
        tuple(records), total, len(records), tuple(sorted(refused, key=_by_line)), _notes(content, blocks)
    )


def _content(data: bytes) -> tuple[dict[str, Any], dict[str, list[int]]]:
    text, content = json_in(data, "expected NL.json of the Coronadashboard")
    if not isinstance(content, dict):
        raise FeedError("the file holds no JSON object; expected NL.json of the Coronadashboard")
    return content, value_lines(text)


def _block(name: str, content: Mapping[str, Any], lines: list[int], location: str, region: str) -> _Block:
    block = content[name]
    values = block.get("values") if isinstance(block, dict) else None
    if not isinstance(values, list):
        raise FeedError(f"block {name} has no list `values`")
    if len(lines) != len(values):
        raise FeedError(f"block {name}: `values` holds something else than objects")
    place, publisher = name.partition("_archived_")[0].rsplit("_", 1)
    fields = dict(_FIELDS[publisher])
    if any(other.startswith(f"{place}_nice") and _BLOCK.fullmatch(other) for other in content):
        fields.pop(_INFLUX, None)
    source = f"coronadashboard-{place}-{publisher}".replace("_", "-")
    return _Block(name, _UNITS[place], source, fields, values, lines, location, region)


def _archived_first(name: str) -> tuple[str, bool, str]:
    return (name.partition("_archived_")[0], "_archived_" not in name, name)


def _by_line(refused: Refused) -> int:
    return refused.line


def _inserted(row: tuple[int, Mapping[str, Any]]) -> int:
    at = row[1].get(_INSERTED)
    return at if type(at) is int and 0 < at < _LATEST else 0


def _record(
    beds: DailyBeds, block: _Block, stated: dict[tuple[str, date], datetime], value: Mapping[str, Any]
) -> Record:
    on = _day(value.get("date_unix"))
    figures = {field: _count(value.get(name), name) for name, field in block.fields.items()}
    if all(number is None for number in figures.values()):
        raise RowError("no figure in this row")
    completeness = sum(number is not None for number in figures.values()) / len(figures)
    readings = [BedReading(unit=block.unit, label="covid", **figures)]  # type: ignore[arg-type]
    # Of the first statement about a day only the usual moment is known: a later refill of the table inserts all days anew.
    known = beds.usually_known(on)
    if (before := stated.get((block.source, on))) is not None:
        known = max(before, datetime.fromtimestamp(_inserted((0, value)), UTC))
    record = beds.record(
        block.source, block.region, block.location, on, readings, published=known, completeness=completeness
    )
    stated[block.source, on] = known
    return record


def _day(unix: Any) -> date:
    if not isinstance(unix, int) or isinstance(unix, bool) or unix % _DAY_SECONDS:
        raise RowError(f"date_unix is {str(unix)[:40]}, expected 00:00 UTC of a day in seconds")
    try:
        on = datetime.fromtimestamp(unix, UTC).date()
    except (OverflowError, ValueError, OSError) as error:
        raise RowError(f"date_unix is {str(unix)[:40]}, no day ({error})") from error
    return likely_day(on, str(unix), "date_unix")


def _count(number: Any, name: str) -> int | None:
    if number is None:
        return None
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    if isinstance(number, bool) or not isinstance(number, int):
        raise RowError(f"{name} is {str(number)[:40]}, expected a whole number or null")
    return count(str(number), name)


def _notes(content: Mapping[str, Any], blocks: list[_Block]) -> tuple[str, ...]:
    unread = [
        name for name, block in content.items() if isinstance(block, dict) and not _BLOCK.fullmatch(name)
    ]
    notes = [f"blocks not read: {', '.join(sorted(unread))}"] if unread else []
    if any("lcps" in block.name and _INFLUX not in block.fields for block in blocks):
        notes.append(
            "influx of LCPS is not read: the NICE blocks count the same patients by day of admission"
        )
    return tuple(notes)


CORONADASHBOARD_NL = Feed(
    "coronadashboard-nl", "Coronadashboard: bedden (LCPS) en opnames (NICE)", 21_600, read
)
