"""The verdict on one figure: beyond the limit of its norm, within it, or not known."""

from alerts.episode import CLEARED, SUPPLY_ENDED, TOO_FEW, Episode, Verdict
from alerts.norms import Norm, Norms
from streams.evidence import Bound
from streams.status import Indicator


def verdict_of(
    norm: Norm, region: str, indicator: Indicator, at: int, norms: Norms
) -> tuple[Verdict, float | int | None]:
    """Hold an indicator against a norm at tick `at`; return the verdict and the value it rests on.

    Where it would be on the other side of the limit with those who are missed, or lies in a range on both sides of it, that
    is not known.
    """
    value = indicator.value
    if value is None:
        return "insufficient", None
    if norm.is_age:
        feed = norms.feed(indicator.labels["source"])
        value = round(feed.silent_for(int(value), at) / feed.max_age, 4)
    verdicts = {_verdict_of_seen(norm, region, value, indicator)}
    silence, bounds = indicator.silence, indicator.range
    if silence is not None and silence.missed is not None:
        verdicts.add(_verdict_of_seen(norm, region, silence.missed, indicator.seen("carried")))
    if bounds is not None:
        verdicts |= _verdicts_at(norm, region, indicator, "low", "high")
        if verdicts != {"breach"}:
            # That it is over follows from what is likely; that it is not, only from what is possible.
            verdicts |= _verdicts_at(norm, region, indicator, "least", "most")
    verdict = _one_of(verdicts)
    if (indicator if bounds is None else bounds).completeness < norm.min_completeness:
        if verdict == "breach" and norm.lower_bound:
            return verdict, value
        return ("insufficient" if verdict in {"clear", "between"} else "undecided-over"), value
    return verdict, value


def _verdicts_at(norm: Norm, region: str, indicator: Indicator, *at: Bound) -> set[Verdict]:
    """Return the verdicts on a figure at some of its bounds."""
    bounds = [indicator.seen(bound) for bound in at]
    return {_verdict_of_seen(norm, region, bound.value, bound) for bound in bounds if bound.value is not None}


def _one_of(verdicts: set[Verdict]) -> Verdict:
    """Return the verdict where several are possible."""
    if len(verdicts) == 1:
        return next(iter(verdicts))
    if "breach" in verdicts:
        return "undecided-over"
    return "between" if verdicts == {"between", "clear"} else "insufficient"


def is_given_up(norm: Norm, indicator: Indicator) -> bool:
    """Return whether there is enough to judge by only with those who are given up: nobody else tells or is missed.

    Then nobody will tell any more that a breach is over, so that it ends as if it was.
    """
    silence = indicator.silence
    if silence is None or silence.given_up is None:
        return False
    missed = indicator.seen("carried")
    if _differs(missed, indicator):
        return False
    return not _enough(norm, indicator) and _enough(norm, indicator.seen("expired"))


def hidden_by_silence(norm: Norm, region: str, indicator: Indicator) -> Verdict | None:
    """Return how a figure cannot be judged because of silence, and `between` where it is not clear because of that.

    That is where it may lie on either side of a limit by now, and where it would be judged otherwise if those who are missed
    told what they told last; where nobody tells of it, also if those who are given up did. None where it would not.
    """
    if indicator.range is not None and indicator.value is not None:
        told = _verdict_of(norm, region, indicator)
        likely = {told, *_verdicts_at(norm, region, indicator, "low", "high")}
        possible = _verdicts_at(norm, region, indicator, "least", "most")
        within = _one_of(likely if likely == {"breach"} else likely | possible)
        if within != told:
            return within
    silence = indicator.silence
    if silence is None or (silence.missed is None and indicator.value is not None):
        return None
    seen = indicator.seen("expired" if silence.missed is None else "carried")
    told, otherwise = _verdict_of(norm, region, indicator), _verdict_of(norm, region, seen)
    if indicator.completeness < norm.min_completeness:
        return "insufficient" if _differs(seen, indicator) and otherwise != "insufficient" else None
    if told == otherwise or (told, otherwise) == ("between", "clear"):
        return None
    return _one_of({told, otherwise})


def _verdict_of(norm: Norm, region: str, found: Indicator) -> Verdict:
    if found.value is None:
        return "insufficient"
    return _verdict_of_seen(norm, region, found.value, found)


def reason_of_clear(norm: Norm, region: str, episode: Episode, indicator: Indicator) -> str:
    """Return why a breach ends of which the figure is clear.

    Everybody was given up who told of it, or somebody who was beyond the limit; or it is about too few; or it is over.
    """
    if is_given_up(norm, indicator):
        return SUPPLY_ENDED
    silence = indicator.silence
    if (
        silence is not None
        and silence.given_up is not None
        and silence.given_up_at > episode.began
        and _verdict_of_seen(norm, region, silence.given_up, indicator.seen("expired")) != "clear"
    ):
        return SUPPLY_ENDED
    value = indicator.value
    if (
        norm.few_ends
        and value is not None
        and _verdict_of_value(norm, region, value, indicator.weighs) != "clear"
    ):
        return TOO_FEW
    return CLEARED


def _enough(norm: Norm, indicator: Indicator) -> bool:
    return indicator.value is not None and (norm.few_ends or _is_about_enough(norm, indicator))


def _is_about_enough(norm: Norm, seen: Indicator) -> bool:
    return seen.observations >= norm.min_observations and seen.weighs >= norm.min_weight


def _differs(one: Indicator, other: Indicator) -> bool:
    return (one.value, one.observations, one.weighs) != (other.value, other.observations, other.weighs)


def _verdict_of_seen(norm: Norm, region: str, value: float, seen: Indicator) -> Verdict:
    if not _is_about_enough(norm, seen):
        return "clear" if norm.few_ends else "insufficient"
    return _verdict_of_value(norm, region, value, seen.weighs)


def _verdict_of_value(norm: Norm, region: str, value: float, weight: float) -> Verdict:
    if _beyond(norm.comparison, value, norm.limit_in(region, weight)):
        return "breach"
    clear = norm.clear_limit_in(region, weight)
    upward = norm.comparison.startswith(">")
    return "clear" if (value <= clear if upward else value >= clear) else "between"


def _beyond(comparison: str, value: float, limit: float) -> bool:
    if comparison == ">":
        return value > limit
    if comparison == ">=":
        return value >= limit
    if comparison == "<":
        return value < limit
    return value <= limit
