"""Zorgbemiddeling: the same treatment, the same kind of wait, nearest regions first, and nothing left out."""

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from agents.domain.mediation.followed_waits import FollowedWaits
from agents.domain.mediation.mediation import mediate, treatments
from agents.domain.mediation.treatment_names import UnknownTreatmentError, find_name
from alerts.norms import load_norms
from streams.control import CONTROL_KEY, RegistryLines, TickerReset, encode_control
from streams.distances import distance_km
from streams.recording import Record
from streams.regions import ROAZ_IDS
from streams.registry.applied import registry_controls
from streams.registry.file import shipped_lines
from streams.registry.lines import Location, Source
from streams.registry.registry import registry_of
from streams.reports import WaitingTimesReport, WaitRow
from streams.signature import Signed, SigningKey, SigningKeys
from streams.ticks import TICK_KEY, encode_tick
from streams.topics import WAITING_TIMES
from tests.support.reports import record

NOON = datetime(2021, 11, 16, 12, tzinfo=UTC)
AT = int(NOON.timestamp())
DAY = 86_400
NORMS = load_norms()


def tick(at=NOON):
    seconds = int(at.timestamp())
    return Record(WAITING_TIMES, TICK_KEY, seconds * 1000, (), encode_tick(seconds))


def told(region, location, *rows, peildatum=date(2021, 11, 16), revision=0, **own):
    return record(
        WaitingTimesReport(
            id=f"{region}/{location}/{revision}", source="nza-msz", region=region, location=location, observed_at=NOON,
            received_at=NOON, revision=revision, peildatum=peildatum, rows=list(rows), **own,
        )
    )  # fmt: skip


def hip(days=None, access="behandeling", specialism="orthopedie", status=None):
    status = status or ("known" if days is not None else "closed")
    return WaitRow(
        specialism=specialism, treatment="Totale heupvervanging", access=access, days=days, status=status
    )


def waits(*records, at=NOON):
    followed = FollowedWaits(NORMS)
    followed.receive(0, [*records, tick(at)])
    return followed


def asked(followed, name="totale heupvervanging", region="R07"):
    return mediate(followed.places, name, region, followed.at, NORMS)


def lines(offers):
    return [(offer.region, offer.location, offer.days) for offer in offers]


def test_shorter_waits_come_by_region_nearest_first_and_then_by_days():
    followed = waits(
        told("R07", "Goes", hip(60)),
        told("R01", "Assen", hip(10)),
        told("R08", "Leiden", hip(50)),
        told("R08", "Delft", hip(40)),
        told("R11", "Utrecht", hip(60)),
    )
    (only,) = asked(followed).comparisons
    assert lines(only.here) == [("R07", "Goes", 60)]
    assert lines(only.shorter) == [("R08", "Delft", 40), ("R08", "Leiden", 50), ("R01", "Assen", 10)]
    assert only.shorter[0].distance_km == distance_km("R07", "R08") == 29
    assert only.shortest_here == 60


def test_each_figure_has_its_date_source_and_completeness():
    followed = waits(
        told("R07", "Goes", hip(60)),
        told("R08", "Leiden", hip(50), peildatum=date(2021, 11, 2), completeness=0.8),
    )
    (offer,) = asked(followed).comparisons[0].shorter
    assert (offer.peildatum, offer.source, offer.completeness) == ("2021-11-02", "nza-msz", 0.8)


def test_kinds_of_wait_and_specialisms_are_never_compared_with_each_other():
    followed = waits(
        told("R07", "Goes", hip(60), hip(30, "polikliniek")),
        told("R08", "Leiden", hip(20, "klinisch"), hip(10, specialism="chirurgie")),
        told("R11", "Utrecht", hip(50), hip(40, "polikliniek")),
    )
    found = {(each.access, each.specialism): each for each in asked(followed).comparisons}
    assert len(found) == 4
    assert lines(found["behandeling", "orthopedie"].shorter) == [("R11", "Utrecht", 50)]
    assert found["polikliniek", "orthopedie"].shorter == []
    assert found["klinisch", "orthopedie"].here == []


def test_closed_and_insufficient_are_said_and_never_count_as_short():
    followed = waits(
        told("R07", "Goes", hip()),
        told("R07", "Rotterdam", hip(status="insufficient")),
        told("R08", "Leiden", hip()),
        told("R11", "Utrecht", hip(90)),
    )
    (only,) = asked(followed).comparisons
    assert only.shortest_here is None
    assert [(offer.location, offer.status) for offer in only.here] == [
        ("Goes", "closed"),
        ("Rotterdam", "insufficient"),
    ]
    assert lines(only.shorter) == [("R11", "Utrecht", 90)], "without a wait here every wait counts"
    assert [(offer.location, offer.status) for offer in only.not_known] == [("Leiden", "closed")]


