"""What a fetch asks for: the busy partitions always, the others in between; and how long it may wait."""

from types import SimpleNamespace

import pytest
from aiokafka.protocol.fetch import FetchRequest
from aiokafka.structs import TopicPartition

from agents.delivery.asking import Asking

BUSY, QUIET = TopicPartition("care.occupancy", 0), TopicPartition("care.absence", 1)


class Fetcher:
    """As much of aiokafka's fetcher as asks: one node, and a request that names everything, or none."""

    def __init__(self) -> None:
        self._records: dict = {}
        self._fetch_max_wait_ms = 1500
        self.can_ask = True

    def _get_actions_per_node(self, assignment):
        topics = [(tp.topic, [(tp.partition, 7, 1024)]) for tp in sorted(assignment.tps)]
        request = FetchRequest(self._fetch_max_wait_ms, 1, 1024, 0, topics)
        return ([(1, request)] if self.can_ask else [], {}, 0, False, [])


class Asked:
    """An `Asking` whose clock is set by hand."""

    def __init__(self, *tps: TopicPartition, always: tuple[str, ...] = ()) -> None:
        self.now = 10.0
        self.fetcher = Fetcher()
        self.asking = Asking(self.fetcher, 5, always, lambda: self.now)
        self.mine = SimpleNamespace(tps=set(tps))

    def come(self, *tps: TopicPartition, records: int = 1, all_there_is: bool = False) -> None:
        """Take so many records of these partitions."""
        self.asking.came(dict.fromkeys(tps, records), all_there_is=all_there_is)

    def ask(self) -> list[FetchRequest]:
        return [request for _, request in self.fetcher._get_actions_per_node(self.mine)[0]]

    def topics(self) -> list[str]:
        (request,) = self.ask()
        return sorted(topic for topic, _ in request.topics)


ALL = ["care.absence", "care.occupancy"]


def test_everything_is_asked_for_while_nothing_is_busy():
    asked = Asked(BUSY, QUIET)
    asked.come(BUSY, QUIET)
    asked.now += 1.0
    asked.come(BUSY, QUIET)  # a tick a second makes nobody busy

    assert [asked.topics() for _ in range(3)] == [ALL] * 3


def test_the_quiet_ones_are_asked_for_in_between_some_at_a_time():
    quiet = [TopicPartition("care.absence", number) for number in range(12)]
    asked = Asked(BUSY, *quiet)
    told, counts = [], []
    for _ in range(20):
        asked.come(BUSY)
        asked.come(BUSY)
        (request,) = asked.ask()
        named = [(topic, each[0]) for topic, partitions in request.topics for each in partitions]
        assert BUSY in named
        counts.append(len(named) - 1)
        told += [tp for tp in named if tp != BUSY]
        asked.now += 0.004

    assert counts == [3, 0] * 10
    assert set(told[: len(quiet)]) == set(quiet), "who waited longest goes first"
    assert [told.count(tp) for tp in quiet] == [2 + (tp in told[24:]) for tp in quiet]


def test_who_is_asked_for_seldom_is_busy_by_how_much_it_brings_then():
    asked = Asked(BUSY, QUIET)
    asked.come(BUSY, QUIET)
    asked.now += 1.0
    asked.come(BUSY, records=5)
    asked.come(QUIET, records=4)

    assert [asked.topics() for _ in range(2)] == [ALL, ["care.occupancy"]]


def test_a_topic_that_others_wait_for_is_asked_for_in_every_fetch():
    status = TopicPartition("care.region-status", 0)
    asked = Asked(BUSY, QUIET, status, always=("care.region-status",))
    asked.come(BUSY, records=100)
    asked.come(BUSY, records=100)

    told = [asked.topics() for _ in range(2)]

    assert told == [[*ALL, "care.region-status"], ["care.occupancy", "care.region-status"]]


def test_a_topic_that_others_wait_for_makes_nobody_busy():
    asked = Asked(BUSY, QUIET, always=("care.occupancy",))

    assert [asked.topics() for _ in range(3)] == [ALL] * 3


def test_nobody_is_asked_for_what_nobody_takes():
    asked = Asked(BUSY, QUIET)
    asked.asking.active = {QUIET}
    assert asked.topics() == ["care.absence"]
    asked.asking.active = {BUSY, QUIET}
    assert asked.topics() == ALL
    asked.asking.active = set()
    assert asked.topics() == ALL, "a fetch must name something"


def test_who_was_busy_is_as_quiet_as_the_others_after_a_while():
    asked = Asked(BUSY, QUIET)
    asked.come(BUSY)
    asked.come(BUSY)
    assert [asked.topics() for _ in range(2)] == [ALL, ["care.occupancy"]]  # one of one is some
    asked.now += 0.26
    assert [asked.topics() for _ in range(2)] == [ALL, ALL]


def test_a_fetch_for_the_busy_ones_keeps_the_others_waiting_for_no_longer_than_they_may():
    asked = Asked(BUSY, QUIET)
    for _ in range(6):
        asked.ask()  # the waits grow
    asked.come(BUSY)
    asked.come(BUSY)
    requests = [request for _ in range(5) for request in asked.ask()]
    assert [len(request.topics) for request in requests] == [2, 1, 2, 1, 2]
    assert [request._max_wait_ms for request in requests] == [5, 10, 20, 25, 25]


def test_a_broker_may_not_keep_a_fetch_waiting_for_a_second_and_a_half():
    asked = Asked(BUSY, QUIET)

    def waits(number: int) -> list[int]:
        return [request._max_wait_ms for _ in range(number) for request in asked.ask()]

    assert waits(6) == [5, 10, 20, 40, 80, 100]
    asked.come(BUSY)
    assert waits(2) == [5, 10]
    asked.come()  # nothing is no news
    assert waits(3) == [20, 40, 80]
    asked.fetcher._records[BUSY] = "records"
    assert waits(1) == [5]
    asked.fetcher._records = {"of another assignment": "records"}
    assert waits(1) == [10]
    asked.fetcher.can_ask = False
    assert waits(3) == []  # a fetch that is not made lengthens nothing
    asked.fetcher.can_ask = True
    assert waits(1) == [20]


def test_who_has_caught_up_takes_breath_before_the_next_fetch_and_who_has_not_does_not():
    asked = Asked(BUSY, QUIET)
    assert asked.ask()
    assert asked.ask(), "nothing came yet: a recovery is in a hurry"
    asked.come(BUSY, all_there_is=True)
    _, _, seconds, *_ = asked.fetcher._get_actions_per_node(asked.mine)
    assert (asked.ask(), seconds) == ([], pytest.approx(0.004))
    asked.come()  # nothing is no news
    assert asked.ask() == []
    asked.now += 0.0041
    assert asked.ask()
    assert asked.ask() == []
    asked.come(BUSY, all_there_is=False)
    assert asked.ask()


@pytest.mark.parametrize("nodes", [1, 2])
def test_every_broker_is_asked_for_its_own(nodes):
    asked = Asked(BUSY, QUIET)
    inner = asked.asking._by_node
    asked.asking._by_node = lambda mine: (
        [(node, inner(mine)[0][0][1]) for node in range(nodes)],
        *inner(mine)[1:],
    )
    asked.come(BUSY)
    asked.come(BUSY)
    assert [len(request.topics) for request in asked.ask()] == [2] * nodes
    assert [len(request.topics) for request in asked.ask()] == [1] * nodes
