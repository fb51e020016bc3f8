"""The lines of a registry file: a location, a source, or a dated change of one; each with its owner and date.

One line is one JSON object, in a file and in a control record alike, so that what takes effect is what stands in the file.
A later line about the same location or source replaces the earlier one.
"""

from datetime import date
from typing import Annotated, Literal

import msgspec
import orjson
from msgspec import Meta
from typing_extensions import override

from streams.reports.occupancy import Unit
from streams.reports.report import Name

Id = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,63}\Z")]
"""Identity of a location or source: of a source, what stands in `source` of its reports."""

Network = Annotated[str, Meta(pattern=r"^(R[0-9]{2}|NL)\Z")]
Text = Annotated[str, Meta(min_length=1, max_length=200)]

ANY = "any"
AREAS = "areas"
REGISTERED = "*"
OF_NETWORK = "network:"

Cadence = Literal[
    "live", "hourly", "daily", "weekly", "two-weekly", "monthly", "quarterly", "when-it-happens"
]
Calendar = Literal["daily", "working-days", "even-weeks"]
Kind = Literal["hospital", "clinic", "vervolgzorg", "practice", "institution", "area", "total", "party"]


class _Line(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="line",
):
    """What every line says.

    Attributes:
        owner: who answers for the line.
        date: when it was written.
        note: what readers should know of it, such as an assumption and its ground.
    """

    owner: Text
    date: date
    note: str = ""

    @property
    def subject(self) -> tuple[str, ...]:
        """What the line is about: a later line about the same replaces it."""
        raise NotImplementedError


class Location(
    _Line, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, tag="location"
):
    """A place that reports are about.

    Attributes:
        id: its identity, whatever it is called.
        name: what figures call it: `location` of the reports that it is known by.
        aliases: other names that reports give it.
        type: what it is; a `total` is the sum of its parts, an `area` a part of the country.
        network: ROAZ region that its figures count in.
        safety_region: VR code; empty where unknown.
        parent: id of the location that it is a part of; empty without one.
        since: first day on which it reports.
        until: first day on which it reports no more; null while it does.
        expects: what it is expected to report, by topic: the cadence.
        units: the units of which it is expected to report beds; empty for all.
    """

    id: Id
    name: Name
    network: Network
    type: Kind = "hospital"
    aliases: list[Name] = []
    safety_region: str = ""
    parent: str = ""
    since: date | None = None
    until: date | None = None
    expects: dict[str, Cadence] = {}
    units: list[Unit] = []

    @property
    @override
    def subject(self) -> tuple[str, ...]:
        """Return the kind of line and the id."""
        return "location", self.id


class Source(_Line, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, tag="source"):
    """Somebody who sends reports.

    Attributes:
        id: `source` of its reports.
        publisher: who stands behind it.
        topics: report topics on which it may speak.
        locations: whom it may speak for: ids of locations, `network:R05`, `*` (every registered location), `areas` (NL,
            safety regions, municipalities, networks) or `any` (every name, for public lists that nobody registers).
        cadence: how often it speaks; how long its silence is ordinary stands in `[[feed]]` of the norms.
        calendar: days on which it may speak.
        rank: which of several sources about the same counts: the lowest. A live link goes before a daily file.
        principal: Kafka principal that it writes as; empty where unknown.
        signs: whether its reports carry a signature.
        key: id of the key that it signs with.
        since: first day on which it speaks.
        until: first day on which it speaks no more; null while it does.
    """

    id: Id
    publisher: Text
    topics: Annotated[list[str], Meta(min_length=1)]
    locations: Annotated[list[str], Meta(min_length=1)]
    cadence: Cadence = "daily"
    calendar: Calendar = "daily"
    rank: Annotated[int, Meta(ge=1, le=1000)] = 100
    principal: str = ""
    signs: bool = False
    key: str = ""
    since: date | None = None
    until: date | None = None

    @property
    @override
    def subject(self) -> tuple[str, ...]:
        """Return the kind of line and the id."""
        return "source", self.id


class _Change(_Line, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A dated change; `on` is the first day on which it holds."""

    on: date


class Rename(
    _Change, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, tag="rename"
):
    """A location gets another name; reports under either are about it."""

    location: Id
    to: Name

    @property
    @override
    def subject(self) -> tuple[str, ...]:
        """Return the kind of line, the location and the name."""
        return "rename", self.location, self.to


class Split(_Change, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, tag="split"):
    """One location becomes several."""

    location: Id
    into: Annotated[list[Id], Meta(min_length=2)]

    @property
    @override
    def subject(self) -> tuple[str, ...]:
        """Return the kind of line and the location."""
        return "split", self.location


class Merge(_Change, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, tag="merge"):
    """Several locations become one."""

    locations: Annotated[list[Id], Meta(min_length=2)]
    into: Id

    @property
    @override
    def subject(self) -> tuple[str, ...]:
        """Return the kind of line and the location that they become."""
        return "merge", self.into


class Move(_Change, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, tag="move"):
    """A location counts in another network."""

    location: Id
    to: Network

    @property
    @override
    def subject(self) -> tuple[str, ...]:
        """Return the kind of line, the location and the day."""
        return "move", self.location, self.on.isoformat()


class Retire(
    _Change, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, tag="retire"
):
    """A source ended: it is expected no more, its series and alerts go, and what it sends is refused."""

    source: Id

    @property
    @override
    def subject(self) -> tuple[str, ...]:
        """Return the kind of line and the source."""
        return "retire", self.source


Line = Location | Source | Rename | Split | Merge | Move | Retire
"""One line of a registry."""

_decoder: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)


def decode_line(text: bytes | str) -> Line:
    """Return the line in a piece of JSON; raises `msgspec.MsgspecError` or `UnicodeDecodeError`."""
    line: Line = _decoder.decode(text)
    return line


def encode_line(line: Line) -> bytes:
    """Return a line as compact JSON, fields in declared order."""
    return orjson.dumps(msgspec.to_builtins(line))
