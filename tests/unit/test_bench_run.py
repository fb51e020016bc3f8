"""Running the systems: a wrong result is never timed, a missing peer is named and left out."""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from deploy.bench import run
from deploy.bench.job import digest
from deploy.bench.peers import BY_NAME, SYSTEMS
from deploy.bench.work import Outcome, Stopwatch, Work, peak_mb
from deploy.cli.main import app

FOLDER = Path(run.__file__).with_name("systems")
WORK = Work("127.0.0.1:1", "t", 1, 10, 10, "single", "g", 2.0, "/nowhere")


def outcome(records=100, result="right", seconds=2.0):
    return Outcome(records, 2500, seconds, 1.0, 50.0, result)


def test_a_result_other_than_the_single_pass_is_refused():
    run.check(outcome(), BY_NAME["aiokafka_loop"], "right", 100)
    with pytest.raises(run.WrongResult, match="another result"):
        run.check(outcome(result=digest(["x"])), BY_NAME["aiokafka_loop"], "right", 100)
    with pytest.raises(run.WrongResult, match="another result"):
        run.check(outcome(result=""), BY_NAME["ketenwacht"], "right", 100)


def test_a_result_with_records_missing_is_refused_even_where_nothing_is_kept():
    run.check(outcome(result=""), BY_NAME["ceiling"], "right", 100)
    with pytest.raises(run.WrongResult, match="99 records instead of 100"):
        run.check(outcome(records=99, result=""), BY_NAME["ceiling"], "right", 100)


def test_systems_take_turns_and_one_that_failed_is_not_run_again(monkeypatch):
    turns = []

    def once(_ground, system, name, _python):
        turns.append(name)
        if system.name == "quix_fold":
            raise run.SystemFailed("not installed: quixstreams")
        return outcome(seconds=float(len(turns)))

    monkeypatch.setattr(run, "run_once", once)
    said = []
    systems = [BY_NAME["ketenwacht"], BY_NAME["quix_fold"], BY_NAME["ceiling"]]
    found = run.compare(SimpleNamespace(log="single"), systems, 3, "python", said.append)
    assert turns == ["0-ketenwacht", "0-quix-fold", "0-ceiling", "1-ketenwacht", "1-ceiling", "2-ketenwacht", "2-ceiling"]  # fmt: skip
    assert found["quix_fold"].failed == "not installed: quixstreams"
    assert any("not installed" in line for line in said)
    assert found["ketenwacht"].records_per_second == 100 / 4.0


def test_medians_are_of_the_runs_and_memory_is_the_largest():
    runs = run.Runs([Outcome(10, 100, s, c, m) for s, c, m in ((1, 0.1, 5), (2, 0.3, 9), (4, 0.2, 7))])
    assert runs.records_per_second == 5
    assert runs.figures_per_second == 50
    assert runs.cpu_seconds_per_million == pytest.approx(2000)
    assert runs.peak_mb == 9


def test_a_system_that_is_not_there_says_so(monkeypatch):
    with pytest.raises(run.SystemFailed, match="not installed"):
        run.run_child("no_such_system", WORK, sys.executable)
    monkeypatch.setattr(run, "RUN_SECONDS_MAX", 0.01)
    with pytest.raises(run.SystemFailed, match="not ready in"):
        run.run_child("ceiling", WORK, sys.executable)


def test_a_system_that_ends_without_a_word_failed(monkeypatch):
    done = SimpleNamespace(stdout="metrics http://x\n", stderr="Traceback: boom", returncode=1)
    monkeypatch.setattr(run.subprocess, "run", lambda *_, **__: done)
    with pytest.raises(run.SystemFailed, match="ended with code 1: Traceback: boom"):
        run.run_child("ceiling", WORK, sys.executable)


@pytest.mark.parametrize("name", [system.name for system in SYSTEMS])
def test_every_system_has_its_file_and_peers_name_their_documentation(name):
    text = (FOLDER / f"{name}.py").read_text("utf-8")
    assert "def run(work: Work) -> Outcome:" in text
    if name.startswith(("faust", "quix", "bytewax", "aiokafka", "confluent")):
        assert "https://" in text.partition('"""\n')[0]


def test_the_issue_s_systems_are_all_there():
    assert {
        "ketenwacht", "faust_windowed", "quix_window", "quix_fold", "bytewax_window", "bytewax_map",
        "aiokafka_loop", "confluent_loop", "ceiling",
    } <= set(BY_NAME)  # fmt: skip


def test_the_interpreter_with_the_peers_is_taken_if_it_is_there(tmp_path):
    assert run.bench_python(tmp_path) == sys.executable
    own = tmp_path / ".venv-bench" / "bin" / "python"
    own.parent.mkdir(parents=True)
    own.touch()
    assert run.bench_python(tmp_path) == str(own)


def test_a_stopwatch_tells_nothing_of_a_log_that_was_not_read():
    watch = Stopwatch()
    with pytest.raises(RuntimeError, match="not read to its end"):
        watch.outcome(1, 1)
    watch.start()
    watch.stop()
    told = watch.outcome(5, 50, "x")
    assert (told.records, told.figures, told.digest) == (5, 50, "x")
    assert told.seconds > 0
    assert 0 < told.peak_mb <= peak_mb()


@pytest.mark.parametrize(
    "arguments", [["--systems", "ketenwacht,nobody"], ["--parts", "speed"], ["--systems", ","]]
)
def test_an_unknown_name_is_a_usage_error(arguments):
    result = CliRunner().invoke(app, ["bench", *arguments])
    assert result.exit_code == 2
