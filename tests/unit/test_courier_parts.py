"""The small parts of the courier: matching alerts, silences, the lease, who hears, what is kept in a topic."""

import msgspec
import pytest

from alerts.courier.hearers import Hearers
from alerts.courier.lease import LeaseView
from alerts.courier.matching import AlertKey, heard_alerts
from alerts.courier.silence import Silences
from alerts.courier.told import told_rows
from streams.notifications import (
    AlertHeard,
    Begun,
    Claim,
    Lease,
    Missed,
    Receipt,
    decode_notification,
    encode_notification,
    notification_key,
)
from streams.regions import ROAZ_IDS
from tests.support.courier_world import NORMS, START, World, alert_of, transition
from tests.support.couriers import alert, payload

STARTED = transition("active")


def test_the_episode_of_an_alert_is_known_by_todays_annotation_and_by_tomorrows_label():
    today = alert(STARTED)
    tomorrow = {
        **alert(STARTED, episode=STARTED.episode),
        "annotations": {},
    }
    scoped = transition(
        "active",
        scope="source=a:b,topic=c",
        episode="R07:ic-occupancy-high:source=a:b,topic=c:2027-01-15T07:00:00Z:after-2027-01-15T09:00:00Z",
    )
    again = {**alert(scoped, episode=scoped.episode), "annotations": {}}
    found = list(heard_alerts(payload(today, tomorrow, again), START, "c"))
    assert [each.since for each in found] == [STARTED.since] * 3
    assert found[2].scope == "source=a:b,topic=c"


@pytest.mark.parametrize(
    "other",
    [
        3,
        {"labels": {"alertname": "Watchdog"}, "status": "firing"},
        {**alert(STARTED), "labels": {**alert(STARTED)["labels"], "drill": "OEFENING"}},
        {**alert(STARTED), "labels": {**alert(STARTED)["labels"], "step": "x"}},
        {**alert(STARTED), "labels": {**alert(STARTED)["labels"], "scope": "x" * 1000}},
        {**alert(STARTED), "status": "else"},
    ],
)
def test_what_is_no_alert_about_a_norm_is_left_aside(other):
    assert list(heard_alerts(payload(other), START, "c")) == []


@pytest.mark.parametrize("wrong", [{}, {"alerts": 3}, {"alerts": None}])
def test_what_is_no_payload_is_refused(wrong):
    with pytest.raises(ValueError, match="no Alertmanager payload"):
        list(heard_alerts(wrong, START, "c"))


LABELS = {
    "alertname": "NormBreach",
    "region": "R07",
    "norm": "n",
    "scope": "",
    "step": "2",
    "severity": "warning",
}
KEY = AlertKey("R07", "n", "", "s")


def silence(*matchers, state="active"):
    return Silences(silences=({"status": {"state": state}, "matchers": list(matchers)},))


def matcher(name, value, **more):
    return {"name": name, "value": value, "isRegex": False, "isEqual": True, **more}


@pytest.mark.parametrize(
    ("silences", "holds"),
    [
        (Silences(), False),
        (silence(matcher("region", "R07")), True),
        (silence(matcher("region", "R08")), False),
        (silence(matcher("region", "R07"), matcher("step", "1")), False),
        (silence(matcher("region", "R0[78]", isRegex=True)), True),
        (silence(matcher("region", "R0", isRegex=True)), False),
        (silence(matcher("region", "R08", isEqual=False)), True),
        (silence(matcher("instance", "x", isEqual=False)), True),
        (silence(matcher("source", "occupancy")), False),
        (silence(matcher("region", "(", isRegex=True)), False),
        (silence(matcher("region", "R07"), state="expired"), False),
        (silence(), False),
        (Silences(alerts=({"labels": {**LABELS, "source": "x"}, "status": {"silencedBy": ["id"]}},)), True),
        (Silences(alerts=({"labels": LABELS, "status": {"silencedBy": []}},)), False),
        (Silences(alerts=({"labels": {**LABELS, "step": "1"}, "status": {"silencedBy": ["id"]}},)), False),
    ],
)
def test_a_silence_holds_as_alertmanager_matches(silences, holds):
    assert silences.hold(KEY, LABELS) is holds


