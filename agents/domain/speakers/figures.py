"""How many locations of a region are not known to be who they say, or would be counted twice, and which."""

from collections.abc import Iterator

from agents.domain.speakers.priority import conflicts
from agents.domain.speakers.speakers import Speakers
from agents.domain.statements.stale import named
from streams.indicators import LOCATION_DOUBTS
from streams.registry.registry import Registry
from streams.silent import Silent
from streams.status import Indicator


def doubt_figures(speakers: Speakers, topic: str, registry: Registry | None) -> Iterator[Indicator]:
    """Yield a figure for each kind of doubt that there is; who is named says what is doubted, and since when."""
    kinds = (
        _suspected(speakers),
        _renamed(speakers),
        _unregistered(speakers),
        _totals(speakers),
        conflicts(registry, speakers.told),
    )
    for name, found in zip(LOCATION_DOUBTS, kinds, strict=True):
        own = [Silent(what[:_LENGTH], since) for what, since in found]
        if own:
            yield named(name, topic, own, len(own))


_LENGTH = 300


def _suspected(speakers: Speakers) -> Iterator[tuple[str, int]]:
    for double in speakers.doubles:
        yield f"{' + '.join(double.olds)} → {' + '.join(double.news)}", double.since


def _renamed(speakers: Speakers) -> Iterator[tuple[str, int]]:
    for name, (location, since) in speakers.renamed.items():
        yield f"{location} → {name}", since


def _unregistered(speakers: Speakers) -> Iterator[tuple[str, int]]:
    yield from speakers.unregistered.items()
    # One that waits beside those that may report still is as new, registered or not.
    yield from ((name, at) for name, at in speakers.newcomers.items() if name not in speakers.unregistered)


def _totals(speakers: Speakers) -> Iterator[tuple[str, int]]:
    for name, total in speakers.totals.items():
        yield f"{name} = {' + '.join(total.parts)}", total.since
