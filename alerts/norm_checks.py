"""From an entry of the norms file to a norm: what is wrong with it is said by norm and field.

Whatever would silently never be judged is refused: an unknown label value, a limit on the wrong side, a phase on an
indicator that carries none.
"""

from collections.abc import Mapping
from datetime import date
from typing import get_args

from alerts.instruments import FOREVER, Instrument, Period, Reference, begin_and_end, periods_of, references
from alerts.norm import Norm, NormsError, duration_seconds
from alerts.norm_file import Defaults, NormEntry
from streams.calendar import date_of, local_day
from streams.indicators import FEED_HEARD, INDICATORS, IndicatorKind
from streams.joins import JOINS
from streams.projected import QUANTILES, WINDOWS
from streams.regions import NL, REGIONS, ROAZ_IDS
from streams.reports import REPORT_TYPES
from streams.reports.coordination import Phase
from streams.reports.declaration import FREE
from streams.safety_regions import SAFETY_REGIONS
from streams.topics import REPORT_TOPICS

_OF_NO_TOPIC: Mapping[str, tuple[str, ...]] = {
    "topic": REPORT_TOPICS,
    "to": ROAZ_IDS,
    "source": FREE,
    "norm": FREE,
    "part": tuple(sorted(one.name for one in SAFETY_REGIONS.values())),
    "days": tuple(WINDOWS),
    "quantile": tuple(map(str, QUANTILES)),
}
"""Values of the labels that no report type declares."""


def norm_of(entry: NormEntry, defaults: Defaults, instruments: Mapping[str, Instrument]) -> Norm:
    """Return the norm of an entry; raises `NormsError`."""
    kind = _selected(entry)
    _check_limits(entry)
    cited, periods = _in_force(entry, instruments)
    phases = (
        () if any(not one.phases for one in periods) else {phase for one in periods for phase in one.phases}
    )
    if phases and not kind.topic:
        raise _problem(
            entry, "phases", f"`{entry.indicator}` is of every topic, whatever the phase; leave it empty"
        )
    first, last = min(one.since for one in periods), max(one.until for one in periods)
    _check_minimum(entry, kind)
    hold = _duration(entry, "hold", entry.hold or defaults.hold)
    clear_hold = _duration(entry, "clear_hold", entry.clear_hold or defaults.clear_hold)
    # A hold, of its begin or of its end, keeps a figure that flickers from beginning anew.
    cooling = _duration(entry, "cooling", entry.cooling or ("0h" if hold or clear_hold else defaults.cooling))
    _check_steps(entry)
    regions = {"regions": ROAZ_IDS, "country": (NL,), "both": (*ROAZ_IDS, NL)}[entry.applies_to]
    return Norm(
        id=entry.id,
        family=entry.family,
        title=entry.title,
        indicator=entry.indicator,
        labels=entry.labels,
        split=tuple(entry.split),
        regions=regions,
        comparison=entry.comparison,
        limit=entry.limit,
        clear_limit=entry.clear_limit,
        target_days=entry.target_days,
        hold=hold,
        clear_hold=clear_hold,
        cooling=cooling,
        min_observations=defaults.min_observations
        if entry.min_observations is None
        else entry.min_observations,
        min_weight=entry.min_weight or 0,
        few_ends=entry.few_ends,
        chance=entry.chance,
        min_completeness=defaults.min_completeness
        if entry.min_completeness is None
        else entry.min_completeness,
        lower_bound=entry.lower_bound,
        severity=entry.severity,
        audience=entry.audience,
        phases=tuple(phase for phase in get_args(Phase) if phase in phases),
        source=entry.source or "; ".join(dict.fromkeys(one.instrument.title for one in cited)),
        article=entry.article,
        rests_on=cited,
        periods=periods,
        valid_from=date_of(local_day(first)),
        valid_to=None if last == FOREVER else date_of(local_day(last - 1)),
        assumption=entry.assumption,
        steps=tuple(entry.steps),
        overrides={region: dict(changed) for region, changed in entry.overrides.items()},
        topics=(kind.topic,) if kind.topic else REPORT_TOPICS,
        unit="ratio" if kind.unit == "s" else kind.unit,
        valid_since=first,
        valid_until=last,
    )


def _in_force(
    entry: NormEntry, instruments: Mapping[str, Instrument]
) -> tuple[tuple[Reference, ...], tuple[Period, ...]]:
    """Return what a norm rests on, and when it holds: as its instruments, or as it says itself."""
    try:
        cited = references(entry.rests_on, instruments)
    except ValueError as error:
        raise _problem(entry, "rests_on", str(error)) from error
    if not cited and (entry.source is None or entry.valid_from is None):
        raise _problem(entry, "rests_on", "it names no instrument; or say source and valid_from yourself")
    if cited and entry.source is not None:
        raise _problem(entry, "source", "its instruments say it; leave it out")
    if entry.valid_from and entry.valid_to and entry.valid_to < entry.valid_from:
        raise _problem(entry, "valid_to", "it lies before valid_from")
    if entry.signal and (entry.valid_from is None or entry.assumption is None):
        raise _problem(entry, "signal", "it holds beyond its sources: say valid_from, and the assumption")
    if entry.valid_from is not None and (entry.signal or not cited):
        return cited, (begin_and_end(entry.valid_from, entry.valid_to, entry.phases),)
    if entry.phases:
        raise _problem(entry, "phases", "its instruments say them; leave them out, or say signal = true")
    within = begin_and_end(entry.valid_from or date.min, entry.valid_to, ())
    periods = tuple(
        Period(max(one.since, within.since), min(one.until, within.until), one.phases)
        for one in periods_of(cited)
        if max(one.since, within.since) < min(one.until, within.until)
    )
    if not periods:
        name = "valid_from" if entry.valid_to is None else "valid_to"
        raise _problem(
            entry,
            name,
            "none of its instruments is in force then; say signal = true if it holds all the same",
        )
    return cited, periods