def test_an_epoch_is_taken_by_the_first_and_nobody_goes_back():
    view = LeaseView()
    assert view.take(Lease(1, "a", 1, taking=True))
    assert not view.take(Lease(1, "b", 1, taking=True))
    assert view.holds("a", 1)
    assert view.take(Lease(2, "b", 2, taking=True))
    assert not view.take(Lease(3, "a", 1))
    assert not view.take(Lease(3, "a", 2))
    assert view.holds("b", 2)
    assert view.take(Lease(4, "b", 2, left=True))
    assert not view.holds("b", 2)
    assert view.take(Lease(5, "a", 3, taking=True))
    assert view.holds("a", 3)


def test_what_a_courier_decides_behind_another_ones_lease_counts_for_nothing():
    world = World()
    world.log(STARTED)
    old = world.courier, world.epoch
    world.restart()
    claim = Claim(START, *old, "m", "step", "chair-R07", 1, (STARTED.id,))
    assert not world.ledger.record(claim)
    assert not world.ledger.record(Missed(START, *old, STARTED.id, "chair-R07", "past"))
    assert not world.ledger.record(Receipt(START, old[0], "m", "chair-R07", 1, "accepted"))
    world.settle(60)
    assert world.told() == [(f"{STARTED.episode}/step-1/0", "chair-R07")]


def test_the_role_of_the_step_hears_and_whoever_heard_of_any_hears_that_it_came_back():
    hearers = Hearers(NORMS)
    assert hearers.of(STARTED) == ("chair-R07",)
    assert hearers.of(transition("step", 2)) == ("lcps",)
    assert hearers.of(transition("reopened", 3, count=1)) == ("chair-R07", "lcps", "lnaz")
    assert hearers.of(transition("step", 3, norm="ic-ladder-1700", region="NL")) == tuple(
        f"chair-{region}" for region in ROAZ_IDS
    )
    for odd in (transition("active", region="R99"), transition("active", norm="gone"), transition("step", 9)):
        assert hearers.of(odd) == ("operations",)


RECORDS = [
    Lease(1.5, "c", 1),
    Lease(1.5, "c", 1, taking=True),
    Begun(1.5, "c", 1, 7),
    alert_of(STARTED),
    Claim(1.5, "c", 1, "m", "end", "lcps", 2, ("t",)),
    Receipt(1.5, "c", "m", "lcps", 2, "accepted", 250, "OK"),
    Missed(1.5, "c", 1, "t", "lcps", "past"),
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda each: type(each).__name__)
def test_a_record_comes_back_from_its_bytes(record):
    assert decode_notification(encode_notification(record)) == record


def test_only_renewals_of_a_lease_share_a_key():
    keys = [notification_key(each) for each in RECORDS]
    assert len(set(keys)) == len(keys)
    assert notification_key(Lease(9, "d", 4)) == keys[0]


def test_a_record_of_another_kind_is_refused():
    with pytest.raises(msgspec.MsgspecError):
        decode_notification(b'{"kind": "else", "at": 1}')


def rows(world):
    return {
        (row.transition.state, row.transition.step): (row.outcome, row.reason)
        for row in told_rows(enumerate(world.breaches), world.notifications, NORMS)
    }


def test_the_log_of_tellings_says_told_missed_and_why():
    world = World()
    ended = transition("resolved", reason="cleared")
    world.log(STARTED)
    assert rows(world) == {("active", 1): ("waiting", "")}
    world.now += 20
    world.step(lambda _: "refused")
    world.log(ended)
    world.settle(60)
    assert rows(world) == {("active", 1): ("missed", "refused"), ("resolved", 1): ("missed", "refused")}

    other = World()
    other.log(STARTED)
    other.settle(60)
    other.log(ended)
    other.settle(60)
    assert rows(other) == {("active", 1): ("told", ""), ("resolved", 1): ("told", "")}


