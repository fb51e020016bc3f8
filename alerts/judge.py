"""The judge: holds what a region's topics say against the norms, at ticks.

`judge(state, entry)` takes one status entry. Each norm reads one topic, so it is judged as soon as that topic
has passed the tick; a norm that nothing changed for costs nothing unless an episode of it is open.
"""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from alerts.episode import Episode, Move, Verdict, advance, begin, end
from alerts.norms import Norm, Norms
from streams.calendar import idle_seconds, iso
from streams.indicators import ALL, INDICATORS, indicator_key
from streams.regions import NL, ROAZ_IDS
from streams.status import BreachView, Indicator, IndicatorView, RegionOverview, StatusEntry, Transition
from streams.topics import REPORT_TOPICS

_CLOCK_SECONDS = 60


class Judged(msgspec.Struct):
    """What the judge knows of one region.

    Attributes:
        passed: newest tick of each topic.
        known: latest indicators by topic, then by key.
        episodes: open episodes by (norm, scope).
        verdicts: last verdict and value by (norm, scope), for metrics.
        overview_at: tick of the last overview.
        changed_at: newest tick at which something that it shows changed. A topic may be ahead of the others: what
            it said then is in an earlier overview already, and still calls for one of its own tick.
    """

    passed: dict[str, int] = {}
    known: dict[str, dict[str, Indicator]] = {}
    episodes: dict[tuple[str, str], Episode] = {}
    verdicts: dict[tuple[str, str], tuple[Verdict, float | int | None, int]] = {}
    overview_at: int = 0
    changed_at: int = 0


class JudgeState(msgspec.Struct):
    """What the judge knows, by region."""

    regions: dict[str, Judged] = {}


def judge(
    state: JudgeState, entry: StatusEntry, norms: Norms
) -> tuple[list[Transition], list[RegionOverview]]:
    """Take a status entry; return the transitions it causes, and the overviews that are due.

    The country is judged by its national stage only. A tick at or before the last one of the topic and region
    is a repeat and does nothing.
    """
    transitions: list[Transition] = []
    overviews: list[RegionOverview] = []
    for name in (entry.region, *entry.also):
        if name not in (ROAZ_IDS if entry.stage == "fold" else (NL,)):
            continue
        region = state.regions.setdefault(name, Judged())
        before = region.passed.get(entry.topic, 0)
        if entry.at <= before:
            continue
        region.passed[entry.topic] = entry.at
        indicators = entry.indicators if name == entry.region else []
        now = _At(entry.topic, name, entry.at, before)
        told = [*_end_gone(region, now, norms), *_judge_region(region, now, indicators, norms)]
        if told or any(_is_headline(indicator) for indicator in indicators):
            region.changed_at = max(region.changed_at, entry.at)
        transitions += told
        overview = _overview(region, name, norms)
        if overview is not None:
            overviews.append(overview)
    return transitions, overviews


def _judge_region(
    region: Judged, now: "_At", indicators: list[Indicator], norms: Norms
) -> Iterator[Transition]:
    known = region.known.setdefault(now.topic, {})
    changed = set()
    for indicator in indicators:
        known[indicator_key(indicator.name, indicator.labels)] = indicator
        changed.add(indicator.name)
    open_norms = {norm_id for norm_id, _ in region.episodes}
    for norm in norms.by_place[now.topic, now.region]:
        if (
            norm.indicator in changed
            or norm.is_age
            or norm.id in open_norms
            or norm.holds_at(now.before) != norm.holds_at(now.at)
        ):
            yield from _judge_norm(region, now, norm, norms)


class _At(NamedTuple):
    """Where and when: a tick of a topic in a region, and the one before it (0 at first)."""

    topic: str
    region: str
    at: int
    before: int


def _end_gone(region: Judged, now: _At, norms: Norms) -> Iterator[Transition]:
    """End the episodes and forget the verdicts of norms that a changed norms file no longer has."""
    by_id = norms.by_id
    for key in [
        key for key in region.verdicts if key[0] not in by_id or now.region not in by_id[key[0]].regions
    ]:
        del region.verdicts[key]
        episode = region.episodes.pop(key, None)
        if episode is not None:
            for move in end(episode):
                yield Transition(
                    at=iso(now.at),
                    region=now.region,
                    norm=key[0],
                    scope=episode.scope,
                    state=move.state,
                    value=None,
                    limit=episode.limit,
                    unit=episode.unit,
                    severity=episode.severity,
                    step=move.step,
                    since=iso(episode.began),
                    observed_at=iso(now.at),
                    episode=episode.id,
                    reason=move.reason,
                )


