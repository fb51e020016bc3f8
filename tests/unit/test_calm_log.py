"""A log that stays readable while a broker is away."""

import logging

import pytest
from aiokafka.errors import KafkaConnectionError, NodeNotReadyError, UnsupportedVersionError

from agents.calm_log import CalmLog, InALine, keep_calm


def test_a_message_is_shown_once_in_ten_seconds_and_then_says_how_many_were_left_out(caplog):
    now = [0.0]
    logger = logging.getLogger("calm-test")
    logger.addFilter(CalmLog(lambda: now[0]))

    for second in range(21):
        now[0] = float(second)
        logger.warning("no connection to node %s", second)
    logger.warning("something else")

    assert caplog.messages == [
        "no connection to node 0",
        "no connection to node 10 (9 more like this in 10 s)",
        "no connection to node 20 (9 more like this in 10 s)",
        "something else",
    ]


def test_every_logger_of_a_package_is_calmed_and_no_other():
    child, other = logging.getLogger("calm.child"), logging.getLogger("calmer")

    keep_calm("calm")

    assert any(isinstance(each, CalmLog) for each in child.filters)
    assert not other.filters


@pytest.mark.parametrize(
    ("error", "stacks"),
    [
        (KafkaConnectionError("nobody there"), 0),
        (NodeNotReadyError("nobody there"), 0),
        (UnsupportedVersionError("another program"), 1),
        (KeyError("a fault of ours"), 1),
    ],
)
def test_a_stack_is_left_out_only_where_a_broker_does_not_answer(caplog, error, stacks):
    logger = logging.getLogger("line-test")
    logger.addFilter(InALine())

    try:
        raise error  # noqa: TRY301 - it wants a stack
    except Exception as raised:
        logger.exception("Error: %r", raised)  # noqa: TRY401 - as mode says it

    assert caplog.text.count("Error: ") >= 1
    assert caplog.text.count("Traceback") == stacks
