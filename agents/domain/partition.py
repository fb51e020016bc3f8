"""One partition of a report topic: its regions, its last tick, and the count of what became of each record.

Always: applied + duplicate + late + dead_lettered + skipped = records received (ticks are not counted).
"""

from collections.abc import Sequence
from itertools import islice

import msgspec

from agents.domain.counts import LOSS_SHOWN_SECONDS, Counts, Loss, without_frames
from agents.domain.region import FOLDINGS, RegionState, empty_region, heard_of, watch_unknown
from agents.domain.region_status import status
from agents.domain.speakers.admission import UNKNOWN_SENDER, admit
from agents.domain.speakers.signed import check_signed
from agents.domain.speakers.speakers import Spoken
from agents.domain.statements import feeds
from agents.domain.statements.parts import Located
from alerts.norms import Norms
from streams.calendar import local_day
from streams.codec import RefusedError
from streams.control import CONTROL_KEY
from streams.damaged import offsets_of
from streams.intake import ACCEPT
from streams.moments import after_of, comes_after, moment_of, second_of
from streams.regions import NL, UNPLACED
from streams.registry.lines import Line
from streams.registry.registry import Registry
from streams.reports import Agreement, Notice, PhaseChange, Report, ReportPublished
from streams.signature import Signed, SigningKeys
from streams.status import StatusEntry
from streams.ticks import TICK_KEY
from streams.topics import COORDINATION
from streams.written import Written

_OF_THE_COUNTRY = (PhaseChange, Agreement, Notice, ReportPublished)
"""Events that are about the country when keyed `NL`, whoever or wherever `location` names."""

CLOCK_SKEW_MAX_MS = 86_400_000
"""How far a time in a record may lie after the record's own timestamp."""


class PartitionState(msgspec.Struct):
    """State of one partition.

    Attributes:
        topic: report topic.
        partition: its number.
        members: regions of the catalogue whose key lies in this partition; each gets an entry at each tick.
        regions: their state, once there is any.
        last_tick: moment of the last tick (`streams.moments`), 0 before the first.
        counts: what became of the records.
        registry: who may say what; None where nobody is registered.
        unknown: sources that were refused because nobody registered them, with when each was last heard, seconds.
        coming: the lines of a registry of which not all parts came, with the number of the last part.
        skipped: offsets that were skipped, the newest last (`agents.domain.skips`).
        losses: what was lost within a day, the newest last.
        finalized: the format of state that an operator allowed; 0 where nobody said anything.
    """

    topic: str
    partition: int
    members: tuple[str, ...]
    regions: dict[str, RegionState]
    last_tick: int = 0
    counts: Counts = msgspec.field(default_factory=Counts)
    registry: Registry | None = None
    unknown: dict[str, int] = {}
    coming: tuple[int, list[Line]] = (0, [])
    skipped: list[int] = []
    losses: list[Loss] = []
    finalized: int = 0


def empty_partition(topic: str, partition: int, members: tuple[str, ...]) -> PartitionState:
    """Return a partition in which nothing has happened."""
    everyone = (*members, UNPLACED) if NL in members else members
    return PartitionState(topic, partition, everyone, {})


def receive_batch(  # noqa: C901, PLR0912, PLR0915 - one loop with few calls: each is a twentieth of what a report costs
    state: PartitionState,
    records: Sequence[Written],
    refused: list[tuple[int, RefusedError]],
    norms: Norms,
    start: int = 0,
    keys: SigningKeys | None = None,
) -> int:
    """Take records in order until a tick, a control record or the end.

    Args:
        state: the partition.
        records: the records, with those before `start`.
        refused: what could not be accepted is added here, with its index in `records`; it belongs in the dead-letter topic.
        norms: for how long reports are kept.
        start: index of the first record to take.
        keys: of the sources that sign; None where records were accepted before, as in a recording: no signature is asked for.

    Returns:
        Index of the tick or control record that comes next, or `len(records)`.
    """
    accept = ACCEPT[state.topic]
    fold = FOLDINGS[state.topic].fold
    old_seconds = feeds.old_seconds(state.topic)
    regions = state.regions
    measured = state.topic != COORDINATION
    applied = duplicate = late = dead = held_back = 0
    try:
        for index, record in enumerate(islice(records, start, None), start):
            key = record.key
            if key == TICK_KEY:
                return index
            try:
                report, observed, received = accept(key, record.value)
                if received * 1000 > record.timestamp + CLOCK_SKEW_MAX_MS:
                    raise _from_the_future(report)
                if observed > received and measured:
                    # Nobody counts beds of tomorrow: a clock is wrong. Told as of tomorrow, it would hide all of today.
                    observed = received
                name = report.region
                region = regions.get(name) if name != NL else None
                source = None if region is None else region.spoken.get(report.source)
                held = False
                if region is None or source is None or report.location not in source.locations:
                    _asked_to_sign(state, report, record, keys)
                    region, source, report = _admitted(state, region, report, (observed, received), norms)
                    held = report.location in region.speakers.unregistered
            except RefusedError as refusal:
                if key == CONTROL_KEY:  # no region has this key, so looking for it costs no report anything
                    return index
                dead += offsets_of(record)
                refused.append((index, without_frames(refusal)))
                continue
            # A source is heard whatever the age of what it says; a flood of late reports is made of late reports.
            if received > source.received:  # noqa: PLR1730 - `max` is a call
                source.received = received
            region.changed = True
            if received - observed > old_seconds:
                feeds.note_old(region.feeds, report, observed, received)
            outcome = fold(region.body, report, observed, received, region.day, norms)
            if outcome == "applied":
                if held:
                    held_back += 1
                else:
                    applied += 1
            elif outcome == "duplicate":
                duplicate += 1
            else:
                late += 1
        return len(records)
    finally:
        counts = state.counts
        counts.applied += applied
        counts.held_back += held_back
        counts.duplicate += duplicate
        counts.late += late
        counts.dead_lettered += dead


