"""LCPS datafeed: beds and new patients, national, daily (`covid-19-datafeed.csv`).

Three layouts, known by their header; the last one also as the JSON of LCPS' interface: a list of objects, in capitals. Patients who were moved to a hospital abroad
(`...Internationaal`) lie in no Dutch bed and are left out; LCPS defines the column so.
"""

from collections.abc import Mapping
from functools import partial

from streams.feeds.cells import count, day
from streams.feeds.daily_beds import DailyBeds
from streams.feeds.feed import Feed, FeedError, Import, RowError, read_rows
from streams.feeds.json_table import is_json, read_objects
from streams.feeds.table import Row, Table, read_table
from streams.recording import Record
from streams.regions import NL
from streams.reports import BedReading
from streams.reports.occupancy import BEDS

SOURCE = "lcps"

_DAYS_LATER = 0
"""LCPS publishes between 14:00 and 15:00 local time, on the day that the figures are about."""

_ABROAD = "abroad"
_Target = tuple[str, str, str]

_V1: Mapping[str, _Target] = {
    "ic_bedden_covid": ("ic", "covid", "occupied"),
    "ic_bedden_non_covid": ("ic", "noncovid", "occupied"),
    "kliniek_bedden": ("ward", "covid", "occupied"),
    "ic_nieuwe_opnames_covid": ("ic", "covid", "admissions"),
    "kliniek_nieuwe_opnames_covid": ("ward", "covid", "admissions"),
}
_V1B: Mapping[str, _Target] = {
    **{f"{column}_nederland": target for column, target in _V1.items()},
    "ic_bedden_covid_internationaal": ("ic", "covid", _ABROAD),
}
_V2: Mapping[str, _Target] = {
    "ic_capaciteit_totaal": ("ic", "total", "staffed"),
    "kliniek_capaciteit_totaal": ("ward", "total", "staffed"),
    "ic_bezetting_covid": ("ic", "covid", "occupied"),
    "ic_bezetting_covid_internationaal": ("ic", "covid", _ABROAD),
    "ic_bezetting_ontlabeld": ("ic", "unlabelled", "occupied"),
    "ic_bezetting_noncovid": ("ic", "noncovid", "occupied"),
    "kliniek_bezetting_covid": ("ward", "covid", "occupied"),
    "kliniek_bezetting_ontlabeld": ("ward", "unlabelled", "occupied"),
    "kliniek_bezetting_noncovid": ("ward", "noncovid", "occupied"),
    "ic_opnames_covid": ("ic", "covid", "admissions"),
    "kliniek_opnames_covid": ("ward", "covid", "admissions"),
}
LAYOUTS: Mapping[str, Mapping[str, _Target]] = {"v1": _V1, "v1b": _V1B, "v2": _V2}
"""Columns of each layout in lower case: unit, label and field that they fill."""


def read(data: bytes) -> Import:
    """Return the records in a datafeed of any layout; raises `FeedError`."""
    table = read_objects(data) if is_json(data) else read_table(data, ",")
    name, columns = _layout(table)
    record = partial(_record, DailyBeds(_DAYS_LATER), columns)
    records, refused = read_rows(((row.line, row) for row in table.rows), record)
    notes = [f"layout {name}"]
    if any(field == _ABROAD for _, _, field in columns.values()):
        notes.append("patients moved to a hospital abroad (Internationaal) are left out: no Dutch bed")
    return Import(tuple(records), len(table.rows), len(records), tuple(refused), tuple(notes))


def _layout(table: Table) -> tuple[str, Mapping[str, _Target]]:
    found = {column.lower(): column for column in table.columns if column}
    for name, layout in LAYOUTS.items():
        if set(found) == {"datum", *layout}:
            return name, {found[column]: target for column, target in layout.items()}
    raise FeedError(_unlike_any(set(found)))


def _unlike_any(found: set[str]) -> str:
    """Say in which columns a file differs from the layout that it is most like."""
    name, layout = min(LAYOUTS.items(), key=lambda one: len(found ^ {"datum", *one[1]}))
    expected = {"datum", *layout}
    differs = [
        f"{said} {', '.join(sorted(columns))[:300]}"
        for said, columns in (("lacking:", expected - found), ("not known:", found - expected))
        if columns
    ]
    return (
        f"the columns are those of no known LCPS layout ({', '.join(LAYOUTS)}); most like {name}, {'; '.join(differs)}. "
        "A column that nobody has read before may change what the others mean: leave it out or have it added"
    )


def _record(daily: DailyBeds, columns: Mapping[str, _Target], row: Row) -> Record:
    date_column = next(name for name in row.cells if name.lower() == "datum") if row.cells else ""
    on = day(row[date_column], date_column)
    figures: dict[tuple[str, str], dict[str, int]] = {}
    beds = filled = 0
    for column, (unit, label, field) in columns.items():
        number = count(row[column], column, BEDS[unit]["occupied"][1])
        is_bed = field in {"occupied", "staffed"}
        beds += is_bed
        if number is not None and field != _ABROAD:
            filled += is_bed
            figures.setdefault((unit, label), {})[field] = number
    if not figures:
        raise RowError("no figure in this row")
    readings = [
        BedReading(unit=unit, label=label, **fields)  # type: ignore[arg-type]
        for (unit, label), fields in figures.items()
    ]
    return daily.record(SOURCE, NL, NL, on, readings, completeness=filled / beds)


LCPS_DATAFEED = Feed("lcps-datafeed", "LCPS datafeed: bezette bedden en instroom, landelijk", 21_600, read)
