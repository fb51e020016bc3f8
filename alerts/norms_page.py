"""The norms as a page for people, so that `docs/norms.md` can never say anything else than the norms and their tests."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from alerts.capacity import CapacityRecord
from alerts.norm_reading import (
    duration,
    holds_of,
    indicator_of,
    limit_of,
    minimum_of,
    place_and_time_of,
    steps_of,
)
from alerts.norms import FeedCalendar, Norm, Norms
from alerts.parameter import Parameter
from alerts.texts import Texts, read_texts
from alerts.traceability import Cases, Trace, load_trace
from streams.calendar import date_of, local_day

HEADER = (
    "<!-- Made by `make generate` from alerts/norms.toml, alerts/texts, alerts/trace and the tables in"
    " tests/norms; do not edit by hand. -->\n"
)

_FAMILIES = {
    "treeknorm": "Treeknormen: how long people wait",
    "urgency": "FMS urgency classes: who is past the limit",
    "u45-priority": "U3 before U4 and U5",
    "ic-dependent": "IC-dependent critical plannable care: agreements",
    "phase": "LNAZ phases",
    "zbc": "Clinics and hospitals in phase 2",
    "fair-share": "Fair share between regions",
    "forecast": "The LCPS forecast",
    "projection": "Our own projection of the beds",
    "operating-rooms": "Operating rooms",
    "workstock": "Werkvoorraad",
    "production": "Production against 2019, regular and catch-up together",
    "missed": "Missed since March 2020",
    "referrals": "Referrals by general practitioners",
    "absence": "Sickness absence",
    "vervolgzorg": "Vervolgzorg, and its veto",
    "equal-scaling-up": "Equal scaling up between regions",
    "access": "Unequal access between regions",
    "duties": "Duties: reports, supply, information, plans",
    "escalation": "The escalation ladder, kept",
    "occupancy": "Beds against staffed beds",
    "ic-ladder": "The national IC ladder",
    "data": "The data itself",
}
_INTRODUCTION = """\
Every norm that is judged, version {version}: {count} norms. A breach begins when the value passes the limit, becomes
active when that lasted the hold, and ends when the value was at or beyond the clear limit for the clear hold. One
that comes back within the cooling time is the same breach, reopened at the step where it was. With
fewer observations, or less complete, the verdict is "insufficient": neither good nor breach; where fewer end a breach,
they count who it is about, and so few are none. The same where it would be on the other side of the limit with those
who fell silent, as long as they are missed. Labels that are not named stand for the total. A norm with phases holds
only while the phase in force is one of them.

