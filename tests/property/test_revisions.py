"""A revision replaces its whole report: whatever the order, the ticks and the restarts, what counts is the same.

Many reports of few seconds, sources and figures, so that they revise, leave out and withdraw each other all the time; held
against `tests.support.naive`, which looks at all of them at once.
"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.domain.partition import empty_partition, tick
from agents.domain.speakers import speakers, totals
from alerts.norms import load_norms
from streams.indicators import indicator_key
from streams.reports import (
    AbsenceReport,
    AbsenceRow,
    BedReading,
    FollowUpReport,
    OccupancyReport,
    OperatingRoomsReport,
    ProductionReport,
    ReferralsReport,
    WorkstockReport,
)
from tests.support import (
    naive_beds,
    naive_capacity,
    naive_follow_up,
    naive_production,
    naive_referrals,
    naive_workstock,
)
from tests.support.drawn_reports import ROWS
from tests.support.entrance import receive
from tests.support.put_away import Shelf
from tests.support.reports import TOPIC_OF, record
from tests.support.same_figures import same_figures

NORMS = load_norms()
BEGIN = datetime(2021, 11, 15, 8, tzinfo=UTC)  # a Monday
HOURS = (0, 0, 1, 24)
LAST = max(HOURS) + 4
ABOUT_SOURCES = ("feed_received_at", "backdated_reports", "unwatched_sources")

FIGURES = {
    OccupancyReport: naive_beds.occupancy,
    FollowUpReport: naive_follow_up.follow_up,
    OperatingRoomsReport: naive_capacity.operating_rooms,
    WorkstockReport: naive_workstock.workstock,
    ProductionReport: naive_production.production,
    AbsenceReport: naive_capacity.absence,
    ReferralsReport: naive_referrals.referrals,
}
EACH = pytest.mark.parametrize("kind", FIGURES, ids=lambda kind: TOPIC_OF[kind])


@pytest.fixture(autouse=True, scope="module")
def every_name_counts_at_once():
    """Who waits or is a total is the matter of tests/unit/test_counted_once.py; here every name is one location."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(speakers, "ESTABLISHED_SECONDS", 10**12)
        patch.setattr(totals, "_TIMES_MIN", 10**12)
        yield


FEW = {
    OccupancyReport: st.lists(
        st.builds(
            BedReading,
            unit=st.sampled_from(["ic", "ward"]),
            label=st.just("total"),
            occupied=st.none() | st.integers(0, 9),
            admissions=st.none() | st.integers(0, 9),
        ),
        min_size=1,
        max_size=2,
        unique_by=lambda row: row.unit,
    ),
    AbsenceReport: st.lists(
        st.builds(
            AbsenceRow,
            sector=st.sampled_from(["ziekenhuis", "vvt", "ggz"]),
            rate=st.sampled_from([4.5, 7.25]),
            employees=st.integers(1, 9),
        ),
        min_size=1,
        max_size=2,
        unique_by=lambda row: row.sector,
    ),
}
"""Rows of so few subjects that reports often name the same."""


@st.composite
def statements(draw, kind):
    """A report of one of few seconds, in one of few revisions."""
    name, rows = ROWS[kind]
    rows = FEW.get(kind, rows)
    observed = BEGIN + timedelta(hours=draw(st.sampled_from(HOURS)))
    own = {}
    if kind is OperatingRoomsReport:
        own["rooms_normal"] = draw(st.none() | st.integers(10, 20))
        rows = st.none() if own["rooms_normal"] and draw(st.booleans()) else rows
    if hasattr(kind, "week_start"):
        weeks = draw(st.sampled_from([0, 1, 1]))
        own["week_start"] = (BEGIN - timedelta(weeks=weeks)).date()
    source = draw(st.sampled_from(["first", "second"]))
    revision = draw(st.sampled_from([0, 0, 0, 1, 1, 2, 3]))
    received = observed + timedelta(hours=draw(st.integers(0, 1)))
    return kind(
        id=f"{source}/{observed}/{revision}",
        source=source,
        region="R07",
        location=draw(st.sampled_from(["A", "A", "A", "B"])),
        observed_at=observed,
        received_at=received,
        revision=revision,
        completeness=draw(st.sampled_from([1.0, 0.5])),
        **{name: draw(rows)},
        **own,
    )


def stated(held):
    """What is held of a location, without days that a report was about and said nothing of."""
    if not isinstance(held, dict):
        return held
    return {key: own for key, own in held.items() if type(own) is not tuple or any(own[0])}


class Region:
    """A region that is told of, ticks and stops."""

    def __init__(self, kind) -> None:
        self.partition = empty_partition(TOPIC_OF[kind], 0, ("R07",))
        self.shelf = Shelf()
        self.known = {}

    def tell(self, report) -> str:
        told = record(report)
        return receive(self.partition, told.key, told.value, told.timestamp + 6 * 3_600_000)

    def tick(self, hour: int) -> None:
        for entry in tick(self.partition, int((BEGIN + timedelta(hours=hour)).timestamp()), NORMS):
            self.known |= {indicator_key(one.name, one.labels): one for one in entry.indicators}

    def put_away(self) -> None:
        self.shelf.put(self.partition)

    def stop_and_go_on(self) -> None:
        self.put_away()
        self.partition = self.shelf.take()

    @property
    def held(self):
        """What is held and what is remembered of revisions, without days of which nothing is."""
        body = self.partition.regions["R07"].body
        places = {name: stated(held) for name, held in body.places.items()}
        return {name: held for name, held in places.items() if held}, body.revised

    @property
    def figures(self) -> dict:
        return {
            key: one
            for key, one in self.known.items()
            if one.name not in ABOUT_SOURCES and (one.value is not None or one.silence is not None)
        }


@EACH
@settings(max_examples=150)
@given(data=st.data())
def test_whatever_the_order_the_same_is_held_and_said(kind, data):
    told = data.draw(st.lists(statements(kind), min_size=2, max_size=9))
    straight, mixed = Region(kind), Region(kind)
    for report in told:
        straight.tell(report)
    for report in data.draw(st.permutations(told)):
        between = data.draw(st.sampled_from(["", "tick", "put away", "stop"]))
        if between == "tick":
            mixed.tick(data.draw(st.integers(0, LAST - 1)))
        elif between == "put away" and mixed.partition.regions:
            mixed.put_away()
        elif between == "stop" and mixed.partition.regions:
            mixed.stop_and_go_on()
        mixed.tell(report)
    assert mixed.held == straight.held
    mixed.stop_and_go_on()
    assert mixed.held == straight.held
    straight.tick(LAST)
    mixed.tick(LAST)
    assert mixed.held == straight.held
    assert mixed.figures == straight.figures
    expected = FIGURES[kind](told, int((BEGIN + timedelta(hours=LAST)).timestamp()))
    same_figures({key: one for key, one in straight.known.items() if one.name not in ABOUT_SOURCES}, expected)
    repeated = [straight.tell(report) for report in told]
    assert set(repeated) == {"duplicate"}


@EACH
@given(data=st.data())
def test_what_was_never_revised_leaves_nothing_to_remember(kind, data):
    region = Region(kind)
    for report in data.draw(st.lists(statements(kind), min_size=1, max_size=6)):
        if not report.revision:
            region.tell(report)
    if region.partition.regions:
        assert not region.held[1]
