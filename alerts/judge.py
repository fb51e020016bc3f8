"""The judge: holds what a region's topics say against the norms, at ticks.

`judge(state, entry)` takes one status entry. Each norm reads one topic or join, so it is judged as soon as that has
passed the tick; a norm that nothing changed for costs nothing unless an episode of it is open.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from alerts import in_phase
from alerts.capacity_step import after_step
from alerts.episode import (
    CLEARED,
    NORM_ENDED,
    PHASE_ENDED,
    UNDECIDED,
    Episode,
    Move,
    advance,
    begin,
    end,
    may_come_back,
    reopen,
)
from alerts.judged import Cooling, Judged, JudgeState
from alerts.norms import Norm, Norms, NormsOfPlace
from alerts.notices_due import HOUR, hours_overdue, note_end, note_notices, note_tick
from alerts.overview import goes_on, is_headline, note_change, overview_due
from alerts.selected import is_scope_of, scope_of, selected
from alerts.transitions import told_as
from alerts.verdict import is_given_up, reason_of_clear, verdict_of
from streams.indicators import indicator_key
from streams.joins import JOINED_COORDINATION, JUDGED_IN_PHASE, JUDGED_NOTICES, STATUS_SOURCES
from streams.moments import after_of, comes_after, earliest, moment_of, second_of
from streams.regions import NL, REGIONS, ROAZ_IDS
from streams.status import Indicator, RegionOverview, Stage, StatusEntry, Transition
from streams.topics import COORDINATION

_HEARD: Mapping[Stage, Collection[str]] = {
    "fold": frozenset(ROAZ_IDS),
    "nation": frozenset({NL}),
    "join": frozenset(REGIONS),
}
"""Of whom each stage speaks: the country's own reports are judged as part of its totals."""


_TELL_OF_NOTICES = frozenset({COORDINATION, JOINED_COORDINATION})


class _At(NamedTuple):
    """Where and when: a tick of a topic or join in a region with its phase, and the one before (0, empty at first).

    `at` and `before` are seconds, `moment` is the tick in the order of time.
    """

    topic: str
    region: str
    at: int
    before: int
    phase: str
    phase_before: str
    moment: int


def judge(
    state: JudgeState, entry: StatusEntry, norms: Norms
) -> tuple[list[Transition], list[RegionOverview]]:
    """Take a status entry; return the transitions it causes, and the overviews that are due.

    A tick at or before the last one of the topic and region is a repeat and does nothing.
    """
    transitions: list[Transition] = []
    overviews: list[RegionOverview] = []
    topic, moment, phase = entry.topic, entry.moment, entry.phase
    heard = _HEARD[entry.stage]
    for name in (entry.region, *entry.also):
        if name not in heard:
            continue
        region = state.regions.get(name)
        if region is None:
            region = state.regions[name] = Judged()
        before = region.passed.get(topic, 0)
        if not comes_after(moment, before):
            continue
        region.passed[topic] = moment
        phase_before = region.phases.get(topic, "")
        if phase != phase_before:
            region.phases[topic] = phase
        now = _At(topic, name, entry.at, second_of(before), phase, phase_before, moment)
        told = [] if region.under is norms else list(_end_gone(region, now, norms))
        indicators = entry.indicators if name == entry.region else []
        changed = _take_in(region, now, indicators, norms)
        for norm in _to_judge(region, now, norms.by_place[topic, name], changed):
            told += _judge_norm(region, now, norm, norms)
        onward = goes_on(region, before)
        if onward or topic in _TELL_OF_NOTICES:
            told += _judge_hours(region, now, indicators, norms)
        if (
            told
            or (indicators and any(is_headline(indicator) for indicator in indicators))
            or _grows(region, now, norms)
        ):
            note_change(region, moment)
        transitions += told
        if onward and (overview := overview_due(region, name, norms)) is not None:
            overviews.append(overview)
    return transitions, overviews