def _judge_norm(region: Judged, entry: _At, norm: Norm, norms: Norms) -> Iterator[Transition]:
    known = region.known[entry.topic]
    for indicator in _selected(known, norm):
        scope = ",".join(f"{name}={indicator.labels[name]}" for name in norm.split)
        key = (norm.id, scope)
        episode = region.episodes.get(key)
        if not norm.holds_at(entry.at):
            if key in region.verdicts:
                # Not forgotten: a breach that ends needs a last 0 on the metrics page.
                region.verdicts[key] = ("clear", None, indicator.observed_at)
            if episode is not None:
                del region.episodes[key]
                seen = (indicator.value, indicator.observed_at)
                yield from _told(entry, norm, episode, end(episode), seen)
            continue
        verdict, value = verdict_of(norm, entry.region, indicator, entry.at, norms)
        region.verdicts[key] = (verdict, value, indicator.observed_at)
        moves: list[Move] = []
        if episode is not None:
            after, moves = advance(episode, norm, verdict, entry.at)
            if after is None:
                del region.episodes[key]
        elif verdict == "breach":
            episode, moves = begin(entry.region, norm, scope, entry.at)
            region.episodes[key] = episode
        if episode is not None:
            yield from _told(entry, norm, episode, moves, (value, indicator.observed_at))


def _selected(known: dict[str, Indicator], norm: Norm) -> list[Indicator]:
    if not norm.split:
        found = known.get(indicator_key(norm.indicator, norm.labels))
        return [] if found is None else [found]
    found_by_key = {key: found for key, found in known.items() if found.name == norm.indicator}
    return [found for _, found in sorted(found_by_key.items()) if norm.labels.items() <= found.labels.items()]


def verdict_of(
    norm: Norm, region: str, indicator: Indicator, at: int, norms: Norms
) -> tuple[Verdict, float | int | None]:
    """Hold an indicator against a norm at tick `at`; return the verdict and the value it rests on."""
    value = indicator.value
    if value is None:
        return "insufficient", None
    if norm.is_age:
        feed = norms.feed(indicator.labels["source"])
        silent = at - int(value)
        if feed.working_days_only and silent > feed.max_age:
            silent -= idle_seconds(int(value), at)
        value = round(max(silent, 0) / feed.max_age, 4)
    breach = _beyond(norm.comparison, value, norm.limit_in(region))
    if indicator.observations < norm.min_observations:
        return "insufficient", value
    if indicator.completeness < norm.min_completeness:
        return ("breach" if breach and norm.lower_bound else "insufficient"), value
    if breach:
        return "breach", value
    clear = norm.clear_limit_in(region)
    upward = norm.comparison.startswith(">")
    return ("clear" if (value <= clear if upward else value >= clear) else "between"), value


def _beyond(comparison: str, value: float, limit: float) -> bool:
    if comparison == ">":
        return value > limit
    if comparison == ">=":
        return value >= limit
    if comparison == "<":
        return value < limit
    return value <= limit


def _told(
    entry: _At, norm: Norm, episode: Episode, moves: list[Move], seen: tuple[float | int | None, int]
) -> Iterator[Transition]:
    value, observed_at = seen
    for move in moves:
        yield Transition(
            at=iso(entry.at),
            region=entry.region,
            norm=norm.id,
            scope=episode.scope,
            state=move.state,
            value=value,
            limit=norm.limit_in(entry.region),
            unit=norm.unit,
            severity=norm.severity,
            step=move.step,
            since=iso(episode.began),
            observed_at=iso(observed_at),
            episode=episode.id,
            reason=move.reason,
        )


def _is_headline(indicator: Indicator) -> bool:
    labels = indicator.labels
    return labels.get("specialism", ALL) == ALL and indicator.name != "feed_received_at"


def _overview(region: Judged, name: str, norms: Norms) -> RegionOverview | None:
    """Return the overview once every topic has passed a new tick, if it changed.

    The country's comes at least once a minute: it is the clock of those who read only overviews.
    """
    if len(region.passed) < len(REPORT_TOPICS):
        return None
    at = min(region.passed.values())
    passed = at - region.overview_at
    changed = region.changed_at > region.overview_at
    if passed <= 0 or not (changed or (name == NL and passed >= _CLOCK_SECONDS)):
        return None
    region.overview_at = at
    return RegionOverview(
        name, iso(at), indicator_views(region, headline_only=True), breach_views(region, name, norms)
    )


def indicator_views(region: Judged, *, headline_only: bool = False) -> list[IndicatorView]:
    """Return the indicators of a region that have a value, in order of topic, name and labels."""
    return [
        IndicatorView(
            found.name,
            found.labels,
            found.value,
            INDICATORS[found.name].unit,
            iso(found.observed_at),
            found.completeness,
        )
        for topic in REPORT_TOPICS
        for _, found in sorted(
            # Chosen before they are sorted: a region has hundreds, and ten of them are headlines.
            (key, found)
            for key, found in region.known.get(topic, {}).items()
            if found.value is not None and (not headline_only or _is_headline(found))
        )
    ]


def breach_views(region: Judged, name: str, norms: Norms) -> list[BreachView]:
    """Return the open breaches of a region, in order of norm and scope."""
    views = []
    for (norm_id, scope), episode in sorted(region.episodes.items()):
        norm = norms.by_id[norm_id]
        _, value, observed_at = region.verdicts[norm_id, scope]
        views.append(
            BreachView(
                norm=norm_id,
                scope=scope,
                severity=norm.severity,
                state="active" if episode.active_since else "pending",
                value=value,
                limit=norm.limit_in(name),
                unit=norm.unit,
                since=iso(episode.began),
                step=episode.step,
                episode=episode.id,
                observed_at=iso(observed_at),
            )
        )
    return views
