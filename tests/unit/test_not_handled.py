"""A record at which a stage fails, in every position: the state is what it would be without it, and all others count."""

import hashlib

import msgspec
import pytest

from agents import fold_reports, judge_status, sum_nation
from agents.domain.beds.occupancy import Occupancy
from agents.engine.doubt import Doubt
from agents.engine.stage import Outgoing
from agents.fold_reports import FoldReports
from agents.judge_status import JudgeStatus
from agents.sum_nation import SumNation
from alerts.norms import load_norms
from streams.topics import OCCUPANCY, dead_letter_topic
from tests.support.stages import consumed, on_status_log, through
from tests.support.wave import Wave

NORMS = load_norms()
LOG = list(Wave(2, 1).items(3))
REPORTS = consumed(LOG, OCCUPANCY, 0, 1)
STATUS = on_status_log(through(FoldReports(OCCUPANCY, 1, NORMS).make(0, {}), REPORTS, ()))


def digest(stage, *, counts: bool = True) -> str:
    """Of the whole state; without what it counts of those it could not handle."""
    pieces = stage.whole()
    if not counts:
        pieces.pop("partition", None)
    return hashlib.sha256(msgspec.msgpack.encode(sorted(pieces.items()))).hexdigest()


def stepped(factory, records) -> tuple[object, list[Outgoing]]:
    """The stage after these records, all of them in doubt, and what it wrote."""
    stage, written, taken = factory.make(0, {}), [], 0
    doubt = Doubt(factory, 0, records[0].offset, records[-1].offset + 1)
    while taken < len(records):
        stage, taken, outgoing = doubt.step(stage, records, taken)
        written += outgoing
    return stage, written


def failing(function, at, after: bool):
    """The function, but at its n-th call it fails, before or after it has done its work."""
    calls = iter(range(10**9))

    def wrapped(*arguments):
        number = next(calls)
        if number == at and not after:
            raise ZeroDivisionError("of this record")
        found = function(*arguments)
        found = found if found is None or isinstance(found, (list, tuple, int, str)) else list(found)
        if number == at:
            raise ZeroDivisionError("of this record")
        return found

    return wrapped


CASES = {
    "fold": (FoldReports(OCCUPANCY, 1, NORMS), REPORTS, Occupancy, "fold"),
    "tick": (FoldReports(OCCUPANCY, 1, NORMS), REPORTS, fold_reports, "tick"),
    "nation": (SumNation(NORMS), STATUS, sum_nation, "follow"),
    "judge": (JudgeStatus(NORMS), STATUS, judge_status, "judge"),
}


@pytest.mark.parametrize("after", [False, True], ids=["at once", "half done"])
@pytest.mark.parametrize("name", CASES)
def test_a_record_that_fails_in_any_position_changes_nothing_and_all_others_count(name, after, monkeypatch):
    factory, records, owner, function = CASES[name]
    original = getattr(owner, function)
    clean, _ = stepped(factory, records)
    calls, passed_over = [], []
    if name in {"nation", "judge"}:
        monkeypatch.setattr(factory.entries, "pass_over", lambda *told: passed_over.append(told))
    monkeypatch.setattr(owner, function, lambda *arguments: calls.append(1) or original(*arguments))
    stepped(factory, records)
    assert calls
    step = max(1, len(calls) // 12)
    for at in (*range(0, len(calls), step), len(calls) - 1):
        monkeypatch.setattr(owner, function, failing(original, at, after))
        stage, written = stepped(factory, records)
        failed = [each for each in written if dict(each.headers).get("dlq-reason") == b"not-handled"]
        monkeypatch.setattr(owner, function, original)
        if name in {"fold", "tick"}:
            (letter,) = failed
            assert letter.topic == dead_letter_topic(OCCUPANCY)
            offset = int(dict(letter.headers)["dlq-source-offset"])
            assert stage.state.counts.dead_lettered == clean.state.counts.dead_lettered + 1
        else:
            ((fault, offset, _),) = passed_over
            assert fault == "not-handled"
            passed_over.clear()
        without, _ = stepped(factory, [each for each in records if each.offset != offset])
        assert digest(stage, counts=False) == digest(without, counts=False)
    assert digest(stepped(factory, records)[0]) == digest(clean)


def test_the_whole_state_makes_the_same_partition_again():
    for factory, records in (
        (CASES["fold"][0], REPORTS),
        (CASES["nation"][0], STATUS),
        (CASES["judge"][0], STATUS),
    ):
        stage = factory.make(0, {})
        for count, record in enumerate(records):
            if count % 7 == 0:
                stage = factory.make(0, stage.whole())
            stage.handle([record], 0)
        once = factory.make(0, {})
        through(once, records, ())
        assert digest(stage) == digest(once)