_UNKNOWN_MAX = 1000
"""Unknown senders that are told apart in one partition."""
_UNKNOWN_DAYS = 7
"""For so long an unknown sender is counted after it was last heard."""


def _asked_to_sign(state: PartitionState, report: Report, record: Written, keys: SigningKeys | None) -> None:
    if keys is not None and state.registry is not None:
        written = Signed(state.topic, state.partition, record.timestamp, record.key, record.value)
        check_signed(state.registry, report.source, written, record.headers, keys)


def _admitted(
    state: PartitionState,
    region: RegionState | None,
    report: Report,
    moments: tuple[int, int],
    norms: Norms,
) -> tuple[RegionState, Spoken, Report]:
    """Return the region of a report, its source, and the report under the name by which its location is known."""
    before = len(state.regions)
    region = region or _region_of(state, report)
    body, folding = region.body, FOLDINGS[state.topic]
    located = isinstance(body, Located)
    name, received = report.source, moments[1]
    try:
        admitted, always = admit(
            state.registry,
            state.topic,
            report.region,
            region.speakers,
            report,
            moments,
            lambda source: norms.feed(source).max_age,
            lambda better, worse, seconds: folding.displace(body, better, moments[0], worse, seconds),
            located=located,
            is_whole=folding.is_whole,
        )
    except RefusedError as refusal:
        if len(state.regions) > before:
            state.regions.popitem()  # it was made for this report
        if refusal.reason == UNKNOWN_SENDER:
            unknown = state.unknown
            if name in unknown or len(unknown) < _UNKNOWN_MAX:
                unknown[name] = max(received, unknown.get(name, 0))
            feeds.note_unknown(region.feeds, name, received)
            region.changed = True
        raise
    known = norms.feeds if state.registry is None else state.registry.sources
    source = heard_of(region, name, received, known)
    location = admitted.location
    if always and location not in region.speakers.unregistered:
        source.locations.add(location)
    elif located and region.speakers.several_speak(location):
        for other in region.spoken.values():
            other.locations.discard(location)
    return region, source, admitted


def _from_the_future(report: Report) -> RefusedError:
    # A source that was last heard in 2099 would never be missed again.
    return RefusedError(
        "impossible-time",
        f"`received_at` {report.received_at} lies more than a day after the record was written; check the clock",
    )


def _region_of(state: PartitionState, report: Report) -> RegionState:
    """Return the state of the region that a report is about."""
    name = report.region
    # A part of the country that lies in no single network; what is decided, told or published lies nowhere.
    if (
        name == NL
        and report.location != NL
        and not isinstance(getattr(report, "event", None), _OF_THE_COUNTRY)
    ):
        name = UNPLACED
    if name not in state.members:
        raise RefusedError(
            "wrong-partition",
            f"{name} does not belong in partition {state.partition}; choose it by murmur2 of the key (partitioner=murmur2_random in librdkafka)",
        )
    return region_of(state, name)


def region_of(state: PartitionState, name: str) -> RegionState:
    """Return the state of a member, begun where nothing is known of it."""
    region = state.regions.get(name)
    if region is None:
        region = state.regions[name] = empty_region(state.topic)
        # What is late does not depend on whether the region was heard before.
        region.day = local_day(second_of(state.last_tick)) if state.last_tick else 0
    return region


def tick(state: PartitionState, at: int, norms: Norms) -> list[StatusEntry]:
    """Pass a tick: return what changed, every member named once; nothing if `at` is not after the last tick."""
    moment = moment_of(after_of(state.last_tick), at)
    if not comes_after(moment, state.last_tick):
        return []
    since, state.last_tick = second_of(state.last_tick), moment
    after = after_of(moment)
    state.counts.ticks += 1
    if state.losses:
        state.losses = [loss for loss in state.losses if at - loss.after < LOSS_SHOWN_SECONDS]
    if state.unknown and local_day(since) != local_day(at):
        oldest = at - _UNKNOWN_DAYS * 86_400
        state.unknown = {source: heard for source, heard in state.unknown.items() if heard >= oldest}
    if state.registry is None:
        watched = set[str]().union(*(region.feeds.once for region in state.regions.values()))
        for name in state.members:
            if name in state.regions:
                watch_unknown(state.regions[name], watched)
    entries = []
    quiet = []
    for name in state.members:
        region = state.regions.get(name)
        changes = (
            [] if region is None else status(state.topic, name, region, since, at, norms, state.registry)
        )
        if changes:
            entries.append(StatusEntry("fold", state.topic, state.partition, name, at, changes, after=after))
        else:
            quiet.append(name)
    if quiet:
        first = (
            entries[0]
            if entries
            else StatusEntry("fold", state.topic, state.partition, quiet.pop(0), at, after=after)
        )
        entries[:1] = [msgspec.structs.replace(first, also=quiet)]
    return _allowing(state.finalized, entries)


def _allowing(finalized: int, entries: list[StatusEntry]) -> list[StatusEntry]:
    """Let the stages behind know which format an operator allowed."""
    if not finalized or not entries:
        return entries
    return [msgspec.structs.replace(entries[0], finalized=finalized), *entries[1:]]
