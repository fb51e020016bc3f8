"""The beds of one region by day, as a public file has them, with the capacity that was known on each day."""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from alerts.norms import Norms
from streams.calendar import day_number, local_day, seconds
from streams.codec import decode_report
from streams.feeds import FEEDS, FeedError
from streams.regions import NL
from streams.reports import OccupancyReport

LCPS = "lcps-datafeed"


class ScoreError(ValueError):
    """A file that nothing can be scored on; the message says why."""


@dataclass(frozen=True)
class Series:
    """Beds of one unit by local day (`streams.calendar`).

    Attributes:
        name: region.
        unit: which beds.
        covid: beds with COVID patients.
        other: beds of other patients, on the days on which they are known.
        capacity: the beds that were known on a day; None where none were.
    """

    name: str
    unit: str
    covid: Mapping[int, int]
    other: Mapping[int, int]
    capacity: Callable[[int], int | None]

    @property
    def all(self) -> dict[int, int]:
        """Return the beds of all patients, on the days on which both are known."""
        return {day: beds + self.other[day] for day, beds in self.covid.items() if day in self.other}


def of_lcps(path: Path, norms: Norms) -> list[Series]:
    """Return the Dutch beds of a file of LCPS, held against the register of capacity.

    Raises:
        ScoreError: the file is none of LCPS.
        OSError: it cannot be read.
    """
    try:
        records = FEEDS[LCPS].read(path.read_bytes()).records
    except FeedError as error:
        raise ScoreError(f"{path}: not a {LCPS} file: {error}") from error
    days: dict[tuple[str, str], dict[int, int]] = {}
    for record in records:
        report = decode_report(record.topic, record.key, record.value)
        if isinstance(report, OccupancyReport):
            for reading in report.readings:
                if reading.occupied is not None:
                    kind = "covid" if reading.label == "covid" else "other"
                    held = days.setdefault((reading.unit, kind), {})
                    day = local_day(seconds(report.observed_at))
                    held[day] = held.get(day, 0) + reading.occupied
    return [
        Series(NL, unit, covid, days.get((unit, "other"), {}), _registered(norms, unit))
        for unit in ("ic", "ward")
        if (covid := days.get((unit, "covid")))
    ]


def _registered(norms: Norms, unit: str) -> Callable[[int], int | None]:
    def known(day: int) -> int | None:
        record = norms.capacity_known(NL, unit, day)
        return None if record is None else record.beds

    return known


_DIVI = ("datum", "bundesland_name", "faelle_covid_aktuell", "intensivbetten_belegt", "intensivbetten_frei")
_ADULTS = "Erwachsene"


def of_divi(path: Path) -> list[Series]:
    """Return the intensive care beds of the German states in a file of the DIVI register: occupied, against all of them.

    Raises:
        ScoreError: the file has other columns, or a row without a day or figure.
        OSError: it cannot be read.
    """
    rows = csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline=""))
    lacking = [column for column in _DIVI if column not in (rows.fieldnames or ())]
    if lacking:
        raise ScoreError(f"{path}: no file of the DIVI register by state: no column {', '.join(lacking)}")
    covid: dict[str, dict[int, int]] = {}
    other: dict[str, dict[int, int]] = {}
    beds: dict[str, dict[int, int]] = {}
    for number, row in enumerate(rows, start=2):
        if row.get("behandlungsgruppe", _ADULTS).capitalize() != _ADULTS:
            continue
        try:
            day = day_number(date.fromisoformat(row["datum"][:10]))
            with_covid, occupied, free = (int(row[column]) for column in _DIVI[2:])
        except ValueError as error:
            raise ScoreError(f"{path}: row {number}: {error}; a day and three counts are needed") from error
        state = row["bundesland_name"]
        covid.setdefault(state, {})[day] = with_covid
        other.setdefault(state, {})[day] = occupied - with_covid
        beds.setdefault(state, {})[day] = occupied + free
    return [Series(state, "ic", covid[state], other[state], beds[state].get) for state in sorted(covid)]
