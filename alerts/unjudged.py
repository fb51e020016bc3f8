"""Who is silent in a region, and which norms cannot be judged because of silence, there or in another region."""

from collections.abc import Iterator

from alerts.episode import UNDECIDED
from alerts.judged import Judged
from alerts.norms import Norm, Norms
from alerts.selected import scope_of, selected
from alerts.verdict import hidden_by_silence, is_given_up
from streams.calendar import iso
from streams.indicators import GIVEN_UP, SILENT, indicator_key
from streams.joins import JOINS
from streams.silent import SilentName, SilentView, UnjudgedView
from streams.status import Indicator
from streams.topics import REPORT_TOPICS

_DOUBTFUL = UNDECIDED | {"between"}


def silent_on(region: Judged, topic: str, name: str = SILENT) -> Indicator | None:
    """Return who is silent on a report topic (or given up); None where nobody is."""
    found = region.known.get(topic, {}).get(name, {}).get(indicator_key(name, {"topic": topic}))
    return None if found is None or found.value is None else found


def silent_views(region: Judged) -> list[SilentView]:
    """Return who is silent, first those who are missed, in order of the topics."""
    return [
        SilentView(
            topic,
            "missed" if name == SILENT else "given_up",
            int(found.value or 0),
            [SilentName(one.location, iso(one.told_at), one.partly) for one in found.silent],
        )
        for name in (SILENT, GIVEN_UP)
        for topic in REPORT_TOPICS
        if (found := silent_on(region, topic, name)) is not None
    ]


def unjudged_keys(region: Judged, name: str, norms: Norms) -> Iterator[tuple[str, str]]:
    """Yield norm and scope of what cannot be judged because somebody is silent, and of breaches kept open by that.

    Also of what could be over its limit and is too incomplete to say so, whoever never told. In no order.
    """
    doubtful = {key for key, (verdict, _, _) in region.verdicts.items() if verdict in _DOUBTFUL}
    over = {key for key in doubtful if region.verdicts[key][0] == "undecided-over"}
    norms_over = {norm_id for norm_id, _ in over}
    for norm_id in {norm_id for norm_id, _ in doubtful}:
        norm = norms.by_id.get(norm_id)
        if norm is None or norm.is_age:
            continue
        for topic in norm.topics:
            known = region.known.get(topic, {}).get(norm.indicator, {})
            for indicator in known.values() if norm.split else selected(known, norm):
                # Looked at before what it is called: some norms are split by thousands of treatments.
                told = indicator.silence is None and indicator.range is None and indicator.value is not None
                if told and norm_id not in norms_over:
                    continue
                key = (norm_id, scope_of(norm, indicator))
                if key in doubtful and norm.labels.items() <= indicator.labels.items():
                    opened = key in region.episodes
                    gone = opened and indicator.value is None and _missed_on(region, topic)
                    perhaps_over = key in over and not (opened and is_given_up(norm, indicator))
                    if gone or perhaps_over or _is_hidden(norm, name, indicator, opened=opened):
                        yield key


def _is_hidden(norm: Norm, region: str, indicator: Indicator, *, opened: bool) -> bool:
    if opened and is_given_up(norm, indicator):
        return False  # nobody will tell any more: it ends
    hidden = hidden_by_silence(norm, region, indicator)
    return hidden in UNDECIDED or (hidden == "between" and opened)


def _missed_on(region: Judged, topic: str) -> bool:
    return any(silent_on(region, one) is not None for one in JOINS.get(topic, (topic,)))


def unjudged_views(region: Judged, name: str, norms: Norms) -> list[UnjudgedView]:
    """Return what cannot be judged because somebody is silent, in order of norm and scope."""
    return [
        UnjudgedView(
            key[0],
            key[1],
            topics_of(norms, key[0]),
            key in region.episodes,
            region.verdicts[key][0] == "undecided-over",
        )
        for key in sorted(unjudged_keys(region, name, norms))
    ]


def topics_of(norms: Norms, norm_id: str) -> list[str]:
    """Return the report topics that a norm is judged by."""
    topics = norms.by_id[norm_id].topics
    return [one for topic in topics for one in JOINS.get(topic, (topic,))]
