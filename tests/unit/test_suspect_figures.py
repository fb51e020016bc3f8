"""What is suspect is shown and carried by the last trusted figure: it begins and ends nothing until it is confirmed."""

from datetime import date, timedelta

import pytest

from agents.domain.registration import apply_control, hold
from agents.partition_image import whole
from agents.pipeline import Pipeline
from alerts.norms import load_norms
from streams.calendar import seconds
from streams.codec import RefusedError
from streams.control import SuspectConfirm, decode_control, encode_control
from streams.indicators import SUSPECTS
from streams.regions import ROAZ_IDS
from streams.reports import BedReading
from streams.suspects import SuspectFigure
from tests.support.put_away import Shelf
from tests.support.reports import MONDAY, beds, ic, record
from tests.support.speaking import DAY, Days, at, place, registry, source

NORMS = load_norms()
LIVELY = [60, 64, 59, 63, 68, 62, 65, 61, 66, 63, 67, 62, 64, 60, 65, 63, 66]
LAST = LIVELY[-1]


def lived(*more, source="lpz"):
    """A region with one hospital that is told of once a day, the days given after seventeen ordinary ones."""
    region = Days()
    for occupied in (*LIVELY, *more):
        list(region.pass_day(at("A", occupied, source)))
    return region


def figure(region):
    return region.said["beds_occupied{label=all,unit=ic}"]


def confirm(one, value, day, **other):
    """Somebody confirms a figure."""
    told = {"region": "R07", "location": "A", "subject": "ic total"} | other
    control = SuspectConfirm(at=1, day=day, value=value, by="beheer", **told)
    apply_control(one.partition, decode_control(encode_control(control)))


def test_ordinary_days_are_not_suspect():
    region = lived()
    assert not region.doubts(SUSPECTS)
    assert (figure(region).value, figure(region).range) == (LAST, None)


def test_zeros_that_repeat_themselves_leave_the_figure_as_it_was():
    region = lived(*[0] * 20)
    found = figure(region)
    assert (found.value, found.range.low, found.range.high) == (LAST, 0, LAST)
    assert (found.range.least, found.range.most) == (0, LAST)
    assert region.doubts(SUSPECTS) == ["A: ic total 0 op 2021-12-21, na 66 (daling; lpz)"]
    assert not region.said.get("silent_locations{topic=care.occupancy}")


def test_a_rise_reaches_up_to_the_suspect_figure_until_it_is_confirmed():
    region = lived(130)
    found = figure(region)
    assert (found.value, found.range.low, found.range.high) == (LAST, LAST, 130)
    assert (found.evidence.counted, found.evidence.carried) == (1, 1)
    list(region.pass_day(at("A", 128)))
    assert (figure(region).value, figure(region).range) == (128, None)
    assert not region.doubts(SUSPECTS)


def test_a_refused_report_confirms_nothing():
    region = lived(130)
    with pytest.raises(RefusedError):
        region.tell(ic(9999, at=MONDAY + region.day * DAY, location="A", source="lpz"))
    list(region.pass_day())
    assert region.doubts(SUSPECTS) == ["A: ic total 130 op 2021-12-02, na 66 (sprong; lpz)"]
    assert figure(region).value == LAST


def test_a_location_keeps_its_past_under_another_name():
    region = lived()
    hold(
        region.partition,
        registry(place("Nieuw", more=', "aliases": ["A"]'), source("lpz", ["*"])),
    )
    list(region.pass_day(at("A", 0)))
    assert region.doubts(SUSPECTS) == ["Nieuw: ic total 0 op 2021-12-02, na 66 (daling; lpz)"]


