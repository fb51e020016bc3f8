"""The ladder, kept: a step that an open breach has reached asks for a notice, and a notice that does not come is overdue.

Topics may be ahead of each other, so nothing is taken as it stands now: what ended and what was told keep the tick at
which it became known, and a tick is judged only when everything of the region has passed it. So the result does not
depend on which topic was read first. Judged once an hour of the stream: delays are days (kader MSZ art. 2.3, "tijdig").
"""

from collections.abc import Iterable, Iterator, Mapping

import msgspec
from msgspec.structs import replace

from alerts.episode import Episode
from alerts.norm import Norm
from alerts.norms import Norms
from streams.moments import after_of, second_of
from streams.status import Indicator

HOUR = 3600
OVERDUE = "escalation_overdue_hours"
_DAY = 86_400


class Spell(msgspec.Struct, frozen=True):
    """An episode that was active from one tick and ended at another, and when each step was taken. Times in seconds."""

    norm: str
    began: int
    active_since: int
    ended: int
    stepped: tuple[int, ...] = ()


class NoticesDue(msgspec.Struct):
    """What is known of the notices of one region.

    Attributes:
        ticks: ticks that wait until everything has passed them, one an hour, oldest first.
        last: newest of them, judged or not, as a moment (`streams.moments`).
        in_use: tick since which it is known that notices are recorded at all; 0 while it is not.
        notices: by anchor and norm, the tick at which it became known and the second of the newest notice (-1 for none).
        ended: episodes that ended at a tick that not everything has passed.
        said: hours overdue as last said, by norm.
    """

    ticks: list[int] = []
    last: int = 0
    in_use: int = 0
    notices: dict[tuple[str, str], list[tuple[int, int]]] = {}
    ended: list[Spell] = []
    said: dict[str, int] = {}


def note_tick(due: NoticesDue, moment: int) -> None:
    """Take note of a tick; the first of each hour is judged, also of one that comes again."""
    at = second_of(moment)
    if after_of(moment) > after_of(due.last):
        _begin_again(due, at)
    if at // HOUR > second_of(due.last) // HOUR:
        due.ticks.append(at)
        due.last = moment


def _begin_again(due: NoticesDue, at: int) -> None:
    """Let what became known at ticks of a wrong clock be known at `at`, where the time begins again."""
    due.ticks, due.last = [], 0
    due.in_use = min(due.in_use, at)
    due.notices = {
        key: [(min(known, at), second) for known, second in told] for key, told in due.notices.items()
    }
    due.ended = [replace(spell, ended=min(spell.ended, at)) for spell in due.ended]


def note_notices(due: NoticesDue, at: int, told: Iterable[Indicator]) -> None:
    """Take note of what tick `at` says of the newest notices."""
    for found in told:
        if found.name == "notice_at":
            key = (found.labels["anchor"], found.labels["norm"])
            due.notices.setdefault(key, []).append((at, -1 if found.value is None else int(found.value)))
        elif found.name == "notices_in_use" and found.value and not due.in_use:
            due.in_use = at


def note_end(due: NoticesDue, norm: str, episode: Episode, at: int) -> None:
    """Take note that an episode ended at tick `at`."""
    if episode.active_since:
        due.ended.append(Spell(norm, episode.began, episode.active_since, at, tuple(episode.stepped)))


def hours_overdue(
    due: NoticesDue, episodes: Mapping[tuple[str, str], Episode], until: int, norms: Norms
) -> Iterator[tuple[int, list[Indicator]]]:
    """Judge every waiting tick up to `until`; yield each with the figures that changed.

    A figure is the whole hours since the notice of a step should have come, the most overdue one of its norm; 0 once
    all have come. Before any notice was recorded in the country nothing is said: then nobody records them.
    """
    while due.ticks and due.ticks[0] <= until:
        at = due.ticks.pop(0)
        changed = list(_figures(due, episodes, at, norms)) if 0 < due.in_use <= at else []
        _forget(due, at)
        yield at, changed


def _figures(
    due: NoticesDue, episodes: Mapping[tuple[str, str], Episode], at: int, norms: Norms
) -> Iterator[Indicator]:
    deadlines: dict[str, int] = {}
    for spell in _active_at(due, episodes, at):
        norm = norms.by_id.get(spell.norm)
        if norm is not None:
            for deadline in _missed(due, norm, spell, at, norms):
                deadlines[norm.id] = min(deadlines.get(norm.id, deadline), deadline)
    for norm_id in sorted({*deadlines, *due.said}):
        deadline = deadlines.get(norm_id, at)
        hours = (at - deadline) // HOUR
        if hours != due.said.get(norm_id, 0):
            yield Indicator(OVERDUE, {"norm": norm_id}, hours, deadline)
        if hours:
            due.said[norm_id] = hours
        else:
            due.said.pop(norm_id, None)


def _active_at(due: NoticesDue, episodes: Mapping[tuple[str, str], Episode], at: int) -> Iterator[Spell]:
    for (norm_id, _), episode in episodes.items():
        if 0 < (episode.reopened or episode.active_since) <= at:
            yield Spell(norm_id, episode.began, episode.active_since, 0, tuple(episode.stepped))
    for spell in due.ended:
        if spell.active_since <= at < spell.ended:
            yield spell


def _missed(due: NoticesDue, norm: Norm, spell: Spell, at: int, norms: Norms) -> Iterator[int]:
    """Yield the deadline of each step of which the notice should be there and is not."""
    for step, taken in zip(norm.steps, spell.stepped, strict=False):
        if not step.anchor:
            continue
        within = int(norms.parameter(f"notice-within-{step.anchor[:2].lower()}") * _DAY)
        deadline = taken + within
        if at > deadline and _newest(due, step.anchor, norm.id, at) < spell.began:
            yield deadline


def _newest(due: NoticesDue, anchor: str, norm: str, at: int) -> int:
    """Return the second of the newest notice that was known at tick `at`, -1 if there was none."""
    told = [second for known, second in due.notices.get((anchor, norm), ()) if known <= at]
    return told[-1] if told else -1


def _forget(due: NoticesDue, at: int) -> None:
    """Forget what no later tick can ask for."""
    due.ended = [spell for spell in due.ended if spell.ended > at]
    for told in due.notices.values():
        while len(told) > 1 and told[1][0] <= at:
            told.pop(0)
