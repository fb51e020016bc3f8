"""The patients of a region that are suspect, what its series ever did, and what somebody confirmed."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from typing_extensions import override

from agents.domain.beds.asked import AskedUnit, whole_on
from agents.domain.beds.beds import LocationBeds
from agents.domain.beds.believed import ByFigure
from agents.domain.beds.followed import forgotten
from agents.domain.beds.series import ASKED, SERIES
from agents.domain.plausible.limits import limits_of
from agents.domain.plausible.pasts import Pasts
from agents.domain.statements.parts import Located
from agents.domain.statements.ring import Day, Days
from alerts.norms import Norms
from streams.calendar import day_number
from streams.control import SuspectConfirm
from streams.suspects import SuspectFigure

Beds = Located[Days, LocationBeds]
"""What is held of a region."""


class HeldBeds(NamedTuple):
    """What is held of one location: its days, what it ever did before them, what several sources told of it last."""

    days: Days
    pasts: Pasts | None
    told: ByFigure


class EveryHeld(Mapping[str, HeldBeds]):
    """What is held of each location."""

    def __init__(self, state: Beds) -> None:
        self._places, self._pasts, self._told = state.places, state.pasts, state.told

    @override
    def __getitem__(self, location: str) -> HeldBeds:
        return HeldBeds(self._places[location], self._pasts.get(location), self._told.get(location, {}))

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    @override
    def __len__(self) -> int:
        return len(self._places)


def remember(state: Beds, first: int, norms: Norms) -> None:
    """Take the days before `first`, of which nothing can change any more, into what each series ever did."""
    limits = limits_of(norms)
    for location, days in state.places.items():
        if min(days) < first:
            pasts = forgotten(state.pasts.get(location), days, first, ASKED, limits)
            if pasts is not None:
                state.pasts[location] = pasts
                state.parts.touched.add(location)


def look_at_doubted(state: Beds) -> None:
    """Look anew at who is suspect and may be confirmed by another source that speaks for it."""
    parts = state.parts.by_location
    state.parts.look_again(name for name in state.told if name in parts and parts[name].doubted)


def forget_pasts(state: Beds) -> None:
    """Forget what locations did of which nothing is held any more."""
    for location in state.pasts.keys() - state.places.keys():
        del state.pasts[location]


def suspect_patients(state: Beds) -> Iterator[tuple[SuspectFigure, int]]:
    """Yield the patients that are suspect, with the second since which they are; by location."""
    for location, part in sorted(state.parts.by_location.items()):
        for column, one in sorted(part.suspects.items()):
            doubt = one.doubt
            figure = SuspectFigure(
                location, _SUBJECTS[column], doubt.day, doubt.value, one.value, doubt.reason, doubt.source
            )
            yield figure, doubt.since


_SUBJECTS = {
    column: f"{unit} {label}" if field == "occupied" else f"{unit} {label} {field}"
    for column, (unit, label, field) in enumerate(SERIES)
}
_COLUMNS: dict[str, tuple[int, AskedUnit | None]] = {
    _SUBJECTS[one.column]: (one.column, unit if one is unit.whole else None)
    for unit in ASKED
    for one in unit.every
}


def confirm_patients(state: Beds, confirmed: SuspectConfirm) -> bool:
    """Let patients count that somebody confirmed; return False where they are not what is held."""
    column, unit = _COLUMNS.get(confirmed.subject, (None, None))
    day = day_number(confirmed.day)
    held = state.places.get(confirmed.location, {}).get(day)
    if column is None or held is None or _reported(held, column, unit) != confirmed.value:
        return False
    pasts = state.pasts.setdefault(confirmed.location, Pasts())
    pasts.confirmed.setdefault(column, {})[day] = confirmed.value
    state.parts.look_again([confirmed.location])
    state.parts.unsaved.add(confirmed.location)
    return True


def _reported(day: Day, column: int, unit: AskedUnit | None) -> int | None:
    """Return what was reported on a day, all labels of the unit together where one is given; None where nothing was."""
    if unit is not None:
        whole = whole_on(day, unit)
        return None if whole is None else whole.value
    return None if day[0][column] is None else day[1][column]
