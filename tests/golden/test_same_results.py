"""The same input gives the same bytes as before: `backtest --json`, `status --json` at ten moments, stored snapshots.

By default every scenario is played with seed 1, those that take less than half a second with seeds 2 and 3 as well,
and every real file: about a minute of one core. `--long` plays every scenario with every seed, and holds what is
compared against what the commands themselves print: five and a half minutes.
"""

import subprocess
import sys

import orjson
import pytest

from alerts.norms import load_norms
from streams.calendar import iso
from streams.feeds import FEEDS, FeedError
from streams.recording import read_recording
from streams.registry.load import registry_of_recording
from streams.registry.registry import OPEN
from tests.golden.outputs import cases
from tests.golden.recordings import DATA, REAL, RECORDING, Recorded, ketenwacht, moments, recordings
from tests.golden.write import digests, kept, of_case

CASES = cases()
KEPT = kept()
_HELD_AGAINST_COMMANDS = ("bedden-1", "verzuim-1", "ggz")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    long = metafunc.config.getoption("long")
    if "case" in metafunc.fixturenames:
        metafunc.parametrize("case", [each for each in CASES if long or not each.long], ids=_name)
    if "recorded" in metafunc.fixturenames:
        first = [each for each in recordings() if each.name.endswith("-1") or each.name in REAL]
        compared = [each for each in first if long or each.name in _HELD_AGAINST_COMMANDS]
        metafunc.parametrize("recorded", compared, ids=_name)


def _name(case) -> str:
    return case.name


def _skip_if_missing(case) -> None:
    if not case.at_hand:
        pytest.skip(f"no real public data in {DATA}")


def _explained(case, other: list[str]) -> str:
    if not isinstance(case, Recorded):
        cause = "what follows from the stored snapshots is other than it was"
    elif f"{case.name}/recording.jsonl" in other:
        cause = "the recording itself is other: look at what made it before you look at the judge"
    else:
        cause = "the recording is the same: fold, country, joins or judge give something else"
    return "\n".join(
        [
            f"{case.name}: {len(other)} outputs are other, missing or new; {cause}",
            *(f"  {name}" for name in other),
            "To see the difference, in the worktree of this commit and in that of one before:",
            f"  {sys.executable} -m tests.golden.outputs FOLDER {case.name}",
            "then `diff -r` both folders. Meant to be so? CONTRIBUTING.md says how to keep it.",
        ]
    )


def test_a_case_gives_the_same_bytes_as_before(case, tmp_path):
    _skip_if_missing(case)
    made, before = digests(case, tmp_path), of_case(KEPT, case.name)
    other = sorted(name for name in made.keys() | before.keys() if made.get(name) != before.get(name))
    assert not other, _explained(case, other)


def test_what_is_compared_is_what_the_commands_print(recorded, tmp_path):
    _skip_if_missing(recorded)
    made = dict(recorded.outputs(tmp_path))
    recording = tmp_path / RECORDING
    registry = registry_of_recording(read_recording(recording)[0].registry)
    digests = {"registry": OPEN if registry is None else registry.digest, "norms": load_norms().digest}
    result = ketenwacht("backtest", recording, "--json")
    printed = {
        "backtest.jsonl": result.stdout_bytes,
        "backtest-summary.json": _without(digests, result.stderr_bytes.splitlines()[-1]),
    }
    for at in map(iso, moments(recording)):
        told = ketenwacht("status", "--recording", recording, "--at", at, "--json")
        printed[f"status-{at}.json"] = _without(digests, told.stdout_bytes)
    del made["recording.jsonl"]
    assert made == printed


def _without(digests: dict[str, str], printed: bytes) -> bytes:
    """Return what was printed without the digests, which say what a judgement rests on and not what it is.

    Nor the days on which it could be judged: those are of the command alone, and held by tests/unit and tests/real.
    """
    document = orjson.loads(printed)
    assert {name: document.pop(name) for name in digests} == digests
    document.pop("region_days", None)
    return orjson.dumps(document) + b"\n"


def test_every_recording_has_its_transitions_and_ten_moments():
    assert {name.partition("/")[0] for name in KEPT} == {case.name for case in CASES}
    for case in recordings():
        names = {name.partition("/")[2] for name in of_case(KEPT, case.name)}
        assert {"recording.jsonl", "backtest.jsonl", "backtest-summary.json"} < names
        assert len([name for name in names if name.startswith("status-")]) == 10, case.name


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no real public data in {DATA}")
def test_every_real_file_that_an_importer_reads_is_compared():
    readable = set()
    for kind, feed in FEEDS.items():
        for file in DATA.iterdir():
            try:
                if feed.read(file.read_bytes()).records:
                    readable.add((kind, file.name))
            except FeedError:
                continue
    assert readable == set(REAL.values())


def test_a_difference_names_its_output_and_shows_up_in_the_files(tmp_path):
    case = next(case for case in CASES if case.name == "bedden-1")
    told = _explained(case, ["bedden-1/status-2021-10-04T00:00:00Z.json"])
    assert "bedden-1/status-2021-10-04T00:00:00Z.json" in told
    assert "the recording is the same" in told
    command = [sys.executable, "-m", "tests.golden.outputs", str(tmp_path), case.name]
    subprocess.run(command, check=True, timeout=60)
    written = {f"{file.parent.name}/{file.name}" for file in tmp_path.glob("*/*")}
    assert written == of_case(KEPT, case.name).keys()
