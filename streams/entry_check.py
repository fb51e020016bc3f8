"""Whether a record of `care.region-status` is what a stage writes: nobody downstream looks at it again.

A stage that takes an entry at its word would count a region that is not there, stand still until a tick of tomorrow, or fail
at a figure that nobody knows. What is no entry of ours changes nothing; those behind it do.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import get_args

import msgspec

from streams.damaged import Header
from streams.evidence import Evidence, Range, Silence
from streams.indicators import INDICATORS
from streams.joins import JOINS
from streams.regions import NL, REGIONS, UNPLACED
from streams.reports.coordination import Phase
from streams.reports.refused import RefusedError
from streams.signature import SignatureError, Signed, SigningKeys
from streams.silent import SILENT_NAMED
from streams.status import Indicator, Stage, StatusEntry, decode_entry
from streams.ticks import LATEST_TICK
from streams.topics import REGION_STATUS, REPORT_TOPICS
from streams.where import PLACES_NAMED, Where
from streams.written import Written

NO_KEYS = SigningKeys()

AHEAD_SECONDS_MAX = 20
"""A tick is at most 5 s ahead of its record, that at most 10 s of its broker's clock, and two brokers' differ by little."""

AFTER_SECONDS_MAX = 86_400
"""So far ahead a wrong clock could ever put the time before it began again."""

_REGIONS: Mapping[Stage, Collection[str]] = {
    "fold": frozenset({*REGIONS, UNPLACED}),
    "nation": frozenset({NL}),
    "join": frozenset(REGIONS),
}
_TOPICS: Mapping[Stage, Collection[str]] = {
    "fold": frozenset(REPORT_TOPICS),
    "nation": frozenset(REPORT_TOPICS),
    "join": frozenset(JOINS),
}
_PHASES = frozenset({"", *get_args(Phase)})
_PARTITIONS_MAX = 64
_NUMBER_MAX = 2**53
"""Neither infinity nor what is no number is less."""
_LABEL_MAX = 300
_NONE = "-" * (_LABEL_MAX + 1)


class EntryError(ValueError):
    """A record that no stage writes; `fault` is a word for counters."""

    def __init__(self, fault: str, detail: str) -> None:
        super().__init__(detail)
        self.fault = fault


def sign_entry(entry: StatusEntry, value: bytes, keys: SigningKeys) -> tuple[Header, ...]:
    """Return the headers of an entry; none where it needs no signature, or no key holds at its tick.

    It is signed for the second of its tick: the broker stamps the record with a time of its own.
    """
    if not _must_be_signed(entry, keys):
        return ()
    try:
        return keys.sign(_signed(entry, entry.region.encode(), value))
    except SignatureError:
        return ()  # nor does its tick count


def entry_of(
    record: Written, keys: SigningKeys = NO_KEYS, clock: Callable[[], float] | None = None
) -> StatusEntry:
    """Return the entry in a record.

    Args:
        record: the record; its timestamp is that of the broker.
        keys: who may write entries; without any, everybody.
        clock: seconds since 1970, where the broker stamps nothing; a record is then held to that.

    Raises:
        EntryError: no stage writes such a record.
    """
    try:
        entry = decode_entry(record.value or b"")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, RefusedError) as error:
        raise EntryError("no-entry", f"not a status entry: {error}") from error
    _check_place(entry)
    if _must_be_signed(entry, keys):
        try:
            keys.check(_signed(entry, record.key, record.value), record.headers)
        except SignatureError as error:
            raise EntryError("unsigned", str(error)) from None
    else:
        _check_time(entry, record.timestamp / 1000 if clock is None else clock())
    if not 0 < entry.at <= LATEST_TICK:
        raise EntryError("time", f"tick outside 1970...2100: {entry.at}")
    for indicator in entry.indicators:
        _check(indicator, entry.topic)
    return entry


def _check_time(entry: StatusEntry, latest: float) -> None:
    """Hold the tick of whoever it is to a second clock: a worker that signs has done so itself, before it passed the tick."""
    if entry.at > latest + AHEAD_SECONDS_MAX:
        raise EntryError("time", f"tick {entry.at} lies ahead of {latest}, when it was written")
    if entry.after and not entry.at <= entry.after <= entry.at + AFTER_SECONDS_MAX:
        raise EntryError("time", f"the time cannot have begun again at {entry.at} after {entry.after}")


def _must_be_signed(entry: StatusEntry, keys: SigningKeys) -> bool:
    return bool(keys) and max(entry.at, entry.after) * 1000 >= keys.since


def _signed(entry: StatusEntry, key: bytes | None, value: bytes | None) -> Signed:
    return Signed(REGION_STATUS, 0, entry.at * 1000, key, value)


def _check_place(entry: StatusEntry) -> None:
    stage = entry.stage
    if entry.topic not in _TOPICS[stage]:
        raise EntryError("topic", f"no {stage} speaks of the topic {entry.topic[:40]!r}")
    if not (0 <= entry.partition < _PARTITIONS_MAX if stage == "fold" else entry.partition == -1):
        raise EntryError("partition", f"no {stage} has the partition {entry.partition}")
    regions = (entry.region, *entry.also)
    known = _REGIONS[stage]
    if len(regions) > len(known) or not all(region in known for region in regions):
        raise EntryError("region", f"no {stage} speaks of {[region[:40] for region in regions[:20]]}")
    if entry.phase not in _PHASES:
        raise EntryError("phase", f"there is no phase {entry.phase[:40]!r}")


def _check(indicator: Indicator, topic: str) -> None:
    kind = INDICATORS.get(indicator.name)
    if kind is None or kind.topic not in {"", topic}:
        raise EntryError("indicator", f"{topic} has no figure {indicator.name[:40]!r}")
    labels = indicator.labels
    fits = len(labels) == len(kind.labels)
    for label in kind.labels:
        fits = fits and len(labels.get(label, _NONE)) <= _LABEL_MAX
    if not fits:
        raise EntryError("label", f"{indicator.name} has the labels {kind.labels}, not {list(labels)[:10]}")
    value = indicator.value
    if value is not None and not abs(value) < _NUMBER_MAX:
        raise EntryError("value", f"{indicator.name} cannot be {value}")
    if not (
        0 <= indicator.observed_at <= LATEST_TICK
        and 0 <= indicator.completeness < _NUMBER_MAX
        and 0 <= indicator.observations < _NUMBER_MAX
        and (indicator.weight is None or 0 <= indicator.weight < _NUMBER_MAX)
    ):
        raise EntryError("value", f"{indicator.name} rests on what cannot be")
    _check_rest(indicator)


def _check_rest(indicator: Indicator) -> None:
    """Check what a figure says besides its value."""
    if indicator.silence is not None:
        _check_silence(indicator.name, indicator.silence)
    if indicator.silent:
        _check_silent(indicator)
    if indicator.where is not None:
        _check_where(indicator.name, indicator.where)
    for rests_on in (indicator.range, indicator.evidence):
        if rests_on is not None:
            _check_numbers(indicator.name, rests_on)


def _check_silent(indicator: Indicator) -> None:
    if len(indicator.silent) > SILENT_NAMED or not all(
        len(one.location) <= _LABEL_MAX and 0 <= one.told_at <= LATEST_TICK for one in indicator.silent
    ):
        raise EntryError("silent", f"{indicator.name} names {len(indicator.silent)}")


def _check_where(name: str, where: Where) -> None:
    if len(where.places) > PLACES_NAMED or not all(len(one.name) <= _LABEL_MAX for one in where.places):
        raise EntryError("where", f"{name} names {len(where.places)}")
    numbers = [number for one in where.places for number in (one.part, one.of)]
    if not all(abs(number) < _NUMBER_MAX for number in (*numbers, where.others, where.part, where.of)):
        raise EntryError("value", f"{name} comes from what cannot be")


def _check_silence(name: str, silence: Silence) -> None:
    _check_numbers(name, silence)
    if not 0 <= silence.given_up_at <= LATEST_TICK:
        raise EntryError("value", f"{name} expired at {silence.given_up_at}")


def _check_numbers(name: str, rests_on: Silence | Range | Evidence) -> None:
    numbers: Iterable[float | None] = msgspec.structs.astuple(rests_on)
    if not all(number is None or abs(number) < _NUMBER_MAX for number in numbers):
        raise EntryError("value", f"{name} would be what it cannot")