def test_a_figure_that_is_corrected_on_its_day_is_suspect_no_more():
    region = lived()
    moment = MONDAY + region.day * DAY
    region.tell(ic(560, at=moment, location="A", source="lpz"))
    region.tick(moment + timedelta(hours=1))
    assert region.doubts(SUSPECTS) == ["A: ic total 560 op 2021-12-02, na 66 (ver boven alles; lpz)"]
    region.tell(ic(65, at=moment, location="A", source="lpz", revision=1))
    region.tick(moment + timedelta(hours=2))
    assert not region.doubts(SUSPECTS)
    assert (figure(region).value, figure(region).range) == (65, None)


def silent_since_the_last_ordinary_day(days):
    """A region whose hospital tells nothing for so many days."""
    region = lived()
    for _ in range(days):
        list(region.pass_day())
    return region


@pytest.mark.parametrize("days", [6, 7, 13])
def test_what_stands_still_may_be_anything_that_it_may_be_in_silence(days):
    still, silent = lived(*[LAST] * days), silent_since_the_last_ordinary_day(days)
    for key in (
        "beds_occupied{label=all,unit=ic}",
        "beds_occupied_mean_7d{label=all,unit=ic}",
        "occupancy_ratio{unit=ic}",
        "beds_free{unit=ic}",
    ):
        alike, instead = still.said[key].range, silent.said[key].range
        assert (alike.low, alike.high) == (instead.low, instead.high)
        assert (alike.least, alike.most) == (instead.least, instead.most)
        means = key.startswith("beds_occupied_mean")
        assert means or (still.said[key].evidence.carried, still.said[key].evidence.suspect) == (1, 1)
    assert still.doubts(SUSPECTS) == [f"A: ic total 66 op 2021-12-{days + 1:02}, na 66 (staat stil; lpz)"]
    assert not still.said.get("silent_locations{topic=care.occupancy}")


def test_what_stands_still_counts_from_when_it_began_to():
    before, found = lived(*[LAST] * 5), lived(*[LAST] * 6)
    assert figure(before).range is None
    # As far as in the six days before the first of them: 60 to 67.
    assert (figure(found).value, figure(found).range.low, figure(found).range.high) == (66, 60, 72)
    assert (figure(found).range.least, figure(found).range.most) == (0, 100)


def test_what_stood_still_and_moves_is_a_figure_as_any_other():
    region = lived(*[LAST] * 8, LAST + 1)
    assert (figure(region).value, figure(region).range) == (LAST + 1, None)
    assert not region.doubts(SUSPECTS)


def test_who_stands_still_and_then_falls_silent_is_carried_since_it_stood_still():
    region = lived(*[LAST] * 6)
    for _ in range(3):
        list(region.pass_day())
    assert region.value("silent_locations", topic="care.occupancy") == 1
    assert (figure(region).range.low, figure(region).range.high) == (0, 100)


def test_a_limit_within_reach_of_what_stands_still_cannot_be_judged_and_is_possibly_over():
    course = [680 + 9 * (day % 5) for day in range(17)]
    pipeline, told = country([*course, *[735] * 6])
    assert ladder(pipeline)["ic-ladder-1150"] == "between"
    pipeline, told = country([*course, *[735] * 7])
    assert ladder(pipeline)["ic-ladder-1150"] == "undecided-over"
    assert not told


def test_a_breach_of_which_the_figure_stands_still_stays_open():
    pipeline, told = country([*(800 + 9 * (day % 5) for day in range(17)), *[810] * 12])
    assert ("ic-ladder-1150", "active") in told
    assert ladder(pipeline)["ic-ladder-1150"] == "undecided-over"


def test_the_mean_of_seven_days_knows_nothing_of_what_is_suspect():
    region = lived(0, 0)
    mean = region.said["beds_occupied_mean_7d{label=all,unit=ic}"]
    assert mean.value == pytest.approx(sum(LIVELY[-5:]) / 5)
    assert mean.range.low == pytest.approx(mean.value - 2 / 7 * LAST, abs=1e-3)
    assert mean.range.high == mean.value


