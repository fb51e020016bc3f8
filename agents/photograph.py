"""What the metrics page shows, taken from the stages' state in one go: an immutable photograph.

Taken in the worker's own loop, so that no scrape ever sees a half-changed state; read by the thread that serves
the page. A region is photographed again only when it changed. A stage that another worker has now is not in the
picture, and nothing is shown before state is there: a first 0 would read as "resolved".
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import get_args

from faust.types import TP

from agents.domain.counts import OUTCOMES
from agents.domain.losses import EntriesLost, shown_entries
from agents.domain.registration import unknown_senders
from agents.engine.progress import Position
from agents.fold_reports import FoldReports
from agents.judge_status import JudgePartition, JudgeStatus
from agents.sum_nation import SumNation
from alerts.episode import UNDECIDED
from alerts.judged import Judged
from alerts.metrics import (
    BREACH_ACTIVE,
    BREACH_ACTIVE_SINCE,
    BREACH_ENDED,
    BREACH_SINCE,
    BREACH_STEP,
    BREACH_WHERE,
    BUILD,
    CARE,
    ENTRIES_LOST,
    ENTRIES_LOST_AT,
    ENTRIES_REFUSED,
    INDICATOR_OBSERVED,
    INDICATOR_VALUE,
    LAG,
    LAST_TICK,
    LOST,
    NORM_COMPLETE,
    NORM_INSUFFICIENT,
    NORM_LOCATIONS,
    NORM_OLDEST,
    NORM_SILENT,
    NORM_THRESHOLD,
    NORM_UNDECIDED_OVER,
    READY,
    REPORTS,
    SILENT_TOLD,
    SOURCE_LAST_EVENT,
    SOURCE_MAX_AGE,
    TICK_SKEW,
    TICKS,
    TICKS_REFUSED,
    TIME_AHEAD,
    TRANSITIONS,
    UNKNOWN_SENDERS,
    Metric,
)
from alerts.norms import Norm, Norms
from alerts.rests_on import STANDINGS, told_share
from alerts.texts import read_texts
from alerts.unjudged import silent_on, unjudged_keys
from alerts.where import counts_of, where_behind
from alerts.where_text import place_name
from streams.calendar import iso
from streams.indicators import ALL
from streams.moments import earliest, place_of, second_of
from streams.status import BreachState
from streams.ticks import AHEAD_MS_MAX, TIMESTAMP_AHEAD_MS_MAX, Fault
from streams.topics import REPORT_TOPICS

Sample = tuple[Metric, tuple[str, ...], float]
Photograph = Mapping[str, tuple[tuple[tuple[str, ...], float], ...]]
"""For each metric name, its label values and value."""

_PER_SPECIALISM = {
    "waits_over_treeknorm_ratio",
    "wait_days_median",
    "referrals_ratio",
    "unequal_access_part_ratio",
    "unequal_access_ratio",
}
"""Indicators shown per specialism as well; the others only as totals, to keep the page small."""


class Photographer:
    """Takes photographs of the stages of one worker.

    Args:
        folds: the fold stages.
        judge: the judge stage.
        norms: the norms in force.
        version: version of the program.
        clock: seconds since 1970; without it the skew of the ticks is not shown.
        nation: the second stage.
    """

    def __init__(
        self,
        folds: Iterable[FoldReports],
        judge: JudgeStatus,
        norms: Norms,
        version: str,
        clock: Callable[[], float] | None = None,
        nation: SumNation | None = None,
    ) -> None:
        self.folds = tuple(folds)
        self.judge = judge
        self.norms = norms
        self.version = version
        self.clock = clock
        self.nation = nation
        self._seen: JudgePartition | None = None
        self._regions: dict[str, list[Sample]] = {}

    def take(self, *, ready: bool, positions: Mapping[tuple[str, TP], Position] | None = None) -> Photograph:
        """Return the picture of this moment; `positions` of the worker's partitions, None if not known."""
        samples: list[Sample] = [
            (READY, (), float(ready)),
            (BUILD, (self.version, self.norms.version), 1.0),
        ]
        samples += self._fold_samples()
        samples += [
            (LAG, (stage, tp.topic, str(tp.partition)), float(position.lag))
            for (stage, tp), position in sorted((positions or {}).items())
        ]
        refused = self.judge.entries.door.refused_entries
        samples += [(ENTRIES_REFUSED, (stage,), float(refused[stage])) for stage in ("nation", "judge")]
        samples += self._lost_samples()
        if self.judge.held is not None and ready:
            samples += self._judge_samples(self.judge.held)
        picture: dict[str, list[tuple[tuple[str, ...], float]]] = defaultdict(list)
        for metric, labels, value in samples:
            picture[metric.name].append((labels, value))
        return {name: tuple(values) for name, values in picture.items()}

    def _fold_samples(self) -> Iterable[Sample]:
        for fold in self.folds:
            states = [held.state for held in fold.held.values()]
            if not states:
                continue
            for outcome in (*OUTCOMES, "lost"):
                total = sum(getattr(state.counts, outcome) for state in states)
                yield REPORTS, (fold.source, outcome), float(total)
            for state in states:
                for loss in state.losses:
                    place = (fold.source, str(state.partition), str(loss.begin), str(loss.end))
                    yield LOST, (*place, iso(loss.after)), float(loss.end - loss.begin)
            strangers = {one for state in states for one in unknown_senders(state)}
            yield UNKNOWN_SENDERS, (fold.source,), float(len(strangers))
            yield TICKS, ("fold", fold.source), float(sum(state.counts.ticks for state in states))
            ticks = [state.last_tick for state in states]
            yield LAST_TICK, ("fold", fold.source), float(second_of(earliest(ticks)))
            newest = second_of(max(ticks, key=place_of))
            if self.clock is not None and newest:
                skew = newest - self.clock()
                yield TICK_SKEW, (fold.source,), round(skew, 3)
                yield TIME_AHEAD, (fold.source,), float(skew * 1000 > AHEAD_MS_MAX + TIMESTAMP_AHEAD_MS_MAX)
            for fault in get_args(Fault):
                yield TICKS_REFUSED, (fold.source, fault), float(fold.door.refused_ticks[fold.source, fault])

    def _lost_samples(self) -> Iterable[Sample]:
        if self.nation is not None and (nation := self.nation.held) is not None:
            yield from _lost(self.nation.name, nation.lost, nation.passed())
        if (judge := self.judge.held) is not None:
            yield from _lost(self.judge.name, judge.image.lost, judge.passed())

    def _judge_samples(self, held: JudgePartition) -> list[Sample]:
        image = held.image
        if held is not self._seen:
            self._seen, self._regions = held, {}
            held.dirty.update(image.judged.regions)
        for name in sorted(held.dirty & image.judged.regions.keys()):
            self._regions[name] = list(self._region_samples(name, image.judged.regions[name]))
        held.dirty.clear()
        samples = [sample for name in sorted(self._regions) for sample in self._regions[name]]
        regions = image.judged.regions.values()
        for topic, ticks in sorted(image.ticks.items()):
            last = earliest([region.passed.get(topic, 0) for region in regions])
            samples.append((LAST_TICK, ("judge", topic), float(second_of(last))))
            samples.append((TICKS, ("judge", topic), float(ticks)))
        samples += [
            (TRANSITIONS, (state,), float(image.transitions.get(state, 0))) for state in get_args(BreachState)
        ]
        sources = {labels[0] for metric, labels, _ in samples if metric is SOURCE_LAST_EVENT}
        samples += [
            (SOURCE_MAX_AGE, (source,), float(self.norms.feed(source).max_age)) for source in sorted(sources)
        ]
        return samples

    def _region_samples(self, name: str, region: Judged) -> Iterable[Sample]:
        newest: dict[str, int] = {}
        for series in [series for by_name in region.known.values() for series in by_name.values()]:
            for found in series.values():
                labels = found.labels
                if found.name == "feed_received_at":
                    newest[labels["source"]] = max(newest.get(labels["source"], 0), found.observed_at)
                elif (
                    found.value is not None
                    and (labels.get("specialism", ALL) == ALL or found.name in _PER_SPECIALISM)
                    and (metric := CARE.get(found.name)) is not None
                ):
                    yield metric, (name, *(labels[label] for label in metric.labels[1:])), float(found.value)
        for source, at in sorted(newest.items()):
            yield SOURCE_LAST_EVENT, (source, name), float(at)
        # A snapshot may know norms that a changed file no longer has; the judge ends them at the next tick.
        judged = {key: seen for key, seen in region.verdicts.items() if key[0] in self.norms.by_id}
        for (norm_id, scope), (verdict, value, observed_at) in sorted(judged.items()):
            norm = self.norms.by_id[norm_id]
            yield from self._norm_samples(name, region, norm, scope)
            yield NORM_INSUFFICIENT, (name, norm_id, scope), float(verdict in UNDECIDED)
            if value is not None:
                yield INDICATOR_VALUE, (name, norm_id, scope), float(value)
                yield INDICATOR_OBSERVED, (name, norm_id, scope), float(observed_at)
        yield from self._silence_samples(name, region)
        for norm_id in sorted({norm_id for norm_id, _ in judged}):
            yield NORM_THRESHOLD, (name, norm_id), region.limit_of(self.norms.by_id[norm_id], name)

    def _silence_samples(self, name: str, region: Judged) -> Iterable[Sample]:
        for topic in REPORT_TOPICS:
            found = silent_on(region, topic)
            # Of two regions of the country the same name is one series: the longest silent comes first.
            told = {one.location: one.told_at for one in reversed(found.silent)} if found else {}
            for location, at in sorted(told.items()):
                yield SILENT_TOLD, (name, topic, location), float(at)
        for key in sorted(unjudged_keys(region, name, self.norms)):
            yield NORM_SILENT, (name, *key), 1.0
            if region.verdicts[key][0] == "undecided-over":
                yield NORM_UNDECIDED_OVER, (name, *key), 1.0

    @staticmethod
    def _norm_samples(name: str, region: Judged, norm: Norm, scope: str) -> Iterable[Sample]:
        source = norm.topics[0].removeprefix("care.")
        if len(norm.topics) > 1:
            source = scope.rpartition("topic=care.")[2]
        episode = region.episodes.get((norm.id, scope))
        active = episode is not None and bool(episode.active_since)
        labels = (name, norm.id, scope, norm.severity, source)
        yield BREACH_ACTIVE, labels, float(active)
        yield BREACH_STEP, labels, float(episode.step if episode is not None else 0)
        if (reason := region.ended.get((norm.id, scope))) is not None:
            yield BREACH_ENDED, (name, norm.id, scope, reason), 1.0
        yield from _evidence_samples(region, norm, (name, norm.id, scope), active=active)
        if episode is not None and active:
            yield BREACH_SINCE, (name, norm.id, scope), float(episode.began)
            yield BREACH_ACTIVE_SINCE, (name, norm.id, scope), float(episode.active_since)
            yield from _where_samples(region, norm, (name, norm.id, scope))


