"""Hypothesis strategies: reports of a few places, sectors and specialisms, so that they often meet."""

from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import strategies as st

from streams.reports import (
    AbsenceReport,
    AbsenceRow,
    BedReading,
    CoordinationReport,
    FollowUpReport,
    FollowUpRow,
    ForecastReport,
    ForecastRow,
    Mediation,
    OccupancyReport,
    OperatingRoomsReport,
    ProductionReport,
    ProductionRow,
    ReferralRow,
    ReferralsReport,
    Report,
    WaitingTimesReport,
    WaitRow,
    WorkstockReport,
    WorkstockRow,
)
from tests.support.drawn_events import events

counts = st.one_of(st.none(), st.integers(0, 9), st.integers(0, 150))
shares = st.sampled_from([1.0, 1.0, 0.5, 0.25])

_bed_rows = st.lists(
    st.builds(
        BedReading,
        unit=st.sampled_from(["ic", "ward"]),
        label=st.sampled_from(["covid", "noncovid", "unlabelled", "total"]),
        occupied=counts,
        staffed=counts,
        admissions=counts,
        notified=counts,
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda row: (row.unit, row.label),
)
_follow_up_rows = st.lists(
    st.builds(
        FollowUpRow,
        sector=st.sampled_from(["grz", "verpleeghuis"]),
        waiting_in_hospital=counts,
        free_places=counts,
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda row: row.sector,
)
_access = st.sampled_from(["polikliniek", "klinisch", "ggz-aanmelding", "behandeling"])
_treatments = st.sampled_from(["", "knie", "heup"])
_specialisms = st.sampled_from(["orthopedie", "oogheelkunde"])
_days = st.one_of(st.sampled_from([21, 22, 28, 29, 35, 36, 42, 43, 49, 50, 28.5]), st.integers(0, 90))
_wait_rows = st.lists(
    st.one_of(
        st.builds(
            WaitRow,
            specialism=_specialisms,
            access=_access,
            treatment=_treatments,
            days=_days.map(float),
            observations=st.sampled_from([None, 0, 5, 40]),
        ),
        st.builds(
            WaitRow,
            specialism=_specialisms,
            access=_access,
            treatment=_treatments,
            status=st.sampled_from(["closed", "unknown", "insufficient"]),
        ),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda row: (row.specialism, row.treatment, row.access),
)
_referral_rows = st.lists(
    st.builds(
        ReferralRow,
        specialism=_specialisms,
        target=st.sampled_from(["hospital", "zbc"]),
        count=st.integers(0, 120),
        expected=st.integers(0, 100),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda row: (row.specialism, row.target),
)

_small = st.integers(0, 12)
_urgencies = st.sampled_from(["U2", "U3", "U4"])
_stock_rows = st.lists(
    st.builds(
        WorkstockRow,
        specialism=_specialisms,
        urgency=_urgencies,
        ic_dependent=st.booleans(),
        patients=st.none() | _small,
        or_hours=st.none() | st.sampled_from([0.0, 2.5, 10.25]),
        overdue=st.none() | _small,
        overdue_postponed=st.none() | _small,
        reviewed=st.none() | _small,
        over_treeknorm=st.none() | _small,
        informed=st.none() | _small,
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda row: (row.specialism, row.urgency, row.ic_dependent),
)
_production_rows = st.lists(
    st.builds(
        ProductionRow,
        kind=st.sampled_from(["operatie", "operatie", "polikliniek"]),
        count=_small,
        provider=st.sampled_from(["hospital", "zbc"]),
        specialism=st.sampled_from(["", "orthopedie"]),
        urgency=st.none() | _urgencies,
        ic_dependent=st.booleans(),
        reference=st.none() | _small,
        or_hours=st.none() | st.sampled_from([0.0, 2.5, 10.25]),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda row: (
        row.kind,
        row.provider,
        row.specialism,
        row.treatment,
        row.urgency,
        row.ic_dependent,
    ),
)
_rates = st.sampled_from([0.0, 4.5, 7.25, 12.0])
_absence_rows = st.lists(
    st.builds(
        AbsenceRow,
        sector=st.sampled_from(["ziekenhuis", "vvt"]),
        rate=_rates,
        employees=st.integers(1, 500),
        long_rate=st.none() | _rates,
    ),
    min_size=1,
    max_size=2,
    unique_by=lambda row: row.sector,
)
_forecast_rows = st.lists(
    st.builds(
        ForecastRow,
        unit=st.sampled_from(["ic", "ward"]),
        day=st.integers(1, 7),
        covid_beds=_small,
        planned_beds=st.none() | _small,
    ),
    min_size=1,
    max_size=10,
    unique_by=lambda row: (row.unit, row.day),
)

ROWS = {
    OccupancyReport: ("readings", _bed_rows),
    FollowUpReport: ("rows", _follow_up_rows),
    WaitingTimesReport: ("rows", _wait_rows),
    ReferralsReport: ("rows", _referral_rows),
    OperatingRoomsReport: ("rooms_in_use", _small),
    WorkstockReport: ("rows", _stock_rows),
    ProductionReport: ("rows", _production_rows),
    AbsenceReport: ("rows", _absence_rows),
    ForecastReport: ("rows", _forecast_rows),
    CoordinationReport: ("event", events),
}
"""What a report says, as one field and how it is drawn."""

_WEEKLY = (ReferralsReport, WorkstockReport, ProductionReport, AbsenceReport)

_AGO_HOURS = st.one_of(st.integers(-20, 48), st.integers(-20, 24 * 20))
_AGO_WEEKS = st.integers(0, 7)


@st.composite
def reports(
    draw, kind: type[Report], received: int, serial: int, places=("A", "B", "C"), region="R07"
) -> Report:
    """A report of this kind that becomes known at second `received`."""
    name, rows = ROWS[kind]
    moment = datetime.fromtimestamp(received, UTC)
    observed = moment - timedelta(hours=draw(_AGO_HOURS))
    own = {}
    if kind is WaitingTimesReport:
        own["peildatum"] = min(observed.date() - timedelta(weeks=draw(_AGO_WEEKS)), moment.date())
    if kind is OperatingRoomsReport:
        own["rooms_normal"] = draw(counts)
    if kind in _WEEKLY:
        monday = observed.date() - timedelta(days=observed.weekday(), weeks=draw(_AGO_WEEKS))
        own["week_start"] = min(monday, moment.date() - timedelta(days=moment.weekday()))
    said = draw(rows)
    if isinstance(said, Mediation):
        monday = min(observed.date(), moment.date())
        said = msgspec.structs.replace(said, week_start=monday - timedelta(days=monday.weekday() + 7))
    return kind(
        id=f"r{serial}",
        source=draw(st.sampled_from(["sim-beds", "lcps"])),
        region=region,
        location=draw(st.sampled_from(places)),
        observed_at=observed,
        received_at=moment,
        completeness=draw(shares),
        **{name: said},
        **own,
    )