def test_another_source_confirms_a_fall():
    region = lived()
    for occupied, by in ((65, "daily"), (0, "lpz"), (0, "lpz"), (0, "lpz-2"), (1, "daily")):
        list(region.pass_day(at("A", occupied, by)))
        assert figure(region).value == (1 if occupied == 1 else 65)
    assert figure(region).range is None


@pytest.mark.parametrize("restarted", [False, True])
def test_a_source_of_lower_rank_confirms_a_fall_and_says_otherwise_without_effect(restarted):
    region = Days(
        place("A"),
        source("live", ["*"], ', "rank": 5'),
        source("daily", ["*"], ', "rank": 50'),
    )
    for occupied in LIVELY:
        list(region.pass_day(at("A", occupied, "live"), at("A", occupied, "daily")))
    list(region.pass_day(at("A", 0, "live"), at("A", 65, "daily")))
    assert (figure(region).value, figure(region).range.low) == (LAST, 0)
    for _ in range(3):
        list(region.pass_day(at("A", 0, "live"), at("A", 2, "daily")))
        assert (figure(region).value, figure(region).range) == (0, None)
        assert not region.doubts(SUSPECTS)
        if restarted:
            shelf = Shelf()
            shelf.put(region.partition)
            region.partition = shelf.take()
    list(region.pass_day(at("A", 0, "live"), at("A", 66, "daily")))
    assert (figure(region).value, figure(region).range.low) == (LAST, 0)


def test_somebody_confirms_zeros_and_they_count_from_there_on():
    region = lived(0, 0)
    confirm(region, 0, date(2021, 12, 3))
    region.tick(MONDAY + region.day * DAY)
    assert (figure(region).value, figure(region).range) == (0, None)
    assert not region.doubts(SUSPECTS)
    list(region.pass_day(at("A", 0)))
    assert figure(region).value == 0


@pytest.mark.parametrize(
    "other",
    [
        {"value": 1},
        {"day": date(2021, 12, 9)},
        {"location": "B"},
        {"subject": "ward total"},
        {"subject": "x"},
        {"region": "R08"},
    ],
)
def test_what_is_not_held_is_not_confirmed(other):
    region = lived(0, 0)
    told = {"value": 0, "day": date(2021, 12, 3)} | other
    with pytest.raises(RefusedError, match="suspect list") as refused:
        confirm(region, **told)
    assert refused.value.reason == "suspect-gone"


def test_a_confirmed_figure_that_is_corrected_is_not_confirmed_any_more():
    region = lived(0)
    confirm(region, 0, date(2021, 12, 2))
    moment = MONDAY + (region.day - 1) * DAY
    region.tell(ic(1, at=moment, location="A", source="lpz", revision=1))
    region.tick(moment + timedelta(hours=20))
    assert region.doubts(SUSPECTS) == ["A: ic total 1 op 2021-12-02, na 66 (daling; lpz)"]


def test_only_the_columns_that_are_suspect_are_carried():
    region = Days()
    for occupied in (*LIVELY, 0):
        made = [
            BedReading(unit="ic", label="covid", occupied=occupied),
            BedReading(unit="ic", label="noncovid", occupied=30 + occupied % 2),
        ]
        list(
            region.pass_day(lambda moment, made=made: beds(moment, readings=made, location="A", source="lpz"))
        )
    assert region.value("beds_occupied", unit="ic", label="covid") == LAST
    others = region.said["beds_occupied{label=noncovid,unit=ic}"]
    assert (others.value, others.range.least, others.range.most, others.evidence.carried) == (30, 30, 30, 0)
    assert figure(region).range.low == 30
    assert figure(region).range.high == LAST + 30


def test_who_falls_silent_after_a_suspect_figure_is_missed_and_expires():
    region = lived(0)
    for _ in range(3):
        list(region.pass_day())
    assert region.value("silent_locations", topic="care.occupancy") == 1
    assert figure(region).range.most == 100  # as many as there are beds
    for _ in range(13):
        list(region.pass_day())
    assert figure(region).value is None
    assert not region.doubts(SUSPECTS)