def _judge_hours(
    region: Judged, heard: _At, indicators: list[Indicator], norms: Norms
) -> Iterator[Transition]:
    """Judge what needs all of the region: once an hour, at each tick that everything of it has passed.

    That are the figures that wait for the phase, and the notices that are due.
    """
    due = region.due
    if heard.topic in _TELL_OF_NOTICES:
        note_notices(due, heard.at, indicators)
    if heard.topic == JOINED_COORDINATION:
        note_tick(due, heard.moment)
    if not due.ticks or len(region.passed) < len(STATUS_SOURCES):
        return
    least = earliest(region.passed.values())
    if after_of(least) != after_of(region.passed.get(JOINED_COORDINATION, 0)):
        return  # the time began again, and not everything has come to that
    place = norms.by_place[JUDGED_NOTICES, heard.region]
    for at, figures in hours_overdue(due, region.episodes, second_of(least), norms):
        moment = moment_of(after_of(least), at)
        yield from _judge_in_phase(region, heard.region, at, moment, norms)
        phase, phase_before = region.in_phase.phase, region.phases.get(JUDGED_NOTICES, "")
        now = _At(JUDGED_NOTICES, heard.region, at, region.passed_notices, phase, phase_before, moment)
        region.passed_notices, region.phases[JUDGED_NOTICES] = at, phase
        if figures and any(norm_id in place.ids for norm_id, _ in region.episodes):
            note_change(region, moment)  # hours overdue, as an overview shows them
        for norm in _to_judge(region, now, place, _take_in(region, now, figures, norms)):
            yield from _judge_norm(region, now, norm, norms)


def _judge_in_phase(region: Judged, name: str, at: int, moment: int, norms: Norms) -> Iterator[Transition]:
    own, place = region.in_phase, norms.by_place[JUDGED_IN_PHASE, name]
    before, phase_before = own.passed, own.phase
    changed = in_phase.come_to(own, moment)
    own.passed = at
    now = _At(JUDGED_IN_PHASE, name, at, before, own.phase, phase_before, moment)
    for norm in _to_judge(region, now, place, changed):
        if told := _judge_norm(region, now, norm, norms):
            note_change(region, moment)
            yield from told


def _grows(region: Judged, now: _At, norms: Norms) -> bool:
    """Return whether an overview would show an age that grew by an hour though nobody reported anything."""
    if not region.episodes or now.at // HOUR == now.before // HOUR:
        return False
    ages = {norm.id for norm in norms.by_place[now.topic, now.region].ages}
    own = f"topic={now.topic}"  # of this topic alone: another one may have been read further
    return any(norm_id in ages and own in scope.split(",") for norm_id, scope in region.episodes)


def _take_in(region: Judged, now: _At, indicators: list[Indicator], norms: Norms) -> Collection[str]:
    """Keep the indicators of a region that changed, and the phase; return their names."""
    if now.topic == JOINED_COORDINATION:
        in_phase.note_phase(region.in_phase, now.moment, now.phase)
    if not indicators:
        return ()
    in_phase.note_figures(region.in_phase, now.topic, now.moment, indicators, norms)
    region.headlines.pop(now.topic, None)
    region.behind.pop(now.topic, None)
    series = region.known.setdefault(now.topic, {})
    for indicator in indicators:
        series.setdefault(indicator.name, {})[indicator_key(indicator.name, indicator.labels)] = indicator
    return {indicator.name for indicator in indicators}


def _to_judge(region: Judged, now: _At, place: NormsOfPlace, changed: Collection[str]) -> tuple[Norm, ...]:
    """Return the norms for which something can be other than at the tick before, in the order of the file."""
    # Mostly nothing is: looking must cost less than judging.
    opened = region.episodes and {norm_id for norm_id, _ in region.episodes if norm_id in place.ids}
    turned = place.phases and now.phase != now.phase_before
    begun = place.turns_between(now.before, now.at)
    if not (changed or opened or turned or begun):
        return place.ages
    return tuple(
        norm
        for norm in place.norms
        if norm.indicator in changed
        or norm.is_age
        or norm.id in opened
        or (turned and norm.phases)
        or (begun and norm.holds_at(now.before) != norm.holds_at(now.at))
    )


