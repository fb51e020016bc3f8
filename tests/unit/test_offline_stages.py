"""A status entry at which the second stage or the judge fails offline: passed over and counted, as on workers."""

import orjson
import pytest
from typer.testing import CliRunner

from agents import judge_status, offline_stage, pipeline, sum_nation
from agents.door import Door
from agents.engine.doubt import Doubt
from agents.fold_reports import FoldReports
from agents.judge_status import JudgeStatus
from agents.pipeline import Pipeline
from agents.sum_nation import SumNation
from alerts.norms import load_norms
from deploy.cli.main import app
from streams.recording import Record, RecordingHeader, write_recording
from streams.topics import BREACHES, REPORT_TOPICS
from tests.support.stages import consumed, on_status_log, through
from tests.support.wave import TICK_SECONDS, Wave

NORMS = load_norms()
LOG = list(Wave(2, 1).items(3))
STAGES = {"nation": ("follow", sum_nation), "judge": ("judge", judge_status)}


def entry_key(entry) -> tuple:
    return (entry.stage, entry.topic, entry.region, entry.at)


def failing_at(function, keys: set, after: bool):
    """The function, but it fails at these entries, before or after it has done its work."""

    def wrapped(state, entry, norms):
        if entry_key(entry) in keys and not after:
            raise ZeroDivisionError("at this entry")
        found = function(state, entry, norms)
        if entry_key(entry) in keys:
            raise ZeroDivisionError("at this entry")
        return found

    return wrapped


def played() -> tuple[list, Pipeline]:
    offline = Pipeline(NORMS)
    return list(offline.play(LOG)), offline


def in_doubt(factory, records) -> tuple[object, list]:
    """The stage after these records, each of them in doubt, as a worker takes them once one failed."""
    stage, written, taken = factory.make(0, {}), [], 0
    doubt = Doubt(factory, 0, records[0].offset, records[-1].offset + 1)
    while taken < len(records):
        stage, taken, outgoing = doubt.step(stage, records, taken)
        written += outgoing
    return stage, written


def on_workers() -> tuple[set[str], dict[str, int], object, object]:
    """What workers make of the log: ids of the transitions, passed over by stage, state of nation and of judge."""
    door = Door()
    said = [
        each
        for topic in REPORT_TOPICS
        for each in through(FoldReports(topic, 1, NORMS).make(0, {}), consumed(LOG, topic, 0, 1), ())
    ]
    said.sort(key=lambda each: each.timestamp)  # tick by tick, as offline
    nation, country = in_doubt(SumNation(NORMS, door), on_status_log(said))
    judge, written = in_doubt(JudgeStatus(NORMS, door), on_status_log([*said, *country]))
    told = {dict(each.headers)["ce_id"].decode() for each in written if each.topic == BREACHES}
    return told, dict(door.refused_entries), nation.state, judge.image.judged


@pytest.mark.parametrize("keep_after", [1, 7, 5_000])
@pytest.mark.parametrize("after", [False, True], ids=["at once", "half done"])
@pytest.mark.parametrize("stage", STAGES)
def test_what_fails_is_passed_over_as_workers_do_whatever_its_position(stage, after, keep_after, monkeypatch):
    monkeypatch.setattr(offline_stage, "_KEEP_AFTER", keep_after)
    name, live = STAGES[stage]
    original = getattr(pipeline, name)
    keys: list[tuple] = []

    def noted(state, entry, norms):
        keys.append(entry_key(entry))
        return original(state, entry, norms)

    monkeypatch.setattr(pipeline, name, noted)
    clean, _ = played()
    chosen = [keys[index] for index in (*range(0, len(keys), max(1, len(keys) // 5)), len(keys) - 1)]
    for failing in (*({one} for one in chosen), set(chosen)):
        for module in (pipeline, live):
            monkeypatch.setattr(module, name, failing_at(original, failing, after))
        transitions, offline = played()
        told, passed_over, nation, judged = on_workers()
        assert {by: len(those) for by, those in offline.passed_over.items() if those} == passed_over
        assert passed_over == {stage: len(failing)}
        assert {one.id for one in transitions} == told
        assert offline.second == nation
        assert offline.judged == judged
        assert offline.counts == played()[1].counts
    for module in (pipeline, live):
        monkeypatch.setattr(module, name, original)
    assert played()[0] == clean


def test_backtest_goes_on_and_says_in_which_stage_it_failed(tmp_path, monkeypatch):
    path = tmp_path / "wave.jsonl"
    header = RecordingHeader(name="a wave", tick_seconds=TICK_SECONDS)
    write_recording(path, header, [each for each in LOG if isinstance(each, Record)])
    original = pipeline.judge

    def fails(state, entry, norms):
        if entry.region == "NL":
            state.regions.clear()
            raise KeyError(entry.region)
        return original(state, entry, norms)

    monkeypatch.setattr(pipeline, "judge", fails)
    result = CliRunner().invoke(app, ["backtest", str(path), "--json"])
    assert result.exit_code == 0
    summary = orjson.loads(result.stderr.splitlines()[-1])
    assert summary["entries_not_handled"]["judge"] > 3
    assert "nation" not in summary["entries_not_handled"]
    assert summary["transitions"] == len(result.stdout.splitlines()) > 0
