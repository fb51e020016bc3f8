"""The settings of a worker: built once at the door, handed down."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from streams.topics import REPORT_PARTITIONS


class WorkerSettings(BaseSettings):
    """How a worker runs.

    Attributes:
        app_id: consumer group, and the first part of the names of the changelog topics.
        report_partitions: partition count of the report topics; `ketenwacht worker` asks the cluster, and ends with exit
            status 2 when another number is said.
        replication: replication factor of the changelog topics.
        snapshot_seconds: least time between two snapshots of one partition; results do not depend on it.
        fetch_wait_ms: how long a broker may keep a fetch waiting once records came; twice as long after each
            fetch that brings none, up to 100 ms or this.
        session_timeout_s: after this long without a heartbeat the group gives the partitions to another
            worker; 10 s or more on a cluster, 2 s on the embedded broker.
        leaves_group: whether a worker that stops tells its group, so that another goes on at once; else it is missed
            after the session time-out. The embedded broker must not be told: left by its leader while it is being
            divided, a group there has none for ever.
        stall_seconds: a worker that has lag and makes no progress, or whose loop or group stands still, is not
            ready after half of this time and ends with exit status 75 after the whole of it.
        metrics_host: address of the metrics page; loopback unless a scraper stands elsewhere.
        metrics_port: port of the metrics page; 0 takes a free one.
        norms_file: norms instead of the project's own.
        broker_checks_time: whether the broker refuses records whose timestamp lies more than 10 s ahead of its clock, as
            Apache Kafka does; if not, as with the embedded broker, the worker holds them to its own clock.
        begin_anew: whether to begin with what is left of a log whose state is gone and which does not reach back; else
            the worker ends with exit status 2. What was open before is not known then.
    """

    model_config = SettingsConfigDict(env_prefix="KETENWACHT_WORKER_", frozen=True, extra="forbid")

    app_id: str = Field(default="ketenwacht", pattern=r"^[a-z][a-z0-9-]{2,40}$")
    report_partitions: int = Field(default=REPORT_PARTITIONS, ge=1, le=64)
    replication: int = Field(default=1, ge=1, le=5)
    snapshot_seconds: float = Field(default=2.0, ge=0, le=60)
    fetch_wait_ms: int = Field(default=15, ge=1, le=1500)
    session_timeout_s: float = Field(default=10.0, ge=1, le=300)
    leaves_group: bool = True
    stall_seconds: float = Field(default=60.0, ge=1, le=3600)
    metrics_host: str = "127.0.0.1"
    metrics_port: int = Field(default=0, ge=0, le=65_535)
    norms_file: Path | None = None
    broker_checks_time: bool = True
    begin_anew: bool = False
