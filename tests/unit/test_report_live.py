"""A report from the live system forgets what ended long ago, and nothing that goes on."""

from dashboards.reports import live
from streams.status import Transition


def told(state, at, count=0, episode="R07:n:1"):
    return Transition(
        at=at,
        region="R07",
        norm="n",
        scope="",
        state=state,
        value=1,
        limit=0,
        unit="",
        severity="warning",
        step=1,
        since="2021-09-01T00:00:00Z",
        observed_at=at,
        episode=episode,
        count=count,
    )


def test_a_breach_that_ended_long_ago_and_came_back_is_not_forgotten(monkeypatch):
    monkeypatch.setattr(live, "_TRANSITIONS_MAX", 5)
    known = live.Live()
    goes_on = [
        told("active", "2021-09-01T00:00:00Z"),
        told("resolved", "2021-09-08T00:00:00Z"),
        told("reopened", "2021-09-15T00:00:00Z", 1),
    ]
    over = [
        told("active", "2021-09-01T00:00:00Z", episode="R07:n:2"),
        told("resolved", "2021-09-08T00:00:00Z", episode="R07:n:2"),
    ]
    for each in (*goes_on, *over, told("active", "2021-11-20T00:00:00Z", episode="R07:n:3")):
        known.transition(each)
    kept = {each.id for each in known._transitions.values()}
    assert goes_on[-1].id in kept
    assert not kept & {each.id for each in over}
