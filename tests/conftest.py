"""One profile for all properties: quick, the same every time, no clock, and a blob to repeat a failure by.

`--long` runs more kills, seeds and combinations; `--seed N` repeats a run with the seed that a failure told.
"""

import os
import time

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "ketenwacht",
    max_examples=70,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    print_blob=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("ketenwacht")


@pytest.fixture
def until():
    """Poll until something is true, and return it; the deadline is generous because machines are shared."""

    def wait(ask, what, seconds=30):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = ask()
            if found:
                return found
            time.sleep(0.05)
        pytest.fail(f"{what}: not within {seconds} s")

    return wait


def pytest_addoption(parser: pytest.Parser) -> None:
    told = os.environ.get("KETENWACHT_TEST_SEED")
    parser.addoption("--long", action="store_true", help="more kills, more seeds, every combination")
    parser.addoption("--seed", type=int, default=told and int(told), help="repeat a run that failed")


_FIRST = (
    "test_worker_kills",
    "test_latch_live",
    "test_delivery",
    "test_worker_storm",
    "test_demo",
    "test_one_recording_one_log",
    "test_worker_recovery",
)
"""The files that take longest; those that wait beside those that work, so that the processes end together."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {name: place for place, name in enumerate(_FIRST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(_FIRST)))


@pytest.fixture(scope="session")
def long(request) -> bool:
    """Whether there is time for the long variants."""
    return request.config.getoption("long")


@pytest.fixture
def seed(request) -> int:
    """A seed that differs from run to run; printed, so that pytest shows it when the test fails."""
    told = request.config.getoption("seed")
    chosen = time.time_ns() // 1000 % 1_000_000 if told is None else told
    print(f"--seed {chosen}")  # noqa: T201
    return chosen
