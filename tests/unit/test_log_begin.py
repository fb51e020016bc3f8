"""Where logs begin: one question for a topic, asked again after the group was divided anew."""

import asyncio
from types import SimpleNamespace

from aiokafka.errors import KafkaConnectionError
from faust.types import TP

from agents.engine.log_begin import LogBegins

MINE = [TP("care.occupancy", number) for number in range(3)]
OTHERS = TP("care.referrals", 0)


class Consumer:
    """Answers how often it was asked, and notes what about."""

    def __init__(self) -> None:
        self.asked: list[tuple[TP, ...]] = []
        self.away = False
        self.meanwhile = lambda: None

    def assignment(self):
        return {*MINE, OTHERS}

    async def earliest_offsets(self, *partitions):
        self.asked.append(partitions)
        self.meanwhile()
        if self.away:
            raise KafkaConnectionError("away")
        return dict.fromkeys(partitions, len(self.asked))


def build() -> tuple[Consumer, LogBegins]:
    consumer = Consumer()
    return consumer, LogBegins(SimpleNamespace(consumer=consumer), "fold")


def ask(begins: LogBegins, *partitions: TP) -> list[int | None]:
    async def one_by_one():
        return [await begins.known(tp) for tp in partitions]

    return asyncio.run(one_by_one())


def test_the_partitions_of_a_topic_are_asked_about_at_once():
    consumer, begins = build()
    assert ask(begins, *MINE, *MINE) == [1] * 6
    assert consumer.asked == [tuple(MINE)]


def test_a_partition_that_is_not_assigned_any_more_is_asked_about_all_the_same():
    consumer, begins = build()
    gone = TP("care.occupancy", 9)
    assert ask(begins, gone) == [1]
    assert consumer.asked == [(gone, *MINE)]


def test_after_the_group_was_divided_anew_it_is_asked_again():
    _consumer, begins = build()
    ask(begins, MINE[0])
    begins.forget()
    assert ask(begins, MINE[0]) == [2]


def test_an_answer_that_comes_after_the_group_was_divided_anew_is_not_kept():
    consumer, begins = build()
    consumer.meanwhile = begins.forget
    ask(begins, MINE[0])
    assert ask(begins, MINE[0]) == [2]


def test_a_broker_that_does_not_answer_is_asked_again():
    consumer, begins = build()
    consumer.away = True
    assert ask(begins, MINE[0]) == [None]
    consumer.away = False
    assert ask(begins, MINE[0]) == [2]


def test_where_a_log_begins_now_is_asked_each_time():
    consumer, begins = build()
    ask(begins, MINE[0])
    assert asyncio.run(begins.now(MINE[0])) == 2
    assert consumer.asked[-1] == (MINE[0],)
