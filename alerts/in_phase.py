"""Figures that wait for the phase: those of report topics, which carry none, that are held against norms of some phases only.

The phase comes with the joins, and topics may be ahead of each other. So what a topic says is kept with its tick, and judged
at the first tick of each hour that everything of the region has passed, with the phase that was in force then. So the result
does not depend on which topic was read first. Such figures are of weeks or days, and the holds of their norms are too.
"""

from collections.abc import Collection, Iterable, Mapping

import msgspec

from alerts.norms import Norms
from streams.indicators import indicator_key
from streams.moments import comes_after
from streams.status import Indicator

Series = dict[str, dict[str, Indicator]]
"""Figures by name, then by key."""


class InPhase(msgspec.Struct):
    """What waits in one region, and what it was judged by last.

    Attributes:
        waiting: what changed at a tick (a moment) that was not judged yet, as each topic said it.
        turns: ticks at which the phase became another, with the phase, oldest first.
        known: the figures as of the last tick that was judged.
        passed: that tick, in seconds; 0 before the first.
        phase: the phase that was in force then.
    """

    waiting: list[tuple[int, list[Indicator]]] = []
    turns: list[tuple[int, str]] = []
    known: Series = {}
    passed: int = 0
    phase: str = ""


def note_figures(own: InPhase, topic: str, moment: int, told: Iterable[Indicator], norms: Norms) -> None:
    """Keep what a topic says of figures that wait."""
    names = norms.waiting[topic]
    if names and (waits := [found for found in told if found.name in names]):
        own.waiting.append((moment, waits))


def note_phase(own: InPhase, moment: int, phase: str) -> None:
    """Keep that another phase is in force from a tick on."""
    if phase != (own.turns[-1][1] if own.turns else own.phase):
        own.turns.append((moment, phase))


def take_up(own: InPhase, known: Mapping[str, Series], norms: Norms) -> None:
    """Begin with what is known of figures that norms did not wait for until now."""
    waits = {found.name for _, told in own.waiting for found in told}
    for topic, names in norms.waiting.items():
        for name in names - own.known.keys() - waits:
            if (series := known.get(topic, {}).get(name)) is not None:
                own.known[name] = dict(series)


def come_to(own: InPhase, moment: int) -> Collection[str]:
    """Come to a tick that everything has passed; return the names of the figures that changed up to it."""
    while own.turns and not comes_after(own.turns[0][0], moment):
        own.phase = own.turns.pop(0)[1]
    due = [told for at, told in own.waiting if not comes_after(at, moment)]
    own.waiting = [(at, told) for at, told in own.waiting if comes_after(at, moment)]
    changed = set()
    for found in [found for told in due for found in told]:
        own.known.setdefault(found.name, {})[indicator_key(found.name, found.labels)] = found
        changed.add(found.name)
    return changed
