"""NICE hospital admissions per safety region or municipality, in RIVM's columns (`COVID-19_ziekenhuisopnames`).

Several files of RIVM behind each other hold several vintages of a day: each becomes a revision, known when its file was made.

Whole safety regions go to their network. VR06 and VR13 lie in several networks with unknown shares: they
go to `NL`, so that the national sum is right and no network is given what may not be its.
"""

from datetime import datetime
from functools import partial

from streams.feeds.cells import count, day, local_time
from streams.feeds.daily_beds import DailyBeds
from streams.feeds.feed import Feed, FeedError, Import, RowError, read_rows
from streams.feeds.table import Row, Table, read_table
from streams.recording import Record
from streams.regions import NL, SPLIT_SAFETY_REGIONS, region_of_safety_region
from streams.reports import BedReading

SOURCE = "nice"

_DAYS_LATER = 1
"""RIVM publishes on the day after the one that the figures are about."""

_DAY = "Date_of_statistics"
_REPORTED = "Date_of_report"
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
    vintages = Vintages(table)
    record = partial(_record, DailyBeds(_DAYS_LATER), vintages, split, by_municipality=by_municipality)
    records, refused = read_rows(((row.line, row) for row in vintages.rows), record)
    refused.sort(key=lambda one: one.line)
    notes = [
        f"{code} lies in several networks with unknown shares: sent under {NL}" for code in sorted(split)
    ]
    if vintages.count > 1:
        notes.append(
            f"{vintages.count} vintages: what a later one says of a day is a revision of its own moment"
        )
    return Import(tuple(records), len(table.rows), len(records), tuple(refused), tuple(notes))


class Vintages:
    """The vintages of a table: rows of one `Date_of_report` are one.

    Attributes:
        count: how many there are; 0 where the column is not there.
        rows: of the table, the oldest vintage first.
    """

    def __init__(self, table: Table) -> None:
        made = [_made(row) for row in table.rows]
        known = sorted({at for at in made if at is not None})
        self.count = len(known)
        self._oldest = known[0] if known else None
        rows = zip(made, table.rows, strict=True)
        by_age = (
            sorted(rows, key=lambda one: one[0].timestamp() if one[0] else 0.0) if len(known) > 1 else rows
        )
        self.rows = [row for _, row in by_age]

    def published(self, row: Row, usually: datetime) -> datetime | None:
        """Return when a row was published; None where only the usual moment is known.

        What the oldest vintage says was known before: of one day it may be the hundredth.
        """
        if self.count < 2:
            return None
        made = local_time(row[_REPORTED], _REPORTED)
        return min(made, usually) if made == self._oldest else made


def _made(row: Row) -> datetime | None:
    try:
        return local_time(row[_REPORTED], _REPORTED)
    except (KeyError, RowError):
        return None


def _record(
    beds: DailyBeds, vintages: Vintages, split: set[str], row: Row, *, by_municipality: bool
) -> Record:
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
    published = vintages.published(row, beds.usually_known(on))
    record = beds.record(
        SOURCE, region or NL, location, on, readings, published=published, completeness=completeness
    )
    if code in SPLIT_SAFETY_REGIONS:
        split.add(code)
    return record


NICE_VR = Feed("nice-vr", "NICE ziekenhuisopnames per veiligheidsregio of gemeente (RIVM)", 21_600, read)
