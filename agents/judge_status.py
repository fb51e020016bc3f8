"""Stage 3, one agent: status entries in, transitions of breaches, overviews and closings out."""

from collections.abc import Iterator, Sequence

import msgspec

from agents.domain.losses import EntriesLost, lose_entries
from agents.door import Door
from agents.engine.snapshot import decode_state, encode_state
from agents.engine.stage import Incoming, Outgoing
from agents.status_entries import NOT_HANDLED, StatusEntries, turn_of
from alerts.closing import Closer
from alerts.judge import judge
from alerts.judged import JudgeState
from alerts.norms import Norms
from streams.bounded_view import bounded
from streams.regions import NL
from streams.status import Closing, RegionOverview, StatusEntry, Transition, encode
from streams.topics import BREACHES, CLOSINGS, OVERVIEW, REGION_STATUS

_ENTRIES = 4
"""Judged at once: some milliseconds when much changed."""


class JudgeImage(msgspec.Struct):
    """State of the judge, with the counts of what it wrote, and what it lost."""

    judged: JudgeState
    transitions: dict[str, int] = {}
    ticks: dict[str, int] = {}
    lost: EntriesLost = msgspec.field(default_factory=EntriesLost)


class JudgePartition:
    """Every region, judged.

    Attributes:
        image: the state.
        dirty: regions that changed since somebody last looked, for the metrics page.
    """

    def __init__(self, image: JudgeImage, norms: Norms, entries: StatusEntries) -> None:
        self.image = image
        self.norms = norms
        self.entries = entries
        self._closer = Closer()
        self.dirty: set[str] = set(image.judged.regions)

    @property
    def at_barrier(self) -> bool:
        """Every entry is judged whole."""
        return True

    @property
    def finalized(self) -> int:
        """As the folds say with their ticks."""
        return self.entries.finalized

    def urgency(self, _records: Sequence[Incoming], _start: int) -> int:
        """After the folds: reports wait for those, nothing waits for this."""
        return 2

    def handle(self, records: Sequence[Incoming], start: int) -> tuple[int, list[Outgoing]]:
        """Judge some status entries; not all at once, for reports wait meanwhile."""
        outgoing: list[Outgoing] = []
        stop = turn_of(records, start, _ENTRIES)
        for entry in self.entries.of(records[start:stop]):
            outgoing += [
                _closing_record(key, closing, entry.at)
                for key, closing in self._closer.closings(self.image.judged, entry)
            ]
            transitions, overviews = judge(self.image.judged, entry, self.norms)
            self._note(entry, transitions)
            outgoing += [_transition_record(transition, entry.at) for transition in transitions]
            outgoing += [_overview_record(overview, entry.at) for overview in overviews]
        return stop, outgoing

    def pieces(self) -> dict[str, bytes | None]:
        """Return the state of the judge, whole: a tick touches every region."""
        return {"judge": encode_state(self.image)}

    def whole(self) -> dict[str, bytes]:
        """Return the state of the judge."""
        return {"judge": encode_state(self.image)}

    def pass_over(self, record: Incoming, error: Exception) -> list[Outgoing]:
        """Count the entry; it stays where it stands."""
        self.entries.pass_over(NOT_HANDLED, record.offset, repr(error))
        return []

    def lose(self, begin: int, end: int) -> None:
        """Count what was gone before it was judged."""
        lose_entries(self.image.lost, begin, end, self.passed())

    def passed(self) -> Iterator[int]:
        """Yield the tick that each topic and join has passed in each region."""
        for region in self.image.judged.regions.values():
            yield from region.passed.values()

    def _note(self, entry: StatusEntry, transitions: list[Transition]) -> None:
        image = self.image
        if entry.stage != "fold" and NL in (
            entry.region,
            *entry.also,
        ):  # once a tick: the country passes it last
            image.ticks[entry.topic] = image.ticks.get(entry.topic, 0) + 1
        if entry.indicators:
            self.dirty.add(entry.region)
        # Silence, holds and steps move without any change: whoever has an open episode has news at each tick.
        self.dirty.update(name for name in (entry.region, *entry.also) if self._is_open(name))
        for transition in transitions:
            self.dirty.add(transition.region)
            image.transitions[transition.state] = image.transitions.get(transition.state, 0) + 1

    def _is_open(self, name: str) -> bool:
        region = self.image.judged.regions.get(name)
        return region is not None and bool(region.episodes)


class JudgeStatus:
    """Makes the one partition of the judge; `held` is it while this worker has it."""

    name = "judge"
    source = REGION_STATUS
    from_beginning = True

    def __init__(self, norms: Norms, door: Door | None = None) -> None:
        self.norms = norms
        self.entries = StatusEntries(self.name, door or Door())
        self.held: JudgePartition | None = None

    def make(self, _partition: int, pieces: dict[str, bytes]) -> JudgePartition:
        """Return the judge from its state, or an empty one."""
        image = decode_state(pieces["judge"], JudgeImage) if pieces else JudgeImage(JudgeState())
        self.held = JudgePartition(image, self.norms, self.entries)
        return self.held

    def dropped(self, partition: int) -> None:  # noqa: ARG002 - there is one
        """Forget the judge: another worker is it now, and only one may speak."""
        self.held = None


def _transition_record(transition: Transition, at: int) -> Outgoing:
    headers = (
        ("ce_specversion", b"1.0"),
        ("ce_id", transition.id.encode()),
        ("ce_source", b"urn:ketenwacht:judge"),
        ("ce_type", b"nl.ketenwacht.care.breaches"),
        ("ce_time", transition.at.encode()),
        ("ce_subject", transition.episode.encode()),
        ("content-type", b"application/json"),
    )
    return Outgoing(BREACHES, transition.region.encode(), encode(transition), at * 1000, headers, partition=0)


def _overview_record(overview: RegionOverview, at: int) -> Outgoing:
    return Outgoing(OVERVIEW, overview.region.encode(), bounded(overview), at * 1000, partition=0)


def _closing_record(key: str, closing: Closing | None, at: int) -> Outgoing:
    return Outgoing(
        CLOSINGS, key.encode(), None if closing is None else bounded(closing), at * 1000, partition=0
    )