@pytest.mark.parametrize(
    ("access", "days", "over"),
    [
        ("behandeling", 42, False), ("behandeling", 43, None), ("behandeling", 49, None), ("behandeling", 50, True),
        ("polikliniek", 28, False), ("polikliniek", 29, True),
    ],
)  # fmt: skip
def test_each_wait_is_held_against_the_treeknorm_of_its_kind(access, days, over):
    (only,) = asked(waits(told("R07", "Goes", hip(days, access)))).comparisons
    assert only.here[0].over_treeknorm is over


def test_a_location_whose_network_is_unknown_comes_last_and_the_country_is_no_location():
    followed = waits(
        told("R07", "Goes", hip(60)),
        told("NL", "Kliniek X", hip(5)),
        told("NL", "NL", hip(4)),
        told("R01", "Assen", hip(10)),
    )
    (only,) = asked(followed).comparisons
    assert lines(only.shorter) == [("R01", "Assen", 10), ("NL", "Kliniek X", 5)]
    assert only.shorter[-1].distance_km is None


def test_a_correction_replaces_and_what_is_45_days_old_no_longer_counts():
    followed = waits(
        told("R07", "Goes", hip(60)),
        told("R08", "Leiden", hip(10)),
        told("R08", "Leiden", hip(70), revision=1),
        told("R11", "Utrecht", hip(20), peildatum=date(2021, 10, 2)),
    )
    (only,) = asked(followed).comparisons
    assert lines(only.shorter) == [("R11", "Utrecht", 20)]
    followed.receive(0, [tick(NOON + timedelta(days=1))])
    (only,) = asked(followed).comparisons
    assert only.shorter == []


def test_partitions_are_followed_side_by_side_whichever_is_ahead():
    followed = FollowedWaits(NORMS)
    followed.receive(1, [told("R07", "Goes", hip(60)), tick(NOON + timedelta(days=40))])
    followed.receive(0, [tick(NOON - timedelta(days=9)), told("R08", "Leiden", hip(50)), tick()])
    assert lines(asked(followed).comparisons[0].shorter) == [("R08", "Leiden", 50)]
    assert followed.records == 2


def test_a_tick_that_lies_ahead_of_its_record_does_not_count_and_after_a_reset_the_time_begins_again():
    followed = waits(told("R07", "Goes", hip(60)))
    at = int(NOON.timestamp())
    ahead = Record(WAITING_TIMES, TICK_KEY, at * 1000, (), encode_tick(at + 3600))
    followed.receive(0, [ahead])
    assert followed.at == at
    followed.receive(0, [tick(NOON + timedelta(hours=1))])
    reset = TickerReset(at=at + 60, after=at + 7200)
    followed.receive(0, [Record(WAITING_TIMES, CONTROL_KEY, reset.at * 1000, (), encode_control(reset))])
    assert followed.at == at + 60
    followed.receive(0, [tick(NOON + timedelta(minutes=2))])
    assert followed.at == at + 120


@pytest.mark.parametrize(
    ("control", "written"),
    [
        (RegistryLines(at=AT + 9 * DAY, part=1, parts=1, lines=[]), AT + 9 * DAY),
        (TickerReset(at=AT + 9 * DAY, after=AT + 9 * DAY), AT),
        (TickerReset(at=AT - 9 * DAY, after=AT), AT),
    ],
    ids=["of another kind", "of tomorrow", "of the past"],
)
def test_no_other_control_record_moves_the_time(control, written):
    followed = waits(told("R07", "Goes", hip(60)))
    followed.receive(0, [Record(WAITING_TIMES, CONTROL_KEY, written * 1000, (), encode_control(control))])
    assert followed.at == AT


def signed(record, keys):
    return replace(
        record, headers=keys.sign(Signed(record.topic, 0, record.timestamp, record.key, record.value))
    )


def test_where_there_is_a_key_only_what_is_signed_with_it_moves_the_time_or_registers():
    keys = SigningKeys({"k": SigningKey("k", b"s" * 32)})
    followed = FollowedWaits(NORMS, keys=keys)
    followed.receive(0, [told("R07", "Goes", hip(60)), signed(tick(), keys)])
    assert followed.at == AT
    later, newest = (tick(NOON + timedelta(hours=hours)) for hours in (1, 2))
    (control,) = registry_controls(registry_of(shipped_lines()), AT)
    nobody = Record(WAITING_TIMES, CONTROL_KEY, AT * 1000, (), encode_control(control))
    followed.receive(0, [signed(later, keys), newest])
    assert followed.at == AT + 3600
    followed.receive(0, [nobody, told("R08", "Leiden", hip(50))])
    assert lines(asked(followed).comparisons[0].shorter) == [("R08", "Leiden", 50)]


