"""The work of all stages is shared out evenly, the heaviest to different workers, and little of it changes hands."""

from types import SimpleNamespace

from aiokafka.coordinator.protocol import ConsumerProtocolMemberMetadata
from faust.assignor.client_assignment import ClientAssignment, ClientMetadata
from hypothesis import given
from hypothesis import strategies as st

from agents.engine.assignor import StageAssignor
from agents.engine.dealing import deal

parts = st.integers(0, 50).map(lambda count: list(range(count)))
members = st.lists(st.sampled_from("abcdefgh"), min_size=1, unique=True)


def anybody(_member: str, _part: int) -> bool:
    return True


def loads(dealt: dict[int, str], among: list[str]) -> list[int]:
    return [list(dealt.values()).count(member) for member in among]


@given(parts, members, st.data())
def test_everything_is_dealt_once_and_evenly_whoever_had_what(parts, members, data):
    held = data.draw(st.dictionaries(st.sampled_from(parts or [0]), st.sampled_from("abcdefghxyz")))
    dealt = deal(parts, members, held, anybody)
    assert sorted(dealt) == parts
    assert max(loads(dealt, members)) - min(loads(dealt, members)) <= 1
    for begin in range(0, len(parts), len(members)):  # the heaviest lie beside each other
        shared = [dealt[part] for part in parts[begin : begin + len(members)]]
        assert len(set(shared)) == len(shared)
    assert deal(parts, members[::-1], held, anybody) == dealt


@given(parts, members, st.data())
def test_dealt_again_nothing_changes_hands(parts, members, data):
    held = data.draw(st.dictionaries(st.sampled_from(parts or [0]), st.sampled_from("abcdefghxyz")))
    dealt = deal(parts, members, held, anybody)
    assert deal(parts, members, dealt, anybody) == dealt


def test_who_comes_takes_no_more_than_a_share():
    alone = deal(range(11), ["a"], {}, anybody)
    both = deal(range(11), ["a", "b"], alone, anybody)
    assert loads(both, ["a", "b"]) == [6, 5]
    assert {both[0], both[1]} == {"a", "b"}
    assert sum(both[part] != alone[part] for part in range(11)) == 5


def test_what_somebody_cannot_take_goes_to_others():
    dealt = deal(range(4), ["a", "b"], {}, lambda member, part: member == "a" or part < 2)
    assert [dealt[part] for part in (2, 3)] == ["a", "a"]
    assert deal(range(2), ["a"], {}, lambda _member, part: part == 1) == {1: "a"}


# What Faust does with it.

STAGES = [
    {"care.region-status", "judge", "nation"},
    {"care.occupancy", "fold-occupancy"},
    {"care.referrals", "fold-referrals"},
]


class Worker:
    """One member of the group: what it says of itself, and what it is told."""

    def __init__(self, name: str, topics: set[str]) -> None:
        self.topics = topics
        app = SimpleNamespace(
            tables=SimpleNamespace(changelog_topics={"judge", "nation", "fold-occupancy", "fold-referrals"}, data={}),
            conf=SimpleNamespace(canonical_url=f"http://{name}"),
            tracer=None,
            sensors=SimpleNamespace(
                on_assignment_start=lambda *_: None, on_assignment_completed=lambda *_: None,
                on_assignment_error=lambda *_: None,
            ),
        )  # fmt: skip
        self.assignor = StageAssignor(app)
        self.assignor.stages = STAGES

    def joins(self) -> ConsumerProtocolMemberMetadata:
        return self.assignor.metadata(self.topics)

    @property
    def has(self) -> dict[str, list[int]]:
        return {
            topic: sorted(tp.partition for tp in self.assignor.assigned_actives() if tp.topic == topic)
            for topic in sorted({tp.topic for tp in self.assignor.assigned_actives()})
        }


def divided(workers: dict[str, Worker], partitions: int) -> None:
    """Let the first worker divide the work, and tell all of them."""
    counts = {topic: 1 if topic in STAGES[0] else partitions for stage in STAGES for topic in stage}
    cluster = SimpleNamespace(partitions_for_topic=lambda topic: set(range(counts.get(topic, 0))))
    leader = next(iter(workers.values())).assignor
    told = leader.assign(cluster, {name: worker.joins() for name, worker in workers.items()})
    for name, worker in workers.items():
        worker.assignor.on_assignment(told[name])


EVERYTHING = set().union(*STAGES)


def test_two_workers_share_one_partition_a_topic_and_judging_lies_apart_from_beds():
    workers = {name: Worker(name, EVERYTHING) for name in ("w1", "w2")}
    divided(workers, 1)
    owners = {topic: name for name, worker in workers.items() for topic in worker.has}
    assert owners.keys() == EVERYTHING
    assert owners["care.region-status"] != owners["care.occupancy"]
    for stage in STAGES:
        assert len({owners[topic] for topic in stage}) == 1  # a table lies with its source


def test_more_partitions_are_spread_within_each_topic_and_stay_where_they_are():
    workers = {name: Worker(name, EVERYTHING) for name in ("w1", "w2")}
    divided(workers, 4)
    for worker in workers.values():
        assert [len(worker.has[topic]) for topic in ("care.occupancy", "care.referrals")] == [2, 2]
        assert worker.has["care.occupancy"] == worker.has["fold-occupancy"]
    before = {name: worker.has for name, worker in workers.items()}
    divided(workers, 4)
    assert {name: worker.has for name, worker in workers.items()} == before
    del workers["w1"]
    divided(workers, 4)
    assert workers["w2"].has["care.occupancy"] == [0, 1, 2, 3]


def test_a_topic_that_is_missing_or_unknown_to_the_stages_ends_nobody():
    workers = {"w1": Worker("w1", EVERYTHING | {"care.new", "judge-old"})}
    divided(workers, 1)
    assert set(workers["w1"].has) == EVERYTHING


def test_what_faust_divided_itself_is_taken_over():
    """A worker of an earlier release leads no more: what it gave out stays where it can."""
    held = ClientAssignment(actives={topic: [0] for topic in EVERYTHING}, standbys={})
    old = Worker("w1", EVERYTHING)
    old.assignor._assignment = held
    workers = {"w1": old, "w2": Worker("w2", EVERYTHING)}
    divided(workers, 1)
    assert len(old.has) + len(workers["w2"].has) == len(EVERYTHING)
    assert len([topic for topic in old.has if topic.startswith("care.")]) == 2
    assert isinstance(old.assignor._get_client_metadata(old.joins()), ClientMetadata)
