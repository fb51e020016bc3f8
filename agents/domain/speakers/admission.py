"""Who is admitted: whether a source may say what its report says, and which location that is about.

Without a registry everybody is. With one, the source is the identity: an unknown one is refused as `unknown-sender`, one that
speaks for a single location is about that location whatever it calls it, and a name that nobody registered is held back.
"""

from collections.abc import Callable

import msgspec

from agents.domain.speakers.priority import Displace, of_the_first
from agents.domain.speakers.speakers import Speakers
from streams.calendar import day_number, local_day
from streams.registry.lines import Source
from streams.registry.registry import Registry, is_over
from streams.reports import Report
from streams.reports.refused import RefusedError

UNKNOWN_SENDER = "unknown-sender"
"""Reason of what nobody registered."""

_UNREGISTERED_MAX = 100
"""Names of one network and topic that nobody registered and that are held all the same, until somebody looks at them."""


def admit(
    registry: Registry | None,
    topic: str,
    region: str,
    speakers: Speakers,
    report: Report,
    moments: tuple[int, int],
    max_age: Callable[[str], int],
    displace: Displace,
    *,
    located: bool,
    is_whole: bool,
) -> tuple[Report, bool]:
    """Return the report under the name by which its location is known, and whether the next of both needs no look.

    Args:
        registry: the one in force; None where nobody is registered.
        topic: its topic.
        region: id of its region.
        speakers: who speaks in that region; what is learnt is noted there.
        report: the report.
        moments: the second that it is about, and the second at which it came.
        max_age: how long a source is silent in ordinary life, seconds.
        displace: makes the fold hold no more what worse sources state (`agents.domain.speakers.priority`).
        located: whether the topic is held by location; else names say nothing.
        is_whole: whether a report is one statement.

    Raises:
        RefusedError: nobody registered its source for what it says.
    """
    observed, received = moments
    name, always = report.location, True
    if registry is not None:
        source = _source(registry, topic, report, local_day(received))
        always = registry.always_speaks(source, name)
        if located:
            name = _name(registry, source, region, speakers, report, received)
    if located:
        speakers.speaks(report.source, name)
    if name != report.location:
        report, always = msgspec.structs.replace(report, location=name), False
    if registry is not None and located and speakers.several_speak(name):
        sources = speakers.by_location[name].sources
        told = speakers.told
        return (
            of_the_first(registry, told, sources, report, observed, max_age, displace, is_whole=is_whole),
            False,
        )
    return report, always


def _source(registry: Registry, topic: str, report: Report, day: int) -> Source:
    source = registry.sources.get(report.source)
    if source is None:
        raise _unknown(f"`source` is {report.source}, which nobody registered", "register it")
    if is_over(source.until, day) or day >= registry.ended.get(source.id, day + 1):
        raise _unknown(f"source {source.id} ended", "register it again")
    if source.since is not None and day < day_number(source.since):
        raise _unknown(f"source {source.id} speaks from {source.since} on", "register an earlier day")
    if topic not in source.topics:
        raise _unknown(f"source {source.id} may not speak on {topic}", "add the topic to its line")
    return source


def _name(
    registry: Registry, source: Source, region: str, speakers: Speakers, report: Report, received: int
) -> str:
    """Return the name by which the location of a report is known."""
    told = report.location
    location = registry.named(told)
    only = registry.spoken_for(source)
    if only is not None:
        if location is None or registry.name_of(location.id) != only:
            # Its supplier calls it something else since last night: who speaks says who it is.
            speakers.renamed.setdefault(told, (only, received))
        return only
    if location is None:
        if not registry.may_speak_for(source, told, None, region):
            if told not in speakers.unregistered and len(speakers.unregistered) >= _UNREGISTERED_MAX:
                raise RefusedError(
                    "unknown-location",
                    f"`location` is {told}, the {_UNREGISTERED_MAX + 1}th that nobody registered in {region}; register them",
                )
            speakers.unregistered.setdefault(told, received)
        return told
    network = registry.network_on(location, local_day(received))
    if not registry.may_speak_for(source, told, location, network):
        raise _unknown(f"source {source.id} may not speak for {told}", "add the location to its line")
    return registry.name_of(location.id)


def _unknown(what: str, remedy: str) -> RefusedError:
    return RefusedError(
        "unknown-sender",
        f"{what}; {remedy} (`ketenwacht registry add`), then requeue (`ketenwacht dlq requeue`)",
    )
