"""NZa waiting times in hospital care (msz): the open API of Zorgbeeld (`WaitingTimeMSZ`), saved as JSON or XML.

Each record is the wait for one treatment at one location, in days, with the date on which it was supplied. One report says the
waits that a location supplied on one day; a wait that it supplied again on that day makes a revision of it. `Behandeling` does not say whether one is admitted, so it stays `behandeling`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import groupby

from streams.calendar import AMSTERDAM
from streams.feeds.feed import Feed, Import, Refused, RowError, assumptions, checked_record, read_rows
from streams.feeds.moments import local_moment
from streams.feeds.msz_document import MszRecord, records_of
from streams.places import Placed, place_of_name
from streams.recording import Record
from streams.reports import WaitingTimesReport, WaitRow
from streams.reports.waiting_times import AccessKind, WaitStatus
from streams.topics import WAITING_TIMES

SOURCE = "nza-msz"

ACCESS: Mapping[str, AccessKind] = {
    "Polikliniekbezoek": "polikliniek",
    "Diagnostiek": "diagnostiek",
    "Behandeling": "behandeling",
}
"""Access kind of each `TreatmentType`."""

_NAME_MAX = 120
_TREATMENT_MAX = 160
_ROWS_MAX = 2000
_DAYS_MAX = 3650
_YEARS = range(2014, 2100)

_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class _Wait:
    """One record as it is read: where and when it belongs, and its row."""

    line: int
    key: str
    location: str
    placed: Placed
    supplied: datetime
    row: WaitRow


def read(data: bytes) -> Import:
    """Return the records in a saved answer of the API; raises `FeedError`."""
    found = records_of(data)
    waits, refused = read_rows(((one.line, one) for one in found), _wait)
    names = _names(waits)
    supplies: dict[tuple[str, date], list[_Wait]] = {}
    for wait in waits:
        supplies.setdefault((wait.key, _peildatum(wait)), []).append(wait)
    records: list[Record] = []
    used: set[int] = set()
    unused: dict[int, str] = {}
    for (key, peildatum), members in supplies.items():
        kept, again = _once(members)
        refused += again
        for revision, stated in enumerate(_vintages(kept)):
            for part in range(0, len(stated), _ROWS_MAX):
                rows = stated[part : part + _ROWS_MAX]
                try:
                    records.append(_record(names[key], peildatum, rows, part // _ROWS_MAX, revision))
                except RowError as error:
                    unused.update((wait.line, str(error)) for wait in rows)
                else:
                    used.update(wait.line for wait in rows)
    refused += [Refused(line, why) for line, why in unused.items() if line not in used]
    refused.sort(key=lambda one: one.line)
    notes = assumptions(wait.placed for wait in waits)
    return Import(tuple(records), len(found), len(found) - len(refused), tuple(refused), tuple(notes))


def _wait(one: MszRecord) -> _Wait:
    kind = one.text("TreatmentType")
    access = ACCESS.get(kind)
    if access is None:
        raise RowError(f"TreatmentType is `{kind[:40] or 'empty'}`, expected {', '.join(ACCESS)}")
    location, provider = one.text("Location"), one.text("CareProvider")
    if not (location or provider):
        raise RowError("Location and CareProvider are empty, so nobody can be told where this wait is")
    placed = _placed(one.text("City"))
    name = _shown(provider, location, placed.place)
    status, days = _days(one)
    return _Wait(
        line=one.line,
        key=f"{one.text('LocationKey') or name}|{placed.region}",
        location=name,
        placed=placed,
        supplied=_supplied(one.text("Date")),
        row=WaitRow(
            specialism=one.text("Specialism")[:_NAME_MAX] or "onbekend",
            treatment=one.text("Treatment")[:_TREATMENT_MAX],
            access=access,
            days=days,
            status=status,
        ),
    )


def _shown(provider: str, location: str, place: str) -> str:
    """Return the name of a location for people, always with its place: some providers call all of theirs the same."""
    name = location if location == provider or not provider else f"{provider}: {location}".rstrip(": ")
    if place.casefold() not in name.casefold():
        name = f"{name}, {place}"
    return (
        name if len(name) <= _NAME_MAX else f"{(location or provider)[: _NAME_MAX - len(place) - 2]}, {place}"
    )


def _days(one: MszRecord) -> tuple[WaitStatus, float | None]:
    """Return whether a wait is known, and its days; never a 0 for what is missing."""
    flag = one.text("InsufficientObservations")
    if flag not in {"Ja", "Nee"}:
        raise RowError(f"InsufficientObservations is `{flag[:40] or 'empty'}`, expected Ja or Nee")
    if flag == "Ja":
        return "insufficient", None
    text = one.text("WaitingTime")
    if not text:
        return "unknown", None
    if not re.fullmatch(r"[0-9]{1,6}(?:\.0+)?", text):
        raise RowError(f"WaitingTime is `{text[:40]}`, expected a whole number of days")
    days = float(text)
    if days > _DAYS_MAX:
        raise RowError(f"WaitingTime is {text} days, more than ten years")
    return "known", days


def _supplied(text: str) -> datetime:
    """Return the moment of supply: with its offset as published, or a bare day, which ends that day."""
    shown = text[:40] or "empty"
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            at = local_moment(date.fromisoformat(text))
        else:
            at = datetime.fromisoformat(text)
            at = (at if at.tzinfo else at.replace(tzinfo=AMSTERDAM)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise RowError(f"Date is `{shown}`, expected a moment such as 2026-06-23T09:27:31.822Z") from error
    if at.year not in _YEARS:
        raise RowError(
            f"Date is `{shown}`, a day outside {_YEARS[0]}...{_YEARS[-1]}; look for a slip in the year"
        )
    return at


def _placed(city: str) -> Placed:
    if not city:
        raise RowError("City is empty, so no region")
    placed = place_of_name(city)
    if placed is None:
        raise RowError(f"City `{city[:60]}` is in no safety region we know; add it to streams/places.csv")
    return placed


def _peildatum(wait: _Wait) -> date:
    return wait.supplied.astimezone(AMSTERDAM).date()


def _names(waits: Iterable[_Wait]) -> dict[str, str]:
    """Return the name of each location; two that would be one by name get a piece of their key, and none replaces another."""
    first: dict[str, str] = {}
    for wait in waits:
        first.setdefault(wait.key, wait.location)
    held: dict[str, list[str]] = {}
    for key, name in first.items():
        held.setdefault(name, []).append(key)
    return {
        key: name if len(keys) == 1 else f"{name[: _NAME_MAX - 11]} [{_short(key)}]"
        for name, keys in held.items()
        for key in keys
    }


def _short(key: str) -> str:
    return sha256(key.encode()).hexdigest()[:8]


def _once(members: list[_Wait]) -> tuple[list[_Wait], list[Refused]]:
    """Return the statements about each treatment, the oldest first; refuse what says the same again, or another at the same moment."""
    kept: list[_Wait] = []
    refused: list[Refused] = []
    newest: dict[_Key, _Wait] = {}
    for wait in sorted(members, key=lambda one: one.supplied):
        key = _key(wait)
        held = newest.get(key)
        if held is not None and (held.row == wait.row or held.supplied == wait.supplied):
            refused.append(
                Refused(wait.line, f"the same location, treatment and day as line {held.line}, which stands")
            )
            continue
        newest[key] = wait
        kept.append(wait)
    return kept, refused


def _vintages(kept: list[_Wait]) -> Iterator[list[_Wait]]:
    """Yield what stood each time before a wait was supplied anew, and at last; each is the whole report."""
    stands: dict[_Key, _Wait] = {}
    for _, together in groupby(kept, key=lambda one: one.supplied):
        supplied = {_key(wait): wait for wait in together}
        if stands.keys() & supplied.keys():
            yield sorted(stands.values(), key=_line)
        stands |= supplied
    yield sorted(stands.values(), key=_line)


def _line(wait: _Wait) -> int:
    return wait.line


def _key(wait: _Wait) -> _Key:
    return (wait.row.access, wait.row.specialism, wait.row.treatment)


def _record(location: str, peildatum: date, waits: list[_Wait], part: int, revision: int) -> Record:
    region = waits[0].placed.region
    supplied = max(wait.supplied for wait in waits)
    report = WaitingTimesReport(
        id=f"{SOURCE}:{region}:{location}:{peildatum.isoformat()}:{part}"
        + (f":{revision}" if revision else ""),
        source=SOURCE,
        region=region,
        location=location,
        observed_at=local_moment(peildatum),
        received_at=supplied,
        revision=revision,
        peildatum=peildatum,
        rows=[wait.row for wait in waits],
    )
    return checked_record(WAITING_TIMES, report)


NZA_WACHTTIJDEN_MSZ = Feed(
    "nza-wachttijden-msz",
    "NZa wachttijden medisch-specialistische zorg (Zorgbeeld, JSON of XML)",
    21_600,
    read,
)