@pytest.mark.parametrize("more", [(), (0, 0), (130,), (0,) * 17])
def test_a_restart_makes_no_difference(more):
    region, other = lived(*more), lived(*more)
    shelf = Shelf()
    shelf.put(other.partition)
    other.partition = shelf.take()
    for each in (region, other):
        list(each.pass_day(at("A", 0)))
        list(each.pass_day(at("A", 64)))
    assert region.said == other.said


def test_what_is_put_away_day_by_day_is_what_is_put_away_whole():
    region, shelf = Days(), Shelf()
    for occupied in (*LIVELY, *[0] * 17, 64):
        list(region.pass_day(at("A", occupied)))
        shelf.put(region.partition)
    assert shelf.pieces == whole(region.partition)
    assert shelf.pieces["pasts/R07/A"]


def test_a_location_of_which_nothing_is_held_has_no_past():
    region = lived()
    region.tick(MONDAY + (region.day + 800) * DAY)
    assert not region.partition.regions["R07"].body.pasts


def played(pipeline, day, **readings):
    """Pass a day of the country, told by one source."""
    moment = MONDAY + timedelta(days=day)
    made = [BedReading(unit="ic", label=label, occupied=value) for label, value in readings.items()]
    pipeline.receive(record(beds(moment, readings=made, region="NL", location="NL", source="lcps")))
    return [
        (one.norm, one.state)
        for hours in (1, 7, 13, 19)
        for one in pipeline.tick(seconds(moment + timedelta(hours=hours)))
        if one.norm.startswith("ic-ladder")
    ]


def country(course):
    """The country, after days on which it had so many patients with COVID."""
    pipeline = Pipeline(NORMS)
    told = [played(pipeline, day, covid=covid, noncovid=400 + day % 5) for day, covid in enumerate(course)]
    return pipeline, [one for each in told for one in each]


def ladder(pipeline):
    return {norm: verdict for (norm, _), (verdict, _, _) in pipeline.judged.regions["NL"].verdicts.items()}


def test_zeros_of_a_broken_feed_end_no_national_breach():
    before = [700 + 9 * day for day in range(17)]
    pipeline, told = country([*before, *[0] * 10])
    assert ("ic-ladder-1150", "active") in told
    assert "resolved" not in {state for _, state in told}
    assert ladder(pipeline)["ic-ladder-1150"] == "undecided-over"


def test_a_typing_error_begins_nothing_and_is_possibly_over_at_once():
    pipeline, told = country([300 + 9 * day for day in range(17)] + [3000])
    assert not told
    assert {ladder(pipeline)[f"ic-ladder-{step}"] for step in (1150, 1350, 1700)} == {"undecided-over"}
    pipeline, told = country([*(300 + 9 * day for day in range(17)), 3000, 462, 471])
    assert not told


def test_a_true_wave_alarms_a_day_later_at_most():
    course = [300 + 9 * day for day in range(17)] + [620, 820]
    _, told = country(course)
    assert ("ic-ladder-1150", "active") in told
    pipeline, told = country(course[:-1])
    assert not told
    assert ladder(pipeline)["ic-ladder-1150"] in {"clear", "between"}


def test_cumulative_counts_do_not_fire_the_ladder():
    cumulative = [3200 + 45 * day for day in range(20)]
    _, told = country([*(300 + day % 7 for day in range(17)), *cumulative])
    assert not told


def test_counts_that_add_up_from_the_first_day_on_do_not_fire_the_ladder():
    pipeline, told = country([45 * (day + 1) for day in range(40)])
    assert not told
    assert ladder(pipeline)["ic-ladder-1150"] == "undecided-over"


