"""The topic catalogue: what each topic carries, how many partitions it has and how long it is kept.

Records are keyed by ROAZ region id, so one region's records keep their order. Report topics have one partition, so
that it does not matter how a producer chooses; a cluster that was made with more keeps them. `care.region-status`
has one because judgement costs ticks x regions x norms, not reports, and the national stage needs
every region in one log. Dead-letter topics have one too, so that they read in one order.
"""

from dataclasses import dataclass

from streams import reports
from streams.ticks import TIMESTAMP_AHEAD_MS_MAX

GIB = 1 << 30

OCCUPANCY = reports.OccupancyReport.declared.topic
WAITING_TIMES = reports.WaitingTimesReport.declared.topic
REFERRALS = reports.ReferralsReport.declared.topic
FOLLOW_UP = reports.FollowUpReport.declared.topic
OPERATING_ROOMS = reports.OperatingRoomsReport.declared.topic
WORKSTOCK = reports.WorkstockReport.declared.topic
PRODUCTION = reports.ProductionReport.declared.topic
ABSENCE = reports.AbsenceReport.declared.topic
FORECAST = reports.ForecastReport.declared.topic
COORDINATION = reports.CoordinationReport.declared.topic
REGION_STATUS = "care.region-status"
OVERVIEW = "care.overview"
BREACHES = "care.breaches"
CLOSINGS = "care.closings"
NOTIFICATIONS = "care.notifications"

RECORD_BYTES_MAX = 1_000_000
"""A report larger than this is refused (and still kept whole in the dead-letter topic)."""

MESSAGE_BYTES_MAX = 8_000_000
"""What the broker accepts, so that a refused giant can be dead-lettered byte for byte."""

DEAD_LETTER_ROOM = 100_000
"""What a dead-letter topic accepts beyond that, for the headers that say why."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One Kafka topic.

    Attributes:
        name: topic name.
        summary: one sentence for people.
        kind: `report` (in, with ticks), `derived` (out) or `dead-letter`.
        partitions: partition count on a new cluster.
        retention_bytes: how much of each partition is kept; -1 means all. By size, not by time: Kafka
            measures age by the record's own timestamp, so a replay of 2021 into a topic that keeps 400 days
            loses its records at the next retention check, often before anyone read them.
        compacted: keep only the latest record of each key.
    """

    name: str
    summary: str
    kind: str
    partitions: int
    retention_bytes: int
    compacted: bool = False

    @property
    def config(self) -> dict[str, str]:
        """Topic configuration as Kafka names it."""
        room = DEAD_LETTER_ROOM if self.kind == "dead-letter" else 0
        return {
            "cleanup.policy": "compact" if self.compacted else "delete",
            "retention.ms": "-1",
            "retention.bytes": str(self.retention_bytes),
            "max.message.bytes": str(MESSAGE_BYTES_MAX + room),
            **(_OF_REPORTS if self.kind == "report" else _OF_OURS),
        }


_OF_REPORTS = {
    "message.timestamp.type": "CreateTime",
    "message.timestamp.after.max.ms": str(TIMESTAMP_AHEAD_MS_MAX),
    "compression.type": "uncompressed",
}
"""Reports and ticks keep the time of whoever sends them; one of the future would put the clock forward. Stored uncompressed, so
that `max.message.bytes` is held against the true size: 12 MB cannot come in as 12 kB."""

_OF_OURS = {"message.timestamp.type": "LogAppendTime"}
"""What we write ourselves gets the broker's time, so that none of it is refused for its own, which is that of the reports."""


REPORT_PARTITIONS = 1
"""Of each report topic on a new cluster: so every producer's partitioner is the right one (ADR 17)."""

REPORT_TOPICS: tuple[str, ...] = tuple(reports.REPORT_TYPES)
"""Topics that carry reports and ticks, in catalogue order."""


def dead_letter_topic(name: str) -> str:
    """Return the name of the topic that keeps what `name` could not accept."""
    return f"{name}.dlq"


def catalogue(report_partitions: int = REPORT_PARTITIONS) -> tuple[Topic, ...]:
    """Return every topic of the system; `report_partitions` sizes the report topics."""
    reported = tuple(
        Topic(name, kind.declared.carries, "report", report_partitions, 16 * GIB)
        for name, kind in reports.REPORT_TYPES.items()
    )
    derived = (
        Topic(
            REGION_STATUS,
            "per tick and region, the indicators that changed",
            "derived",
            1,
            4 * GIB,
        ),
        Topic(
            OVERVIEW,
            "latest state of each region, what pages read",
            "derived",
            1,
            -1,
            compacted=True,
        ),
        Topic(BREACHES, "every transition of a breach, an audit log", "derived", 1, -1),
        Topic(
            CLOSINGS,
            "what was known at the end of each week and month, what reports look back on",
            "derived",
            1,
            -1,
            compacted=True,
        ),
        Topic(
            NOTIFICATIONS,
            "what the courier gives to whom, and what the mail server said; of all but a lease each key stands once",
            "derived",
            1,
            -1,
            compacted=True,
        ),
    )
    dead_letters = tuple(
        Topic(
            dead_letter_topic(name),
            f"what {name} could not accept, byte for byte",
            "dead-letter",
            1,
            -1,
        )
        for name in REPORT_TOPICS
    )
    return reported + derived + dead_letters
