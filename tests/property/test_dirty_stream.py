"""Late, repeated, re-ordered and corrected reports give the end state of a clean stream.

The fold is held against figures that `tests.support.naive` computes from scratch at every tick.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

import msgspec
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from agents.domain.partition import empty_partition, tick
from agents.domain.speakers import speakers, totals
from alerts.norms import load_norms
from streams.indicators import indicator_key
from streams.reports import (
    AbsenceReport,
    CoordinationReport,
    FollowUpReport,
    ForecastReport,
    OccupancyReport,
    OperatingRoomsReport,
    ProductionReport,
    ReferralsReport,
    WaitingTimesReport,
    WorkstockReport,
)
from streams.topics import COORDINATION
from tests.support import (
    naive,
    naive_beds,
    naive_capacity,
    naive_coordination,
    naive_follow_up,
    naive_production,
    naive_referrals,
    naive_waits,
    naive_workstock,
)
from tests.support.drawn_reports import ROWS, reports
from tests.support.entrance import receive
from tests.support.put_away import Shelf
from tests.support.reports import TOPIC_OF, record
from tests.support.same_figures import same_figures, same_figures_seen, same_silences, silent_are_named

NORMS = load_norms()
BEGIN = int(datetime(2021, 10, 20, 22, 30, tzinfo=UTC).timestamp())  # so that the clock goes back on the way
HOUR = 3600


@pytest.fixture(autouse=True, scope="module")
def every_name_counts_at_once() -> Iterator[None]:
    """Who waits or is a total is the matter of tests/unit/test_counted_once.py; here every name is one location.

    Who is missed by its own rhythm is that of test_less_is_never_calmer.py; here only age carries forward.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(speakers.Speaker, "missed_after", 10**12)
        patch.setattr(speakers, "ESTABLISHED_SECONDS", 10**12)
        patch.setattr(totals, "_TIMES_MIN", 10**12)
        yield


class DirtyStream(RuleBasedStateMachine):
    """One region's reports of one topic arrive in every way in which reports arrive."""

    kind = OccupancyReport
    figures = staticmethod(naive_beds.occupancy)
    silences = staticmethod(naive_beds.silences)

    @initialize()
    def begin(self) -> None:
        self.topic = TOPIC_OF[self.kind]
        self.partition = empty_partition(self.topic, 0, ("R07",))
        self.shelf = Shelf()
        self.known = {}
        self.now = BEGIN
        self.ticked = False
        self.heard = []  # every report that could be read
        self.accepted = []  # those of them that were not late
        self.waiting = []  # arrived since the last tick
        self.received = 0

    @rule(data=st.data(), after=st.integers(1, 5 * HOUR))
    def say(self, data, after) -> None:
        said = data.draw(reports(self.kind, self.now + after, len(self.heard) + len(self.waiting)))
        self.waiting.append(said)

    @precondition(lambda self: self.heard)
    @rule(data=st.data())
    def repeat(self, data) -> None:
        self.waiting.append(data.draw(st.sampled_from(self.heard)))

    @precondition(lambda self: self.heard)
    @rule(data=st.data(), after=st.integers(1, 5 * HOUR), later=st.booleans())
    def correct(self, data, after, later) -> None:
        old = data.draw(st.sampled_from(self.heard))
        name, rows = ROWS[self.kind]
        received = old.received_at
        if later:
            received = datetime.fromtimestamp(self.now + after, UTC)
        self.waiting.append(
            msgspec.structs.replace(
                old, revision=old.revision + 1, received_at=received, **{name: data.draw(rows)}
            )
        )

    @rule(hours=st.sampled_from([1, 5, 6, 20, 24, 24, 50, 24 * 6, 24 * 16]), shuffled=st.randoms())
    def pass_a_tick(self, hours, shuffled) -> None:
        shuffled.shuffle(self.waiting)
        for report in self.waiting:
            self.deliver(report)
        self.waiting = []
        # The tick comes after every report that was received up to it.
        self.now += max(hours, 5) * HOUR
        self.ticked = True
        for entry in tick(self.partition, self.now, NORMS):
            self.known |= {indicator_key(one.name, one.labels): one for one in entry.indicators}
        self.compare()

    @rule()
    def put_away_and_take_up(self) -> None:
        self.shelf.put(self.partition)
        self.partition = self.shelf.take()

    @rule()
    def put_away_what_changed(self) -> None:
        self.shelf.put(self.partition)

    def deliver(self, report) -> None:
        today = naive.day_of(datetime.fromtimestamp(self.now, UTC)) if self.ticked else None
        told = record(report)
        outcome = receive(self.partition, told.key, told.value, max(told.timestamp, self.now * 1000))
        if self.topic != COORDINATION and report.observed_at > report.received_at:
            # Of a clock that is ahead: it counts as of when it came.
            report = msgspec.structs.replace(report, observed_at=report.received_at)
        late = today is not None and naive.is_late(report, today)
        assert (outcome == "late") == late
        self.heard.append(report)
        self.received += 1
        if not late:
            assert outcome == "duplicate" or report not in self.accepted
            self.accepted.append(report)
        assert self.partition.counts.total == self.received

    def compare(self) -> None:
        today = naive.day_of(datetime.fromtimestamp(self.now, UTC))
        expected = self.figures(self.accepted, self.now) | naive.feeds(self.topic, self.heard, today)
        same_figures(self.known, expected)
        silent_are_named(self.known)
        if self.silences is not None:
            same_silences(self.known, *self.silences(self.accepted, self.now))

    def teardown(self) -> None:
        """A clean stream, every report once and in order of event time, says the same at the end."""
        if not getattr(self, "ticked", False):
            return
        clean = empty_partition(self.topic, 0, ("R07",))
        once = {record(one).value: one for one in self.accepted}.values()
        for report in sorted(once, key=lambda one: (one.observed_at, one.revision, one.received_at)):
            told = record(report)
            receive(clean, told.key, told.value, told.timestamp)
        said = {
            indicator_key(one.name, one.labels): one
            for entry in tick(clean, self.now, NORMS)
            for one in entry.indicators
        }
        about_sources = ("feed_received_at", "backdated_reports")
        assert {key: one for key, one in said.items() if one.name not in about_sources} == {
            key: one
            for key, one in self.known.items()
            if one.name not in about_sources and (one.value is not None or key in said)
        }