def _end_gone(region: Judged, now: _At, norms: Norms) -> Iterator[Transition]:
    """End the episodes and forget the verdicts of norms that a changed norms file no longer has, and begin with its new ones."""
    region.under = norms
    in_phase.take_up(region.in_phase, region.known, norms)
    by_id = norms.by_id
    for key in [
        (norm_id, scope)
        for norm_id, scope in region.verdicts
        if norm_id not in by_id
        or now.region not in by_id[norm_id].regions
        or not is_scope_of(by_id[norm_id], scope)
    ]:
        del region.verdicts[key]
        region.ended.pop(key, None)
        region.cooling.pop(key, None)
        episode = region.episodes.pop(key, None)
        if episode is not None:
            note_end(region.due, key[0], episode, now.at)
            for move in end(episode):
                limit, unit, severity = episode.limit, episode.unit, episode.severity
                yield told_as(now.region, now.at, key[0], episode, move, None, limit, unit, severity, now.at)


def _judge_norm(region: Judged, now: _At, norm: Norm, norms: Norms) -> list[Transition]:
    series = region.in_phase.known if now.topic == JUDGED_IN_PHASE else region.known.get(now.topic, {})
    known = series.get(norm.indicator)
    if known is None:
        return []
    told: list[Transition] = []
    in_time = norm.holds_at(now.at)
    holds = in_time and norm.holds_in(now.phase, now.at)
    for indicator in selected(known, norm):
        scope = scope_of(norm, indicator)
        key = (norm.id, scope)
        episode = region.episodes.get(key)
        if holds:
            verdict, value = verdict_of(norm, now.region, indicator, now.at, norms)
            before = region.verdicts.get(key)
            region.verdicts[key] = (verdict, value, indicator.observed_at)
            if episode is None and verdict != "breach":
                continue
            if episode is None:
                episode, moves = _begun(region, now, norm, scope)
                region.episodes[key] = episode
                region.ended.pop(key, None)
                after_step(episode, norm, now.region, verdict, value, None, series, now.at, norms)
            else:
                if verdict in UNDECIDED and is_given_up(norm, indicator):
                    verdict = "clear"
                verdict = after_step(
                    episode, norm, now.region, verdict, value, before and before[1], series, now.at, norms
                )
                ended = (
                    reason_of_clear(norm, now.region, episode, indicator) if verdict == "clear" else CLEARED
                )
                after, moves = advance(episode, norm, verdict, now.at, ended)
                if after is None:
                    _forget(region, now, key, moves[-1].reason, norm)
        else:
            if key in region.verdicts:
                # Not forgotten: a breach that ends needs a last 0 on the metrics page.
                region.verdicts[key] = ("clear", None, indicator.observed_at)
            if episode is None:
                continue
            value, moves = indicator.value, end(episode, PHASE_ENDED if in_time else NORM_ENDED)
            _forget(region, now, key, moves[-1].reason, norm)
        told += _told(now, norm, episode, moves, value, indicator)
    return told


def _begun(region: Judged, now: _At, norm: Norm, scope: str) -> tuple[Episode, list[Move]]:
    """Return the episode that begins, or the one that comes back."""
    before = region.cooling.pop((norm.id, scope), None)
    if before is not None and may_come_back(before.episode, norm, before.ended, before.reason, now.at):
        return before.episode, [reopen(before.episode, norm, before.ended, now.at)]
    return begin(now.region, norm, scope, now.at, after_of(now.moment))


def _forget(region: Judged, now: _At, key: tuple[str, str], reason: str, norm: Norm) -> None:
    episode = region.episodes.pop(key)
    if may_come_back(episode, norm, now.at, reason, now.at):
        region.cooling[key] = Cooling(episode, now.at, reason)
    if episode.active_since and reason != CLEARED:
        region.ended[key] = reason
    note_end(region.due, key[0], episode, now.at)


def _told(
    now: _At, norm: Norm, episode: Episode, moves: list[Move], value: float | None, seen: Indicator
) -> Iterator[Transition]:
    for move in moves:
        limit, unit, severity = norm.limit_in(now.region, seen.weighs), norm.unit, norm.severity
        yield told_as(
            now.region, now.at, norm.id, episode, move, value, limit, unit, severity, seen.observed_at
        )
