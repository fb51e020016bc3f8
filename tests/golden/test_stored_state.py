"""The stored snapshots are whole, of the middle of a tick, and refused where they are not read.

What follows from them is a case of `test_same_results.py`; `store.py` sees to it that breaches were open then.
"""

import lzma

import msgspec
import pytest

from agents.engine import formats
from alerts.norms import load_norms
from streams.topics import REPORT_TOPICS
from tests.golden.stored_state import Stored, stored_states
from tests.golden.workers import Workers

_SIZE_MAX = 300_000
STATES = stored_states()


def read(state) -> Stored:
    packed = (state.folder / "changelogs.xz").read_bytes()
    return msgspec.msgpack.decode(lzma.decompress(packed), type=Stored)


@pytest.fixture(scope="module", params=STATES, ids=lambda state: state.name)
def state(request):
    return request.param


def test_there_is_one_of_todays_format():
    assert f"format-{formats.FORMAT}" in {state.name for state in STATES}


def test_it_holds_every_stage_stopped_in_the_middle_of_a_tick_and_is_small(state):
    stored = read(state)
    folds = {f"fold-{topic.removeprefix('care.')}" for topic in REPORT_TOPICS}
    assert stored.changelogs.keys() == {*folds, "nation", "judge"}
    assert all(stored.changelogs.values())
    assert stored.passed.keys() == set(REPORT_TOPICS)
    assert len(set(stored.passed.values())) == 2
    assert sum(file.stat().st_size for file in state.folder.iterdir()) < _SIZE_MAX


def test_a_snapshot_that_is_not_read_is_told_and_not_judged_from_the_middle(state):
    stored = read(state)
    head = stored.changelogs["judge"][b"0/head"]
    stored.changelogs["judge"][b"0/head"] = msgspec.msgpack.encode([0, *msgspec.msgpack.decode(head)[1:]])
    with pytest.raises(ValueError, match="judge: today's code does not read this snapshot"):
        Workers(load_norms(), stored.changelogs)