class DirtyWaits(DirtyStream):
    kind = WaitingTimesReport
    figures = staticmethod(naive_waits.waiting_times)
    silences = None

    @rule(shuffled=st.randoms())
    def pass_over_six_weeks(self, shuffled) -> None:
        self.pass_a_tick(46 * 24, shuffled)

    def compare(self) -> None:
        super().compare()
        expected = {
            indicator_key(name, dict(labels)): figure
            for (name, labels), figure in naive_waits.silences(self.accepted, self.now).items()
        }
        silent = {key: one.silence for key, one in self.known.items() if one.silence is not None}
        assert silent.keys() == expected.keys()
        for key, one in silent.items():
            missed, given_up, since = expected[key]
            assert (one.missed, one.given_up) == (
                pytest.approx(missed, abs=2e-6),
                pytest.approx(given_up, abs=2e-6),
            ), key
            assert one.given_up_at == since, key


class DirtyWeeks(DirtyStream):
    """What is told week by week; who falls silent is missed, and given up later."""

    silences = None
    with_missed = with_given_up = staticmethod(dict)
    passes_weeks_until_day = 100_000

    @precondition(lambda self: self.now < BEGIN + self.passes_weeks_until_day * 24 * HOUR)
    @rule(days=st.sampled_from([30, 60, 100, 400]), shuffled=st.randoms())
    def pass_over_weeks(self, days, shuffled) -> None:
        self.pass_a_tick(days * 24, shuffled)

    def compare(self) -> None:
        super().compare()
        same_figures_seen(self.known, self.with_missed(self.accepted, self.now), "carried")
        same_figures_seen(self.known, self.with_given_up(self.accepted, self.now), "expired")


class DirtyReferrals(DirtyWeeks):
    kind = ReferralsReport
    figures = staticmethod(naive_referrals.referrals)
    with_missed = staticmethod(partial(naive_referrals.referrals, view="missed"))
    with_given_up = staticmethod(partial(naive_referrals.referrals, view="given_up"))


class DirtyFollowUp(DirtyStream):
    kind = FollowUpReport
    figures = staticmethod(naive_follow_up.follow_up)
    silences = staticmethod(naive_follow_up.silences)


class DirtyRooms(DirtyStream):
    kind = OperatingRoomsReport
    figures = staticmethod(naive_capacity.operating_rooms)
    silences = staticmethod(naive_capacity.silences_of_rooms)


class DirtyAbsence(DirtyWeeks):
    kind = AbsenceReport
    figures = staticmethod(naive_capacity.absence)
    with_missed = staticmethod(partial(naive_capacity.absence, stands=90))
    with_given_up = staticmethod(partial(naive_capacity.absence, stands=371, missed=371))


class DirtyForecast(DirtyStream):
    kind = ForecastReport
    figures = staticmethod(naive_capacity.forecast)
    silences = None


class DirtyWorkstock(DirtyWeeks):
    kind = WorkstockReport
    figures = staticmethod(naive_workstock.workstock)
    with_missed = staticmethod(partial(naive_workstock.workstock, stands=90))
    with_given_up = staticmethod(partial(naive_workstock.workstock, stands=742, missed=742))


class DirtyProduction(DirtyWeeks):
    kind = ProductionReport
    figures = staticmethod(naive_production.production)
    with_missed = staticmethod(partial(naive_production.production, view="missed"))
    with_given_up = staticmethod(partial(naive_production.production, view="given_up"))


class DirtyCoordination(DirtyWeeks):
    kind = CoordinationReport
    figures = staticmethod(naive_coordination.coordination)
    with_missed = staticmethod(partial(naive_coordination.coordination, websites=90))
    with_given_up = staticmethod(partial(naive_coordination.coordination, websites=371))
    passes_weeks_until_day = 100  # decisions and plans of more than 800 days ago are forgotten


TestBedsOfADirtyStream = DirtyStream.TestCase
TestWaitsOfADirtyStream = DirtyWaits.TestCase
TestReferralsOfADirtyStream = DirtyReferrals.TestCase
TestFollowUpOfADirtyStream = DirtyFollowUp.TestCase
TestOperatingRoomsOfADirtyStream = DirtyRooms.TestCase
TestAbsenceOfADirtyStream = DirtyAbsence.TestCase
TestForecastsOfADirtyStream = DirtyForecast.TestCase
TestWorkstockOfADirtyStream = DirtyWorkstock.TestCase
TestProductionOfADirtyStream = DirtyProduction.TestCase
TestCoordinationOfADirtyStream = DirtyCoordination.TestCase
