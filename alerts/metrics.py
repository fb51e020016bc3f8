"""The metric catalogue: every metric the system exports, with its labels and meaning.

Rules, dashboards and documentation name metrics only from here; the exporter fills them. Units follow
Prometheus: seconds, ratios 0...1, timestamps instead of ages. Waits keep days, in their name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from streams.indicators import INDICATORS, UNKNOWN_SOURCES

PREFIX = "ketenwacht_"


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: its full name, type, label names and help text."""

    name: str
    type: Literal["gauge", "counter"]
    labels: tuple[str, ...]
    help: str


_BREACH = ("region", "norm", "scope")

BREACH_ACTIVE = Metric(
    f"{PREFIX}breach_active",
    "gauge",
    ("region", "norm", "scope", "severity", "source"),
    "1 while a breach is active, else 0, for every region and norm that is judged; `source` is the report topic without `care.`.",
)
BREACH_SINCE = Metric(
    f"{PREFIX}breach_since_timestamp_seconds",
    "gauge",
    _BREACH,
    "When the active episode began (event time); absent without one.",
)
BREACH_ACTIVE_SINCE = Metric(
    f"{PREFIX}breach_active_since_timestamp_seconds",
    "gauge",
    _BREACH,
    "When the hold of the active episode was over (event time), from which the ladder counts; absent without one.",
)
BREACH_STEP = Metric(
    f"{PREFIX}breach_step",
    "gauge",
    ("region", "norm", "scope", "severity", "source"),
    "Ladder step that the active breach has reached; 0 without one.",
)
BREACH_ENDED = Metric(
    f"{PREFIX}breach_ended",
    "gauge",
    (*_BREACH, "reason"),
    "1 after a breach that ended though nobody told that it is over, with the reason; absent otherwise.",
)
INDICATOR_VALUE = Metric(
    f"{PREFIX}indicator", "gauge", _BREACH, "Value that is held against the norm, in the unit of the norm."
)
INDICATOR_OBSERVED = Metric(
    f"{PREFIX}indicator_observed_timestamp_seconds",
    "gauge",
    _BREACH,
    "Event time of the newest data behind the value that is held against the norm.",
)
NORM_THRESHOLD = Metric(
    f"{PREFIX}norm_threshold",
    "gauge",
    ("region", "norm"),
    "Limit of the norm in the region, same unit as the indicator.",
)
NORM_INSUFFICIENT = Metric(
    f"{PREFIX}norm_insufficient", "gauge", _BREACH, "1 while there is too little data to judge by, else 0."
)
NORM_SILENT = Metric(
    f"{PREFIX}norm_silent",
    "gauge",
    _BREACH,
    "1 while a norm cannot be judged, or its breach is kept open, because somebody fell silent; absent otherwise.",
)
NORM_UNDECIDED_OVER = Metric(
    f"{PREFIX}norm_undecided_over",
    "gauge",
    _BREACH,
    "1 while a norm cannot be judged and what is missing could put its figure over the limit; absent otherwise.",
)
BREACH_WHERE = Metric(
    f"{PREFIX}breach_where",
    "gauge",
    (*_BREACH, "place", "name", "is"),
    "Who is behind the figure of an active breach: of the places 1 to 5, the worst first, `part` and `of` such as occupied beds and "
    "beds with staff; of place 0 the same of all together, and how many `others` there are.",
)
NORM_LOCATIONS = Metric(
    f"{PREFIX}norm_locations",
    "gauge",
    (*_BREACH, "standing"),
    "Locations behind the figure of an active breach, and of one of which somebody is carried forward or has expired: expected, "
    "counted, carried, suspect (of those carried) or expired; absent otherwise.",
)
NORM_OLDEST = Metric(
    f"{PREFIX}norm_oldest_timestamp_seconds",
    "gauge",
    _BREACH,
    "Event time of the oldest statement in that figure; absent where `ketenwacht_norm_locations` is.",
)
NORM_COMPLETE = Metric(
    f"{PREFIX}norm_told_ratio",
    "gauge",
    _BREACH,
    "How complete that figure is as far as locations report, 0...1: below 1 where reports say that they are not whole, or regions "
    "report nothing; of a figure that rests on no locations how complete it is, while its breach is active.",
)
SILENT_TOLD = Metric(
    f"{PREFIX}silent_told_timestamp_seconds",
    "gauge",
    ("region", "topic", "location"),
    "When a location that is silent and missed told last (event time), the longest silent of each topic; absent otherwise.",
)
SOURCE_LAST_EVENT = Metric(
    f"{PREFIX}source_last_event_timestamp_seconds",
    "gauge",
    ("source", "region"),
    "When the newest report of a source became known (time of the stream).",
)
SOURCE_MAX_AGE = Metric(
    f"{PREFIX}source_max_age_seconds", "gauge", ("source",), "How long the source is silent in ordinary life."
)
LAST_TICK = Metric(
    f"{PREFIX}tick_timestamp_seconds",
    "gauge",
    ("stage", "topic"),
    "Newest tick that a stage has passed (time of the stream).",
)
TICKS = Metric(f"{PREFIX}ticks_total", "counter", ("stage", "topic"), "Ticks handled.")
TICK_SKEW = Metric(
    f"{PREFIX}tick_skew_seconds",
    "gauge",
    ("topic",),
    "How far the newest tick lies ahead of the worker's own clock; below zero as far as it lies behind.",
)
TIME_AHEAD = Metric(
    f"{PREFIX}time_ahead",
    "gauge",
    ("topic",),
    "1 while the newest tick lies further ahead of the worker's clock than clocks may differ, 15 s; else 0.",
)
TICKS_REFUSED = Metric(
    f"{PREFIX}ticks_refused_total",
    "counter",
    ("topic", "fault"),
    "Ticks that did not count: malformed, ahead (of their own record) or unsigned (not signed with a key known here).",
)
ENTRIES_REFUSED = Metric(
    f"{PREFIX}status_entries_refused_total",
    "counter",
    ("stage",),
    "Records of care.region-status that nation or judge passed over: no stage writes them, or they could not be handled.",
)
ENTRIES_LOST = Metric(
    f"{PREFIX}status_entries_lost_total",
    "counter",
    ("stage",),
    "Offsets of care.region-status that retention or an operator took away before nation or judge read them.",
)
ENTRIES_LOST_AT = Metric(
    f"{PREFIX}lost_status_offsets",
    "gauge",
    ("stage", "begin", "end", "after"),
    "Offsets of care.region-status from `begin` up to `end` that were gone before the stage read them, behind the tick at "
    "`after`; for a day.",
)
REPORTS = Metric(
    f"{PREFIX}reports_total",
    "counter",
    ("topic", "outcome"),
    "Records of a report topic by outcome: applied, duplicate, late, dead_lettered, skipped or held_back; and offsets that were lost: "
    "gone before they were read, ticks among them.",
)
LOST = Metric(
    f"{PREFIX}lost_offsets",
    "gauge",
    ("topic", "partition", "begin", "end", "after"),
    "Offsets from `begin` up to `end` that retention or an operator took away before they were read, behind the tick at "
    "`after`; for a day.",
)
UNKNOWN_SENDERS = Metric(
    f"{PREFIX}unknown_senders",
    "gauge",
    ("topic",),
    "Sources that nobody registered and that were heard in the last 7 days: refused, or without a registry not watched.",
)
TRANSITIONS = Metric(
    f"{PREFIX}transitions_total", "counter", ("state",), "Transitions of breaches written to the log."
)
LAG = Metric(
    f"{PREFIX}lag_records",
    "gauge",
    ("stage", "topic", "partition"),
    "Records of a partition that the stage has not handled yet; absent while the end of the log is not known.",
)
READY = Metric(
    f"{PREFIX}ready",
    "gauge",
    (),
    "1 while the worker has its partitions and their state, knows how far their logs go, and nothing stands still.",
)
BUILD = Metric(
    f"{PREFIX}build_info", "gauge", ("version", "norms"), "Version of the program and of the norms file."
)

