"""Control records: what takes effect at its place in the log, in the report partitions, as ticks do.

Key `control`, value one JSON object with `kind` and `at`, signed (`streams.signature`). One stands in each partition that
it is about, so that the state of that partition follows from its own log alone. A kind is a struct and a place in
`AnyControl`; who applies it is said where it is applied. A worker that does not know a kind sets the record aside.
"""

from collections.abc import Sequence
from datetime import date

import msgspec

from streams.damaged import Header
from streams.registry.lines import Line
from streams.signature import Signed, SigningKeys
from streams.ticks import AHEAD_MS_MAX, LATEST_TICK

CONTROL_KEY = b"control"


class Control(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """What every control record says.

    Attributes:
        at: second (UTC) at which it was written.
    """

    at: int


class TickerReset(Control, frozen=True, kw_only=True, tag="ticker-reset"):
    """The time begins again at `at`: a clock had run ahead.

    Attributes:
        after: a second that it had not passed anywhere; the same in every partition.
    """

    after: int


class RegistryLines(Control, frozen=True, kw_only=True, tag="registry-lines"):
    """Who may say what from here on: all lines that are in force, once the last part of them came.

    Attributes:
        part: number of this part, from 1.
        parts: how many parts there are.
        lines: the lines of this part.
        open: nobody is registered any more, and everybody may speak.
    """

    part: int
    parts: int
    lines: list[Line]
    open: bool = False


class Skip(Control, frozen=True, kw_only=True, tag="skip"):
    """A record in front of this one is passed over: it cannot be handled (`agents.engine.skips`).

    Attributes:
        offset: where it stands, in the partition of this control record.
    """

    offset: int


class SuspectConfirm(Control, frozen=True, kw_only=True, tag="suspect-confirm"):
    """Somebody looked at a suspect figure, and it is right (`agents.domain.plausible`).

    Attributes:
        region: region id or `NL`.
        location: who reported it, by the name that figures use.
        subject: what it is about, such as `ic covid`.
        day: local day that it is about, `yyyy-mm-dd`.
        value: as reported: another one is not confirmed.
        by: who confirmed it, and why.
    """

    region: str
    location: str
    subject: str
    day: date
    value: int
    by: str


class UpgradeFinalize(Control, frozen=True, kw_only=True, tag="upgrade-finalize"):
    """Nobody needs the older format of state any more: workers put away the newer one from here on.

    Attributes:
        format: the newer one (`agents.engine.formats`).
    """

    format: int


FORMAT_MAX = 10_000
"""Far above any: a number that no snapshot holds would be the end of them."""

AnyControl = TickerReset | RegistryLines | Skip | SuspectConfirm | UpgradeFinalize
"""Every kind."""


class _Head(msgspec.Struct):
    kind: str
    at: int


_LATEST_RESET = LATEST_TICK + 86_400
_head_decoder = msgspec.json.Decoder(_Head)
_decoder: msgspec.json.Decoder[AnyControl] = msgspec.json.Decoder(AnyControl)


def encode_control(control: AnyControl) -> bytes:
    """Return the value of a control record."""
    return msgspec.json.encode(control)


def decode_control(value: bytes | None) -> AnyControl:
    """Return what a control record says.

    Raises:
        ValueError: the value is no control record, or none that is known here.
    """
    try:
        head = _head_decoder.decode(value or b"")  # a single struct would be taken without its kind
        control = _decoder.decode(value or b"")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"not a control record: {error}") from error
    if not 0 < head.at < LATEST_TICK:
        raise ValueError(f"`at` outside 1970...2100: {head.at}")
    if isinstance(control, TickerReset) and not head.at <= control.after < _LATEST_RESET:
        raise ValueError(f"`after` before `at` or too late: {control.after}")
    if isinstance(control, UpgradeFinalize) and not 0 <= control.format <= FORMAT_MAX:
        raise ValueError(f"`format` outside 0...{FORMAT_MAX}: {control.format}")
    if isinstance(control, Skip) and control.offset < 0:
        raise ValueError(f"`offset` below 0: {control.offset}")
    return control


def control_that_counts(record: Signed, headers: Sequence[Header], keys: SigningKeys) -> AnyControl:
    """Return what a control record says.

    Raises:
        ValueError: it is none, not of its own time, or not signed although it must be.
    """
    control = decode_control(record.value)
    keys.check(record, headers)
    if abs(control.at * 1000 - record.timestamp) > AHEAD_MS_MAX:
        raise ValueError(f"`at` {control.at} is not the time of the record; write it again")
    return control
