"""A registry takes effect at its place in the log, all at once, and a snapshot holds it: the same log, the same result."""

import pytest

from agents.domain.partition import empty_partition, receive_batch, tick
from agents.domain.registration import apply_control, hold
from agents.partition_image import PartitionImage
from agents.pipeline import Pipeline
from alerts.norms import load_norms
from streams.codec import RefusedError
from streams.control import CONTROL_KEY, decode_control, encode_control
from streams.recording import Record, RecordingHeader, read_recording, write_recording
from streams.registry import applied
from streams.registry.applied import registry_controls
from streams.registry.draft import registry_of_records
from streams.registry.file import RegistryError, parse_lines, shipped_lines
from streams.registry.load import registry_of_recording
from streams.registry.registry import registry_of
from streams.topics import OCCUPANCY
from tests.support.reports import MONDAY, ic, record

NORMS = load_norms()
AT = int(MONDAY.timestamp())
OWNER = '"owner": "beheer", "date": "2021-01-01"'


def registry(*sources):
    lines = [
        f'{{"line": "source", {OWNER}, "id": "{name}", "publisher": "X", "topics": ["care.occupancy"],'
        ' "locations": ["any"]}'
        for name in sources
    ]
    return registry_of(parse_lines("\n".join(lines), "test"))


def partition():
    return empty_partition(OCCUPANCY, 0, ("R07",))


def tell(state, *sources):
    """Report of each source; return the reasons of what was refused."""
    refused = []
    records = [record(ic(50 + number, source=source)) for number, source in enumerate(sources)]
    receive_batch(state, records, refused, NORMS)
    return [refusal.reason for _, refusal in refused]


def again(state):
    """Return the partition as it is taken up from its snapshot."""
    pieces = {name: piece for name, piece in PartitionImage().changed(state).items() if piece is not None}
    return PartitionImage().restore(pieces)


def test_what_was_applied_holds_from_there_on_and_is_taken_back_by_open():
    state = partition()
    assert tell(state, "a", "b") == []
    for control in registry_controls(registry("a"), AT):
        apply_control(state, decode_control(encode_control(control)))
    assert state.registry.digest == registry("a").digest
    assert tell(state, "a", "b") == ["unknown-sender"]
    (control,) = registry_controls(None, AT)
    apply_control(state, control)
    assert tell(state, "a", "b") == []
    assert not state.unknown


def test_a_registry_in_parts_holds_once_the_last_part_came(monkeypatch):
    monkeypatch.setattr(applied, "_PART_BYTES", 10_000)
    whole = registry_of(shipped_lines())
    parts = registry_controls(whole, AT)
    assert len(parts) > 2
    state = partition()
    for part in parts[:-1]:
        apply_control(state, part)
        state = again(state)
        assert state.registry is None
    apply_control(state, parts[-1])
    assert state.registry.digest == whole.digest


def test_a_part_without_those_before_it_is_refused(monkeypatch):
    monkeypatch.setattr(applied, "_PART_BYTES", 10_000)
    first, _, third, *_ = registry_controls(registry_of(shipped_lines()), AT)
    state = partition()
    apply_control(state, first)
    with pytest.raises(
        RefusedError, match=r"not-a-control: part 3 of .* follows part 1; write it whole again"
    ):
        apply_control(state, third)


def test_a_snapshot_holds_who_may_say_what_and_who_speaks_for_whom():
    state = partition()
    hold(state, registry("a"))
    assert tell(state, "a", "b") == ["unknown-sender"]
    tick(state, AT + 60, NORMS)
    taken_up = again(state)
    assert taken_up.registry.digest == registry("a").digest
    assert taken_up.unknown == state.unknown
    speakers = [one.regions["R07"].speakers.by_location for one in (state, taken_up)]
    assert speakers[0] == speakers[1] != {}
    assert tell(taken_up, "c") == ["unknown-sender"]


def test_a_recording_of_a_log_in_which_a_registry_took_effect_gives_what_the_log_gave():
    pipeline = Pipeline(NORMS)
    (control,) = registry_controls(registry("a"), AT)
    applied_there = Record(OCCUPANCY, CONTROL_KEY, AT * 1000, (), encode_control(control))
    pipeline.receive(record(ic(50, source="b")), applied_there, record(ic(51, source="b")))
    assert (pipeline.counts.applied, pipeline.counts.dead_lettered) == (1, 1)
    assert pipeline.unknown_senders == {"b"}


def test_a_recording_may_carry_its_registry(tmp_path):
    records = [record(ic(50, source="a")), record(ic(60, source="lpz"))]
    lines = registry_of_records(records, "X", "test")
    path = tmp_path / "recording.jsonl"
    write_recording(path, RecordingHeader(name="x", tick_seconds=60, registry=lines), records)
    header, _ = read_recording(path)
    own = registry_of_recording(header.registry)
    assert set(own.sources) == {"a", "lpz"}
    assert registry_of_recording(header.registry, "open") is None
    assert registry_of_recording([]) is None
    with pytest.raises(RegistryError, match="`registry` in the header"):
        registry_of_recording([{"line": "nothing"}])


def test_a_recording_without_a_registry_is_written_as_before(tmp_path):
    path = tmp_path / "recording.jsonl"
    write_recording(path, RecordingHeader(name="x", tick_seconds=60), [])
    assert b"registry" not in path.read_bytes()
