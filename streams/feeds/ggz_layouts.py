"""The two layouts of NZa's waiting times in mental health care (ggz): 2016 and 2018.

Both are read into the same `GgzRow`; what differs is the name of the columns, how dates are written,
and where a place is named.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from streams.feeds.cells import MISSING, day, serial_day
from streams.feeds.feed import FeedError, RowError
from streams.feeds.table import Row, Table
from streams.places import Placed, place_of_municipality_code, place_of_name


@dataclass(frozen=True, slots=True)
class GgzRow:
    """One row, cells as text: who, where, when, for whom, and the two waits in weeks with the columns they stand in."""

    provider: str
    location: str
    placed: Placed
    peildatum: date
    specialism: str
    treatment: str
    clinical: bool
    intake: str
    care: str
    remark: str
    columns: tuple[str, str] = ("Aanmeldtijd", "Behandeltijd")


GgzLayout = Callable[[Row], GgzRow]

_PERSON = "an individual practitioner, whose name is personal data"


def layout_of(table: Table) -> tuple[str, GgzLayout]:
    """Return name and reader of the layout of a table; raises `FeedError`."""
    columns = set(table.columns)
    if {"Aanmeldtijd", "Behandeltijd", "Circuit", "Peildatum", "PLAATS", "Plaats.zorgaanbieder"} <= columns:
        return "2016", _row_2016
    if {"Aanmeldwachttijd", "Behandelwachttijd", "Peildatum", "Naam_zorgaanbieder"} <= columns:
        return "2018", _row_2018
    raise FeedError(
        "the columns are those of neither NZa layout: expected Aanmeldtijd, Behandeltijd, Circuit, Peildatum, "
        "PLAATS, Plaats.zorgaanbieder (2016) or Aanmeldwachttijd, Behandelwachttijd, Peildatum, "
        "Naam_zorgaanbieder (2018), `;` between"
    )


def _row_2016(row: Row) -> GgzRow:
    if "INST" in row.cells and row["INST"] == "0":
        raise RowError(_PERSON)
    kind = _known(row["Typering"])
    treatment = _known(row["Nadere.typering"])
    return GgzRow(
        provider=_known(row["Naam.zorgaanbieder"]) or _known(row["NAAM"]) or "onbekend",
        location=_known(row["Vestigingslocatie"]),
        placed=_placed(row["Plaats.zorgaanbieder"], row["PLAATS"]),
        peildatum=day(row["Peildatum"], "Peildatum"),
        specialism=_known(row["Circuit"]) or "onbekend",
        treatment=f"{treatment} ({kind})" if treatment and kind else treatment or kind,
        clinical="klinisch" in kind.lower(),
        intake=row["Aanmeldtijd"],
        care=row["Behandeltijd"],
        remark=_known(row["Opmerkingen.MQ"]),
    )


def _row_2018(row: Row) -> GgzRow:
    def cell(*names: str) -> str:
        return next((_known(row[name]) for name in names if name in row.cells and _known(row[name])), "")

    written = _known(row["Peildatum"])
    if "vrijgevestigd" in cell("Type_aanbieder").lower():
        raise RowError(_PERSON)
    if written.lower() == "onbekend":
        raise RowError("Peildatum is `Onbekend`; without a day the wait cannot be placed in time")
    return GgzRow(
        provider=cell("Naam_zorgaanbieder", "Groep") or "onbekend",
        location=cell("Vestigingslocatie"),
        placed=_placed_by_code(cell("Gemeentecode", "Gemeentecodes", "Gemeente_code"))
        or _placed(cell("Plaatsnaam", "Plaats", "Gemeente"), cell("Vestigingslocatie")),
        peildatum=serial_day(written, "Peildatum"),
        specialism=cell("Circuit") or "onbekend",
        treatment=cell("Hoofddiagnosegroep", "Diagnosegroep", "Diagnosegroep_letterlijk"),
        clinical=bool(
            re.search(r"\b(klinisch|intramuraal)", cell("Type_zorg", "Setting", "Zorgvorm").lower())
        ),
        intake=row["Aanmeldwachttijd"],
        care=row["Behandelwachttijd"],
        remark=cell("Opmerking", "Opmerkingen"),
        columns=("Aanmeldwachttijd", "Behandelwachttijd"),
    )


def _known(text: str) -> str:
    return "" if text in MISSING else " ".join(text.split())


def _placed(*names: str) -> Placed:
    known = [name for name in names if _known(name)]
    for name in known:
        placed = place_of_name(name)
        if placed:
            return placed
    if not known:
        raise RowError("no place in this row, so no region")
    raise RowError(f"place `{known[0][:60]}` is in no safety region we know; add it to streams/places.csv")


def _placed_by_code(codes: str) -> Placed | None:
    """Return the place of a list of codes such as `0034, 0995`, when they lie in one network."""
    places = [place_of_municipality_code(f"GM{code}") for code in re.findall(r"[0-9]{4}", codes)]
    known = [placed for placed in places if placed]
    return known[0] if known and len({placed.region for placed in known}) == 1 else None
