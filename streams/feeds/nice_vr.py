"""NICE hospital admissions per safety region or municipality, in RIVM's columns (`COVID-19_ziekenhuisopnames`).

Whole safety regions go to their network. VR06 and VR13 lie in several networks with unknown shares: they
go to `NL`, so that the national sum is right and no network is given what may not be its.
"""

from functools import partial

from streams.feeds.cells import count, day
from streams.feeds.daily_beds import DailyBeds
from streams.feeds.feed import Feed, FeedError, Import, RowError, read_rows
from streams.feeds.table import Row, read_table
from streams.recording import Record
from streams.regions import NL, SPLIT_SAFETY_REGIONS, region_of_safety_region
from streams.reports import BedReading

SOURCE = "nice"

_DAYS_LATER = 1
"""RIVM publishes on the day after the one that the figures are about."""

_DAY = "Date_of_statistics"
_SAFETY_REGION = "Security_region_code"
_MUNICIPALITY = "Municipality_code"
_NOTIFIED = "Hospital_admission_notification"
_ADMITTED = "Hospital_admission"


def read(data: bytes) -> Import:
    """Return the records in a file of admissions; raises `FeedError`."""
    table = read_table(data, ";")
    lacking = {_DAY, _SAFETY_REGION, _NOTIFIED, _ADMITTED} - set(table.columns)
    if lacking:
        raise FeedError(
            f"columns {', '.join(sorted(lacking))} are not there; expected RIVM's columns in the first line"
        )
    by_municipality = _MUNICIPALITY in table.columns
    split: set[str] = set()
    record = partial(_record, DailyBeds(_DAYS_LATER), split, by_municipality=by_municipality)
    records, refused = read_rows(((row.line, row) for row in table.rows), record)
    notes = [
        f"{code} lies in several networks with unknown shares: sent under {NL}" for code in sorted(split)
    ]
    return Import(tuple(records), len(table.rows), len(records), tuple(refused), tuple(notes))


def _record(beds: DailyBeds, split: set[str], row: Row, *, by_municipality: bool) -> Record:
    on = day(row[_DAY], _DAY)
    code = row[_SAFETY_REGION]
    try:
        region = region_of_safety_region(code)
    except KeyError:
        shown = code or "empty"
        raise RowError(f"{_SAFETY_REGION} is `{shown[:40]}`, expected VR01...VR25") from None
    notified = count(row[_NOTIFIED], _NOTIFIED)
    admitted = count(row[_ADMITTED], _ADMITTED)
    if notified is None and admitted is None:
        raise RowError("no figure in this row")
    # Admissions of which only the safety region is known have no municipality.
    location = (row[_MUNICIPALITY] if by_municipality else "") or code
    readings = [BedReading(unit="ward", label="covid", admissions=admitted, notified=notified)]
    completeness = ((notified is not None) + (admitted is not None)) / 2
    record = beds.record(SOURCE, region or NL, location, on, readings, completeness=completeness)
    if code in SPLIT_SAFETY_REGIONS:
        split.add(code)
    return record


NICE_VR = Feed("nice-vr", "NICE ziekenhuisopnames per veiligheidsregio of gemeente (RIVM)", 21_600, read)