def _check_minimum(entry: NormEntry, kind: IndicatorKind) -> None:
    if entry.few_ends and not (entry.min_observations or entry.min_weight):
        raise _problem(
            entry,
            "few_ends",
            "it needs a min_observations or min_weight of more than 0: fewer than that end a breach",
        )
    weight = "" if kind.ratio is None else kind.ratio.weight
    if entry.min_weight and not weight:
        raise _problem(entry, "min_weight", f"`{kind.name}` has no weight; say min_observations")
    if entry.chance and (not weight or entry.split):
        raise _problem(entry, "chance", "it is of one figure with a weight, without `split`")
    if weight and (entry.min_observations or 0) > 1 and entry.min_weight is None:
        raise _problem(
            entry,
            "min_observations",
            f"these are locations; if {weight} are meant, say min_weight, and if not, min_weight = 0",
        )


def _check_steps(entry: NormEntry) -> None:
    """The ladder goes up: two roles may hear it at the same moment, one role not twice, the minister never directly."""
    delays = [_duration(entry, "steps", step.after) for step in entry.steps]
    hearers = [(delay, step.role) for delay, step in zip(delays, entry.steps, strict=True)]
    if delays != sorted(delays) or delays[0] != 0 or len(set(hearers)) < len(hearers):
        raise _problem(entry, "steps", "the first step is after 0h, each next one later or for another role")
    if any(step.role == "minister" for step in entry.steps):
        raise _problem(
            entry, "steps", "the minister hears it through NZa (E4) or LNAZ (E5, E6); name that role"
        )


def check_targets(norms: tuple[Norm, ...]) -> None:
    """Refuse a target that the fold would never count by: nobody would notice that it is not judged."""
    longest = {
        norm.labels["access"]
        for norm in norms
        if norm.indicator == "wait_days_max" and "access" in norm.labels
    }
    for norm in norms:
        if norm.indicator.startswith("waits_within_target"):
            if norm.target_days is None:
                raise NormsError(f"norm {norm.id}, `target_days`: missing; say within how many days")
            if norm.labels.get("access") not in longest:
                raise NormsError(
                    f"norm {norm.id}, `labels`: its access kind has no norm on wait_days_max; add that one too"
                )


def _selected(entry: NormEntry) -> IndicatorKind:
    """Return the kind of indicator that an entry selects."""
    kind = INDICATORS.get(entry.indicator)
    if kind is None:
        raise _problem(entry, "indicator", f"`{entry.indicator}` is unknown; one of {', '.join(INDICATORS)}")
    if kind.unit == "s" and kind.name != FEED_HEARD:
        raise _problem(entry, "indicator", f"`{entry.indicator}` is a moment, which has no limit")
    if set(entry.labels) | set(entry.split) != set(kind.labels):
        raise _problem(entry, "labels", f"with `split` they must name {', '.join(kind.labels) or 'nothing'}")
    vocabulary = _vocabulary(kind)
    for label in kind.labels:
        if label not in vocabulary:
            raise _problem(
                entry, "labels", f"no report type of `{kind.topic}` declares the values of `{label}`"
            )
    for label, value in entry.labels.items():
        allowed = vocabulary[label]
        if allowed != FREE and value not in allowed:
            raise _problem(entry, "labels", f"`{label}` is `{value}`; one of {', '.join(allowed)}")
    return kind


def _vocabulary(kind: IndicatorKind) -> Mapping[str, tuple[str, ...]]:
    """Return the values of each label that an indicator may have; another would silently never be judged."""
    found = dict(_OF_NO_TOPIC)
    for topic in JOINS.get(kind.topic, (kind.topic,)):
        if topic in REPORT_TYPES:
            found |= REPORT_TYPES[topic].declared.labels
    return found


def _check_limits(entry: NormEntry) -> None:
    upward = entry.comparison.startswith(">")
    pairs = [(entry.limit, entry.clear_limit)]
    pairs += [
        (o.get("limit", entry.limit), o.get("clear_limit", entry.clear_limit))
        for o in entry.overrides.values()
    ]
    if any((clear > limit) if upward else (clear < limit) for limit, clear in pairs):
        raise _problem(
            entry, "clear_limit", "it lies on the wrong side of the limit; a breach would never end"
        )
    unknown = set(entry.overrides) - set(REGIONS)
    if unknown:
        raise _problem(
            entry, "overrides", f"unknown region {', '.join(sorted(unknown))}; use R01...R11 or NL"
        )


def _duration(entry: NormEntry, name: str, text: str) -> int:
    try:
        return duration_seconds(text)
    except NormsError as error:
        raise _problem(entry, name, str(error)) from error


def _problem(entry: NormEntry, name: str, what: str) -> NormsError:
    return NormsError(f"norm {entry.id}, `{name}`: {what}")
