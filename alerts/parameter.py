"""Parameters: numbers and choices that no norm holds anything against, and that a policy person may change all the same.

Each is a `[[parameter]]` of the norms file, with the source that it comes from or the assumption that it is. Which
there are is said here, so that none is forgotten and a mistyped one is not passed over in silence.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from alerts.norm import Assumption, NormsError


class Parameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One `[[parameter]]`: its value with unit, and its source, or the assumption that it is."""

    name: str
    value: float | str
    unit: str
    source: str | None = None
    assumption: Assumption | None = None


class Retention(NamedTuple):
    """How long statements are remembered.

    Attributes:
        kept: days up to which every statement is kept; an older report is late.
        held: days up to which the newest one is held after that, to know what was reported when it has expired.
    """

    kept: int
    held: int


@dataclass(frozen=True, slots=True)
class ParameterKind:
    """What a parameter may be.

    Attributes:
        name: kebab-case, as in the file.
        unit: unit of its value; `choice` for one of `choices`.
        lowest, highest: bounds of a number.
        choices: the values of a choice.
    """

    name: str
    unit: str
    lowest: float = 0.0
    highest: float = 0.0
    choices: tuple[str, ...] = ()


_KINDS = (
    # How COVID patients are to be divided: after inhabitants, or after intensive care beds with staff.
    ParameterKind("fair-share-key", "choice", choices=("population", "staffed-ic")),
    # Transfers are suggested from or to regions further than this from their share.
    ParameterKind("fair-share-band", "ratio", 0.0, 1.0),
    # A forecast older than this covers no day.
    ParameterKind("forecast-fresh", "h", 1, 168),
    # Of fewer hospitals, a room that is too small does not prove that a region is full.
    ParameterKind("room-completeness", "ratio", 0.0, 1.0),
    # From this occupancy on, the intensive care of a region counts as full or nearly full.
    ParameterKind("ic-strained-at", "ratio", 0.0, 2.0),
    # A region of which less is told counts as missing there.
    ParameterKind("ic-strained-completeness", "ratio", 0.0, 1.0),
    # How long after a step of the ladder is reached its notice may take.
    ParameterKind("notice-within-e1", "d", 0, 365),
    ParameterKind("notice-within-e2", "d", 0, 365),
    ParameterKind("notice-within-e3", "d", 0, 365),
    ParameterKind("notice-within-e4", "d", 0, 365),
    ParameterKind("notice-within-e5", "d", 0, 365),
    ParameterKind("notice-within-e6", "d", 0, 365),
    # How long beds are missed of which a location told, after the day on which it told of them last.
    ParameterKind("beds-missed", "d", 3, 185),
    # The same for operating rooms, and for those who wait for vervolgzorg and its free places.
    ParameterKind("rooms-missed", "d", 3, 185),
    ParameterKind("followup-missed", "d", 3, 185),
    # How long the number of usual operating rooms stands that a location told once, while it tells its rooms in use.
    ParameterKind("rooms-usual-stand", "d", 14, 371),
    # How long a werkvoorraad stands for now, from its Monday on; without a newer one the location is missing.
    ParameterKind("workstock-stands", "d", 6, 62),
    # How long a location that supplies no werkvoorraad any more is missed in the figures.
    ParameterKind("workstock-missed", "d", 20, 371),
    # How long it owes its werkvoorraad, and is told as missing.
    ParameterKind("workstock-owed", "d", 20, 371),
    # How long a wait stands for now after its peildatum; two peildata further apart do not follow each other.
    ParameterKind("waits-stand", "d", 14, 62),
    # How long after its peildatum a wait is missed that nothing followed, and a location owes its supply.
    ParameterKind("waits-missed", "d", 14, 124),
    # How long a rate of absence stands for now, from its Monday on.
    ParameterKind("absence-stands", "d", 6, 34),
    # How long a location that tells no absence any more is missed.
    ParameterKind("absence-missed", "d", 20, 185),
    # How long the newest full week of production stands, and a location that told none of it is missed.
    ParameterKind("production-missed", "d", 13, 185),
    # The same of referrals.
    ParameterKind("referrals-missed", "d", 13, 185),
    # Notices of so many days, today with them, are counted as skipped or misdirected.
    ParameterKind("notices-counted", "d", 1, 366),
    # How long what was seen on a website stands for now.
    ParameterKind("website-stands", "d", 1, 92),
    # How long a website that nobody looks at any more is missed.
    ParameterKind("website-missed", "d", 1, 185),
    # How old a report of beds may be before it is late.
    ParameterKind("beds-kept", "d", 8, 62),
    # How long the newest beds of a location are held, to know what it reported when it has expired.
    ParameterKind("beds-held", "d", 62, 742),
    # How long beds stand for now, after the day on which they were reported.
    ParameterKind("beds-stand", "d", 1, 7),
    # How long a week of admissions says something about now.
    ParameterKind("admissions-stand", "d", 1, 14),
    # The same of operating rooms.
    ParameterKind("rooms-kept", "d", 8, 62),
    ParameterKind("rooms-held", "d", 62, 742),
    # How long rooms in use stand at least; longer where no working day has passed since.
    ParameterKind("rooms-stand", "d", 1, 7),
    # The same of vervolgzorg.
    ParameterKind("followup-kept", "d", 8, 62),
    ParameterKind("followup-held", "d", 62, 742),
    ParameterKind("followup-stand", "d", 1, 7),
    # How old the week of a report may be before it is late; four weeks behind the oldest that stands must be there.
    ParameterKind("workstock-kept", "d", 49, 186),
    # How long the newest week is held: as long as it can be owed, and once more.
    ParameterKind("workstock-held", "d", 371, 1113),
    # How long waits are kept, and older ones are late: as long as one can be missed, and once more.
    ParameterKind("waits-kept", "d", 124, 496),
    # How old the week of a report of absence may be before it is late.
    ParameterKind("absence-kept", "d", 34, 186),
    ParameterKind("absence-held", "d", 185, 742),
    # How old the week of a report of production may be before it is late.
    ParameterKind("production-kept", "d", 35, 186),
    ParameterKind("production-held", "d", 185, 742),
    # The same of referrals.
    ParameterKind("referrals-kept", "d", 35, 186),
    ParameterKind("referrals-held", "d", 185, 742),
    # How long phases, agreements, published reports and plans are kept, and older ones are late.
    ParameterKind("coordination-kept", "d", 366, 1600),
    # How long transfers are kept, of which seven days are counted.
    ParameterKind("transfers-kept", "d", 7, 62),
    # How long notices are kept, so that a later step finds the one that it answers.
    ParameterKind("notices-kept", "d", 366, 800),
    # How old the week of a report of zorgbemiddeling may be before it is late.
    ParameterKind("mediation-kept", "d", 14, 186),
    # How long ago a website may have been looked at before the report is late.
    ParameterKind("website-kept", "d", 92, 371),
    # How long what a website showed last is held.
    ParameterKind("website-held", "d", 185, 742),
    # Notifications of a day are held against at least this many admissions: a quiet day is no flood.
    ParameterKind("flood-admissions-min", "patients", 1, 1000),
)

