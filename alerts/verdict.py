"""The verdict on one figure: beyond the limit of its norm, within it, or not known."""

from alerts.episode import Episode, Verdict
from alerts.norms import Norm, Norms
from streams.status import Indicator


def verdict_of(
    norm: Norm, region: str, indicator: Indicator, at: int, norms: Norms
) -> tuple[Verdict, float | int | None]:
    """Hold an indicator against a norm at tick `at`; return the verdict and the value it rests on.

    Where it would be on the other side of the limit with those who are missed, that is not known.
    """
    value = indicator.value
    if value is None:
        return "insufficient", None
    if norm.is_age:
        feed = norms.feed(indicator.labels["source"])
        value = round(feed.silent_for(int(value), at) / feed.max_age, 4)
    if indicator.observations < norm.min_observations:
        return "insufficient", value
    verdict = _verdict_of_value(norm, region, value)
    if indicator.completeness < norm.min_completeness:
        return ("breach" if verdict == "breach" and norm.lower_bound else "insufficient"), value
    if indicator.silence is not None and indicator.silence.missed is not None:
        missed = _verdict_of_value(norm, region, indicator.silence.missed)
        if missed != verdict:
            return ("insufficient" if "breach" in {verdict, missed} else "between"), value
    return verdict, value


def _verdict_of_value(norm: Norm, region: str, value: float) -> Verdict:
    if _beyond(norm.comparison, value, norm.limit_in(region)):
        return "breach"
    clear = norm.clear_limit_in(region)
    upward = norm.comparison.startswith(">")
    return "clear" if (value <= clear if upward else value >= clear) else "between"


def is_given_up(norm: Norm, region: str, episode: Episode, indicator: Indicator) -> bool:
    """Return whether a breach is clear only because somebody was given up who fell silent in it."""
    silence = indicator.silence
    if silence is None or silence.given_up is None or silence.given_up_at <= episode.began:
        return False
    return _verdict_of_value(norm, region, silence.given_up) != "clear"


def _beyond(comparison: str, value: float, limit: float) -> bool:
    if comparison == ">":
        return value > limit
    if comparison == ">=":
        return value >= limit
    if comparison == "<":
        return value < limit
    return value <= limit
