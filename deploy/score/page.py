"""The scorecard as a page: `docs/scorecard.md`, made by `ketenwacht score --write`."""

from collections.abc import Iterable, Sequence
from datetime import date

from deploy.score.accuracy import Accuracy
from deploy.score.projected import DAMPED, DAMPED_DAYS, LINE_DAYS, SAME_WEEKDAYS
from deploy.score.score import TOGETHER, Score
from deploy.score.warned import AHEAD, CLAIMED_FROM, OURS, QUIET, WAYS, Onset, Tally, Warned

HEADER = "<!-- Made by `ketenwacht score --write` from the files that it names; do not edit by hand. -->\n"

_INTRODUCTION = """\
How good our own projection of the beds was ([how it works](projection.md)), on public files, beside beds that stay as they are
(persistence), a damped line and a straight line. Each day is projected from the days up to it only, and its band from errors whose
outcome was known the day before.

The *damped line* is the plain way to beat: COVID patients go on along the line through the last {damped_days} days, each day with
{damped} of the slope of the day before; the others are the mean of the last {same} same weekdays. The *line* goes on as the last
{line} days went.

What was tuned on what: the shape and the constants of the projection were chosen on the Dutch days from 24-5-2020 to
26-7-2021 and on the German states from January to June 2021, both below. So those figures say how well it fits; nothing of
autumn 2021 or later was looked at. What else was tried on the same days: [how it works](projection.md#what-was-tried-beside-it).
`ketenwacht score --lcps FILE` scores any other file of LCPS the same way, `--divi FILE` one of the German register of intensive care.
"""

_WARNINGS = """\
*Over* is more beds occupied than the limit of the norm times the capacity known that day: for the country that of the
register ([norms](norms.md#capacity)), for a German state all its beds, occupied and free. An *onset* is the first day over
after {quiet} quiet days. A *warning* begins when a norm on the projection speaks, and a new one when it was clear for its
clear hold in between. It is *right* if an onset follows within {ahead} days, and *acted upon* if none did though the beds
would have been over had the other patients stayed as many as that day: people scaled down first. *During*: the
region was over that day or in the {quiet} days before, so no onset could follow. *Open*: the file ends first. Those two do
not count. Each day is looked at once, so a warning that the hold of six hours kept silent counts as well. Below {claimed}
counted warnings no precision is claimed.
"""

_ERRORS = """\
Mean absolute error in beds, and the share of days on which the beds lay within the 80 % band; by the day on which was
projected, over pairs of days that are both known.
"""

_OUTCOMES = {"right": "right", "acted": "acted upon", "wrong": "wrong", "during": "during", "open": "open"}
_PARTS = {"all": "all patients", "covid": "COVID patients", "other": "other patients"}
_UNITS = {"ic": "IC", "ward": "ward"}


def page(found: Score) -> str:
    """Return the page; the same files and norms give the same bytes."""
    parts = [HEADER, "# Scorecard of the projection\n", _introduction()]
    files = [
        (f"`{one['name']}`", one["series"], one["days"], one["first"], one["last"]) for one in found.files
    ]
    parts.append(_table(("file", "series", "days", "first", "last"), files))
    parts.append("## Mean error and band\n")
    parts.append(_ERRORS)
    for region, unit, part in dict.fromkeys((one.region, one.unit, one.part) for one in found.accuracy):
        own = [one for one in found.accuracy if (one.region, one.unit, one.part) == (region, unit, part)]
        parts.append(f"### {region}, {_UNITS[unit]}, {_PARTS[part]}\n")
        parts.append(_accuracy(own))
    parts.append("## Warnings\n")
    parts.append(_WARNINGS.format(quiet=QUIET, ahead=AHEAD, claimed=CLAIMED_FROM))
    parts.append(_table(_TALLY, [_tally(one) for one in found.tallies]))
    parts.append("### Every onset\n")
    onsets = [_onset(one, found.warnings) for one in found.onsets]
    parts.append(_table(("region", "unit", "onset", *(f"first told by the {way}" for way in WAYS)), onsets))
    parts.append("### Every warning\n")
    parts.append("Of the projection; those of the line are in `ketenwacht score --json`.\n")
    given = [_warned(one) for one in found.warnings if one.way == OURS]
    parts.append(_table(("norm", "region", "day", "outcome", "onset"), given))
    return "\n".join(parts)


def _introduction() -> str:
    return _INTRODUCTION.format(line=LINE_DAYS, damped_days=DAMPED_DAYS, damped=DAMPED, same=SAME_WEEKDAYS)


def _accuracy(own: Sequence[Accuracy]) -> str:
    rows = [
        (
            one.wave,
            one.ahead,
            one.days,
            one.error,
            one.persistence,
            one.damped,
            one.line,
            _percent(one.covered),
        )
        for one in own
    ]
    columns = (
        "wave",
        "days ahead",
        "pairs",
        "projection",
        "persistence",
        "damped line",
        "line",
        "in the band",
    )
    return _table(columns, rows)


_TALLY = (
    "of",
    "norm",
    "way",
    "counted",
    "right",
    "acted upon",
    "wrong",
    "during",
    "open",
    "precision",
    "right or acted upon",
    "onsets told",
)


def _tally(one: Tally) -> tuple[object, ...]:
    few = f"n = {one.counted}, none claimed"
    return (
        one.region,
        "all of these" if one.norm == TOGETHER else f"`{one.norm}`",
        one.way,
        one.counted,
        one.right,
        one.acted,
        one.wrong,
        one.during,
        one.open,
        few if one.precision is None else _percent(one.precision),
        few if one.useful is None else _percent(one.useful),
        f"{one.told} of {one.onsets}" + ("" if one.recall is None else f" ({_percent(one.recall)})"),
    )


def _onset(onset: Onset, warnings: Iterable[Warned]) -> tuple[str, ...]:
    first = []
    for way in WAYS:
        days = [
            one.day for one in warnings if (one.way, one.region, one.onset) == (way, onset.region, onset.day)
        ]
        if days:
            before = (date.fromisoformat(onset.day) - date.fromisoformat(min(days))).days
            first.append(f"{min(days)}, {before} d before")
        else:
            first.append("not told" if onset.could_be_told else "too early to tell")
    return onset.region, _UNITS[onset.unit], onset.day, *first


def _warned(one: Warned) -> tuple[str, ...]:
    return f"`{one.norm}`", one.region, one.day, _OUTCOMES[one.outcome], one.onset or "-"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    if not rows:
        return "None: n = 0.\n"
    lines = [columns, ["---"] * len(columns), *rows]
    head, rule, *rest = (f"| {' | '.join(map(str, line))} |" for line in lines)
    return "\n".join((head, rule.replace(" ", ""), *rest)) + "\n"