def test_a_registry_holds_for_the_waits_from_its_place_in_the_log_on():
    line = {"owner": "beheer", "date": date(2021, 1, 1)}
    own = registry_of(
        [
            Location(id="leiden", name="Leiden", network="R08", **line),
            Source(id="nza-msz", publisher="NZa", topics=[WAITING_TIMES], locations=["*"], **line),
        ]
    )
    (control,) = registry_controls(own, AT)
    followed = waits(told("R07", "Goes", hip(60)))
    stranger = told("R11", "Utrecht", hip(10))
    stranger = replace(stranger, value=stranger.value.replace(b'"nza-msz"', b'"wie-dan-ook"'))
    unregistered = told("R08", "Nieuw", hip(20))
    registers = Record(WAITING_TIMES, CONTROL_KEY, AT * 1000, (), encode_control(control))
    followed.receive(0, [registers, stranger, unregistered, told("R08", "Leiden", hip(50))])
    assert lines(asked(followed).comparisons[0].shorter) == [("R08", "Leiden", 50)]


def test_what_cannot_be_accepted_is_passed_over():
    broken = Record(WAITING_TIMES, b"R07", 0, (), b"{")
    no_tick = Record(WAITING_TIMES, TICK_KEY, 0, (), b"soon")
    followed = FollowedWaits(NORMS)
    followed.receive(0, [broken, no_tick, told("R07", "Goes", hip(60)), tick()])
    assert treatments(followed.places, followed.at, NORMS) == ["Totale heupvervanging"]


@pytest.mark.parametrize(
    "written", ["Totale heupvervanging", "totale heup-vervanging", " TOTALE  heup vervanging", "totale heupvervangin"]
)  # fmt: skip
def test_a_treatment_is_found_whatever_its_case_hyphens_and_small_slips(written):
    assert find_name(written, {"Totale heupvervanging", "Staaroperatie"}) == "totale heupvervanging"


@pytest.mark.parametrize(
    "written", ["Totale héupvervanging", "Totale heup vervanging", "TOTALE HEUP-VERVANGING "]
)
@pytest.mark.parametrize("name", ["totale heupvervanging", "Totale heup vervanging", "totale heupvervangin"])
def test_an_accent_or_gap_more_or_less_is_the_same_treatment_from_every_source(written, name):
    other = WaitRow(specialism="Orthopedie", treatment=written, access="behandeling", days=30.0)
    followed = waits(told("R07", "Goes", hip(60)), told("R08", "Leiden", other))
    (only,) = asked(followed, name).comparisons
    assert lines(only.shorter) == [("R08", "Leiden", 30)]


@pytest.mark.parametrize("written", ["totale heup of knie", "knie", "totale vervanging", "xyz", "   "])
def test_a_treatment_that_is_not_certain_is_not_guessed(written):
    known = {"Totale heupvervanging", "Totale knievervanging", "Staaroperatie"}
    with pytest.raises(UnknownTreatmentError):
        find_name(written, known)


def test_what_comes_near_is_suggested_and_a_specialism_leads_to_its_treatments():
    followed = waits(told("R07", "Goes", hip(60)))
    for written in ("heup", "orthopedie", "heupverfanging"):
        with pytest.raises(UnknownTreatmentError) as refused:
            asked(followed, written)
        assert refused.value.suggestions == ["Totale heupvervanging"], written
    with pytest.raises(UnknownTreatmentError) as refused:
        asked(followed, "xyz")
    assert refused.value.suggestions == []


def test_names_that_begin_alike_are_suggested_though_the_rest_differs():
    with pytest.raises(UnknownTreatmentError) as refused:
        find_name("heupvervanging", {"heupprothese", "knieprothese", "staaroperatie"})
    assert refused.value.suggestions == ["heupprothese"]


def test_a_region_that_is_no_network_is_refused():
    with pytest.raises(KeyError):
        asked(waits(told("R07", "Goes", hip(60))), region="NL")


def test_distances_are_the_same_both_ways_and_every_network_has_its_place():
    for one in ROAZ_IDS:
        assert distance_km(one, one) == 0
        for other in ROAZ_IDS:
            assert distance_km(one, other) == distance_km(other, one) <= 300
    # Between Groningen and Maastricht lie about 270 km; the two trauma centres of Amsterdam are neighbours.
    assert distance_km("R01", "R05") == 272
    assert distance_km("R09", "R10") == 8
