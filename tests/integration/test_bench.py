"""The measurement itself, small: the systems that the project's own environment has."""

import json
import subprocess
import sys

import pytest

KEYS = {"records_per_second", "readings_per_second", "cpu_seconds_per_million", "peak_mb"}


@pytest.mark.timeout(120)
def test_a_quick_run_checks_every_result_and_tells_it_as_json():
    argv = [sys.executable, "-m", "deploy.cli.main", "bench", "--quick", "--records", "3000", "--json"]
    argv += ["--systems", "ketenwacht,aiokafka_loop,ceiling"]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert list(found["systems"]) == ["ketenwacht", "aiokafka_loop", "ceiling"]
    for entry in found["systems"].values():
        assert entry.keys() >= KEYS, entry
        assert entry["single"].keys() >= KEYS, entry
        assert entry["records"] == 300
        assert entry["single"]["records"] == 1500
        assert entry["readings"] > 20 * entry["records"]
    assert {goal["goal"] for goal in found["goals"]} == {"ketenwacht against aiokafka_loop"}
