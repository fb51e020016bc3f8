"""Whatever happens in whatever order: no end without its transition, everything told or listed as missed, nobody told twice."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from alerts.courier.hearers import Hearers
from alerts.courier.ledger import Ledger
from alerts.courier.silence import Silences
from streams.notifications import Begun, Lease, notification_key
from tests.support.courier_world import NORMS, START, World, alert_of, transition

HEARERS = Hearers(NORMS)
SILENT = Silences(
    silences=(
        {"status": {"state": "active"}, "matchers": [{"name": "region", "value": "R07", "isRegex": False}]},
    )
)


@st.composite
def lives(draw):
    """Draw the transitions of some breaches, each in its order, as the judge writes them."""
    found = []
    for number, region in enumerate(
        draw(st.lists(st.sampled_from(["R07", "R08", "NL", "R99"]), min_size=1, max_size=3))
    ):
        own, step, since = [], 0, START - 3600 + number
        for count in range(draw(st.integers(1, 2))):
            first = 1 if count == 0 else step
            own.append(
                transition(
                    "active" if count == 0 else "reopened", first, since=since, count=count, region=region
                )
            )
            last = draw(st.integers(first, 3))
            own += [
                transition("step", each, since=since, count=count, region=region)
                for each in range(first + 1, last + 1)
            ]
            step = last
            if count or draw(st.booleans()):
                own.append(
                    transition("resolved", step, since=since, count=count, region=region, reason="cleared")
                )
            else:
                break
        found.append(own)
    return found


def merged(draw, lists):
    """Draw an order of what stands in several lists, each in its own order."""
    left = [list(each) for each in lists if each]
    while left:
        chosen = draw(st.sampled_from(range(len(left))))
        yield left[chosen].pop(0)
        left = [each for each in left if each]


OUTCOMES = [
    "accepted",
    "accepted",
    "unknown",
    "unknown-taken",
    "deferred",
    "put-off",
    "refused",
    "died",
    "died-taken",
]


@st.composite
def histories(draw):
    """Draw what happens to a courier."""
    breaches = draw(lives())
    log = [("log", each) for each in merged(draw, breaches)]
    every = [each for own in breaches for each in own]
    posts = [
        (
            "post",
            alert_of(
                each, draw(st.sampled_from(["firing", "firing", "resolved"])), starts=draw(st.integers(0, 1))
            ),
        )
        for each in draw(st.lists(st.sampled_from(every), max_size=8))
    ]
    rest = st.sampled_from(["look", "look", "restart", "silence", "unsilence", "clock"])
    others = [(each, None) for each in draw(st.lists(rest, max_size=12))]
    passes = [
        ("pass", draw(st.sampled_from([1, 16, 61, 4000, 90_000]))) for _ in range(draw(st.integers(0, 6)))
    ]
    events = list(merged(draw, [log, posts, others, passes]))
    return events, draw(st.lists(st.sampled_from(OUTCOMES), max_size=25))


def play(events, outcomes):
    world = World()
    left = iter(outcomes)

    def outcome(_each):
        return next(left, "accepted")

    for kind, what in events:
        match kind:
            case "log":
                world.log(what)
            case "post":
                world.post(what)
            case "restart":
                world.restart()
            case "silence":
                world.silences = SILENT
            case "unsilence":
                world.silences = Silences()
            case "clock":
                world.ledger.clock(world.now)
            case "pass":
                world.now += what
            case _:
                world.step(outcome)
    world.settle()
    return world


@given(histories())
def test_no_end_without_its_transition_and_everything_is_told_or_missed(history):
    world = play(*history)
    facts = world.ledger.facts
    ends = {each.id for each in world.breaches if each.state == "resolved"}

    for mail in world.mailbox:
        if mail.what in {"end", "was-over"}:
            assert ends & set(mail.transitions) & set(mail.known), "an end that the log did not have"
        assert set(mail.transitions) <= set(mail.known)

    given_to = {(told, mail.recipient) for mail in world.mailbox for told in mail.transitions}
    refused = {
        (told, each.recipient)
        for each in facts.deliveries.by_message.values()
        if each.settled and each.outcome != "accepted"
        for told in each.transitions
    }
    for each in world.breaches:
        if each.state != "resolved":
            for recipient in HEARERS.of(each):
                known = (each.id, recipient) in given_to | refused | facts.missed.keys()
                held = world.silences is SILENT and each.region == "R07"
                assert known or held, f"{each.id} is neither told to {recipient} nor missed"


@given(histories())
def test_whoever_heard_of_a_breach_hears_that_it_is_over_and_in_this_order(history):
    world = play(*history)
    facts = world.ledger.facts

    for end in (each for each in world.breaches if each.state == "resolved"):
        opening = facts.openings.of_transition(end)
        starts = {each.id for each in opening.starts}
        heard = {mail.recipient for mail in world.mailbox if starts & set(mail.transitions)}
        over = {mail.recipient for mail in world.mailbox if end.id in mail.transitions}
        gone = {
            each.recipient
            for each in facts.deliveries.telling(end.id)
            if each.settled and each.outcome != "accepted"
        }
        never = {
            each.recipient
            for one in starts
            for each in facts.deliveries.telling(one)
            if each.settled and each.outcome == "refused"
        }
        past = {who for told, who in facts.missed if told == end.id}
        assert heard <= over | gone | never | past
        for recipient in over:
            order = [mail for mail in world.mailbox if mail.recipient == recipient]
            first = min(place for place, mail in enumerate(order) if end.id in mail.transitions)
            begun = [mail for mail in order[first:] if mail.what == "step" and starts & set(mail.transitions)]
            assert begun == [], "told that it is over, and then that it began"


@given(histories())
def test_nobody_is_told_twice_but_as_the_same_message(history):
    world = play(*history)

    messages = {}
    for mail in world.mailbox:
        for told in mail.transitions:
            messages.setdefault((told, mail.recipient), set()).add(mail.message)
    assert [key for key, found in messages.items() if len(found) > 1] == []

    doubted = {
        place
        for place, each in world.ledger.facts.deliveries.by_message.items()
        if each.count("unknown") or each.claimed.keys() - each.receipts.keys()
    }
    times = Counter((mail.message, mail.recipient) for mail in world.mailbox)
    assert {place for place, count in times.items() if count > 1} <= doubted


@given(st.data())
def test_the_order_of_posts_and_their_repeats_make_no_difference(data):
    breaches = data.draw(lives())
    every = [each for own in breaches for each in own]
    posts = data.draw(
        st.lists(
            st.builds(
                alert_of,
                st.sampled_from(every),
                st.sampled_from(["firing", "resolved"]),
                starts=st.integers(0, 2),
                at=st.sampled_from([START, START + 5]),
            ),
            max_size=8,
        )
    )
    again = data.draw(st.lists(st.sampled_from(posts), max_size=4)) if posts else []
    orders = [posts, data.draw(st.permutations(posts + again))]
    now = START + data.draw(st.sampled_from([1, 14, 16, 70, 1000]))
    said = []
    for order in orders:
        ledger = Ledger(NORMS)
        ledger.record(Lease(START, "c", 1, taking=True))
        ledger.record(Begun(START, "c", 1, 0))
        facts = [[("t", each) for each in own] for own in breaches] + [[("a", each) for each in order]]
        for offset, (kind, each) in enumerate(merged(data.draw, facts)):
            if kind == "t":
                ledger.transition(each, offset, START, START)
            else:
                ledger.record(each)
        due = ledger.due(now, Silences())
        said.append(
            (
                sorted((each.message, each.recipient, each.what) for each in due.give),
                sorted(due.missed),
                sorted(due.notices),
            )
        )
    assert said[0] == said[1]


@given(histories())
def test_a_log_that_was_compacted_says_the_same(history):
    world = play(*history)
    newest = {notification_key(each): place for place, each in enumerate(world.notifications)}
    kept = [world.notifications[place] for place in sorted(newest.values())]
    again = Ledger(NORMS)
    for offset, each in enumerate(world.breaches):
        again.transition(each, offset, START, START)
    for each in kept:
        again.record(each)

    def known(ledger):
        facts = ledger.facts
        told = {
            place: (each.outcome, each.heard, each.settled, each.transitions)
            for place, each in facts.deliveries.by_message.items()
        }
        return told, facts.missed.keys(), facts.begin, ledger.lease.epoch, ledger.lease.courier

    assert known(again) == known(world.ledger)
