"""A record at which a fold fails offline: as with a worker, it is kept with the reason and all others count."""

import hashlib

import msgspec
import pytest

from agents import offline
from agents.domain.beds.occupancy import Occupancy
from agents.partition_image import whole
from agents.pipeline import Pipeline
from alerts.norms import load_norms
from streams.control import CONTROL_KEY, encode_control
from streams.recording import Record
from streams.registry.applied import registry_controls
from streams.ticks import TICK_KEY
from streams.topics import OCCUPANCY
from tests.support.wave import Wave
from tests.unit.test_not_handled import failing

NORMS = load_norms()
LOG = list(Wave(2, 1).items(3))
_BEGIN = LOG[0].timestamp
LOG.insert(
    20, Record(OCCUPANCY, CONTROL_KEY, _BEGIN, (), encode_control(registry_controls(None, _BEGIN // 1000)[0]))
)


def digest(pipeline: Pipeline) -> str:
    """Of the state of every partition, without what it counts."""
    pieces = [
        (topic, *piece)
        for topic, state in sorted(pipeline.partitions.items())
        for piece in sorted(whole(state).items())
        if piece[0] != "partition"
    ]
    return hashlib.sha256(msgspec.msgpack.encode(pieces)).hexdigest()


def played(log) -> tuple[list, Pipeline]:
    pipeline = Pipeline(NORMS)
    return list(pipeline.play(log)), pipeline


def but(failed: list[Record]) -> list:
    return [each for each in LOG if not any(each is one for one in failed)]


def not_handled(pipeline: Pipeline) -> list[Record]:
    return [record for record, refusal in pipeline.refused if refusal.reason == "not-handled"]


@pytest.mark.parametrize("keep_after", [1, 7, 20_000])
@pytest.mark.parametrize("after", [False, True], ids=["at once", "half done"])
def test_a_report_that_fails_in_any_position_changes_nothing_and_all_others_count(
    after, keep_after, monkeypatch
):
    monkeypatch.setattr(offline, "_KEEP_AFTER", keep_after)
    original = Occupancy.fold
    names: list[str] = []

    def noted(self, state, report, *arguments):
        names.append(report.id)
        return original(self, state, report, *arguments)

    monkeypatch.setattr(Occupancy, "fold", noted)
    before = played(LOG)[1].counts
    positions = (*range(0, len(names), max(1, len(names) // 6)), len(names) - 1)
    for name in [names[position] for position in positions]:

        def fails(self, state, report, *arguments, name=name):
            if report.id == name and not after:
                raise ZeroDivisionError(name)
            outcome = original(self, state, report, *arguments)
            if report.id == name:
                raise ZeroDivisionError(name)
            return outcome

        monkeypatch.setattr(Occupancy, "fold", fails)
        transitions, pipeline = played(LOG)
        failed = not_handled(pipeline)
        monkeypatch.setattr(Occupancy, "fold", original)
        assert failed
        assert pipeline.counts.total == before.total
        assert pipeline.counts.dead_lettered == before.dead_lettered + len(failed)
        expected, without = played(but(failed))
        assert (transitions, digest(pipeline)) == (expected, digest(without))


@pytest.mark.parametrize("after", [False, True], ids=["at once", "half done"])
def test_a_tick_that_fails_is_passed_over_in_its_partition(after, monkeypatch):
    original = offline.tick
    clean, before = played(LOG)
    for at in range(0, 40, 3):
        monkeypatch.setattr(offline, "tick", failing(original, at, after))
        _, pipeline = played(LOG)
        monkeypatch.setattr(offline, "tick", original)
        assert [record.key for record in not_handled(pipeline)] == [TICK_KEY]
        assert pipeline.counts.dead_lettered == before.counts.dead_lettered + 1
        assert pipeline.counts.applied == before.counts.applied
    assert played(LOG)[0] == clean


def test_a_record_that_always_fails_is_kept_with_the_reason_each_time(monkeypatch):
    original = Occupancy.fold

    def fails(self, state, report, *arguments):
        if report.location == "L0":
            state.places.clear()
            raise KeyError(report.id)
        return original(self, state, report, *arguments)

    monkeypatch.setattr(Occupancy, "fold", fails)
    monkeypatch.setattr("agents.pipeline._BATCH", 5)
    transitions, pipeline = played(LOG)
    failed = not_handled(pipeline)
    monkeypatch.setattr(Occupancy, "fold", original)
    expected, without = played(but(failed))
    assert len(failed) > 10
    assert (transitions, digest(pipeline)) == (expected, digest(without))