def _evidence_samples(
    region: Judged, norm: Norm, labels: tuple[str, str, str], *, active: bool
) -> Iterable[Sample]:
    """Yield what a figure rests on: that of an active breach, and one of which somebody is carried forward or has expired."""
    found = region.figure_of(norm, labels[2])
    if found is None or norm.is_age:
        return
    told = found.evidence
    if told is None:
        if active:
            yield NORM_COMPLETE, labels, found.completeness
        return
    if not (active or told.carried or told.expired):
        return
    for standing in STANDINGS:
        yield NORM_LOCATIONS, (*labels, standing), float(getattr(told, standing))
    yield NORM_COMPLETE, labels, told_share(told, found.completeness)
    if told.oldest:
        yield NORM_OLDEST, labels, float(told.oldest)


def _where_samples(region: Judged, norm: Norm, labels: tuple[str, str, str]) -> Iterable[Sample]:
    """Yield who is behind the figure of a breach: at most `PLACES_NAMED` of them."""
    where = where_behind(region, norm, labels[2])
    if where is None:
        return
    texts = read_texts()
    for place, one in enumerate(where.places, start=1):
        for name, value in (("part", one.part), ("of", one.of)):
            yield BREACH_WHERE, (*labels, str(place), place_name(one.name, texts), name), float(value)
    for name, value in zip(("part", "of"), counts_of(where, norm.indicator) or (), strict=False):
        yield BREACH_WHERE, (*labels, "0", "", name), float(value)
    yield BREACH_WHERE, (*labels, "0", "", "others"), float(where.others)


def _lost(stage: str, lost: EntriesLost, passed: Iterable[int]) -> Iterable[Sample]:
    yield ENTRIES_LOST, (stage,), float(lost.count)
    for loss in shown_entries(lost, passed):
        place = (stage, str(loss.begin), str(loss.end), iso(loss.after))
        yield ENTRIES_LOST_AT, place, float(loss.end - loss.begin)
