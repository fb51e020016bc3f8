"""What a stage takes of the status log: what a stage wrote, and nothing else."""

import contextlib
from types import SimpleNamespace

import msgspec
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.door import Door
from agents.judge_status import JudgeStatus
from agents.sum_nation import SumNation
from alerts.judge import judge
from alerts.judged import JudgeState
from alerts.norms import load_norms
from streams.damaged import unreadable
from streams.entry_check import AHEAD_SECONDS_MAX, EntryError, entry_of, sign_entry
from streams.evidence import Silence
from streams.joins import JOINED_BEDS
from streams.regions import NL
from streams.signature import SigningKey, SigningKeys
from streams.status import Indicator, StatusEntry, encode
from streams.ticks import AHEAD_MS_MAX, TICK_KEY, TIMESTAMP_AHEAD_MS_MAX, encode_tick
from streams.topics import OCCUPANCY

NORMS = load_norms()
AT = 1_637_000_000
BEDS = Indicator("beds_occupied", {"label": "covid", "unit": "ic"}, 5, AT)
ENTRY = StatusEntry("fold", OCCUPANCY, 2, "R05", AT, [BEDS], ["R07"])
HUGE = 10**400


def record(entry: StatusEntry | bytes, timestamp: int = AT * 1000, offset: int = 0) -> SimpleNamespace:
    value = entry if isinstance(entry, bytes) else encode(entry)
    return SimpleNamespace(offset=offset, timestamp=timestamp, key=b"R05", value=value, headers=())


def other(**fields) -> StatusEntry:
    return msgspec.structs.replace(ENTRY, **fields)


def figure(**fields) -> StatusEntry:
    return other(indicators=[msgspec.structs.replace(BEDS, **fields)])