def test_what_was_known_before_the_first_courier_is_history():
    world = World()
    world.breaches = [STARTED, transition("resolved", reason="cleared")]
    world.notifications, world.epoch = [], 0
    world.restart()
    world.settle(60)
    assert rows(world) == {("active", 1): ("history", ""), ("resolved", 1): ("history", "")}
    assert world.mailbox == []


def test_what_is_silenced_waits_and_goes_out_when_alertmanager_brings_it():
    world = World(silences=silence(matcher("region", "R07")))
    world.log(STARTED)
    world.settle(600)
    assert world.told() == []
    world.silences = Silences()
    world.post(alert_of(STARTED, at=world.now))
    world.settle(5)
    assert len(world.told()) == 1


def test_what_was_silenced_until_it_was_over_is_missed():
    world = World(silences=silence(matcher("region", "R07")))
    world.log(STARTED)
    world.settle(60)
    world.log(transition("resolved", reason="cleared"))
    world.settle(60)
    assert world.told() == []
    assert rows(world) == {("active", 1): ("missed", "silenced"), ("resolved", 1): ("missed", "silenced")}


def test_a_silence_of_an_open_breach_is_no_past_to_be_told():
    world = World(silences=silence(matcher("region", "R07")))
    world.log(STARTED)
    world.settle(60)
    world.now += 2 * 86_400
    world.ledger.clock(world.now)
    world.settle(60)
    assert world.told() == []


def test_what_stayed_untold_for_a_day_and_is_open_goes_in_one_message_if_the_stream_is_of_now():
    world = World()
    world.log(STARTED)
    world.log(transition("step", 2))
    world.now += 2 * 86_400
    world.restart()
    world.settle(60)
    assert world.told() == []
    assert [each.what for each in world.mailbox] == ["notice"], "operations hear what nobody is told"
    world.mailbox.clear()
    world.ledger.clock(world.now)
    world.settle(60)
    assert [(each.what, each.recipient) for each in world.mailbox] == [
        ("standing", "chair-R07"),
        ("standing", "lcps"),
    ]
    world.log(transition("resolved", 2, at=world.now, reason="cleared"))
    world.settle(60)
    assert [(each.what, each.recipient) for each in world.mailbox[2:]] == [
        ("end", "chair-R07"),
        ("end", "lcps"),
    ]


def test_false_resolves_are_one_notice_and_true_ends_none():
    world = World()
    starts = [transition("active", region=f"R{number:02}") for number in range(1, 12)]
    for each in starts:
        world.log(each)
        world.post(alert_of(each))
    world.settle(30)
    for each in starts:
        world.post(alert_of(each, "resolved", at=world.now))
    world.settle(300)
    notices = [each for each in world.mailbox if each.what == "notice"]
    assert len(notices) == 1
    assert len(world.told()) == len(starts)

    for each in starts:
        world.post(alert_of(each, "firing", at=world.now, starts=1))
        world.log(transition("resolved", at=world.now, region=each.region, reason="cleared"))
        world.post(alert_of(each, "resolved", at=world.now, starts=1))
    world.settle(300)
    assert len([each for each in world.mailbox if each.what == "end"]) == len(starts)
    told = [len(each.transitions) for each in world.mailbox if each.what == "notice"]
    assert len(told) <= 2


def test_a_server_that_puts_a_mail_off_is_asked_later_each_time():
    world = World()
    world.log(STARTED)
    world.now += 20
    for _ in range(200):
        world.step(lambda _: "put-off")
        world.now += 1
    attempts = world.ledger.facts.deliveries.by_message[f"{STARTED.episode}/step-1/0", "chair-R07"].attempts
    assert 4 <= attempts <= 7
    world.settle(600)
    assert len(world.told()) == 1
    assert isinstance(world.notifications[0], Lease)
    assert not any(isinstance(each, AlertHeard) for each in world.notifications)
