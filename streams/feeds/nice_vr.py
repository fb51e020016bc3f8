"""NICE hospital admissions per safety region or municipality, in RIVM's columns (`COVID-19_ziekenhuisopnames`).

Whole safety regions go to their network. VR06 and VR13 lie in several networks with unknown shares: they
go to `NL`, so that the national sum is right and no network is given what may not be its.
"""

from collections import Counter
from datetime import time

from streams.feeds.cells import count, day
from streams.feeds.feed import Feed, FeedError, Import, Refused, RowError, checked_record
from streams.feeds.moments import local_moment
from streams.feeds.table import Row, read_table
from streams.recording import Record
from streams.regions import NL, SPLIT_SAFETY_REGIONS, region_of_safety_region
from streams.reports import BedReading, OccupancyReport
from streams.topics import OCCUPANCY

SOURCE = "nice"

KNOWN_AT = time(15)
"""RIVM publishes at about 15:00 local time, on the day after the one that the figures are about."""

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
    revisions: Counter[tuple[str, str]] = Counter()
    records: list[Record] = []
    refused: list[Refused] = []
    split: set[str] = set()
    for row in table.rows:
        try:
            record = _record(row, revisions, split, by_municipality=by_municipality)
        except RowError as error:
            refused.append(Refused(row.line, str(error)))
        else:
            records.append(record)
    notes = [
        f"{code} lies in several networks with unknown shares: sent under {NL}" for code in sorted(split)
    ]
    return Import(tuple(records), len(table.rows), len(records), tuple(refused), tuple(notes))


def _record(
    row: Row, revisions: Counter[tuple[str, str]], split: set[str], *, by_municipality: bool
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
    key = (location, on.isoformat())
    revision = revisions[key]
    report = OccupancyReport(
        id=f"{SOURCE}:{location}:{key[1]}:{revision}",
        source=SOURCE,
        region=region or NL,
        location=location,
        observed_at=local_moment(on),
        received_at=local_moment(on, KNOWN_AT, days_later=1),
        revision=revision,
        completeness=((notified is not None) + (admitted is not None)) / 2,
        readings=[BedReading(unit="ward", label="covid", admissions=admitted, notified=notified)],
    )
    record = checked_record(OCCUPANCY, report)
    revisions[key] += 1
    if code in SPLIT_SAFETY_REGIONS:
        split.add(code)
    return record


NICE_VR = Feed("nice-vr", "NICE ziekenhuisopnames per veiligheidsregio of gemeente (RIVM)", 21_600, read)
