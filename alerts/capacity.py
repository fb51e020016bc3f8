"""The register of capacity: beds with staff as dated records, each with its source, counted or announced.

A record stands from the day on which it was known. Beds that were announced, or told in the press without a count, have
nobody beside them yet: they lower no percentage until beds are counted. They may raise one, where they are fewer.
"""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from alerts.norm import NormsError
from streams.calendar import day_number, day_start
from streams.regions import REGIONS
from streams.reports.occupancy import Unit


class CapacityRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One `[[capacity]]`.

    Attributes:
        region: region id or `NL`.
        unit: which beds.
        beds: beds with staff, for all patients.
        known: day on which it was known.
        kind: `counted`, or `announced`: planned, asked for, or told without a count.
        due: day for which it was announced, where one was named.
        source: who said so.
        remark: what the source leaves open; empty where nothing.
    """

    region: str
    unit: Unit
    beds: Annotated[int, Meta(ge=1, le=100_000)]
    known: date
    kind: Literal["counted", "announced"]
    source: Annotated[str, Meta(min_length=3)]
    due: date | None = None
    remark: str = ""

    @property
    def known_at(self) -> int:
        """Return the second at which the day begins on which it was known."""
        return day_start(day_number(self.known))


def checked_capacity(entries: Iterable[CapacityRecord]) -> tuple[CapacityRecord, ...]:
    """Return the records by region, unit and day.

    Raises:
        NormsError: a region is unknown, a count has a day for which it was announced, or a record stands twice.
    """
    found: dict[tuple[str, str, date, str], CapacityRecord] = {}
    for entry in entries:
        name = f"capacity {entry.region} {entry.unit} {entry.known}"
        if entry.region not in REGIONS:
            raise NormsError(f"{name}, `region`: `{entry.region}` is unknown; one of {', '.join(REGIONS)}")
        if entry.due is not None and (entry.kind == "counted" or entry.due < entry.known):
            raise NormsError(f"{name}, `due`: only what was announced for a later day has one; leave it out")
        key = (entry.region, entry.unit, entry.known, entry.kind)
        if key in found:
            raise NormsError(
                f"{name}, `kind`: {entry.kind} twice on that day; keep one, say the other in `remark`"
            )
        found[key] = entry
    return tuple(found[key] for key in sorted(found))


def capacity_known(
    records: Iterable[CapacityRecord], region: str, unit: str, day: int
) -> CapacityRecord | None:
    """Return the record that stands on a local day: the newest count, or fewer beds that were told since; None without one."""
    own = [
        record
        for record in records
        if (record.region, record.unit) == (region, unit) and day_number(record.known) <= day
    ]
    counted = [record for record in own if record.kind == "counted"]
    if not counted:
        return None
    newest = max(counted, key=lambda record: record.known)
    fewer = [record for record in own if record.known > newest.known and record.beds < newest.beds]
    return max(fewer, key=lambda record: record.known, default=newest)
