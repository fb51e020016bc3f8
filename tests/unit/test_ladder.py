"""The escalation ladder: who may tell whom, what must come before, and what is counted of it."""

from datetime import timedelta

import pytest

from alerts.ladder import LADDER, anchor_of, is_misdirected, skips_a_step
from alerts.norms import NormsError
from streams.regions import NL
from streams.reports import Notice
from streams.topics import COORDINATION
from tests.support.norm_files import only
from tests.support.one_region import OneRegion
from tests.support.reports import MONDAY, event

DAY = timedelta(days=1)
NORM = "treeknorm-max-klinisch"


def notice(name, sender, receiver, at=MONDAY, **said):
    own = {key: said.pop(key) for key in ("region", "location", "revision") if key in said}
    what = Notice(sender=sender, receiver=receiver, norm=said.pop("norm", NORM), subject="te lang", **said)
    return event(what, at, id=name, **own)


@pytest.fixture
def region():
    return OneRegion(COORDINATION)


def counted(region, at=MONDAY):
    region.tick(at)
    return region.value("notices_skipping"), region.value("notices_misdirected")


@pytest.mark.parametrize(
    ("sender", "receiver", "via", "anchor", "wrong"),
    [
        ("zorgaanbieder", "zorgverzekeraar", None, "E1", False),
        ("zorgaanbieder", "nza", None, "E3a", True),
        ("zorgaanbieder", "nza", None, None, True),
        ("zorgverzekeraar", "nza", None, "E3a", False),
        ("zorgverzekeraar", "igj", None, None, True),
        ("zorgaanbieder", "igj", None, "E3b", True),
        ("zorgaanbieder", "igj", "zorgverzekeraar", "E3b", True),
        ("zorgaanbieder", "igj", "roaz-voorzitter", "E3b", False),
        ("zorgaanbieder", "igj", None, None, True),
        ("roaz-voorzitter", "igj", None, "E3b", False),
        ("nza", "minister", None, "E4", False),
        ("zorgverzekeraar", "minister", None, "E4", True),
        ("zorgaanbieder", "minister", None, None, True),
        ("lnaz", "minister", None, "E5", False),
        ("lnaz", "igj", None, "E5", False),
        ("lnaz", "zorgverzekeraar", None, "E5", True),
        ("roaz-voorzitter", "minister", None, "E6", False),
        ("zorgaanbieder", "zorgaanbieder", None, "E2", False),
        ("lcps", "nza", None, None, False),
    ],
)
def test_each_step_has_its_sender_and_receiver(sender, receiver, via, anchor, wrong):
    assert is_misdirected(anchor, sender, receiver, via) is wrong


@pytest.mark.parametrize(
    ("anchor", "answered", "skips"),
    [
        ("E1", None, False),
        ("E2", None, False),
        ("E3a", "E2", False),
        ("E3a", "E1", True),
        ("E3a", None, True),
        ("E3b", "E3a", True),
        ("E4", "E3a", False),
        ("E4", "E2", True),
        ("E5", None, False),
        ("E6", None, False),
        (None, None, False),
    ],
)
def test_each_step_has_the_one_that_comes_before(anchor, answered, skips):
    assert skips_a_step(anchor, answered) is skips


def test_a_notice_that_does_not_say_its_step_is_the_one_that_it_can_only_be():
    assert anchor_of("zorgaanbieder", "zorgverzekeraar") == "E1"
    assert anchor_of("zorgverzekeraar", "nza") == "E3a"
    assert anchor_of("zorgverzekeraar", "roaz-voorzitter") == "E2"
    assert anchor_of("lnaz", "minister") is None, "E5 or E6"
    assert set(LADDER) == {"E1", "E2", "E3a", "E3b", "E4", "E5", "E6"}


def test_a_ladder_that_is_followed_skips_nothing_and_is_seen_step_by_step(region):
    region.tell(
        notice("n1", "zorgaanbieder", "zorgverzekeraar", anchor="E1"),
        notice("n2", "zorgverzekeraar", "roaz-voorzitter", MONDAY + DAY, anchor="E2", answers="n1"),
        notice("n3", "zorgverzekeraar", "nza", MONDAY + 2 * DAY, anchor="E3a", answers="n2"),
    )
    assert counted(region, MONDAY + 2 * DAY) == (0, 0)
    assert region.value("notices_30d", anchor="E3a") == 1
    moment = int((MONDAY + 2 * DAY).timestamp())
    assert region.value("notice_at", anchor="E3a", norm=NORM) == moment


def test_the_third_step_without_the_second_is_a_step_skipped(region):
    region.tell(
        notice("n1", "zorgaanbieder", "zorgverzekeraar", anchor="E1"),
        notice("n3", "zorgverzekeraar", "nza", MONDAY + DAY, anchor="E3a", answers="n1"),
    )
    assert counted(region, MONDAY + DAY) == (1, 0)
    region.tick(MONDAY + 30 * DAY)
    assert region.value("notices_skipping") == 1
    region.tick(MONDAY + 31 * DAY)
    assert region.value("notices_skipping") == 0


def test_the_step_that_it_answers_may_become_known_later_but_not_be_taken_later(region):
    third = notice("n3", "zorgverzekeraar", "nza", MONDAY, anchor="E3a", answers="n2")
    region.tell(third)
    assert counted(region) == (1, 0)
    region.tell(notice("n2", "zorgverzekeraar", "roaz-voorzitter", MONDAY - DAY, anchor="E2"))
    assert counted(region, MONDAY + DAY) == (0, 0)
    region.tell(notice("n2", "zorgverzekeraar", "roaz-voorzitter", MONDAY + DAY, anchor="E2", revision=1))
    assert counted(region, MONDAY + 2 * DAY) == (1, 0)


def test_a_notice_to_the_wrong_receiver_is_counted_and_takes_no_step(region):
    region.tell(notice("n3", "zorgaanbieder", "igj", anchor="E3b", answers="n2"))
    assert counted(region) == (1, 1)
    assert region.value("notice_at", anchor="E3b", norm=NORM) is None


def test_phase_three_is_told_once_both_the_minister_and_igj_know(region):
    region.tell(notice("n1", "lnaz", "minister", anchor="E5", norm="phase-3-risk"))
    region.tick(MONDAY)
    assert region.value("notice_at", anchor="E5", norm="phase-3-risk") is None
    region.tell(notice("n2", "lnaz", "igj", MONDAY + DAY, anchor="E5", norm="phase-3-risk"))
    region.tick(MONDAY + DAY)
    assert region.value("notice_at", anchor="E5", norm="phase-3-risk") == int(MONDAY.timestamp())


def test_the_country_answers_notices_of_regions_that_it_does_not_know():
    country = OneRegion(COORDINATION, NL)
    told = {"anchor": "E4", "region": NL, "location": NL}
    country.tell(notice("n4", "nza", "minister", answers="n3-of-R02", **told))
    assert counted(country) == (0, 0)
    country.tell(notice("n5", "nza", "minister", MONDAY + DAY, **told))
    assert counted(country, MONDAY + DAY) == (1, 0)


def test_the_moment_of_a_notice_is_no_age_of_a_feed():
    with pytest.raises(NormsError, match="is a moment"):
        only(indicator='"notice_at"', labels='{ anchor = "E1", norm = "x" }')
