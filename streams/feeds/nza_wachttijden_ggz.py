"""NZa waiting times in mental health care (ggz), as published per institution in 2016 and 2018.

One report says the waits of one location on one peildatum; each row of the file gives two of them:
until the intake (aanmelding) and from there to treatment (behandeling). Weeks are shown as 7 days each
and keep their resolution of 7 days.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import time

from msgspec import structs

from streams.feeds.cells import MISSING, weeks
from streams.feeds.feed import Feed, Import, Refused, RowError, assumptions, checked_record, read_rows
from streams.feeds.ggz_layouts import GgzRow, layout_of
from streams.feeds.moments import local_moment
from streams.feeds.table import read_table
from streams.recording import Record
from streams.reports import WaitingTimesReport, WaitRow
from streams.reports.waiting_times import AccessKind
from streams.topics import WAITING_TIMES

SOURCE = "nza-ggz"

KNOWN_AT = time(23, 59)
"""The websites were read on the peildatum; by the end of that day its figures were known."""

_NAME_MAX = 120
_TREATMENT_MAX = 160
_STOP = re.compile(r"(aanmeld|cli[eë]nt|intake|opname)?stop", re.IGNORECASE)
_CLOSED_REMARK = re.compile(
    r"^(algehele )?(aanmeldstop|cli[eë]ntstop|geen nieuwe aanmeldingen|geen ruimte voor nieuwe pati[eë]nten)\b",
    re.IGNORECASE,
)
_NO_CARE_REMARK = re.compile(r"^(failli|geen aanbod|vestiging (is )?ge(sloten|stopt))", re.IGNORECASE)

_Subject = tuple[str, str, str]


def read(data: bytes) -> Import:
    """Return the records in a file of either layout; raises `FeedError`."""
    table = read_table(data, ";")
    name, layout = layout_of(table)
    found, refused = read_rows(
        ((row.line, row) for row in table.rows), lambda row: (row.line, *waits_of(layout(row)))
    )
    subjects: dict[_Subject, list[tuple[int, GgzRow, list[WaitRow]]]] = {}
    for line, ggz, waits in found:
        key = (ggz.placed.region, _location(ggz), ggz.peildatum.isoformat())
        subjects.setdefault(key, []).append((line, ggz, waits))
    records: list[Record] = []
    for subject, members in subjects.items():
        try:
            records.append(_record(subject, members))
        except RowError as error:
            refused.extend(Refused(line, str(error)) for line, _, _ in members)
    refused.sort(key=lambda one: one.line)
    rows = len(table.rows)
    notes = (f"layout {name}", *assumptions(ggz.placed for _, ggz, _ in found))
    return Import(tuple(records), rows, rows - len(refused), tuple(refused), notes)


def waits_of(row: GgzRow) -> tuple[GgzRow, list[WaitRow]]:
    """Return a row and its waits: until intake, and until treatment.

    Raises:
        RowError: it holds no figure, or one that cannot be read.
    """
    blank = row.intake in MISSING and row.care in MISSING
    closed = _CLOSED_REMARK.match(row.remark) is not None
    if blank and not closed:
        raise RowError("no figure in this row" + (f" ({row.remark[:80]})" if row.remark else ""))
    if _NO_CARE_REMARK.match(row.remark) and {row.intake, row.care} <= {*MISSING, "-"}:
        raise RowError(f"no care is offered here ({row.remark[:80]})")
    treated: AccessKind = "ggz-intramuraal" if row.clinical else "ggz-extramuraal"
    return row, [
        _wait(row, "ggz-aanmelding", row.intake, row.columns[0], closed=closed),
        _wait(row, treated, row.care, row.columns[1], closed=False),
    ]


def _wait(row: GgzRow, access: AccessKind, cell: str, column: str, *, closed: bool) -> WaitRow:
    specialism = row.specialism[:_NAME_MAX]
    treatment = row.treatment[:_TREATMENT_MAX]
    if closed or _STOP.fullmatch(cell):
        return WaitRow(specialism=specialism, access=access, treatment=treatment, status="closed")
    if cell in MISSING or cell == "-":
        return WaitRow(specialism=specialism, access=access, treatment=treatment, status="unknown")
    days = round(weeks(cell, column) * 7, 6)
    return WaitRow(specialism=specialism, access=access, treatment=treatment, days=days)


def _location(row: GgzRow) -> str:
    name = f"{row.provider}: {row.location}" if row.location else row.provider
    return name if len(name) <= _NAME_MAX else (row.location or row.provider)[:_NAME_MAX]


def _record(subject: _Subject, members: list[tuple[int, GgzRow, list[WaitRow]]]) -> Record:
    region, location, _ = subject
    on = members[0][1].peildatum
    waits = _told_apart(wait for _, _, found in members for wait in found)
    report = WaitingTimesReport(
        id=f"{SOURCE}:{region}:{location}:{on.isoformat()}:0",
        source=SOURCE,
        region=region,
        location=location,
        observed_at=local_moment(on),
        received_at=local_moment(on, KNOWN_AT),
        peildatum=on,
        resolution_days=7,
        rows=waits,
    )
    return checked_record(WAITING_TIMES, report)


def _told_apart(waits: Iterable[WaitRow]) -> list[WaitRow]:
    """Number the waits that a location states more than once for one treatment: each is a wait of its own."""
    seen: Counter[tuple[str, str, str]] = Counter()
    apart = []
    for wait in waits:
        key = (wait.specialism, wait.treatment, wait.access)
        seen[key] += 1
        if seen[key] > 1:
            name = f"{wait.treatment[: _TREATMENT_MAX - 6]} [{seen[key]}]".strip()
            apart.append(structs.replace(wait, treatment=name))
        else:
            apart.append(wait)
    return apart


NZA_WACHTTIJDEN_GGZ = Feed(
    "nza-wachttijden-ggz", "NZa wachttijden ggz per instelling (2016, 2018)", 21_600, read
)