PARAMETERS: Mapping[str, ParameterKind] = {kind.name: kind for kind in _KINDS}
"""Every parameter by name."""


def checked_parameters(entries: Iterable[Parameter]) -> dict[str, Parameter]:
    """Return the parameters of a file by name.

    Raises:
        NormsError: one is missing, unknown, given twice, out of bounds, or says not whose it is.
    """
    found: dict[str, Parameter] = {}
    for entry in entries:
        kind = PARAMETERS.get(entry.name)
        if kind is None:
            raise _problem(entry.name, "name", f"unknown; one of {', '.join(PARAMETERS)}")
        if entry.name in found:
            raise _problem(entry.name, "name", "given twice; keep one")
        if entry.unit != kind.unit:
            raise _problem(entry.name, "unit", f"`{entry.unit}`; it is in `{kind.unit}`")
        if kind.choices and entry.value not in kind.choices:
            raise _problem(entry.name, "value", f"`{entry.value}`; one of {', '.join(kind.choices)}")
        if not kind.choices and (
            isinstance(entry.value, str) or not kind.lowest <= entry.value <= kind.highest
        ):
            raise _problem(
                entry.name, "value", f"`{entry.value}`; a number from {kind.lowest:g} to {kind.highest:g}"
            )
        if (entry.source is None) == (entry.assumption is None):
            raise _problem(entry.name, "source", "say either the source or the assumption, and not both")
        found[entry.name] = entry
    missing = [name for name in PARAMETERS if name not in found]
    if missing:
        raise NormsError(
            f"parameter {', '.join(missing)}: missing; add each as a [[parameter]], as in alerts/norms.toml"
        )
    return found


def _problem(name: str, field: str, what: str) -> NormsError:
    return NormsError(f"parameter {name}, `{field}`: {what}")
