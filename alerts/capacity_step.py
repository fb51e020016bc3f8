"""A count of more beds ends no breach by itself: fewer patients must be expected than were when it came.

What our own projection makes of the register of capacity (`alerts/capacity.py`) falls on the day on which somebody writes down
a count, though nobody left a bed. So an open breach of it is over only once the beds that are expected lie below those that were
expected just before the step. Beds that hospitals report are no step of the register: there the ratio says it all.
"""

from collections.abc import Mapping

from alerts.episode import Episode, Verdict
from alerts.norms import Norm, Norms
from streams.calendar import local_day
from streams.indicators import indicator_key
from streams.status import Indicator

_JUDGED = "projected_occupancy_ratio"
_CAPACITY = "capacity_known_beds"


def after_step(
    episode: Episode,
    norm: Norm,
    region: str,
    verdict: Verdict,
    value: float | None,
    before: float | None,
    known: Mapping[str, Mapping[str, Indicator]],
    at: int,
    norms: Norms,
) -> Verdict:
    """Return the verdict on the figure of an open breach: not clear where only the register made room.

    Args:
        episode: of that breach; it takes note of what it is held against, and of what was expected at a step.
        norm: of that breach.
        region: region id or `NL`.
        verdict: on the figure itself.
        value: the figure.
        before: the figure when it was judged last.
        known: the figures of the region by name and key.
        at: the tick.
        norms: with the register.
    """
    if norm.indicator != _JUDGED:
        return verdict
    unit = norm.labels["unit"]
    capacity = known.get(_CAPACITY, {}).get(indicator_key(_CAPACITY, {"unit": unit}))
    record = norms.capacity_known(region, unit, local_day(at))
    if (
        capacity is None
        or not capacity.value
        or record is None
        or (capacity.value, capacity.observed_at) != (record.beds, record.known_at)
    ):
        episode.against = 0.0
        return verdict
    if 0 < episode.against < record.beds and before is not None:
        episode.expected_at_step = max(episode.expected_at_step, before * episode.against)
    episode.against = float(record.beds)
    if verdict == "clear" and value is not None and value * record.beds >= episode.expected_at_step > 0:
        return "between"
    return verdict