_NOT_SHOWN = {
    "treatment_waits",
    "treatment_waits_over_treeknorm",
    "treatment_wait_days_median",
    "treatment_part_wait_days_median",
    "projected_beds",
    UNKNOWN_SOURCES,
}
"""What reports and pages show; the metrics page shows what follows from them, and counts unknown senders by topic."""

CARE: Mapping[str, Metric] = {
    kind.name: Metric(
        f"{PREFIX}{kind.name}", "gauge", ("region", *kind.labels), f"{kind.text} ({kind.unit})."
    )
    for kind in INDICATORS.values()
    if kind.unit != "s" and kind.name not in _NOT_SHOWN
}
"""One metric for each kind of indicator, by the name of the kind."""

CATALOGUE: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        BREACH_ACTIVE,
        BREACH_SINCE,
        BREACH_ACTIVE_SINCE,
        BREACH_STEP,
        BREACH_ENDED,
        INDICATOR_VALUE,
        INDICATOR_OBSERVED,
        NORM_THRESHOLD,
        NORM_INSUFFICIENT,
        NORM_SILENT,
        NORM_UNDECIDED_OVER,
        BREACH_WHERE,
        NORM_LOCATIONS,
        NORM_OLDEST,
        NORM_COMPLETE,
        SILENT_TOLD,
        SOURCE_LAST_EVENT,
        SOURCE_MAX_AGE,
        LAST_TICK,
        TICKS,
        TICK_SKEW,
        TIME_AHEAD,
        TICKS_REFUSED,
        ENTRIES_REFUSED,
        ENTRIES_LOST,
        ENTRIES_LOST_AT,
        REPORTS,
        LOST,
        UNKNOWN_SENDERS,
        TRANSITIONS,
        LAG,
        READY,
        BUILD,
        *CARE.values(),
    )
}
"""Every metric by its full name."""