WRONG = {
    "a topic nobody has": (other(topic="care.nothing"), "topic"),
    "a topic of another stage": (other(topic=JOINED_BEDS), "topic"),
    "a join of a fold": (other(stage="join"), "topic"),
    "a partition that is none": (other(partition=-1), "partition"),
    "a partition of the country": (other(stage="nation", region=NL, also=[]), "partition"),
    "a region that is none": (other(region="R99"), "region"),
    "another region that is none": (other(also=["R99"]), "region"),
    "many regions": (other(also=["R07"] * 50), "region"),
    "a region of the country": (other(stage="nation", partition=-1), "region"),
    "a phase that is none": (other(phase="9Z"), "phase"),
    "a figure that is none": (figure(name="beds_on_fire"), "indicator"),
    "a figure of another topic": (figure(name="rooms_in_use", labels={}), "indicator"),
    "a label too many": (figure(labels={"label": "covid", "unit": "ic", "x": "y"}), "label"),
    "another label": (figure(labels={"label": "covid", "x": "ic"}), "label"),
    "a long label": (figure(labels={"label": "covid", "unit": "i" * 1000}), "label"),
    "an age before time": (figure(observed_at=-1), "value"),
    "an age after time": (figure(observed_at=10**15), "value"),
    "a share below nothing": (figure(completeness=-0.1), "value"),
    "fewer than no readings": (figure(observations=-1), "value"),
    "less than no weight": (figure(weight=-1), "value"),
    "a silence that cannot be": (figure(silence=Silence(given_up_at=10**15)), "value"),
    "no tick": (other(at=0), "time"),
    "a tick of tomorrow": (other(at=AT + 23 * 3600), "time"),
    "a tick just ahead": (other(at=AT + AHEAD_SECONDS_MAX + 1), "time"),
    "a time that began again before it was wrong": (other(after=AT - 1), "time"),
    "a time that was wrong by a century": (other(after=AT + 10**9), "time"),
    "a tick beyond time": (other(at=10**18), "time"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_no_stage_writes_is_named(name):
    entry, fault = WRONG[name]
    with pytest.raises(EntryError) as refused:
        entry_of(record(entry))
    assert refused.value.fault == fault


@pytest.mark.parametrize("value", ["1e999", "-1e999", str(HUGE), "NaN", '"many"', "[]"])
def test_a_value_that_is_no_number_is_named(value):
    text = encode(ENTRY).replace(b'"value":5', f'"value":{value}'.encode())
    with pytest.raises(EntryError):
        entry_of(record(text))


@pytest.mark.parametrize("value", [b"", b"[]", b"{}", b"\xff", b"null", b"[" * 100_000, b'{"stage":"fold"}'])
def test_what_is_no_entry_is_named(value):
    with pytest.raises(EntryError, match="not a status entry"):
        entry_of(record(value))


def test_what_cannot_be_read_is_no_entry():
    with pytest.raises(EntryError, match="unreadable"):
        entry_of(unreadable(0, AT * 1000, b"bytes", "no record"))


def test_an_honest_entry_is_taken_whatever_its_age_and_a_little_ahead():
    assert entry_of(record(ENTRY)) == ENTRY
    assert entry_of(record(ENTRY, timestamp=(AT + 10**8) * 1000)) == ENTRY
    assert entry_of(record(other(at=AT + AHEAD_SECONDS_MAX)))
    assert entry_of(record(ENTRY, timestamp=0), clock=lambda: AT + 5.0) == ENTRY
    with pytest.raises(EntryError):
        entry_of(record(ENTRY), clock=lambda: AT - 3600.0)


KEYS = SigningKeys({"a": SigningKey("a", b"s" * 32, since=(AT - 1000) * 1000)})


def signed(entry: StatusEntry, keys: SigningKeys = KEYS) -> SimpleNamespace:
    found = record(entry)
    found.key = entry.region.encode()
    found.headers = sign_entry(entry, found.value, keys)
    return found


def test_without_a_key_a_forged_entry_stops_judgement_for_20_s_and_less_would_lose_what_honest_ticks_tell():
    state, passed = JudgeState(), []
    for ahead in (AHEAD_SECONDS_MAX + 1, AHEAD_SECONDS_MAX):
        with contextlib.suppress(EntryError):
            judge(state, entry_of(record(other(at=AT + ahead))), NORMS)
    for second in range(1, 40):
        before = state.regions["R05"].passed[OCCUPANCY]
        judge(state, entry_of(record(other(at=AT + second), (AT + second) * 1000)), NORMS)
        if state.regions["R05"].passed[OCCUPANCY] != before:
            passed.append(second)
    assert passed[0] == AHEAD_SECONDS_MAX + 1 == 21

    # The furthest tick that counts: ahead of its record, and that of its broker's clock. Its entry, on a broker that is
    # 5 s behind that one, must count as well: a stage says what changed once.
    furthest = (AHEAD_MS_MAX + TIMESTAMP_AHEAD_MS_MAX) // 1000
    door, behind = Door(), 5
    tick_record = SimpleNamespace(
        timestamp=AT * 1000 + TIMESTAMP_AHEAD_MS_MAX,
        key=TICK_KEY,
        value=encode_tick(AT + furthest),
        headers=(),
    )
    assert door.tick_of(OCCUPANCY, 0, tick_record) == AT + furthest
    assert entry_of(record(other(at=AT + furthest), (AT - behind) * 1000)).at == AT + furthest
    assert furthest + behind == AHEAD_SECONDS_MAX


def test_where_there_is_a_key_only_a_worker_that_has_it_speaks():
    assert entry_of(signed(ENTRY), KEYS) == ENTRY
    forged = signed(figure(value=500))
    forged.headers = signed(ENTRY).headers
    stranger = SigningKeys({"a": SigningKey("a", b"x" * 32)})
    for wrong in (record(ENTRY), forged, signed(ENTRY, stranger), record(other(at=AT - 2000, after=AT))):
        with pytest.raises(EntryError) as refused:
            entry_of(wrong, KEYS)
        assert refused.value.fault == "unsigned"


def test_what_was_written_before_there_was_a_key_counts():
    before = other(at=AT - 2000)
    assert sign_entry(before, encode(before), KEYS) == ()
    assert entry_of(record(before), KEYS) == before


def test_entries_of_a_time_that_began_again_are_taken():
    again = other(at=AT, after=AT + 23 * 3600)
    assert entry_of(record(again)) == again
    assert entry_of(signed(again), KEYS) == again


def test_the_ticks_of_a_worker_that_signs_are_held_to_a_clock_by_the_worker_alone():
    ahead = other(at=AT + 50 * 60)
    assert entry_of(signed(ahead), KEYS) == ahead
    with pytest.raises(EntryError):
        entry_of(record(ahead))


@pytest.mark.parametrize("factory", [SumNation(NORMS), JudgeStatus(NORMS)], ids=["nation", "judge"])
def test_what_is_passed_over_changes_no_state_and_is_counted(factory):
    stage = factory.make(0, {})
    stage.handle([record(ENTRY)], 0)
    before = stage.whole()
    wrong = [record(entry, offset=number) for number, (entry, _) in enumerate(WRONG.values())]
    taken = 0
    while taken < len(wrong):
        taken, outgoing = stage.handle(wrong, taken)
        assert outgoing == []
    assert stage.whole() == before
    assert factory.entries.passed_over.total() == len(WRONG)


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=6,
    ),
    st.sampled_from(sorted(msgspec.to_builtins(ENTRY))),
)
def test_whatever_a_field_holds_ends_nothing(drawn, field):
    document = msgspec.to_builtins(ENTRY) | {field: drawn}
    try:
        value = orjson.dumps(document)
    except TypeError:
        return  # an integer that no JSON of ours holds
    for factory in (SumNation(NORMS), JudgeStatus(NORMS)):
        factory.make(0, {}).handle([record(value)], 0)