Titles, texts and assumptions are Dutch, as operators read them. Where no source gives a number, the number is an
**assumption** with an owner and a date, and the alert says so. Change `alerts/norms.toml`, then follow
[operations.md](operations.md#change-a-norm). The last column names the tests: each is a row in `tests/norms`, run as
`tests/norms/test_norm_cases.py::test_a_norm[NORM: WORDS]` through folds, joins and judge.

Rules that [no stream can see](#what-no-stream-can-see), and where [the sources contradict](#where-the-sources-contradict)
each other, stand at the end.
"""


def norms_markdown(norms: Norms) -> str:
    """Return the page; the same norms, texts and tests give the same bytes."""
    texts, trace = read_texts(), load_trace()
    parts = [HEADER, "# Norms\n", _INTRODUCTION.format(version=norms.version, count=len(norms.norms))]
    for family, members in groupby(norms.norms, key=lambda norm: norm.family):
        parts.append(f"## {_FAMILIES.get(family, family)}\n")
        parts += _family(list(members), texts, trace)
    parts += _parameters(list(norms.parameters.values()))
    parts += _capacity(norms.capacity)
    parts.append("## How long a source may be silent\n")
    parts.append("`feed-silent` holds the age of a source's newest report against these.\n")
    parts.append(_table(("source", "longest ordinary silence", "days that do not count"), _feeds(norms)))
    parts += _instruments(norms)
    parts += _ladder(texts)
    parts += _unseen(trace)
    parts += _contradictions(trace)
    parts += _lines(trace, norms)
    return "\n".join(parts)


def _family(members: list[Norm], texts: Texts, trace: Trace) -> Iterator[str]:
    columns = ("norm", "title", "machine reading", "limit", "hold, clear hold, cooling", "at least")
    yield _table(
        columns,
        [
            (
                f"`{norm.id}`",
                norm.title,
                indicator_of(norm),
                limit_of(norm),
                holds_of(norm),
                minimum_of(norm),
            )
            for norm in members
        ],
    )
    told: dict[tuple[str, ...], list[str]] = {}
    for norm in members:
        told.setdefault(_background(norm, texts, trace), []).append(f"`{norm.id}`")
    for background, ids in told.items():
        names = "All of these" if len(ids) == len(members) > 1 else ", ".join(ids)
        yield "\n".join((f"{names}:\n", *(f"- {line}" for line in background))) + "\n"
    yield _table(
        ("tests of", "breaches", "stays silent"), [_tests(norm, trace.cases.get(norm.id)) for norm in members]
    )


def _background(norm: Norm, texts: Texts, trace: Trace) -> tuple[str, ...]:
    fields = trace.fields.get(norm.indicator, {})
    text = texts.by_norm.get(norm.id)
    lines = [
        *([] if text is None else [f"text: {text.summary}. {text.meaning}"]),
        f"source: {norm.source}; {norm.article}",
        *(
            [f"lines: {'; '.join(cited)}"]
            if (cited := [str(one) for one in norm.rests_on if one.first])
            else []
        ),
        "topic and fields: " + "; ".join(_fields(topic, own) for topic, own in fields.items()),
        place_and_time_of(norm),
        "ladder: " + ", ".join(steps_of(norm)),
    ]
    if norm.assumption:
        lines.append(f"assumption ({norm.assumption.owner}, {norm.assumption.date}): {norm.assumption.text}")
    return tuple(lines)


def _fields(topic: str, fields: list[str]) -> str:
    name = "every topic" if topic == "every-topic" else f"`care.{topic}`"
    return f"{name} {', '.join(f'`{field}`' for field in fields)}"


def _tests(norm: Norm, cases: Cases | None) -> tuple[str, str, str]:
    own = cases or Cases()
    return f"`{norm.id}`", "; ".join(own.breach) or "none", "; ".join(own.silent) or "none"


def _parameters(parameters: Sequence[Parameter]) -> Iterator[str]:
    yield "## Parameters\n"
    yield "Numbers and choices that no norm holds anything against.\n"
    rows = [
        (f"`{one.name}`", f"{one.value} {'' if one.unit == 'choice' else one.unit}".strip(), _whose(one))
        for one in parameters
    ]
    yield _table(("parameter", "value", "source or assumption"), rows)


def _whose(parameter: Parameter) -> str:
    said = parameter.assumption
    if said is None:
        return parameter.source or ""
    return f"assumption ({said.owner}, {said.date}): {said.text}"


def _capacity(records: Sequence[CapacityRecord]) -> Iterator[str]:
    yield "## Capacity\n"
    yield (
        "Beds with staff that no feed reports, by the day on which they were known. A percentage is held against the newest"
        " count, or against fewer beds that were told since; what was only announced lowers none.\n"
    )
    rows = [
        (
            str(one.known),
            one.region,
            one.unit,
            f"{one.beds:,}",
            one.kind + (f" for {one.due}" if one.due else ""),
            one.source + (f"; {one.remark}" if one.remark else ""),
        )
        for one in records
    ]
    yield _table(("known", "region", "unit", "beds", "kind", "source"), rows)


_NOT_COUNTED = {
    "daily": "none",
    "working-days": "weekends and holidays",
    "even-weeks": "the third week between two peildata, in a year of 53 weeks",
}


def _feeds(norms: Norms) -> list[tuple[str, str, str]]:
    return [_feed(feed) for _, feed in sorted(norms.feeds.items(), key=_default_last)]


def _default_last(item: tuple[str, FeedCalendar]) -> tuple[bool, str]:
    return item[0] == "default", item[0]


def _feed(feed: FeedCalendar) -> tuple[str, str, str]:
    name = "every other source" if feed.source == "default" else f"`{feed.source}`"
    not_counted = _NOT_COUNTED[feed.calendar]
    if feed.working_days_from is not None:
        not_counted = f"weekends and holidays, from {date_of(local_day(feed.working_days_from))} on"
    return name, duration(feed.max_age), not_counted


def _instruments(norms: Norms) -> Iterator[str]:
    yield "## Instruments\n"
    yield (
        "What norms rest on. A norm holds while one of its instruments is in force; a signal holds beyond them, as its"
        " assumption says. Lines are those of the source file.\n"
    )
    rows = [
        (
            f"`{one.id}`",
            one.title,
            one.file or "-",
            str(one.since),
            str(one.until or "-"),
            ", ".join(one.phases) or "all",
        )
        for one in norms.instruments.values()
    ]
    yield _table(("instrument", "title", "file", "since", "until", "phases"), rows)


def _ladder(texts: Texts) -> Iterator[str]:
    yield "## The steps of the frameworks\n"
    yield "Who tells whom stands in `alerts/ladder.py`; a mail says the step it belongs to.\n"
    yield _table(("step", "what the mail says"), list(texts.anchors.items()))


def _unseen(trace: Trace) -> Iterator[str]:
    yield "## What no stream can see\n"
    rows = [(one.rule, one.source, one.why, one.instead or "-") for one in trace.unseen]
    yield _table(("rule", "source", "why", "shown instead"), rows)


def _contradictions(trace: Trace) -> Iterator[str]:
    yield "## Where the sources contradict\n"
    rows = [(one.about, one.says, one.choice) for one in trace.contradictions]
    yield _table(("about", "what they say", "choice"), rows)


def _lines(trace: Trace, norms: Norms) -> Iterator[str]:
    yield "## The sources, line by line\n"
    yield "Every line range that states a duty, limit, deadline or role, and what holds it. Not seen: see above.\n"
    files = {one.short: one.file or "" for one in norms.instruments.values()}
    rows = [
        (
            f"`{one.file}`",
            one.lines,
            one.kind,
            "; ".join(
                [*(f"`{name}`" for name in one.norms), *([f"not seen: {one.unseen}"] if one.unseen else [])]
            ),
        )
        for one in trace.lines
    ]
    yield f"Files: {', '.join(f'`{short}` is {file}' for short, file in sorted(files.items()) if short)}.\n"
    yield _table(("file", "lines", "kind", "held by"), rows)


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    head, rule, *rest = (f"| {' | '.join(line)} |" for line in lines)
    return "\n".join((head, rule.replace(" ", ""), *rest)) + "\n"
