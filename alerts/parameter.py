"""Parameters: numbers and choices that no norm holds anything against, and that a policy person may change all the same.

Each is a `[[parameter]]` of the norms file, with the source that it comes from or the assumption that it is. Which
there are is said here and by the report types, so that none is forgotten and a mistyped one is not passed over in silence.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from alerts.norm import Assumption, NormsError
from streams.reports import REPORT_TYPES


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
    # Or further than this over the square root of what is expected: few patients vary by chance.
    ParameterKind("fair-share-chance", "deviations", 0.0, 5.0),
    # Of a safety region that lies in several networks each has at least this part.
    ParameterKind("fair-share-part-least", "ratio", 0.0, 0.33),
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
    # Published waits of fewer locations, or of which one has more of the weight, say nothing of the streefnorm.
    ParameterKind("target-locations", "locations", 1, 100),
    ParameterKind("target-share-most", "ratio", 0.1, 1.0),
    # Notifications of a day are held against at least this many admissions: a quiet day is no flood.
    ParameterKind("flood-admissions-min", "patients", 1, 1000),
    # From where on a figure is suspect (`agents.domain.plausible.limits`).
    ParameterKind("suspect-warm-up", "d", 2, 62),
    ParameterKind("suspect-margin", "ratio", 1, 10),
    ParameterKind("suspect-chance", "deviations", 0, 10),
    ParameterKind("suspect-least", "beds", 0, 1000),
    ParameterKind("suspect-far", "ratio", 1, 100),
    ParameterKind("suspect-far-from", "patients", 0, 10000),
    ParameterKind("suspect-same", "d", 1, 62),
    ParameterKind("suspect-same-from", "patients", 1, 10000),
    ParameterKind("suspect-rises", "d", 7, 742),
    ParameterKind("suspect-admitted", "d", 3, 62),
    ParameterKind("suspect-alike", "ratio", 0.1, 1),
    # For how many days what was reported counts, as the report types declare.
    *(
        ParameterKind(name, "d", lowest, highest)
        for kind in REPORT_TYPES.values()
        for name, (lowest, highest) in kind.declared.days.items()
    ),
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
