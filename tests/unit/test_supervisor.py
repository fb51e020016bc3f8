"""The supervisor's rules on parts that exist only here: what starts again, how soon, and what is said of it."""

from threading import Event

import pytest

from deploy.child import ChildFailed
from deploy.supervisor.supervisor import Supervisor
from deploy.supervisor.watched import BACK_OFF_SECONDS_MAX, Watched


class Process:
    """A process that ends when it is told to."""

    log = "log"

    def __init__(self):
        self.returncode = None

    def running(self):
        return self.returncode is None

    def last_line(self):
        return "the last words"

    def tail(self):
        return "the last words"


class Program:
    """A program that is ready when it is told to be."""

    address = "127.0.0.1:1"
    start_seconds = 20.0

    def __init__(self, name="part", *, is_ready=True):
        self.name = name
        self.is_ready = is_ready
        self.begun = 0
        self.process = None

    @property
    def pid(self):
        return None if self.process is None or not self.process.running() else 1

    def begin(self):
        self.begun += 1
        self.process = Process()

    def ready(self):
        return self.is_ready

    def stop(self):
        if self.process is not None and self.process.running():
            self.process.returncode = 0

    kill = stop

    def die(self):
        self.process.returncode = 1


class Clock:
    def __init__(self):
        self.now = 1_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def said():
    return []


@pytest.fixture
def part(clock, said):
    watched = Watched("part", Program(), said.append, stalled_seconds=45, now=clock)
    watched.begin()
    watched.look()
    assert watched.state == "ready"
    return watched


def after(part, clock, seconds):
    """Let time pass in steps, as the supervisor looks."""
    end = clock.now + seconds
    while clock.now < end:
        clock.now += 0.1
        part.look()


def test_what_ends_starts_again_and_is_said(part, clock, said):
    part.program.die()
    assert part.look()
    assert (part.state, part.told().pid) == ("ended", None)
    assert said == ["part ended with code 1: the last words; it starts again in 0.5 s"]
    after(part, clock, 1)
    assert (part.state, part.program.begun, part.deaths) == ("ready", 2, 1)
    assert said[1:] == ["part is ready"]


def test_what_ends_again_and_again_is_failing_and_never_waits_longer_than_five_seconds(part, clock, said):
    waits = []
    for _ in range(8):
        part.program.die()
        part.look()
        died = clock.now
        while part.program.pid is None:
            clock.now += 0.1
            part.look()
        waits.append(clock.now - died)
        part.look()
    assert max(waits) <= BACK_OFF_SECONDS_MAX + 0.2
    assert waits == sorted(waits)
    assert "8 times in a row" in said[-2]
    part.program.die()
    part.look()
    assert part.state == "failing"


def test_who_was_ready_for_a_minute_has_recovered(part, clock, said):
    for _ in range(3):
        part.program.die()
        after(part, clock, 6)
    assert part.deaths == 3
    after(part, clock, 70)
    part.program.die()
    part.look()
    assert part.state == "ended"
    assert said[-1].endswith("it starts again in 0.5 s")


def test_what_runs_without_progress_is_said_and_begins_anew(part, clock, said):
    part.program.is_ready = False
    after(part, clock, 10)
    assert part.state == "unready"
    assert said == ["part runs and is not ready"]
    after(part, clock, 50)
    assert part.program.begun == 2
    assert "made no progress" in said[1]


def test_what_does_not_get_ready_begins_anew(clock, said):
    part = Watched("part", Program(is_ready=False), said.append, now=clock)
    part.begin()
    after(part, clock, 22)
    assert part.program.begun == 2
    assert "was not ready in 20 s: the last words" in said[0]


def test_a_part_that_ends_at_the_first_start_is_the_end_of_it(said):
    first, second = (
        Watched(name, Program(name, is_ready=False), said.append) for name in ("first", "second")
    )
    supervisor = Supervisor([[first], [second]], said.append)
    begin = first.program.begin

    def begin_and_die():
        begin()
        first.program.die()

    first.program.begin = begin_and_die
    with pytest.raises(ChildFailed, match=r"first ended with code 1: the last words"):
        supervisor.start(Event())
    assert second.program.begun == 0


def test_who_leans_on_a_store_that_forgets_begins_anew_once_it_is_ready(clock, said):
    saved = []
    store, leaning, other = (
        Watched(name, Program(name), said.append, now=clock) for name in ("store", "leaning", "other")
    )
    supervisor = Supervisor([[store], [leaning, other]], saved.append, store, [leaning])
    assert supervisor.start(Event())
    store.program.is_ready = False
    store.program.die()
    for _ in range(10):
        clock.now += 0.1
        supervisor._look()
    assert (leaning.state, leaning.program.pid) == ("waiting", None)
    store.program.is_ready = True
    for _ in range(3):
        supervisor._look()
    assert (leaning.state, leaning.program.begun, leaning.deaths) == ("ready", 2, 0)
    assert other.program.begun == 1


def test_parts_are_stopped_the_other_way_round(said):
    stopped = []
    parts = [Watched(str(number), Program(str(number)), said.append) for number in range(3)]
    for part in parts:
        part.program.stop = lambda name=part.name: stopped.append(name)
    Supervisor([[each] for each in parts], said.append).stop()
    assert stopped == ["2", "1", "0"]
