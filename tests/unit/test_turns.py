"""Turns: one piece of work at a time, the most urgent first, and the rest of the loop in between."""

import asyncio

import pytest

from agents.engine.turns import Turns


def done_in_order(*urgencies):
    """In which order pieces of these urgencies were done that all wait for the first."""

    async def play():
        turns, done = Turns(), []

        async def work(name, urgency):
            async with turns.turn(urgency):
                done.append(name)

        async with turns.turn(0):
            tasks = [asyncio.create_task(work(number, urgency)) for number, urgency in enumerate(urgencies)]
            await asyncio.sleep(0)
            assert done == []
        await asyncio.gather(*tasks)
        return done

    return asyncio.run(play())


def test_the_most_urgent_comes_first_and_equals_in_their_order():
    assert done_in_order(2, 0, 1, 0, 2) == [1, 3, 2, 0, 4]


def test_others_have_their_turn_between_two_long_pieces():
    async def play():
        turns, seen = Turns(), []

        async def report():
            for number in range(3):
                seen.append(f"report {number}")
                await asyncio.sleep(0)

        async def ticks():
            for number in range(2):
                async with turns.turn(0):
                    seen.append(f"tick {number}")

        await asyncio.gather(ticks(), report())
        return seen

    seen = asyncio.run(play())
    assert seen.index("tick 1") > seen.index("report 2")


def test_who_is_cancelled_while_it_waits_holds_up_nobody():
    async def play():
        turns, done = Turns(), []

        async def work(name):
            async with turns.turn(1):
                done.append(name)

        async with turns.turn(0):
            first, second = (asyncio.create_task(work(name)) for name in "ab")
            await asyncio.sleep(0)
            first.cancel()
            await asyncio.sleep(0)
        # The second was given its turn and is cancelled before it runs.
        second.cancel()
        await asyncio.gather(first, second, return_exceptions=True)
        async with asyncio.timeout(5):
            await work("c")
        return done

    assert asyncio.run(play()) == ["c"]


def test_a_piece_that_fails_passes_the_turn_on():
    async def play():
        turns = Turns()
        with pytest.raises(RuntimeError, match="no"):
            async with turns.turn(0):
                raise RuntimeError("no")
        async with asyncio.timeout(5), turns.turn(0):
            return "went on"

    assert asyncio.run(play()) == "went on"


def test_the_least_urgent_comes_too_while_urgent_work_never_ends():
    async def play():
        turns, done = Turns(), []

        async def folds(number):
            # As in a replay: whoever passed a tick has the next one ready.
            for _ in range(200):
                async with turns.turn(0):
                    done.append(f"fold {number}")

        async def judge():
            async with turns.turn(2):
                done.append("judge")

        work = [asyncio.create_task(folds(number)) for number in range(4)]
        await asyncio.sleep(0)
        await asyncio.gather(judge(), *work)
        return done

    assert asyncio.run(play()).index("judge") < 100
