"""The indicators: every figure that the folds compute per region, with its topic, labels and unit.

An indicator is named once, here; norms select it, metrics export it, pages and dashboards show it.
Units: `beds`, `patients`, `referrals`, `places`, `waits` are counts; `ratio` is 0...; `d` is days; `s` is
seconds since 1970 where the name ends in `_at`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from streams.topics import COORDINATION, FOLLOW_UP, OCCUPANCY, REFERRALS, WAITING_TIMES


@dataclass(frozen=True, slots=True)
class IndicatorKind:
    """One kind of figure.

    Attributes:
        name: snake_case, as in status output.
        topic: report topic it is folded from.
        labels: names of its labels besides the region, in order.
        unit: unit of its value.
        text: what it is, for people (Dutch).
        national: how the country's value follows from the regions': `sum`, `max`, `ratio` (recomputed
            from sums) or `none`.
    """

    name: str
    topic: str
    labels: tuple[str, ...]
    unit: str
    text: str
    national: str


_UNIT_LABEL = ("label", "unit")

_KINDS = (
    IndicatorKind("beds_occupied", OCCUPANCY, _UNIT_LABEL, "beds", "bezette bedden, laatste stand", "sum"),
    IndicatorKind("beds_occupied_mean_7d", OCCUPANCY, _UNIT_LABEL, "beds", "bezette bedden, gemiddelde van 7 dagen", "sum"),
    IndicatorKind("beds_staffed", OCCUPANCY, ("unit",), "beds", "bedden met personeel", "sum"),
    IndicatorKind("occupancy_ratio", OCCUPANCY, ("unit",), "ratio", "bezette bedden per bed met personeel", "ratio"),
    IndicatorKind("admissions_7d", OCCUPANCY, _UNIT_LABEL, "patients", "opnames in 7 dagen, naar dag van opname", "sum"),
    IndicatorKind("notified_day", OCCUPANCY, _UNIT_LABEL, "patients", "opnames gemeld op de laatste dag", "sum"),
    IndicatorKind("notified_per_admission", OCCUPANCY, _UNIT_LABEL, "ratio", "meldingen op een dag per opname die dag (gemiddelde van 7 dagen)", "none"),
    IndicatorKind("waits", WAITING_TIMES, ("access", "specialism"), "waits", "bekende wachttijden", "sum"),
    IndicatorKind("waits_over_treeknorm", WAITING_TIMES, ("access", "specialism"), "waits", "wachttijden boven de Treeknorm", "sum"),
    IndicatorKind("waits_over_treeknorm_ratio", WAITING_TIMES, ("access", "specialism"), "ratio", "aandeel wachttijden boven de Treeknorm", "ratio"),
    IndicatorKind("waits_within_target", WAITING_TIMES, ("access", "specialism"), "waits", "wachttijden binnen de streefnorm", "sum"),
    IndicatorKind("waits_within_target_ratio", WAITING_TIMES, ("access", "specialism"), "ratio", "aandeel wachttijden binnen de streefnorm", "ratio"),
    IndicatorKind("waits_closed", WAITING_TIMES, ("access", "specialism"), "waits", "aanmeldstops", "sum"),
    IndicatorKind("wait_days_median", WAITING_TIMES, ("access", "specialism"), "d", "mediaan van de wachttijden", "none"),
    IndicatorKind("wait_days_max", WAITING_TIMES, ("access", "specialism"), "d", "langste wachttijd", "max"),
    IndicatorKind("referrals_week", REFERRALS, ("specialism", "target"), "referrals", "verwijzingen in de laatste volle week", "sum"),
    IndicatorKind("referrals_expected_week", REFERRALS, ("specialism", "target"), "referrals", "verwachte verwijzingen in die week", "sum"),
    IndicatorKind("referrals_ratio", REFERRALS, ("specialism", "target"), "ratio", "verwijzingen per verwachte verwijzing", "ratio"),
    IndicatorKind("followup_waiting", FOLLOW_UP, ("sector",), "patients", "wachtend in het ziekenhuis op vervolgzorg", "sum"),
    IndicatorKind("followup_free_places", FOLLOW_UP, ("sector",), "places", "vrije plaatsen in de vervolgzorg", "sum"),
    IndicatorKind("followup_strain_ratio", FOLLOW_UP, ("sector",), "ratio", "wachtenden als deel van wachtenden en vrije plaatsen", "ratio"),
    IndicatorKind("phase", COORDINATION, (), "phase", "LNAZ-fase: 1, 2A = 2, 2B = 3, 2C = 4, 2D = 5, 3 = 6", "max"),
    IndicatorKind("feed_received_at", "", ("source", "topic"), "s", "laatste bericht van een bron", "max"),
    IndicatorKind("backdated_reports", "", ("source", "topic"), "reports", "berichten van een etmaal die meer dan 3 dagen oud waren", "sum"),
)  # fmt: skip

INDICATORS: Mapping[str, IndicatorKind] = {kind.name: kind for kind in _KINDS}
"""Every kind of indicator by name. An empty topic means: folded from each report topic."""

ALL = "all"
"""Label value for the total over a label, such as all specialisms."""


def indicator_key(name: str, labels: Mapping[str, str]) -> str:
    """Return the identity of an indicator within a region, such as `beds_staffed{unit=ic}`.

    >>> indicator_key("beds_occupied", {"unit": "ic", "label": "covid"})
    'beds_occupied{label=covid,unit=ic}'
    """
    if len(labels) == 2:  # by far the most, and every figure of every tick has one
        (one, its), (two, others) = labels.items()
        if one < two:
            return f"{name}{{{one}={its},{two}={others}}}"
        return f"{name}{{{two}={others},{one}={its}}}"
    inside = ",".join([f"{label}={labels[label]}" for label in sorted(labels)])
    return f"{name}{{{inside}}}" if inside else name
