"""The overview of a region: its headline figures and open breaches, once everything has passed a tick that changed them."""

from bisect import bisect_left, bisect_right

from alerts.doubts import doubt_views
from alerts.episode import UNDECIDED
from alerts.judged import Judged
from alerts.norms import Norms
from alerts.unjudged import silent_views, unjudged_views
from alerts.where import counts_of, where_behind
from streams.calendar import iso
from streams.indicators import ALL, INDICATORS
from streams.joins import FIGURE_SOURCES, STATUS_SOURCES
from streams.moments import after_of, comes_after, earliest, place_of, second_of
from streams.regions import NL
from streams.status import Indicator, RegionOverview
from streams.views import BreachView, IndicatorView

_CLOCK_SECONDS = 60
_CHANGES_KEPT = 1000
"""While a topic stands still no overview is written; when it goes on, those of the last changes are enough."""

_TIMES = {
    "feed_received_at",
    "forecast_age_hours",
    "notice_at",
    "operations_monday_at",
    "workstock_monday_at",
}
"""Not shown: times and ages, which say no more than the times of what is shown; most change with every report or hour."""


def is_headline(indicator: Indicator) -> bool:
    """Return whether an overview shows it: totals, not figures per specialism, nor a projection of some patients."""
    if indicator.name == "projected_beds":
        return indicator.labels["label"] == ALL
    return indicator.labels.get("specialism", ALL) == ALL and indicator.name not in _TIMES


def note_change(region: Judged, at: int) -> None:
    """Take note that at tick `at` something changed that an overview shows."""
    changes = region.changes
    place = bisect_left(changes, place_of(at), key=place_of)
    if place == len(changes) or changes[place] != at:
        changes.insert(place, at)
        del changes[:-_CHANGES_KEPT]


def goes_on(region: Judged, before: int) -> bool:
    """Return whether everything has passed a new tick, now that a topic or join whose last one was `before` passed one."""
    if region.trailing:
        if comes_after(before, region.complete):
            return False
        if region.trailing > 1:
            region.trailing -= 1
            return False
    if len(region.passed) < len(STATUS_SOURCES):
        return False
    ticks = region.passed.values()
    region.complete = earliest(ticks)
    region.trailing = sum(tick == region.complete for tick in ticks)
    return comes_after(region.complete, region.overview_at)


def overview_due(region: Judged, name: str, norms: Norms) -> RegionOverview | None:
    """Return the overview of the tick that everything has passed, if something changed up to it.

    The country's comes at least once a minute: it is the clock of those who read only overviews.
    """
    moment = region.complete
    at, after = second_of(moment), after_of(moment)
    changes = region.changes
    changed = bool(changes) and not comes_after(changes[0], moment)
    again = after != after_of(region.overview_at)  # a time of its own is news to whoever shows it
    if not (changed or again or (name == NL and at - second_of(region.overview_at) >= _CLOCK_SECONDS)):
        return None
    del changes[: bisect_right(changes, place_of(moment), key=place_of)]
    region.overview_at = moment
    return RegionOverview(
        name,
        iso(at),
        _headlines(region),
        breach_views(region, name, norms),
        silent_views(region),
        unjudged_views(region, name, norms),
        after,
        doubt_views(region),
    )


def _headlines(region: Judged) -> list[IndicatorView]:
    """Return the headline indicators; those of a topic are looked through again only when one of them changed."""
    held = region.headlines
    views = []
    for topic in FIGURE_SOURCES:
        own = held.get(topic)
        if own is None:
            own = held[topic] = _views(region, topic, headline_only=True)
        views += own
    return views


def indicator_views(region: Judged) -> list[IndicatorView]:
    """Return the indicators of a region that have a value, in order of topic or join, name and labels."""
    return [view for topic in FIGURE_SOURCES for view in _views(region, topic, headline_only=False)]


def _views(region: Judged, topic: str, *, headline_only: bool) -> list[IndicatorView]:
    return [
        _view(found)
        for _, found in sorted(
            # Chosen before they are sorted: a region has hundreds, and ten of them are headlines.
            (key, found)
            for series in region.known.get(topic, {}).values()
            for key, found in series.items()
            if found.value is not None and (not headline_only or is_headline(found))
        )
    ]


def _view(found: Indicator) -> IndicatorView:
    own, bounds = found.evidence, found.range
    newest = iso(found.observed_at)
    return IndicatorView(
        found.name,
        found.labels,
        found.value,
        INDICATORS[found.name].unit,
        newest,
        found.completeness,
        expected=None if own is None else own.expected,
        counted=None if own is None else own.counted,
        carried=None if own is None else own.carried,
        expired=None if own is None else own.expired,
        suspect=None if own is None else own.suspect,
        oldest="" if own is None or not own.oldest else iso(own.oldest),
        newest=newest,
        low=None if bounds is None else bounds.low,
        high=None if bounds is None else bounds.high,
    )


def breach_views(region: Judged, name: str, norms: Norms) -> list[BreachView]:
    """Return the open breaches of a region, in order of norm and scope."""
    views = []
    for (norm_id, scope), episode in sorted(region.episodes.items()):
        norm = norms.by_id[norm_id]
        verdict, value, observed_at = region.verdicts[norm_id, scope]
        where = where_behind(region, norm, scope)
        part, of = counts_of(where, norm.indicator) or (None, None)
        views.append(
            BreachView(
                norm=norm_id,
                scope=scope,
                severity=norm.severity,
                state="active" if episode.active_since else "pending",
                value=value,
                limit=region.limit_of(norm, name),
                unit=norm.unit,
                since=iso(episode.began),
                step=episode.step,
                episode=episode.id,
                observed_at=iso(observed_at),
                judged=verdict not in UNDECIDED,
                part=part,
                of=of,
                where=() if where is None else where.places,
                others=0 if where is None else where.others,
            )
        )
    return views
