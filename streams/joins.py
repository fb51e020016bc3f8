"""Joins: what follows from several topics, or from all regions together, at one tick.

The second stage computes it from `care.region-status` once every region has passed the tick in every topic that the
join reads, and writes it back there. A join carries the LNAZ phase in force, so norms that hold in some phases only
read an indicator of a join.
"""

from collections.abc import Mapping

from streams.topics import (
    COORDINATION,
    FOLLOW_UP,
    FORECAST,
    OCCUPANCY,
    OPERATING_ROOMS,
    PRODUCTION,
    REPORT_TOPICS,
    WAITING_TIMES,
    WORKSTOCK,
)

JOINED_COORDINATION = "joined.coordination"
JOINED_BEDS = "joined.beds"
JOINED_SCALING_UP = "joined.scaling-up"
JOINED_ACCESS = "joined.access"

JOINS: Mapping[str, tuple[str, ...]] = {
    JOINED_COORDINATION: (COORDINATION,),
    JOINED_BEDS: (OCCUPANCY, FORECAST, COORDINATION),
    JOINED_SCALING_UP: (WORKSTOCK, PRODUCTION, FOLLOW_UP, OPERATING_ROOMS, COORDINATION),
    JOINED_ACCESS: (WAITING_TIMES, COORDINATION),
}
"""The report topics that each join reads."""

STATUS_SOURCES: tuple[str, ...] = (*REPORT_TOPICS, *JOINS)
"""Everything that says on `care.region-status` what it knows at a tick."""

JUDGED_NOTICES = "judged.notices"
"""What the judge itself knows: whether the notices came that the steps of open breaches ask for."""

JUDGED_IN_PHASE = "judged.in-phase"
"""Where the judge holds figures that carry no phase against norms of some phases: at ticks of which the phase is known."""

FIGURE_SOURCES: tuple[str, ...] = (*STATUS_SOURCES, JUDGED_NOTICES)
"""Everything that figures come from."""
