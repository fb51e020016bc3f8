"""Hypothesis strategies: reports of a few places, sectors and specialisms, so that they often meet."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from streams.reports import (
    BedReading,
    FollowUpReport,
    FollowUpRow,
    OccupancyReport,
    ReferralRow,
    ReferralsReport,
    Report,
    WaitingTimesReport,
    WaitRow,
)

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
)
_access = st.sampled_from(["polikliniek", "klinisch", "ggz-aanmelding", "behandeling"])
_treatments = st.sampled_from(["", "knie", "heup"])
_specialisms = st.sampled_from(["orthopedie", "oogheelkunde"])
_days = st.one_of(st.sampled_from([21, 22, 28, 29, 35, 36, 42, 43, 49, 50, 28.5]), st.integers(0, 90))
_wait_rows = st.lists(
    st.one_of(
        st.builds(
            WaitRow, specialism=_specialisms, access=_access, treatment=_treatments, days=_days.map(float)
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
)

ROWS = {
    OccupancyReport: ("readings", _bed_rows),
    FollowUpReport: ("rows", _follow_up_rows),
    WaitingTimesReport: ("rows", _wait_rows),
    ReferralsReport: ("rows", _referral_rows),
}

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
    if kind is ReferralsReport:
        monday = observed.date() - timedelta(days=observed.weekday(), weeks=draw(_AGO_WEEKS))
        own["week_start"] = min(monday, moment.date() - timedelta(days=moment.weekday()))
    return kind(
        id=f"r{serial}",
        source=draw(st.sampled_from(["sim-beds", "lcps"])),
        region=region,
        location=draw(st.sampled_from(places)),
        observed_at=observed,
        received_at=moment,
        completeness=draw(shares),
        **{name: draw(rows)},
        **own,
    )
