"""One profile for all properties: quick, the same every time, no clock, and a blob to repeat a failure by."""

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