def test_a_doubt_of_a_figure_says_it_in_fields_of_its_own():
    region = lived(0)
    (one,) = region.said[f"{SUSPECTS}{{topic=care.occupancy}}"].silent
    day = (date(2021, 12, 2) - date(1970, 1, 1)).days
    assert one.figure == SuspectFigure("A", "ic total", day, 0, LAST, "fall", "lpz")
    assert one.location == str(one.figure)
    pipeline, _ = country([*(700 + 9 * day for day in range(17)), 0])
    (view,) = (one for one in pipeline.overviews["NL"].doubts if one.doubt == SUSPECTS)
    (named,) = view.named
    assert (named.figure.location, named.figure.subject, named.figure.value) == ("NL", "ic covid", 0)


def with_regions(course, total):
    """The country, whose regions report as well: what they report together on the last day."""
    pipeline = Pipeline(NORMS)
    for day, covid in enumerate(course):
        moment = MONDAY + timedelta(days=day)
        last = day == len(course) - 1
        for number, region in enumerate(ROAZ_IDS):
            own = (total if last else covid) // len(ROAZ_IDS) + (number == 0) * (day % 2)
            made = [BedReading(unit="ic", label="covid", occupied=own)]
            pipeline.receive(record(beds(moment, readings=made, region=region, location=f"A{region}")))
        played(pipeline, day, covid=covid, noncovid=400 + day % 5)
    known = pipeline.judged.regions["NL"].known["care.occupancy"]["beds_occupied"]
    return known["beds_occupied{label=covid,unit=ic}"]


def test_the_sum_of_the_regions_confirms_what_the_country_states():
    course = [500 + 7 * (day % 3) for day in range(17)]
    found = with_regions([*course, 330], 330)
    assert (found.value, found.range) == (330, None)
    found = with_regions([*course, 0], 510)
    assert found.value == 507
    assert found.range.low == 0


@pytest.mark.parametrize(("told_of_regions", "counted"), [(530, 530), (470, 500)])
def test_the_regions_say_what_a_country_that_stands_still_has_or_worse(told_of_regions, counted):
    found = with_regions([*(500 + 7 * (day % 3) for day in range(17)), *[500] * 8], told_of_regions)
    assert found.value == pytest.approx(counted, abs=11)
    assert (found.range, found.evidence.suspect) == (None, 1)
    assert found.value == 500 or counted != 500


def test_regions_that_say_otherwise_leave_a_country_that_stands_still_undecided():
    found = with_regions([*(500 + 7 * (day % 3) for day in range(17)), *[500] * 8], 300)
    assert found.value == 500
    assert found.range.least == 0


def test_beds_with_staff_typed_wrong_make_no_room():
    region = Days()
    for occupied in LIVELY:
        list(region.pass_day(at("A", occupied, staffed=72)))
    list(region.pass_day(at("A", LAST, staffed=580)))
    ratio = region.said["occupancy_ratio{unit=ic}"]
    assert ratio.value == pytest.approx(LAST / 72, abs=1e-4)
    assert ratio.range.low == pytest.approx(LAST / 580, abs=1e-4)
    assert ratio.range.high == pytest.approx(LAST / 72, abs=1e-4)
    assert region.doubts(SUSPECTS) == ["A: ic total staffed 580 op 2021-12-02, na 72 (ver boven alles; lpz)"]


@pytest.mark.parametrize("beds_now", [30, 120])
def test_beds_with_staff_change_by_decision_which_the_next_day_confirms(beds_now):
    region = Days()
    for occupied in LIVELY:
        list(region.pass_day(at("A", occupied, staffed=72)))
    list(region.pass_day(at("A", LAST, staffed=beds_now)))
    assert region.value("beds_staffed", unit="ic") == 72
    list(region.pass_day(at("A", LAST, staffed=beds_now)))
    assert region.value("beds_staffed", unit="ic") == beds_now
    assert not region.doubts(SUSPECTS)


def test_beds_with_staff_may_stand_still_for_ever():
    region = Days()
    for day in range(60):
        list(region.pass_day(at("A", LIVELY[day % 17], staffed=72)))
    assert not region.doubts(SUSPECTS)
