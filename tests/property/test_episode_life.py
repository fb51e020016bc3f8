"""The life of a breach: whatever the verdicts, holds are respected and nothing is told out of order."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from alerts.episode import advance, begin, may_come_back, reopen
from alerts.norms import Step, load_norms

HOUR = 3600
NORM = load_norms().by_id["ic-occupancy-high"]
verdicts = st.sampled_from(["breach", "between", "clear", "insufficient", "undecided-over"])
steps_in_time = st.lists(st.tuples(verdicts, st.sampled_from([1, HOUR, 5 * HOUR, 30 * HOUR])), max_size=30)
norms = st.builds(
    lambda hold, clear_hold, cooling, delays: replace(
        NORM,
        hold=hold * HOUR,
        clear_hold=clear_hold * HOUR,
        cooling=cooling * HOUR,
        steps=tuple(Step(after=f"{delay}h", role="lcps") for delay in [0, *sorted(delays)]),
    ),
    st.sampled_from([0, 1, 6]),
    st.sampled_from([0, 1, 12]),
    st.sampled_from([0, 2, 24]),
    st.sets(st.integers(1, 72), max_size=3),
)


def live(norm, course):
    """Every moment of one key: (tick, verdict, moves), episodes following each other as the judge does."""
    at, episode, before = 1_636_000_000, None, None
    for verdict, passed in course:
        at += passed
        if episode is not None:
            held = episode
            episode, moves = advance(episode, norm, verdict, at)
            if episode is None:
                before = held, at, moves[-1].reason
        elif verdict == "breach" and before is not None and may_come_back(before[0], norm, *before[1:], at):
            episode = before[0]
            moves = [reopen(episode, norm, before[1], at)]
        elif verdict == "breach":
            episode, moves = begin("R07", norm, "", at)
        else:
            moves = []
        yield at, verdict, moves, episode


@given(norms, steps_in_time)
def test_states_follow_each_other_in_one_order(norm, course):
    """Pending (if there is a hold), active, step by step, resolved; never resolved as cleared without active."""
    state, step, last = "none", 0, 0
    for _, _, moves, _ in live(norm, course):
        for move in moves:
            if move.state == "pending":
                assert state == "none"
                assert norm.hold
                assert move.step == 0
            elif move.state == "active":
                assert state == ("pending" if norm.hold else "none")
                assert move.step == 1
            elif move.state == "reopened":
                assert state == "none"
                assert norm.cooling
                assert move.step == last
            elif move.state == "step":
                assert state == "active"
                assert move.step == step + 1
            else:
                assert (state, move.reason) in {("pending", "not-held"), ("active", "cleared")}
            state = {"resolved": "none", "step": "active", "reopened": "active"}.get(move.state, move.state)
            step = 0 if move.state == "resolved" else move.step
            last = move.step


@given(norms, steps_in_time)
def test_holds_are_respected(norm, course):
    breach_since = clear_since = None
    for at, verdict, moves, _ in live(norm, course):
        # What had to last: a breach not contradicted, a clear value at every tick.
        if verdict in {"between", "clear"}:
            breach_since = None
        elif verdict == "breach":
            breach_since = at if breach_since is None else breach_since
        clear_since = (clear_since or at) if verdict == "clear" else None
        for move in moves:
            if move.state == "active":
                assert verdict == "breach"
                assert at - breach_since >= norm.hold
            if move.reason == "cleared":
                assert verdict == "clear"
                assert at - clear_since >= norm.clear_hold


@given(norms, steps_in_time)
def test_too_little_data_neither_begins_nor_ends_anything(norm, course):
    for _, verdict, moves, _ in live(norm, course):
        if verdict in {"insufficient", "undecided-over"}:
            assert {move.state for move in moves} <= {"step"}


@given(norms, steps_in_time)
def test_a_step_comes_at_the_first_tick_at_which_it_is_due_and_the_figure_is_not_within_its_limit(
    norm, course
):
    active_since = reached = ended = 0
    for at, verdict, moves, episode in live(norm, course):
        ended = at if any(move.state == "resolved" for move in moves) else ended
        if any(move.state == "active" for move in moves):
            active_since, reached = at, 1
        elif any(move.state == "reopened" for move in moves):
            active_since += at - ended  # the ladder counts no time in which it was over
        elif (
            episode is not None
            and episode.active_since
            and verdict in {"breach", "insufficient", "undecided-over"}
        ):
            # A norm without a hold that begins now has its first step; the others come at later ticks.
            reached = max(reached, sum(at - active_since >= step.after_seconds for step in norm.steps))
        if episode is not None and episode.active_since:
            assert episode.step == reached == len(episode.stepped)


@given(norms, steps_in_time)
def test_a_step_that_is_taken_though_nothing_can_be_judged_says_so(norm, course):
    for _, verdict, moves, _ in live(norm, course):
        for move in moves:
            if move.state == "step":
                assert verdict in {"breach", "insufficient", "undecided-over"}
                assert move.reason == ("" if verdict == "breach" else "unjudged")


@given(norms, steps_in_time)
def test_identities_of_transitions_never_repeat(norm, course):
    seen = []
    identity, count = None, 0
    for _, _, moves, episode in live(norm, course):
        identity = episode.id if episode is not None else identity
        count = episode.count if episode is not None else count
        seen += [(identity, move.state, move.step, count) for move in moves]
    assert len(seen) == len(set(seen))
