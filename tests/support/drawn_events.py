"""Hypothesis strategies: what the parties tell each other, in the weeks around the autumn of 2021."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from streams.reports import (
    Agreement,
    Mediation,
    Notice,
    PhaseChange,
    PlanRecorded,
    ReportPublished,
    Transfer,
    WebsiteChecked,
)

_BEGIN = datetime(2021, 10, 18, tzinfo=UTC)
_moments = st.builds(lambda hours: _BEGIN + timedelta(hours=hours), st.integers(0, 24 * 40))
_parties = st.sampled_from(
    ["zorgaanbieder", "zorgverzekeraar", "roaz-voorzitter", "lnaz", "nza", "igj", "minister"]
)
_counts = st.integers(0, 12)

events = st.one_of(
    st.builds(
        PhaseChange,
        phase=st.sampled_from(["2B", "2D", "3"]),
        effective_at=_moments,
        requested_by=st.sampled_from(["lnaz", "zorgaanbieder", "igj"]),
        confirmed_by=st.sampled_from(["minister", "lnaz"]),
    ),
    st.builds(
        Agreement,
        subject=st.sampled_from(["spreading", "ic-dependent"]),
        agreed_at=st.sampled_from([_BEGIN, _BEGIN + timedelta(days=3)]),
        valid_to=_moments.map(lambda at: max(at, _BEGIN + timedelta(days=3))),
        parties=st.just(["ziekenhuizen"]),
        initiated_by=st.just("roaz-voorzitter"),
        recorded_at=st.none() | _moments,
        reserved_ic_beds=st.none() | _counts,
    ),
    st.builds(
        Transfer,
        to_region=st.sampled_from(["R01", "R02"]),
        unit=st.sampled_from(["ic", "ward"]),
        count=_counts,
        decided_by=st.just("lcps"),
    ),
    st.builds(
        Notice,
        sender=_parties,
        receiver=_parties,
        norm=st.sampled_from(["ic-occupancy-high", "agreement-missing"]),
        subject=st.just("te lang"),
        anchor=st.none() | st.sampled_from(["E1", "E2", "E3a", "E3b", "E5"]),
        answers=st.none() | st.builds("r{}".format, st.integers(0, 12)),
        via=st.none() | st.just("roaz-voorzitter"),
    ),
    st.builds(
        ReportPublished,
        publisher=st.just("nza"),
        report=st.sampled_from(["zorgbeeld", "ketenmonitor"]),
        period=st.just("2021-W46"),
    ),
    st.builds(
        PlanRecorded,
        handed_to_insurers=st.booleans(),
        recovery_section=st.booleans(),
        chain_section=st.just(True),
    ),
    st.builds(
        Mediation,
        week_start=st.just(date(2021, 10, 11)),
        requested=_counts,
        matched=_counts,
        answer_days=st.none() | st.sampled_from([0.5, 4.0]),
    ),
    st.builds(
        WebsiteChecked,
        publisher=st.sampled_from(["zorgaanbieder", "zorgverzekeraar"]),
        updated_on=st.none() | st.dates(date(2021, 9, 1), date(2021, 10, 20)),
        split=st.booleans(),
    ),
)
