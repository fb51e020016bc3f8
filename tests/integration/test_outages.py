"""A broker that is away for a while, whatever the parts were doing: each goes on, or ends so that it is started again.

The table of docs/outages.md comes from the same scenes (`tests.outages`). `--long` plays those of minutes as well.
"""

import pytest

from tests.outages.outage import Outage
from tests.outages.scene import Scene

SHORT = ("kafka-killed-5", "embedded-frozen-5-stopping")
LONG = (
    *("kafka-frozen-5", "kafka-stopped-5", "kafka-killed-5-starting", "kafka-frozen-30-starting"),
    *(
        "kafka-stopped-30-starting",
        "kafka-killed-5-stopping",
        "kafka-frozen-5-stopping",
        "embedded-frozen-5-starting",
    ),
    *("kafka-killed-120", "kafka-frozen-120", "kafka-stopped-120", "embedded-frozen-120"),
    *("kafka-killed-600", "kafka-frozen-600", "kafka-stopped-600", "embedded-frozen-600"),
)


def pytest_generate_tests(metafunc):
    names = (*SHORT, *LONG) if metafunc.config.getoption("long") else SHORT
    metafunc.parametrize("name", [_case(name) for name in names])


def _case(name):
    kafka = [pytest.mark.kafka] if name.startswith("kafka") else []
    return pytest.param(name, id=name, marks=[*kafka, pytest.mark.timeout(300 + Outage.named(name).seconds)])


def test_every_part_goes_on_after_an_outage_or_ends_so_that_it_is_started_again(name, tmp_path, long):
    rows = Scene(Outage.named(name), tmp_path, settle_seconds=20.0 if long else 2.0).play()

    assert {f"{row.kind}, {row.phase}: {what}" for row in rows for what in row.unexpected} == set()
